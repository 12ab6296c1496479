"""Questions about a resource at a viewer's moment: one query each, short for the present, with the history for the past.

`ref` is the lookup from the outer row to the resource: `pk` on resources, `resource` on versions; `prefix` the same for columns.
"""

from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from groups.models.dated import valid
from groups.viewer import Viewer
from library.history.models import AuthorSince, StateSpan


def unchanged_since(viewer: Viewer, prefix: str = "") -> Q:
    """The columns hold for the viewer's moment: the last change of state was before it."""
    return Q(**{f"{prefix}state_changed_at__isnull": True}) | Q(**{f"{prefix}state_changed_at__lte": viewer.at})


def spans(viewer: Viewer, ref: str | OuterRef = "pk") -> QuerySet[StateSpan]:
    """The past state of the outer row that holds at the viewer's moment."""
    return StateSpan.objects.filter(valid(viewer.at), resource=OuterRef(ref)).order_by()


def in_state(viewer: Viewer, states: Collection[str], ref: str = "pk", prefix: str = "") -> Q:
    """The resource is in one of these states at the viewer's moment."""
    now = Q(**{f"{prefix}state__in": sorted(states)})
    if not viewer.is_past:
        return now
    return (now & unchanged_since(viewer, prefix)) | Q(Exists(spans(viewer, ref).filter(state__in=sorted(states))))


def not_named_later(viewer: Viewer, ref: str = "pk") -> Q:
    """The viewer was an author at this moment already, not one who was named later."""
    if not viewer.is_past:
        return Q()
    later = AuthorSince.objects.filter(resource=OuterRef(ref), person=viewer.person_id, since__gt=viewer.at)
    return ~Q(Exists(later))


def state_of(resource: Any, viewer: Viewer) -> str:
    """The state of a loaded resource at the viewer's moment; empty before it was begun."""
    if not viewer.is_past or resource.state_changed_at is None or resource.state_changed_at <= viewer.at:
        return str(resource.state)
    then = StateSpan.objects.valid_at(viewer.at).filter(resource=resource.pk)
    return then.values_list("state", flat=True).first() or ""
