"""Say that a document changed, in the author's own transaction: a rolled-back edit leaves no trace."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from search import bell
from search.models import OutboxRow, Spread

CHUNK = 500
NEW_TRY: dict[str, Any] = {"pending": True, "parked": False, "attempts": 0, "not_before": None, "error": ""}


def touch(source: str, uid: str) -> None:
    """The document may look different now, or be gone; the worker will read the truth."""
    touch_many(source, [uid])


@transaction.atomic
def touch_many(source: str, uids: Iterable[str]) -> int:
    """Mark documents changed, whatever was marked before: one row a document. Answers how many."""
    wanted = list(dict.fromkeys(uids))
    for start in range(0, len(wanted), CHUNK):
        _touch(source, wanted[start : start + CHUNK])
    if wanted:
        transaction.on_commit(bell.ring, robust=True)
    return len(wanted)


def _touch(source: str, uids: list[str]) -> None:
    rows = OutboxRow.objects.filter(source=source, uid__in=uids)
    known = set(rows.values_list("uid", flat=True))
    fresh = [OutboxRow(source=source, uid=uid, version=0) for uid in uids if uid not in known]
    OutboxRow.objects.bulk_create(fresh, ignore_conflicts=True)
    rows.update(version=F("version") + 1, changed_at=Now(), **NEW_TRY)


@transaction.atomic
def spread(name: str, argument: str) -> None:
    """A change that reaches many documents, such as a renamed node: the worker finds and touches them in pieces.

    `name` is registered with `registry.register_spread`.
    """
    Spread.objects.create(name=name, argument=argument)
    transaction.on_commit(bell.ring, robust=True)


@transaction.atomic
def retry(parked: QuerySet[OutboxRow]) -> int:
    """Try parked documents again, now; the version stays, because nothing changed."""
    count = parked.filter(parked=True).update(**NEW_TRY)
    transaction.on_commit(bell.ring, robust=True)
    return count
