"""Beside a resource: the button 接收 on a shared plan, and on an adaptation the way to its page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Subquery

from groups import access
from groups.access import Action, Relation
from groups.viewer import Viewer
from lessons.adaptations.models import Adaptation
from lessons.prep.models import Preparation


@dataclass(frozen=True, slots=True)
class Beside:
    """What the resource page says: `receive` is a preparation to receive from, `uid` an adaptation, `state` its state."""

    receive: str
    uid: str
    state: str
    is_own: bool
    can_begin: bool


def annotations(viewer: Viewer) -> Mapping[str, Any]:
    own = Adaptation.objects.filter(preparation__resource=OuterRef("pk"), teacher=viewer.person_id)
    this = access.narrow(Adaptation.objects.filter(resource=OuterRef("pk")), viewer, Action.READ)
    given = Preparation.objects.filter(resource=OuterRef("pk"))
    can = access.narrow(given, viewer, Action.RECEIVE)
    return {
        "own_adaptation": Subquery(own.values("uid")[:1]),
        "this_adaptation": Subquery(this.values("uid")[:1]),
        "this_adaptation_state": Subquery(this.values("state")[:1]),
        "is_shared_plan": Exists(given),
        "receive_from": Subquery(can.values("uid")[:1]),
    }


def panel(resource: Any, held: frozenset[Relation], viewer: Viewer) -> Beside:
    is_own = viewer.person_id is not None and resource.owner_id == viewer.person_id
    state = resource.this_adaptation_state or ""
    return Beside(
        receive="" if resource.own_adaptation else resource.receive_from or "",
        uid=resource.own_adaptation or resource.this_adaptation or "",
        state=Adaptation.State(state).label if state else "",
        is_own=is_own,
        can_begin=is_own
        and resource.kind == "lesson_design"
        and not resource.this_adaptation
        and not resource.is_shared_plan
        and resource.state in ("draft", "published"),
    )
