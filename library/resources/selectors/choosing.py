"""Parts that can go into a package: one's own and visible resources of the lesson, and what is in it already."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from groups.viewer import Viewer
from library.resources.models import Kind, Resource
from library.resources.selectors.cards import Card, cards

MOST = 60


@dataclass(frozen=True, slots=True)
class PartChoice:
    card: Card
    is_chosen: bool


def part_choices(nodes: Iterable[int], chosen: Sequence[str], viewer: Viewer) -> list[PartChoice]:
    """Published things at these nodes and those already chosen, by kind."""
    at_nodes = Q(placements__node__in=list(nodes), state="published")
    found = Resource.objects.filter(at_nodes | Q(uid__in=chosen)).exclude(kind=Kind.PACKAGE).visible_to(viewer)
    ids = list(found.values_list("pk", flat=True).distinct()[:MOST])
    shown = cards(Resource.objects.filter(pk__in=ids), viewer)
    order = {kind: at for at, kind in enumerate(Kind.values)}
    shown.sort(key=lambda card: (order[card.resource.kind], card.resource.pk))
    return [PartChoice(card, card.resource.uid in chosen) for card in shown]


def chosen_parts(chosen: Sequence[str], viewer: Viewer) -> list[Resource]:
    """The chosen resources that the viewer may list, in the order of their kinds in a package."""
    found = Resource.objects.filter(uid__in=chosen).visible_to(viewer).select_related("published_version").distinct()
    order = {kind: at for at, kind in enumerate(Kind.values)}
    return sorted(found, key=lambda resource: (order[resource.kind], chosen.index(resource.uid)))
