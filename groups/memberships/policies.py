"""A proposal is judged by the rows of `membership`, as the membership itself is."""

from collections.abc import Callable

from django.db.models import Exists, OuterRef, Q, QuerySet

from groups import access
from groups.access import Action, Relation
from groups.access.rule import RelationQuery
from groups.memberships.models import Proposal
from groups.models import OrganisationLink
from groups.models.dated import valid
from groups.viewer import Viewer

PROPOSING = {Proposal.Kind.ENTRY: Action.PROPOSE_ENTRY, Proposal.Kind.EXIT: Action.PROPOSE_EXIT}
DECIDING = {Proposal.Kind.ENTRY: Action.ACCEPT_ENTRY, Proposal.Kind.EXIT: Action.APPROVE_EXIT}


def _in(field: str, ids: Callable[[Viewer], frozenset[int]]) -> RelationQuery:
    def ask(viewer: Viewer) -> Q | None:
        found = ids(viewer)
        return Q(**{f"{field}__in": found}) if found else None

    return ask


def _lead_schools_officer(viewer: Viewer) -> Q | None:
    """Works in the bureau of the group's lead school."""
    if not viewer.area_schools:
        return None
    leads = OrganisationLink.objects.filter(
        valid(viewer.at), role=OrganisationLink.Role.LEAD, member__in=viewer.area_schools, parent=OuterRef("group")
    )
    return Q(Exists(leads))


def register() -> None:
    relations: dict[Relation, RelationQuery] = {
        Relation.GROUP_ADMIN: _in("group", lambda viewer: frozenset(viewer.runs)),
        Relation.SCHOOL_ADMIN: _in("school", lambda viewer: viewer.administers),
        Relation.OFFICER_OF_AREA: _lead_schools_officer,
    }
    access.register(Proposal, thing="membership", relations=relations, state=None)


def concerning(viewer: Viewer) -> QuerySet[Proposal]:
    """Proposals that are this viewer's business: of their group, of their school, of their bureau's groups."""
    every = Proposal.objects.all()
    sides = (Action.PROPOSE_EXIT, Action.ACCEPT_ENTRY, Action.APPROVE_EXIT)
    found = access.narrow(every, viewer, sides[0])
    for action in sides[1:]:
        found = found | access.narrow(every, viewer, action)
    return found


def waiting_for(viewer: Viewer) -> QuerySet[Proposal]:
    """Proposals that wait for this viewer's answer (待办), the oldest first."""
    waiting = Proposal.objects.filter(state=Proposal.State.WAITING)
    entries = access.narrow(waiting.filter(kind=Proposal.Kind.ENTRY), viewer, DECIDING[Proposal.Kind.ENTRY])
    exits = access.narrow(waiting.filter(kind=Proposal.Kind.EXIT), viewer, DECIDING[Proposal.Kind.EXIT])
    return (entries | exits).select_related("school", "group", "proposed_by").order_by("proposed_at", "pk")
