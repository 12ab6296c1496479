"""Keeping what a change of state overwrites. The resource's own queryset calls this in every `update` of its state."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from library.history.models import AuthorSince, StateSpan

TOLD = frozenset({"state", "published_version", "published_version_id"})


def keep_states(rows: QuerySet[Any], values: Mapping[str, Any]) -> None:
    """Write down the state of `rows` as it is until `values["state_changed_at"]`, when `values` change it.

    A change without a moment is a correction of the present (a fixture, an import) and leaves no history.
    """
    until = values.get("state_changed_at")
    if not TOLD & values.keys() or not isinstance(until, datetime):
        return
    before = rows.order_by().values_list(
        "pk", "state", "published_version_id", "taken_down_as", "state_changed_at", "created_at"
    )
    StateSpan.objects.bulk_create(
        StateSpan(
            resource_id=pk,
            state=state,
            published_version_id=version,
            taken_down_as=rank,
            starts_at=changed or created,
            ends_at=until,
        )
        for pk, state, version, rank, changed, created in before
        if (changed or created) < until
    )


def author_added(resource_id: int, person_id: int, at: datetime) -> None:
    """Remember since when somebody is named as an author; the first time counts."""
    AuthorSince.objects.get_or_create(resource_id=resource_id, person_id=person_id, defaults={"since": at})
