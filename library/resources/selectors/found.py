"""Rows of search hits (资源行): printed from what the index stored, checked in the database by one narrow query."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import OuterRef, QuerySet
from django.utils import timezone

from groups.access.compiled import Compiled
from groups.viewer import Viewer
from library.resources import kinds
from library.resources.models import Resource
from library.resources.selectors.cards import (
    Own,
    Row,
    author_line,
    of_the_viewer,
    place_of,
    restriction_of,
    school_line,
    scope_of,
)
from search.ports import Entry


def stored(resource: Any) -> Mapping[str, Any]:
    """What a row prints of a published resource, the same for everybody: written with its entry.

    `resource` comes with contributions, placements, grants and the child table at hand.
    """
    spec = kinds.spec_of(resource.kind)
    return {
        "kind": resource.kind,
        "label": resource.published_version.label,
        "authors": list(author_line(resource.contributions.all())),
        "school": school_line(resource),
        "place": place_of(resource),
        "facts": list(spec.facts(getattr(resource, spec.child))),
        "scope": scope_of(resource.grants.all(), timezone.now()),
        "restriction": restriction_of(resource),
    }


def of_hits(entries: Sequence[Entry], viewer: Viewer) -> dict[str, Row]:
    """Rows of those hits that `viewer` may list now: the second check of every search hit."""
    own = {
        uid: Own(fork or "", bool(favourite), bool(may))
        for uid, fork, favourite, may in _own.rows(viewer, [e.uid for e in entries])
    }
    return {entry.uid: _row(entry, own[entry.uid], viewer) for entry in entries if entry.uid in own}


def _row(entry: Entry, own: Own, viewer: Viewer) -> Row:
    told = {name: value for name, value in entry.card.items() if name != "restriction"}
    restriction = entry.card["restriction"]
    return Row(uid=entry.uid, title=entry.title, uses=entry.uses, **told, **own.fields(restriction, viewer))


def listed(uids: Sequence[str], viewer: Viewer) -> list[str]:
    """Those of `uids` that `viewer` may list now."""
    return [uid for (uid,) in _listed.rows(viewer, uids)]


def _with_own(viewer: Viewer, uids: Sequence[str]) -> QuerySet[Any, Any]:
    rows = Resource.objects.filter(uid__in=uids).visible_to(viewer).order_by()
    return rows.annotate(**of_the_viewer(viewer, OuterRef("pk"))).values_list(
        "uid", "own_fork", "is_favourite", "may_fork"
    )


def _uids(viewer: Viewer, uids: Sequence[str]) -> QuerySet[Any, Any]:
    return Resource.objects.filter(uid__in=uids).visible_to(viewer).order_by().values_list("uid")


_own, _listed = Compiled(_with_own), Compiled(_uids)
