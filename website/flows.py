"""Who reuses whose work, by school (互相收入备课): counted forks between schools, never between persons."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from groups import access
from groups.access import Action
from groups.models import Organisation
from groups.viewer import Viewer
from library.resources.models import Derivation, Resource


@dataclass(frozen=True, slots=True)
class Flow:
    """What one school took from another: how many works, how often."""

    giver: Organisation
    taker: Organisation
    works: int
    times: int


def crossings(viewer: Viewer) -> QuerySet[Derivation]:
    """Forks from one school into another, of published sources that the viewer may list; undone forks are none."""
    visible = access.narrow(Resource.objects.filter(state="published", primary=True), viewer, Action.LIST)
    across = Derivation.objects.filter(
        source__in=visible, source__home_school__isnull=False, resource__home_school__isnull=False
    )
    return across.exclude(resource__home_school=F("source__home_school")).exclude(resource__state="binned")


def flows(schools: Collection[int], viewer: Viewer, *, within: bool) -> tuple[Flow, ...]:
    """In the order of the schools' names. Of a group: between its schools; of a school: with all others. Two queries."""
    giving, taking = Q(source__home_school__in=schools), Q(resource__home_school__in=schools)
    counted = (
        crossings(viewer)
        .filter(giving & taking if within else giving | taking)
        .order_by()
        .values_list("source__home_school", "resource__home_school")
        .annotate(works=Count("source", distinct=True), times=Count("pk"))
    )
    rows = list(counted)
    found = Organisation.objects.in_bulk({pk for giver, taker, _, _ in rows for pk in (giver, taker)})
    made = [Flow(found[giver], found[taker], works, times) for giver, taker, works, times in rows]
    return tuple(sorted(made, key=lambda flow: (flow.giver.name, flow.taker.name)))
