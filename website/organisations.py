"""What a group's or a school's page shows: the 1+N picture with dates, the charter, what was given and taken."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from groups import access
from groups.access import Action
from groups.memberships.selectors import CharterShown, charter_of
from groups.models import Appointment, Organisation, OrganisationKind, OrganisationLink, Person, Role
from groups.models.dated import valid
from groups.models.organisations import GroupMode
from groups.services import GROUP_KINDS
from groups.viewer import SCHOOL_LIKE, Viewer
from library.resources.models import Contribution, Resource
from library.resources.selectors.cards import Card, cards
from library.together.models import Follow
from library.together.selectors.collecting import Row, of_organisation
from website.coverage import Coverage, coverage
from website.flows import Flow, crossings, flows
from website.group_history import History, history_of

NEWEST = 6


@dataclass(frozen=True, slots=True)
class Place:
    """A school's dated place in a group, now or once."""

    organisation: Organisation
    link: OrganisationLink
    is_now: bool


@dataclass(frozen=True, slots=True)
class Exchange:
    """What schools gave each other: counted forks of resources between them."""

    given: int
    taken: int
    resources: int


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    organisation: Organisation
    lead: Place | None
    members: tuple[Place, ...]
    former: tuple[Place, ...]
    belongs_to: tuple[Place, ...]
    charter: CharterShown | None
    exchange: Exchange
    flows: tuple[Flow, ...]
    coverage: tuple[Coverage, ...]
    people: tuple[Appointment, ...]
    people_count: int
    may_see_people: bool
    newest: tuple[Card, ...]
    topics: tuple[Row, ...]
    history: History | None = None
    runs_memberships: bool = False

    @property
    def over(self) -> str:
        """The line above the name."""
        here = self.organisation
        words = [
            here.get_kind_display(),
            here.get_mode_display() if here.mode else "",
            "乡村校" if here.is_rural else "",
        ]
        return "，".join(word for word in words if word)

    @property
    def counts(self) -> list[tuple[int, str]]:
        schools = len(self.members) + (self.lead is not None)
        told = [
            (schools, "学校"),
            (self.people_count, "成员"),
            (self.exchange.resources, "资源"),
            (self.exchange.given, "被收入备课"),
        ]
        return [(number, label) for number, label in told if number]

    @property
    def diagram(self) -> "Diagram":
        return Diagram.of(self.lead, self.members)


@dataclass(frozen=True, slots=True)
class Dot:
    """A member school on the picture; loose ties are dashed."""

    x: int
    y: int
    text_y: int
    name: str
    is_loose: bool


@dataclass(frozen=True, slots=True)
class Diagram:
    """1＋N: the lead school in the middle, members on an ellipse around it (640 × 240 units)."""

    centre: str
    dots: tuple[Dot, ...]
    label: str

    @classmethod
    def of(cls, lead: Place | None, members: Sequence[Place]) -> "Diagram":
        dots = []
        for number, place in enumerate(members):
            angle = 2 * math.pi * number / max(1, len(members)) - math.pi * 0.75
            x, y = round(320 + 230 * math.cos(angle)), round(120 + 82 * math.sin(angle))
            text_y = y + 28 if y >= 120 else y - 16
            dots.append(Dot(x, y, text_y, place.organisation.display_name, place.link.mode == GroupMode.LOOSE))
        centre = lead.organisation.display_name if lead else ""
        names = "、".join(dot.name for dot in dots)
        return cls(centre, tuple(dots), f"{centre}为核心校，成员校有{names}" if dots else centre)


def organisation_page(organisation: Organisation, viewer: Viewer, on: date | None = None) -> OrganisationPage:
    """Everything on the page, under the viewer's rights, in a fixed number of queries; the 1＋N picture of a day."""
    at = viewer.at
    links = list(organisation.links_down.filter(member__kind__in=SCHOOL_LIKE).select_related("member"))
    history = history_of(links, at, on) if organisation.kind in GROUP_KINDS else None
    down = places_at(links, history.at if history else at)
    up = _places(organisation.links_up.select_related("parent"), at, "parent")
    schools = [p.organisation.pk for p in places_at(links, at) if p.is_now] if links else [organisation.pk]
    seen = bool(access.may(viewer, Action.SEE_PEOPLE, organisation))
    seats = Appointment.objects.valid_at(at).filter(organisation=organisation)
    return OrganisationPage(
        organisation=organisation,
        lead=next((p for p in down if p.is_now and p.link.role == OrganisationLink.Role.LEAD), None),
        members=tuple(p for p in down if p.is_now and p.link.role != OrganisationLink.Role.LEAD),
        former=tuple(p for p in down if not p.is_now),
        belongs_to=tuple(p for p in up if p.is_now),
        charter=charter_of(organisation, at, whole=seen),
        exchange=exchange(schools, viewer, within=bool(down)),
        flows=flows(schools, viewer, within=bool(down)),
        coverage=tuple(coverage(organisation, viewer)) if organisation.kind in SCHOOL_LIKE else (),
        people=tuple(seats.select_related("person", "subject").order_by("subject__order", "person__name"))
        if seen
        else (),
        people_count=seats.values("person").distinct().count(),
        may_see_people=seen,
        newest=tuple(_newest(organisation, schools, viewer)),
        topics=tuple(of_organisation(organisation, viewer)),
        history=history,
        runs_memberships=_runs_memberships(organisation, links, viewer),
    )


