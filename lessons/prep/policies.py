"""How the access rule speaks about preparations: each relation is one query on `Preparation`.

Rights follow membership at the moment: who no longer belongs to the circle is lead, member or approver no longer, though
their rows stay. Experts are invited from anywhere and keep their place while they are in the list.
"""

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, F, IntegerField, OuterRef, Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from groups import access
from groups.access import Action, Relation
from groups.access.rule import RelationQuery
from groups.access.vocabulary import REASONS
from groups.models import Appointment, Organisation, OrganisationKind, OrganisationLink, Role
from groups.models.dated import valid
from groups.viewer import Viewer
from lessons.prep.models import Draft, HandDown, Participant, Preparation, Transition
from lessons.prep.models.preparation import BEFORE_SETTLED
from library.resources import work

WORK = "prep"
PLANNERS = (Role.PREP_LEADER, Role.RESEARCH_LEADER)
PREP_BODIES = (OrganisationKind.PREP_GROUP, OrganisationKind.RESEARCH_GROUP)


def in_circle(viewer: Viewer, prefix: str = "") -> Q:
    """The viewer belongs now to the group of schools, or to the prep group, in which it takes place."""
    return Q(**{f"{prefix}circle__in": viewer.belongs}) | Q(**{f"{prefix}body__in": viewer.belongs})


def _listed(viewer: Viewer, *roles: str) -> Q:
    rows = Participant.objects.filter(
        preparation=OuterRef("pk"), person=viewer.person_id, role__in=roles, left_at__isnull=True
    )
    return Q(Exists(rows))


def organises(viewer: Viewer, path: str = "organiser") -> Q | None:
    """Planned it, or leads its prep or research group: when an organiser goes, the leader of the group goes on."""
    if viewer.person is None:
        return None
    planned = Q(**{path: viewer.person_id}) & (in_circle(viewer) | Q(circle__in=list(viewer.runs)))
    return planned | Q(body__in=frozenset().union(*(viewer.in_role(role) for role in PLANNERS)))


def organiser_before_settled(viewer: Viewer) -> Q | None:
    own = organises(viewer)
    return None if own is None else own & Q(state__in=BEFORE_SETTLED)


def lead(viewer: Viewer) -> Q | None:
    return Q(lead=viewer.person_id) & in_circle(viewer) if viewer.person else None


def co_lead(viewer: Viewer) -> Q | None:
    return _listed(viewer, Participant.Role.CO_LEAD) & in_circle(viewer) if viewer.person else None


def prep_member(viewer: Viewer) -> Q | None:
    """In the list. While it is only planned the list follows the rule: a seat in the prep group, or subject and grade."""
    if viewer.person is None:
        return None
    listed = _listed(viewer, Participant.Role.MEMBER) & in_circle(viewer)
    teaches = Appointment.objects.filter(
        valid(viewer.at),
        person=viewer.person_id,
        role=Role.TEACHER,
        subject=OuterRef("subject"),
        grade=OuterRef("grade"),
        organisation__in=Preparation.schools.through.objects.filter(preparation=OuterRef(OuterRef("pk"))).values(
            "organisation"
        ),
    )
    by_rule = (Q(body__in=viewer.belongs, body__kind__in=PREP_BODIES) | Q(Exists(teaches))) & in_circle(viewer)
    out = Participant.objects.filter(preparation=OuterRef("pk"), person=viewer.person_id, left_at__isnull=False)
    other = _listed(viewer, *(set(Participant.Role.values) - {Participant.Role.MEMBER}))
    return listed | (Q(frozen_at__isnull=True, state="planned") & by_rule & ~Q(Exists(out)) & ~other)


def expert(viewer: Viewer) -> Q | None:
    return _listed(viewer, Participant.Role.EXPERT) if viewer.person else None


def observer(viewer: Viewer) -> Q | None:
    return _listed(viewer, Participant.Role.OBSERVER) if viewer.person else None


def approver(viewer: Viewer) -> Q | None:
    """Approves it, never as its lead."""
    if viewer.person is None:
        return None
    leads = Q(lead=viewer.person_id) | _listed(viewer, Participant.Role.LEAD, Participant.Role.CO_LEAD)
    return Q(approver=viewer.person_id) & in_circle(viewer) & ~leads


def recipient(viewer: Viewer) -> Q | None:
    """Handed down to: by name, or as a teacher of a school that is in the circle still."""
    if viewer.person is None:
        return None
    rows = HandDown.objects.filter(preparation=OuterRef("pk"), person=viewer.person_id)
    named = Q(Exists(rows.filter(organisation__isnull=True)))
    return named | (Q(Exists(rows.filter(organisation__isnull=False))) & in_circle(viewer))


def schools_led(viewer: Viewer) -> Q | None:
    """On rows with an `organisation`: a school of which the viewer is leader or teaching-research leader now."""
    leads, research = viewer.in_role(Role.SCHOOL_LEADER), viewer.in_role(Role.RESEARCH_LEADER)
    if not leads | research:
        return None
    above = OrganisationLink.objects.filter(valid(viewer.at), member__in=research, role=OrganisationLink.Role.PART)
    return Q(organisation__in=leads | research) | Q(organisation__in=above.values("parent"))


