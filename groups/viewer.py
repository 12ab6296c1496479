"""Who is looking, at which moment: memberships resolved once per request."""

from collections import defaultdict
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from groups.models import Appointment, AuditRow, Organisation, OrganisationKind, OrganisationLink, Person, Role

AREAS = frozenset({OrganisationKind.CITY, OrganisationKind.COUNTY})
SCHOOL_LIKE = frozenset({OrganisationKind.SCHOOL, OrganisationKind.CAMPUS})
CLIMBED = AREAS | SCHOOL_LIKE
"""Kinds through which belonging climbs and areas reach down. A group stops both: it may reach across counties."""

SEATED = frozenset(
    {
        OrganisationKind.PREP_GROUP,
        OrganisationKind.RESEARCH_GROUP,
        OrganisationKind.STUDIO,
        OrganisationKind.CENTRE,
    }
)
"""Kinds in which a person's own seat is belonging. An administrator's or officer's place in a group or an area is not."""

POWERS: Mapping[str, frozenset[OrganisationKind]] = {
    Role.HOST: frozenset({OrganisationKind.STUDIO}),
    Role.EDITOR: frozenset({OrganisationKind.STUDIO}),
    Role.OFFICER: AREAS,
    Role.REVIEWER: SCHOOL_LIKE | {OrganisationKind.GROUP, OrganisationKind.PROJECT},
    Role.SYSTEM_ADMIN: frozenset({OrganisationKind.CITY}),
    Role.AUDITOR: frozenset({OrganisationKind.CITY}),
    Role.SITE_EDITOR: frozenset({OrganisationKind.CITY}),
}
"""Where a role has power; an appointment elsewhere gives none. A role that is not named has power in any kind."""


PRESENT = timedelta(minutes=1)
"""A moment at most this long ago is now: what the columns say holds. Of an earlier one the history is asked."""

ARCHIVED = "archived/"
"""Stands before every token of an archived thing in the search index."""


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
        left: ids of the organisations in which the last appointment has ended.
        reviewing: ids of the organisations for which the person reviews: reviewer, studio host, bureau officer.
        administers: ids of the schools, with their campuses, that the person administers.
        runs: group → ids of the schools in it, for every group that the person administers.
        county_schools, city_schools: ids of the schools in a county, a city, of which the person is an officer.
        curates: ids of the subjects that the person curates; None among them is every subject.
        links: ids of the share links that this visitor has opened, passwords and all.
        is_past: the moment lies before the present: states, reviews and published versions are those of that moment.
    """

    person: Person | None
    at: datetime
    disabled: bool = False
    belongs: frozenset[int] = frozenset()
    roles: Mapping[str, frozenset[int]] = field(default_factory=dict)
    schools: frozenset[int] = frozenset()
    left: frozenset[int] = frozenset()
    reviewing: frozenset[int] = frozenset()
    administers: frozenset[int] = frozenset()
    runs: Mapping[int, frozenset[int]] = field(default_factory=dict)
    county_schools: frozenset[int] = frozenset()
    city_schools: frozenset[int] = frozenset()
    curates: frozenset[int | None] = frozenset()
    links: frozenset[int] = frozenset()
    is_past: bool = False

    @property
    def person_id(self) -> int | None:
        return self.person.pk if self.person else None

    def in_role(self, role: Role) -> frozenset[int]:
        return self.roles.get(role, frozenset())

    @property
    def area_schools(self) -> frozenset[int]:
        return self.county_schools | self.city_schools

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
        own |= {f"admin:{pk}" for pk in self.administers}
        own |= {f"reviewer:{pk}" for pk in self.reviewing}
        own |= {f"area:{pk}" for pk in self.in_role(Role.OFFICER)}
        return frozenset(own)

    def archived_tokens(self) -> frozenset[str]:
        """As `tokens`, for a search that asks for archived things alone."""
        return frozenset(f"{ARCHIVED}{token}" for token in self.tokens())


def viewer_for(person: Person | AnonymousUser | None, at: datetime) -> Viewer:
    """Resolve a person's memberships at a moment: one query for the appointments, two or three for what they carry."""
    is_past = at < timezone.now() - PRESENT
    if person is None or isinstance(person, AnonymousUser):
        return Viewer(person=None, at=at, is_past=is_past)
    if was_disabled(person, at) if is_past else not person.is_active:
        return Viewer(person=person, at=at, disabled=True, is_past=is_past)
    held = _held(person, at)
    schools = held.of_kinds(SCHOOL_LIKE)
    roles = held.by_role()
    officer_of = roles.get(Role.OFFICER, frozenset())
    return Viewer(
        person=person,
        at=at,
        belongs=frozenset(schools | held.of_kinds(SEATED) | carried_by(schools, at)),
        roles=roles,
        schools=frozenset(schools),
        left=frozenset(held.ended - {organisation for _, organisation, _, _ in held.now}),
        reviewing=frozenset().union(*(roles.get(r, frozenset()) for r in (Role.REVIEWER, Role.HOST, Role.OFFICER))),
        administers=with_campuses(held.of_kinds(SCHOOL_LIKE, Role.ADMIN), at),
        runs={group: schools_below({group}, at) for group in held.of_kinds({OrganisationKind.GROUP}, Role.ADMIN)},
        county_schools=schools_below(officer_of & held.of_kinds({OrganisationKind.COUNTY}), at),
        city_schools=schools_below(officer_of & held.of_kinds({OrganisationKind.CITY}), at),
        curates=frozenset(subject for role, _, _, subject in held.now if role == Role.SUBJECT_CURATOR),
        is_past=is_past,
    )


