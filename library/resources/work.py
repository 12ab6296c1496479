"""Resources that are worked on under rules of their own: a preparation's shared plan (共案), a teacher's adaptation (个案).

While such a resource is not published, the rows of the preparation or the adaptation replace the resource's own. The
packages that own those things register here what their rows allow; `Resource.work` names the package that answers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q

from groups.access import Relation
from groups.access.rule import RelationQuery
from groups.viewer import Viewer

Rows = Callable[[Viewer], Q | None]
"""Resources, as a query on `Resource`, on which the viewer may do it; None: none."""


def nothing(viewer: Viewer) -> Q | None:
    return None


def the_working_copy(resource: int) -> int | None:
    return None


@dataclass(frozen=True, slots=True)
class Work:
    """What the rows of one kind of work allow with its resource.

    Attributes:
        name: the value of `Resource.work`.
        lists: it stands in lists.
        reads: the text and its versions.
        takes: downloads, prints and exports.
        edits: writes the working copy.
        receives: takes it as the base of an own version.
        publishes: submits it to the library, and takes the submission back.
        discards: moves it to the bin.
        current: the resource's key → the number of the version that is current for those who read and do not write it;
            None: they see the working copy.
        why: the resource's key and a viewer → what the viewer is in that work, for the explanation of a right.
    """

    name: str
    lists: Rows = nothing
    reads: Rows = nothing
    takes: Rows = nothing
    edits: Rows = nothing
    receives: Rows = nothing
    publishes: Rows = nothing
    discards: Rows = nothing
    current: Callable[[int], int | None] = the_working_copy
    why: Callable[[int, Viewer], str] = lambda resource, viewer: ""


_works: dict[str, Work] = {}


def register(work: Work) -> None:
    _works[work.name] = work


_given_out: dict[str, list[Callable[[], Q]]] = {}


def register_put_out(name: str, versions: Callable[[], Q]) -> None:
    """Versions of this work, as a query on `Version`, that were put before others; several packages may say so."""
    _given_out.setdefault(name, []).append(versions)


def put_out() -> Q:
    """Versions in work that were put before others; what else was cut is its writers' own."""
    queries = (Q(resource__work=name) & versions() for name, asked in _given_out.items() for versions in asked)
    return reduce(or_, queries, Q(pk__in=()))


def _relation(part: str) -> RelationQuery:
    def ask(viewer: Viewer) -> Q | None:
        if viewer.person is None:
            return None
        asked = ((work.name, getattr(work, part)(viewer)) for work in _works.values())
        found = [Q(work=name) & query for name, query in asked if query is not None]
        return reduce(or_, found) if found else None

    return ask


RELATIONS: dict[Relation, RelationQuery] = {
    Relation.LISTS_WORK: _relation("lists"),
    Relation.READS_WORK: _relation("reads"),
    Relation.TAKES_WORK: _relation("takes"),
    Relation.EDITS_WORK: _relation("edits"),
    Relation.RECEIVES_WORK: _relation("receives"),
    Relation.PUBLISHES_WORK: _relation("publishes"),
    Relation.DISCARDS_WORK: _relation("discards"),
}

READ_WHAT_WAITS = frozenset({Relation.REVIEWER_OF_TARGET, Relation.EDITS_WORK})
"""Who reads the version that waits for review, in place of what was put out."""

STATES = {"in_work": "draft", "in_work_review": "in_review"}
"""A resource that is worked on is judged by these states in place of its own."""


def judged_by(state: str, work: str) -> str:
    """The state by whose rows a resource is judged."""
    return next((own for own, plain in STATES.items() if work and plain == state), state)


def current(name: str, resource: int) -> int | None:
    """The version of a resource in work that is shown to who does not write it."""
    return _works[name].current(resource) if name in _works else None


def why(name: str, resource: int, viewer: Viewer) -> str:
    """What the viewer is in the work that the resource belongs to."""
    return _works[name].why(resource, viewer) if name in _works else ""