def places_at(links: Iterable[OrganisationLink], at: datetime) -> list[Place]:
    """Where schools are in a group at a moment, and were before it; without those still to come."""
    begun = sorted((link for link in links if link.starts_at <= at), key=lambda link: (link.starts_at, link.pk))
    return [Place(link.member, link, link.ends_at is None or link.ends_at > at) for link in begun]


def _runs_memberships(organisation: Organisation, links: Iterable[OrganisationLink], viewer: Viewer) -> bool:
    """Does the page offer 进出集团: to administrators of the group or school, and to the lead school's bureau?"""
    if organisation.pk in viewer.runs or organisation.pk in viewer.administers:
        return True
    leads = {link.member_id for link in links if link.role == OrganisationLink.Role.LEAD}
    return bool(leads & viewer.area_schools)


def _places(links: Any, at: datetime, end: str) -> list[Place]:
    now = {link.pk for link in links.filter(valid(at))}
    return [
        Place(getattr(link, end), link, link.pk in now)
        for link in links.order_by("starts_at", "pk")
        if link.pk in now or (link.ends_at is not None and link.ends_at <= at)
    ]


def exchange(schools: Sequence[int], viewer: Viewer, *, within: bool) -> Exchange:
    """Forks across schools, of resources that the viewer may see. Of a group: between its schools; of a school: with all."""
    visible = access.narrow(Resource.objects.filter(state="published", primary=True), viewer, Action.LIST)
    across = crossings(viewer)
    given = across.filter(source__home_school__in=schools)
    taken = across.filter(resource__home_school__in=schools)
    if within:
        given = given.filter(resource__home_school__in=schools)
        taken = taken.filter(source__home_school__in=schools)
    return Exchange(given.count(), taken.count(), visible.filter(home_school__in=schools).count())


def _newest(organisation: Organisation, schools: Sequence[int], viewer: Viewer) -> list[Card]:
    own = Q(studio=organisation) if organisation.kind == OrganisationKind.STUDIO else Q(home_school__in=schools)
    found = access.narrow(Resource.objects.filter(own, state="published", primary=True), viewer, Action.LIST)
    return cards(found.order_by("-published_at", "-pk")[:NEWEST], viewer)


@dataclass(frozen=True, slots=True)
class GroupCard:
    organisation: Organisation
    lead: str
    members: int


def groups_of_city(at: datetime) -> list[GroupCard]:
    """Every group with its lead school and the number of its members now, in two queries."""
    groups = Organisation.objects.filter(kind=OrganisationKind.GROUP, closed_at__isnull=True).annotate(
        n=Count(
            "links_down", filter=valid(at, "links_down__") & Q(links_down__member__kind__in=SCHOOL_LIKE), distinct=True
        )
    )
    leads = dict(
        OrganisationLink.objects.valid_at(at)
        .filter(role=OrganisationLink.Role.LEAD)
        .values_list("parent_id", "member__name")
    )
    return [GroupCard(g, leads.get(g.pk, ""), g.n) for g in groups.order_by("name")]


def schools_of_city(at: datetime) -> list[Organisation]:
    return list(Organisation.objects.filter(kind__in=SCHOOL_LIKE, closed_at__isnull=True).order_by("name"))


@dataclass(frozen=True, slots=True)
class PersonCard:
    """What a signed-in reader sees of a colleague: school now, subject, roles, published work."""

    person: Person
    appointments: tuple[Appointment, ...]
    works: tuple[Card, ...]
    phone: str
    followed: bool


def person_card(person: Person, viewer: Viewer) -> PersonCard:
    """The card, with the phone masked for all but those whom the rule lets read it."""
    places = Appointment.objects.valid_at(viewer.at).filter(person=person).exclude(role=Role.SYSTEM_ADMIN)
    written = Contribution.objects.filter(resource=OuterRef("pk"), person=person)
    works = access.narrow(Resource.objects.filter(Q(Exists(written)), state="published"), viewer, Action.LIST)
    phone = person.phone or ""
    if phone and not access.may(viewer, Action.READ_CONTACT, person):
        phone = f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else "****"
    return PersonCard(
        person=person,
        appointments=tuple(
            places.select_related("organisation", "subject").order_by("organisation__kind", "starts_at")
        ),
        works=tuple(cards(works.order_by("-published_at", "-pk")[:12], viewer)),
        phone=phone,
        followed=Follow.objects.filter(follower=viewer.person_id, person=person).exists(),
    )
