"""Who is looking, at which moment: memberships resolved once per request."""

from collections import defaultdict
from collections.abc import Set
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import AnonymousUser

from groups.models import Appointment, Organisation, OrganisationKind, OrganisationLink, Person, Role

AREAS = frozenset({OrganisationKind.CITY, OrganisationKind.COUNTY})
SCHOOL_LIKE = frozenset({OrganisationKind.SCHOOL, OrganisationKind.CAMPUS})
SEATED = frozenset(
    {
        OrganisationKind.PREP_GROUP,
        OrganisationKind.RESEARCH_GROUP,
        OrganisationKind.STUDIO,
        OrganisationKind.CENTRE,
        OrganisationKind.PROJECT,
    }
)
"""Kinds in which a person's own seat is belonging. An administrator's or officer's place in a group or an area is not."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person at a moment, with what follows from the memberships valid then.

    Attributes:
        person: None for a visitor who is signed out.
        at: the moment, aware.
        disabled: the account is switched off: refused everything, public things too.
        belongs: ids of the organisations whose grants reach this person.
        roles: role → ids of the organisations in which the person holds it.
        schools: ids of the schools in which the person holds an appointment now.
        reviewing: ids of the organisations for which the person reviews: reviewer, studio host, bureau officer.
        group_schools: ids of the schools that are in a group which the person administers.
        area_schools: ids of the schools in an area of which the person is an officer.
    """

    person: Person | None
    at: datetime
    disabled: bool = False
    belongs: frozenset[int] = frozenset()
    roles: dict[str, frozenset[int]] = field(default_factory=dict)
    schools: frozenset[int] = frozenset()
    reviewing: frozenset[int] = frozenset()
    group_schools: frozenset[int] = frozenset()
    area_schools: frozenset[int] = frozenset()

    @property
    def person_id(self) -> int | None:
        return self.person.pk if self.person else None

    def in_role(self, role: Role) -> frozenset[int]:
        return self.roles.get(role, frozenset())

    @property
    def is_system_admin(self) -> bool:
        return bool(self.in_role(Role.SYSTEM_ADMIN)) or bool(self.person and self.person.is_superuser)

    def tokens(self) -> frozenset[str]:
        """What the search index is asked for: a document is found when it carries one of these.

        The twin of `LIST` on published resources; `library` writes the same words into each document.
        """
        if self.disabled:
            return frozenset()
        if self.person is None:
            return frozenset({"public"})
        own = {"public", f"person:{self.person.pk}", f"owner:{self.person.pk}", f"author:{self.person.pk}"}
        own |= {f"org:{pk}" for pk in self.belongs}
        own |= {f"admin:{pk}" for pk in self.in_role(Role.ADMIN)}
        own |= {f"reviewer:{pk}" for pk in self.reviewing}
        own |= {f"area:{pk}" for pk in self.in_role(Role.OFFICER)}
        return frozenset(own)


def viewer_for(person: Person | AnonymousUser | None, at: datetime) -> Viewer:
    """Resolve a person's memberships at a moment, in at most seven small queries (three for a plain teacher)."""
    if person is None or isinstance(person, AnonymousUser):
        return Viewer(person=None, at=at)
    if not person.is_active:
        return Viewer(person=person, at=at, disabled=True)
    roles: dict[str, set[int]] = defaultdict(set)
    schools: set[int] = set()
    seats: set[int] = set()
    rows = (
        Appointment.objects.valid_at(at)
        .filter(person=person)
        .values_list("role", "organisation_id", "organisation__kind")
    )
    for role, organisation_id, kind in rows:
        roles[role].add(organisation_id)
        if kind in SCHOOL_LIKE:
            schools.add(organisation_id)
        elif kind in SEATED:
            seats.add(organisation_id)
    return Viewer(
        person=person,
        at=at,
        belongs=frozenset(schools | seats | carried_by(schools, at)),
        roles={role: frozenset(ids) for role, ids in roles.items()},
        schools=frozenset(schools),
        reviewing=frozenset(roles[Role.REVIEWER] | roles[Role.HOST] | roles[Role.OFFICER]),
        group_schools=schools_below(roles[Role.ADMIN] - schools, at),
        area_schools=schools_below(roles[Role.OFFICER], at),
    )


def carried_by(schools: Set[int], at: datetime) -> set[int]:
    """Organisations into which membership carries the people of `schools` at a moment.

    Groups and projects that a school is in, its county, and the county's city; a group's own area carries nobody, for
    a group may reach across counties. A campus carries through its school.
    """
    if not schools:
        return set()
    links = list(
        OrganisationLink.objects.valid_at(at).filter(member__in=schools).values_list("parent_id", "parent__kind")
    )
    above = {parent for parent, _ in links}
    climbing = {parent for parent, kind in links if kind in AREAS | SCHOOL_LIKE}
    if not climbing:
        return above
    return above | set(
        OrganisationLink.objects.valid_at(at).filter(member__in=climbing).values_list("parent_id", flat=True)
    )


def schools_below(organisations: Set[int], at: datetime) -> frozenset[int]:
    """Schools that are in the organisations at a moment, directly or through one area more (a city's counties)."""
    if not organisations:
        return frozenset()
    links = list(
        OrganisationLink.objects.valid_at(at).filter(parent__in=organisations).values_list("member_id", "member__kind")
    )
    schools = {member for member, kind in links if kind in SCHOOL_LIKE}
    areas = {member for member, kind in links if kind in AREAS}
    if areas:
        schools |= set(
            OrganisationLink.objects.valid_at(at)
            .filter(parent__in=areas, member__kind__in=SCHOOL_LIKE)
            .values_list("member_id", flat=True)
        )
    return frozenset(schools)


def areas_above(school: Organisation, at: datetime) -> set[int]:
    """The county and the city of a school at a moment."""
    counties = set(
        OrganisationLink.objects.valid_at(at)
        .filter(member=school, parent__kind__in=AREAS)
        .values_list("parent_id", flat=True)
    )
    return counties | set(
        OrganisationLink.objects.valid_at(at)
        .filter(member__in=counties, parent__kind__in=AREAS)
        .values_list("parent_id", flat=True)
    )