def was_disabled(person: Person, at: datetime) -> bool:
    """Was the account off at a past moment? The next deed in the audit log tells; without one it was as it is."""
    switches = AuditRow.objects.filter(
        thing="person", thing_uid=person.uid, action__in=("person.disabled", "person.enabled"), at__gt=at
    )
    following = switches.order_by("pk").values_list("action", flat=True).first()
    return following == "person.enabled" if following else not person.is_active


@dataclass(frozen=True, slots=True)
class _Held:
    """Appointments valid now as (role, organisation, kind, subject), and the organisations where one has ended."""

    now: tuple[tuple[str, int, str, int | None], ...]
    ended: frozenset[int]

    def of_kinds(self, kinds: Set[OrganisationKind], role: Role | None = None) -> set[int]:
        return {o for r, o, kind, _ in self.now if kind in kinds and role in (None, r)}

    def by_role(self) -> dict[str, frozenset[int]]:
        found: dict[str, set[int]] = defaultdict(set)
        for role, organisation, kind, _ in self.now:
            if role not in POWERS or kind in POWERS[role]:
                found[role].add(organisation)
        return {role: frozenset(organisations) for role, organisations in found.items()}


def _held(person: Person, at: datetime) -> _Held:
    rows = list(
        Appointment.objects.filter(person=person, starts_at__lte=at).values_list(
            "role", "organisation_id", "organisation__kind", "subject_id", "ends_at"
        )
    )
    valid = tuple((role, o, kind, subject) for role, o, kind, subject, ends in rows if ends is None or ends > at)
    return _Held(valid, frozenset(o for _, o, _, _, ends in rows if ends is not None and ends <= at))


def carried_by(schools: Set[int], at: datetime) -> set[int]:
    """Organisations into which membership carries the people of `schools` at a moment.

    Groups and projects that a school is in, its county, and the county's city; a campus carries through its school.
    """
    above: set[int] = set()
    frontier = set(schools)
    while frontier:
        links = OrganisationLink.objects.valid_at(at).filter(member__in=frontier)
        parents = {(parent, kind) for parent, kind in links.values_list("parent_id", "parent__kind")}
        frontier = {parent for parent, kind in parents if kind in CLIMBED} - above
        above |= {parent for parent, _ in parents}
    return above


def schools_below(organisations: Set[int], at: datetime) -> frozenset[int]:
    """Schools in the organisations at a moment, with their campuses: a group's members, a city's through its counties."""
    schools: set[int] = set()
    seen: set[int] = set()
    frontier = set(organisations)
    while frontier:
        seen |= frontier
        links = OrganisationLink.objects.valid_at(at).filter(parent__in=frontier, member__kind__in=CLIMBED)
        members = set(links.values_list("member_id", "member__kind"))
        schools |= {member for member, kind in members if kind in SCHOOL_LIKE}
        frontier = {member for member, _ in members} - seen
    return frozenset(schools)


def with_campuses(schools: Set[int], at: datetime) -> frozenset[int]:
    """Schools and their campuses: who administers a school administers its campuses."""
    return frozenset(schools) | schools_below(schools, at)


def areas_above(school: Organisation, at: datetime) -> set[int]:
    """The county and the city of a school at a moment; a campus lies where its school lies."""
    above = carried_by({school.pk}, at)
    return set(Organisation.objects.filter(pk__in=above, kind__in=AREAS).values_list("pk", flat=True))


def viewer_of(user: Person) -> Viewer:
    """The viewer of a request's user at this moment, resolved once: Wagtail asks dozens of times for one screen."""
    if "_viewer" not in user.__dict__:
        user.__dict__["_viewer"] = viewer_for(user, timezone.now())
    viewer: Viewer = user.__dict__["_viewer"]
    return viewer
