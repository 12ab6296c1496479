"""Changes below the library that reach many resources: which ones, in pieces that the worker touches.

A renamed node, an organisation with another name or another place, a person with another name: the author's transaction
writes one row, however many resources hang on it.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from groups.models import Organisation, OrganisationLink, Person
from library.resources.models import Resource
from library.resources.services.indexing import SOURCE
from search import outbox, registry

NODES_AT_ONCE = 20
AT_ONCE = 200
"""So many are marked in the author's own transaction; more are left to the worker."""


def on_node(argument: str, after: str, limit: int) -> Sequence[str]:
    """Resources on a node and on what lies below it."""
    placed = Q(placements__node=argument) | Q(placements__node__parent=argument)
    return _piece(placed | Q(placements__node__parent__parent=argument), after, limit)


def of_organisation(argument: str, after: str, limit: int) -> Sequence[str]:
    """Resources of a school or studio, written there, given to it, or of what lies below it: their names and areas."""
    below = OrganisationLink.objects.filter(Q(parent=argument) | Q(parent__links_up__parent=argument)).values("member")
    homes = Q(home_school=argument) | Q(home_school__in=below) | Q(studio=argument)
    named = Q(contributions__school_then=argument) | Q(grants__organisation=argument)
    return _piece(homes | named, after, limit)


def of_person(argument: str, after: str, limit: int) -> Sequence[str]:
    """Resources that a person wrote, alone or with others."""
    return _piece(Q(owner=argument) | Q(contributions__person=argument), after, limit)


def _piece(reached: Q, after: str, limit: int) -> Sequence[str]:
    found = Resource.objects.filter(reached, uid__gt=after).order_by("uid").values_list("uid", flat=True)
    return list(found.distinct()[:limit])


SPREADS = {"节点": on_node, "机构": of_organisation, "人": of_person}


def reach(name: str, argument: int) -> None:
    """Have everything that this change reaches written again: at once when it is little."""
    few = SPREADS[name](str(argument), "", AT_ONCE + 1)
    if len(few) > AT_ONCE:
        outbox.spread(name, str(argument))
    else:
        outbox.touch_many(SOURCE, few)


def reach_nodes(nodes: Sequence[int]) -> None:
    """Of very many nodes, as when a catalogue is read in, nobody asks now what hangs on each."""
    for pk in dict.fromkeys(nodes):
        if len(nodes) > NODES_AT_ONCE:
            outbox.spread("节点", str(pk))
        else:
            reach("节点", pk)


def on_saved(sender: type[Any], instance: Any, created: bool = False, update_fields: Any = None, **kwargs: Any) -> None:
    """Signing in saves a person too: only a saved name counts."""
    if update_fields is not None and not {"name", "ends_at"} & set(update_fields):
        return
    if isinstance(instance, OrganisationLink):
        if instance.role in PLACING:
            reach("机构", instance.member_id)
    elif not created:
        reach("人" if isinstance(instance, Person) else "机构", instance.pk)


WATCHED = (Organisation, OrganisationLink, Person)
PLACING = frozenset({OrganisationLink.Role.AREA, OrganisationLink.Role.PART})
"""Links that say where something lies. That a school is in a group stands in no entry: the viewer carries it."""


def register() -> None:
    for name, uids in SPREADS.items():
        registry.register_spread(registry.Spread(name, SOURCE, uids))
