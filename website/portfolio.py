"""成长档案: a teacher's dated work — published, adopted by other schools, marked, reviewed, places of work."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, QuerySet

from groups import access
from groups.access import Action
from groups.models import Appointment, Organisation, Person, Role
from groups.viewer import Viewer
from library.resources.models import Contribution, Derivation, Resource, ReviewStep
from library.together.models import QualityMark

MOST = 200
"""Lines a section of the page has; a career beyond that is not printed."""


@dataclass(frozen=True, slots=True)
class Work:
    """A published work that the person signed, with the part in it and the school then."""

    resource: Resource
    part: str
    school_then: str


@dataclass(frozen=True, slots=True)
class Adopted:
    """A work that another teacher took up, with the taker's school then."""

    resource: Resource
    school_then: str
    at: datetime
    times: int


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Everything on the sheet; `whole` when the reader may see reviews and all places of work."""

    person: Person
    works: tuple[Work, ...]
    adopted: tuple[Adopted, ...]
    marks: tuple[QualityMark, ...]
    reviews: tuple[ReviewStep, ...]
    places: tuple[Appointment, ...]
    whole: bool


def portfolio_of(person: Person, viewer: Viewer) -> Portfolio:
    """Under the viewer's rights, in a fixed number of queries. What may not be listed is left out without a count.

    Reviews and past places are no part of a colleague's card: they are for the person, and for those who may read how
    to reach the person; places also for those who may see the people of that body.
    """
    whole = bool(access.may(viewer, Action.READ_CONTACT, person))
    signed = Contribution.objects.filter(resource=OuterRef("pk"), person=person)
    works = access.narrow(Resource.objects.filter(Exists(signed), state="published"), viewer, Action.LIST)
    return Portfolio(
        person=person,
        works=_works(works, person),
        adopted=_adopted(access.narrow(works, viewer, Action.SEE_USE), person),
        marks=tuple(
            QualityMark.objects.filter(resource__in=works)
            .select_related("resource", "organisation")
            .order_by("-awarded_at")[:MOST]
        ),
        reviews=_reviews(person, viewer) if whole else (),
        places=_places(person, viewer, whole=whole),
        whole=whole,
    )


def _works(works: QuerySet[Any], person: Person) -> tuple[Work, ...]:
    own = Contribution.objects.filter(person=person).select_related("school_then")
    found = works.prefetch_related(Prefetch("contributions", queryset=own, to_attr="own"))
    return tuple(
        Work(
            resource,
            "、".join(contribution.get_part_display() for contribution in resource.own),
            next((c.school_then.display_name for c in resource.own if c.school_then), ""),
        )
        for resource in found.order_by("-published_at", "-pk")[:MOST]
    )


def _adopted(works: QuerySet[Any], person: Person) -> tuple[Adopted, ...]:
    """By work and school, the newest first; by a school that is not the work's own. Of works whose use the viewer may see."""
    taken = (
        Derivation.objects.filter(source__in=works, resource__home_school__isnull=False)
        .exclude(resource__home_school=F("source__home_school"))
        .exclude(resource__owner=person)
        .exclude(resource__state="binned")
        .select_related("source", "resource__home_school")
        .order_by("-created_at", "-pk")[:MOST]
    )
    by_school: dict[tuple[int, int | None], list[Derivation]] = defaultdict(list)
    for row in taken:
        by_school[row.source_id, row.resource.home_school_id].append(row)
    return tuple(
        Adopted(rows[0].source, school.display_name, rows[0].created_at, len(rows))
        for rows in by_school.values()
        if (school := rows[0].resource.home_school)
    )


def _reviews(person: Person, viewer: Viewer) -> tuple[ReviewStep, ...]:
    seen = access.narrow(Resource.objects.all(), viewer, Action.LIST)
    done = ReviewStep.objects.filter(decided_by=person, submission__resource__in=seen).exclude(decision="")
    related = ("submission__resource", "submission__version", "organisation")
    return tuple(done.select_related(*related).order_by("-decided_at", "-pk")[:MOST])


def _places(person: Person, viewer: Viewer, *, whole: bool) -> tuple[Appointment, ...]:
    """Every dated post, rotation and support among them; without the keys to the machinery."""
    held = Appointment.objects.filter(person=person, starts_at__lte=viewer.at).exclude(role=Role.SYSTEM_ADMIN)
    if not whole:
        open_to = access.narrow(Organisation.objects.order_by(), viewer, Action.SEE_PEOPLE)
        held = held.valid_at(viewer.at) | held.filter(organisation__in=open_to.values("pk"))
    return tuple(held.select_related("organisation", "subject").order_by("starts_at", "pk")[:MOST])