def school_leader(viewer: Viewer) -> Q | None:
    """Leads a school that takes part and is in the circle now."""
    led = schools_led(viewer)
    if led is None:
        return None
    lasting = OrganisationLink.objects.filter(
        valid(viewer.at), member=OuterRef("organisation"), parent=OuterRef("preparation__circle")
    )
    there = Q(Exists(lasting)) | Q(organisation=F("preparation__circle"))
    rows = Preparation.schools.through.objects.filter(led, preparation=OuterRef("pk")).filter(there)
    return Q(Exists(rows))


def group_admin(viewer: Viewer) -> Q | None:
    return Q(circle__in=list(viewer.runs)) if viewer.runs else None


def as_read_of_its_state(viewer: Viewer) -> Q | None:
    if viewer.person is None:
        return None
    return Q(Exists(access.narrow(Preparation.objects.filter(pk=OuterRef("pk")), viewer, Action.READ).order_by()))


RELATIONS: dict[Relation, RelationQuery] = {
    Relation.ORGANISER: organises,
    Relation.ORGANISER_BEFORE_SETTLED: organiser_before_settled,
    Relation.LEAD: lead,
    Relation.CO_LEAD: co_lead,
    Relation.PREP_MEMBER: prep_member,
    Relation.EXPERT: expert,
    Relation.APPROVER: approver,
    Relation.OBSERVER: observer,
    Relation.RECIPIENT: recipient,
    Relation.SCHOOL_LEADER: school_leader,
    Relation.GROUP_ADMIN: group_admin,
    Relation.AS_READ_OF_ITS_STATE: as_read_of_its_state,
}


def through(relation: Relation, path: str = "preparation") -> RelationQuery:
    """The relation in which the viewer stands to the preparation that a row names: for remarks, and for adaptations."""

    def ask(viewer: Viewer) -> Q | None:
        query = RELATIONS[relation](viewer)
        return None if query is None else Q(Exists(Preparation.objects.filter(query, pk=OuterRef(path)).order_by()))

    return ask


def reading(viewer: Viewer, path: str = "preparation") -> Q | None:
    """On rows that name a preparation: the viewer reads it (as_its_thing)."""
    if viewer.person is None:
        return None
    return Q(Exists(access.narrow(Preparation.objects.filter(pk=OuterRef(path)), viewer, Action.READ).order_by()))


def _of_shared_plan(*actions: Action) -> work.Rows:
    """Shared plans whose preparation lets the viewer do one of these."""

    def ask(viewer: Viewer) -> Q | None:
        if viewer.person is None:
            return None
        of_it: QuerySet[Any] = Preparation.objects.filter(resource=OuterRef("pk")).order_by()
        return reduce(or_, (Q(Exists(access.narrow(of_it, viewer, action))) for action in actions))

    return ask


def _put_out(resource: int) -> int | None:
    """The version that those read who do not write: the shared plan in force, or the last numbered draft."""
    row = Preparation.objects.filter(resource=resource).select_related("settled_version").first()
    if row is None or row.settled_version is not None:
        return row.settled_version.number if row and row.settled_version else None
    last = row.drafts.order_by("-number").values_list("version__number", flat=True).first()
    return last or None


def _were_put_out() -> Q:
    """Versions that others were given: numbered drafts, and the shared plans that are or were in force."""
    drafts = Draft.objects.filter(version=OuterRef("pk"))
    settled = Preparation.objects.filter(settled_version=OuterRef("pk"))
    steps = Transition.objects.filter(
        preparation__resource=OuterRef("resource"), action__in=(Action.APPROVE, Action.REVISE)
    ).annotate(version=Cast(KT("detail__version"), IntegerField()))
    return Q(Exists(drafts)) | Q(Exists(settled)) | Q(Exists(steps.filter(version=OuterRef("number"))))


def _why(resource: int, viewer: Viewer) -> str:
    """What the viewer is in the preparation of a shared plan, in words."""
    row = Preparation.objects.filter(resource=resource).first()
    if row is None:
        return ""
    held = sorted(access.relations_of(viewer, row) & set(REASONS))
    parts = dict.fromkeys(REASONS[one].removeprefix("你是") for one in held if one != Relation.AS_READ_OF_ITS_STATE)
    return f"集体备课《{row.title}》（{row.get_state_display()}）：{'、'.join(parts)}" if parts else ""


def bodies_planned_by(viewer: Viewer) -> QuerySet[Organisation]:
    """The prep and research groups, groups and schools for which the viewer may plan (组织者)."""
    own = Q(pk__in=frozenset().union(*(viewer.in_role(role) for role in PLANNERS)), kind__in=PREP_BODIES)
    run = frozenset(viewer.runs) | viewer.administers
    below = OrganisationLink.objects.filter(valid(viewer.at), parent__in=run, role=OrganisationLink.Role.PART)
    found = own | Q(pk__in=below.values("member"), kind__in=PREP_BODIES)
    return Organisation.objects.filter(found, closed_at__isnull=True).order_by("name")


def register() -> None:
    access.register(Preparation, thing="prep", relations=RELATIONS)
    reads = _of_shared_plan(Action.READ)
    work.register_put_out(WORK, _were_put_out)
    work.register(
        work.Work(
            name=WORK,
            lists=reads,
            reads=reads,
            takes=reads,
            edits=_of_shared_plan(Action.EDIT_DRAFT, Action.REVISE),
            receives=_of_shared_plan(Action.RECEIVE),
            publishes=_of_shared_plan(Action.ARCHIVE),
            current=_put_out,
            why=_why,
        )
    )
