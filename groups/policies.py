"""How the access rule speaks about organisations, memberships, appointments, persons, the catalogue and the audit log.

The back office is no row in a table: `may_enter` answers for it.
"""

from collections.abc import Callable

from django.db.models import Exists, OuterRef, Q

from catalogue.models import Knowledge, Node, Outline, Standard, Subject, Textbook
from groups.access import Action, Relation, Verdict, register, relations
from groups.access.policy import ANY, POLICY
from groups.access.rule import EVERYTHING, RelationQuery, States
from groups.access.vocabulary import allowance, refusal
from groups.models import Appointment, AuditRow, Nature, Organisation, OrganisationLink, Person, Role, Studio
from groups.models.dated import valid
from groups.viewer import Viewer

Link = OrganisationLink.Role


def areas_organisations(viewer: Viewer) -> frozenset[int]:
    """Ids of everything in the viewer's counties and cities: bureaus, schools, groups, studios, and what is part of them.

    A group's members are not followed: they may lie in another county.
    """
    seen: set[int] = set()
    frontier = set(viewer.in_role(Role.OFFICER))
    while frontier:
        seen |= frontier
        links = OrganisationLink.objects.valid_at(viewer.at).filter(
            parent__in=frontier, role__in=(Link.AREA, Link.PART)
        )
        frontier = set(links.values_list("member_id", flat=True)) - seen
    return frozenset(seen)


def administered(viewer: Viewer) -> frozenset[int]:
    """Ids of the schools that the viewer administers, and of the prep and research groups that are part of them."""
    if not viewer.administers:
        return frozenset()
    parts = OrganisationLink.objects.valid_at(viewer.at).filter(parent__in=viewer.administers, role=Link.PART)
    return viewer.administers | frozenset(parts.values_list("member_id", flat=True))


def _in(field: str, ids: Callable[[Viewer], frozenset[int]]) -> RelationQuery:
    """The rows whose `field` is one of `ids(viewer)`."""

    def ask(viewer: Viewer) -> Q | None:
        found = ids(viewer)
        return Q(**{f"{field}__in": found}) if found else None

    return ask


def _admin_of(viewer: Viewer) -> frozenset[int]:
    return viewer.in_role(Role.ADMIN) | administered(viewer)


ORGANISATION: dict[Relation, RelationQuery] = {
    Relation.ANYONE: relations.anyone,
    Relation.MEMBER_OF_IT: _in("pk", lambda viewer: viewer.belongs),
    Relation.ORG_ADMIN: _in("pk", _admin_of),
    Relation.OFFICER_OF_AREA: _in("pk", areas_organisations),
    Relation.SYSTEM_ADMIN: relations.system_admin,
}

STUDIO: dict[Relation, RelationQuery] = {
    Relation.ANYONE: relations.anyone,
    Relation.SIGNED_IN: relations.signed_in,
    Relation.STUDIO_HOST: _in("pk", lambda viewer: viewer.in_role(Role.HOST)),
    Relation.STUDIO_EDITOR: _in("pk", lambda viewer: viewer.in_role(Role.EDITOR)),
    Relation.STUDIO_MEMBER: _in("pk", lambda viewer: viewer.belongs),
}
STUDIO_STATES = States(
    {"running": Q(closed_at__isnull=True), "closed": Q(closed_at__isnull=False)},
    lambda studio: "closed" if studio.closed_at else "running",
)


def _lead_school_officer(viewer: Viewer) -> Q | None:
    """Works in the bureau of the group's lead school."""
    if not viewer.area_schools:
        return None
    leads = OrganisationLink.objects.filter(
        valid(viewer.at), role=Link.LEAD, member__in=viewer.area_schools, parent=OuterRef("parent")
    )
    return Q(Exists(leads))


MEMBERSHIP: dict[Relation, RelationQuery] = {
    Relation.GROUP_ADMIN: _in("parent", lambda viewer: frozenset(viewer.runs)),
    Relation.SCHOOL_ADMIN: _in("member", lambda viewer: viewer.administers),
    Relation.OFFICER_OF_AREA: _lead_school_officer,
}

