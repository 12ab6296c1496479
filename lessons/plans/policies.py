"""How the access rule speaks about a term plan (thing `prep_plan`): through the prep group, its group and its schools."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from groups import access
from groups.access import Relation
from groups.access.rule import RelationQuery
from groups.models import OrganisationLink, Role
from groups.models.dated import valid
from groups.viewer import Viewer, carried_by
from lessons.plans.models import TermPlan
from lessons.prep.circles import CIRCLES
from lessons.prep.models import Participant


def _member(viewer: Viewer) -> Q | None:
    return Q(body__in=viewer.belongs) if viewer.belongs else None


def _organiser(viewer: Viewer) -> Q | None:
    """Leads the prep group (备课组长)."""
    led = viewer.in_role(Role.PREP_LEADER)
    return Q(body__in=led) if led else None


def _part_of(parents: Iterable[int], viewer: Viewer) -> Q:
    """The prep group is part of one of these groups or schools now."""
    links = OrganisationLink.objects.filter(
        valid(viewer.at), member=OuterRef("body"), parent__in=set(parents), parent__kind__in=CIRCLES
    )
    return Q(Exists(links))


def _school_leader(viewer: Viewer) -> Q | None:
    """Leads a school, or its teaching research, that is in the prep group's group now, or has the prep group itself."""
    led = viewer.schools & (viewer.in_role(Role.SCHOOL_LEADER) | viewer.in_role(Role.RESEARCH_LEADER))
    return _part_of(led | carried_by(led, viewer.at), viewer) if led else None


def _group_admin(viewer: Viewer) -> Q | None:
    return _part_of(viewer.runs, viewer) if viewer.runs else None


def _observer(viewer: Viewer) -> Q | None:
    """Observes a preparation that stands in the plan."""
    if viewer.person is None:
        return None
    seats = Participant.objects.filter(
        preparation__plan_row__plan=OuterRef("pk"),
        person=viewer.person_id,
        role=Participant.Role.OBSERVER,
        left_at__isnull=True,
    )
    return Q(Exists(seats))


RELATIONS: dict[Relation, RelationQuery] = {
    Relation.PREP_MEMBER: _member,
    Relation.ORGANISER: _organiser,
    Relation.SCHOOL_LEADER: _school_leader,
    Relation.GROUP_ADMIN: _group_admin,
    Relation.OBSERVER: _observer,
}


def register() -> None:
    access.register(TermPlan, thing="prep_plan", relations=RELATIONS, state=None)
