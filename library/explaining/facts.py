"""Dated facts as sentences: the links of the chain of rules (规则链)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from groups.models import Appointment, GrantLevel, Nature, Organisation, OrganisationLink, Person
from groups.viewer import CLIMBED, SCHOOL_LIKE, SEATED
from library.history.models import AuthorSince, StateSpan
from library.resources.models import Grant, Resource

AT = {
    Nature.MAIN: "编制在",
    Nature.ROTATION: "交流轮岗在",
    Nature.SUPPORT: "支教在",
    Nature.PART_TIME: "走教（兼课）在",
    Nature.SHADOWING: "跟岗在",
    Nature.SEAT: "席位在",
}
IN = {
    OrganisationLink.Role.LEAD: "是{}的核心校",
    OrganisationLink.Role.MEMBER: "是{}的成员校",
    OrganisationLink.Role.AREA: "属于{}",
    OrganisationLink.Role.PART: "是{}的下设机构",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One rule of the chain, with the half-open time in which it holds."""

    rule: str
    starts: datetime | None
    ends: datetime | None

    def as_json(self) -> dict[str, str | None]:
        return {"rule": self.rule, "from": iso(self.starts), "to": iso(self.ends)}

    def holds(self, at: datetime) -> bool:
        return (self.starts is None or self.starts <= at) and (self.ends is None or at < self.ends)


def iso(moment: datetime | None) -> str | None:
    """In the city's own time."""
    return timezone.localtime(moment).isoformat() if moment else None


def of_appointment(held: Appointment) -> Fact:
    where = AT.get(Nature(held.nature), "任职于")
    return Fact(f"{where}{held.organisation.name}（{held.get_role_display()}）", held.starts_at, held.ends_at)


def of_link(link: OrganisationLink) -> Fact:
    words = IN[OrganisationLink.Role(link.role)].format(link.parent.name)
    return Fact(f"{link.member.name}{words}", link.starts_at, link.ends_at)


def of_grant(grant: Grant) -> Fact:
    level = GrantLevel(grant.level).label
    audience = "所有人（公开）" if grant.is_public else (grant.organisation or grant.person)
    name = audience if isinstance(audience, str) else getattr(audience, "name", "")
    return Fact(f"本资源授权给{name}，{level}", grant.starts_at, grant.ends_at)


def of_state(resource: Resource, at: datetime) -> Fact | None:
    """The state at a moment; None before the resource was begun."""
    changed = resource.state_changed_at
    if changed is None or changed <= at:
        return Fact(_state_words(resource), changed, None)
    span = StateSpan.objects.valid_at(at).filter(resource=resource).select_related("published_version").first()
    return Fact(_state_words(span), span.starts_at, span.ends_at) if span else None


def _state_words(held: Any) -> str:
    version = held.published_version
    label = f"，读者看到的是{version.label}" if version and held.state in ("published", "archived") else ""
    return f"本资源的状态是“{held.get_state_display()}”{label}"


def of_author(resource: Resource, person: Person) -> Fact:
    since = AuthorSince.objects.filter(resource=resource, person=person).values_list("since", flat=True).first()
    return Fact(f"{person.name}是本资源的作者之一", since, None)


def appointments(person: Person, at: datetime, *wanted: Q) -> list[Appointment]:
    rows = Appointment.objects.valid_at(at).filter(*wanted, person=person).select_related("organisation")
    return list(rows.order_by("starts_at", "pk"))


def way_into(person: Person, organisation: int, at: datetime) -> list[Fact]:
    """How a person belongs to an organisation at a moment: the appointment, then each membership up to it. Empty: not."""
    held = appointments(person, at)
    direct = [a for a in held if a.organisation_id == organisation and a.organisation.kind in SCHOOL_LIKE | SEATED]
    if direct:
        return [of_appointment(direct[0])]
    for appointment in held:
        if appointment.organisation.kind in SCHOOL_LIKE and (up := climb(appointment.organisation, organisation, at)):
            return [of_appointment(appointment), *up]
    return []


def climb(start: Organisation, goal: int, at: datetime) -> list[Fact]:
    """The shortest way of memberships from a school up to an organisation; a group ends a way, an area goes on."""
    came_by: dict[int, OrganisationLink | None] = {start.pk: None}
    frontier: Sequence[int] = [start.pk]
    while frontier and goal not in came_by:
        following = []
        for link in _links_up(frontier, at):
            if link.parent_id not in came_by:
                came_by[link.parent_id] = link
                if link.parent.kind in CLIMBED:
                    following.append(link.parent_id)
        frontier = following
    return _walk_back(came_by, goal)


def _links_up(members: Iterable[int], at: datetime) -> Iterable[OrganisationLink]:
    links = OrganisationLink.objects.valid_at(at).filter(member__in=list(members))
    return links.select_related("member", "parent").order_by("starts_at", "pk")


def _walk_back(came_by: dict[int, OrganisationLink | None], goal: int) -> list[Fact]:
    way: list[Fact] = []
    link = came_by.get(goal)
    while link is not None:
        way.insert(0, of_link(link))
        link = came_by[link.member_id]
    return way


def by_reach(grants: Iterable[Grant]) -> list[Grant]:
    """Grants in the order in which they explain best: public, to a person, to an organisation; the oldest first."""
    ordered: dict[int, list[Grant]] = defaultdict(list)
    for grant in grants:
        ordered[0 if grant.is_public else 1 if grant.person_id else 2].append(grant)
    return [grant for rank in sorted(ordered) for grant in sorted(ordered[rank], key=lambda g: (g.starts_at, g.pk))]