APPOINTMENT: dict[Relation, RelationQuery] = {
    Relation.SCHOOL_ADMIN: _in("organisation", administered),
    Relation.OFFICER_OF_AREA: _in("organisation", areas_organisations),
}


def _self(viewer: Viewer) -> Q | None:
    return Q(pk=viewer.person_id) if viewer.person else None


def _school_admin_of_person(viewer: Viewer) -> Q | None:
    """Administers a school that employs the person now (在编): whoever comes for a time keeps the administrator at home.

    A school appoints its guests by itself, so a guest's account must not come with the appointment.
    """
    if not viewer.administers:
        return None
    employed = valid(viewer.at) & Q(nature=Nature.MAIN, organisation__in=viewer.administers)
    here = Appointment.objects.filter(employed, person=OuterRef("pk"))
    return Q(Exists(here))


PERSON: dict[Relation, RelationQuery] = {
    Relation.SIGNED_IN: relations.signed_in,
    Relation.SELF: _self,
    Relation.SCHOOL_ADMIN: _school_admin_of_person,
    Relation.SYSTEM_ADMIN: relations.system_admin,
}


def curates(path: str) -> RelationQuery:
    """Curates the row's subject; who curates no subject in particular curates all, and what has none."""

    def ask(viewer: Viewer) -> Q | None:
        if not viewer.curates:
            return None
        return EVERYTHING if None in viewer.curates else Q(**{f"{path}__in": viewer.curates})

    return ask


SUBJECT_PATHS = {
    Subject: "pk",
    Textbook: "subject",
    Outline: "textbook__subject",
    Node: "outline__textbook__subject",
    Standard: "subject",
    Knowledge: "subject",
}

AUDIT: dict[Relation, RelationQuery] = {
    Relation.AUDITOR: relations.auditor,
    Relation.SYSTEM_ADMIN: relations.system_admin,
}


def register_all() -> None:
    register(Organisation, thing="organisation", relations=ORGANISATION, state=None)
    register(Studio, thing="studio", relations=STUDIO, state=STUDIO_STATES)
    register(OrganisationLink, thing="membership", relations=MEMBERSHIP, state=None)
    register(Appointment, thing="appointment", relations=APPOINTMENT, state=None)
    register(Person, thing="person", relations=PERSON, state=None)
    register(AuditRow, thing="audit", relations=AUDIT, state=None)
    for model, path in SUBJECT_PATHS.items():
        catalogue: dict[Relation, RelationQuery] = {
            Relation.ANYONE: relations.anyone,
            Relation.SUBJECT_CURATOR: curates(path),
            Relation.SYSTEM_ADMIN: relations.system_admin,
        }
        register(model, thing="catalogue", relations=catalogue, state=None)


def standing(viewer: Viewer) -> frozenset[Relation]:
    """The relations that a person holds towards the site itself, whatever the thing."""
    held = {
        Relation.SITE_EDITOR: viewer.in_role(Role.SITE_EDITOR),
        Relation.STUDIO_HOST: viewer.in_role(Role.HOST),
        Relation.STUDIO_EDITOR: viewer.in_role(Role.EDITOR),
        Relation.GROUP_ADMIN: viewer.runs,
        Relation.SYSTEM_ADMIN: viewer.is_system_admin,
        Relation.OFFICER_OF_AREA: viewer.in_role(Role.OFFICER),
        Relation.AUDITOR: viewer.in_role(Role.AUDITOR),
    }
    return frozenset(relation for relation, holds in held.items() if holds)


def may_enter(viewer: Viewer) -> Verdict:
    """The policy row `back_office, enter`."""
    through = sorted(standing(viewer) & POLICY["back_office"][ANY][Action.ENTER])
    if not through:
        return refusal(viewer.person is None, viewer.disabled, "back_office", frozenset(), Action.ENTER)
    return allowance(through[0])
