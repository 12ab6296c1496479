"""Where a thing came from and who adapted it, as one tree of what the viewer may see (来历)."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q

from groups import access
from groups.access import Action
from groups.viewer import Viewer
from library.resources.models import Derivation, Resource

MOST = 400
DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Branch:
    """One visible thing in the tree, in printed order; `depth` counts visible ancestors."""

    resource: Resource
    depth: int
    label: str
    relation: str
    is_this: bool


@dataclass(slots=True)
class _Tree:
    children: dict[int, list[int]]
    edges: dict[int, Derivation]
    root: int


def tree(resource: Resource, viewer: Viewer) -> list[Branch]:
    """The whole family of a resource, depth first.

    What the viewer may not list is left out without a gap: what was made from it moves up to the nearest visible
    ancestor. One query a generation, one for the rights.
    """
    family = _family(resource.pk)
    ids = {family.root, *family.edges}
    found = access.narrow(Resource.objects.filter(pk__in=ids), viewer, Action.LIST) | Resource.objects.filter(
        pk=resource.pk
    )
    visible = {row.pk: row for row in found.distinct().select_related("owner", "home_school", "published_version")}
    return list(_branches(family, family.root, 0, visible, resource.pk))


def _family(start: int) -> _Tree:
    """Up to the first source, then down again, generation by generation."""
    root = start
    for _ in range(DEEPEST):
        above = Derivation.objects.filter(resource=root).values_list("source", flat=True).first()
        if above is None:
            break
        root = above
    edges: dict[int, Derivation] = {}
    children: dict[int, list[int]] = defaultdict(list)
    frontier = [root]
    for _ in range(2 * DEEPEST):
        below = Derivation.objects.filter(~Q(resource__in=edges), source__in=frontier).select_related("source_version")
        frontier = []
        for edge in below.order_by("created_at", "pk")[: MOST - len(edges)]:
            edges[edge.resource_id] = edge
            children[edge.source_id].append(edge.resource_id)
            frontier.append(edge.resource_id)
        if not frontier or len(edges) >= MOST:
            break
    return _Tree(children, edges, root)


def _branches(family: _Tree, pk: int, depth: int, visible: dict[int, Resource], this: int) -> Iterator[Branch]:
    shown = visible.get(pk)
    if shown is not None:
        edge = family.edges.get(pk)
        yield Branch(
            resource=shown,
            depth=depth,
            label=edge.source_version.label if edge else "",
            relation=edge.get_relation_display() if edge else "",
            is_this=pk == this,
        )
    for child in family.children.get(pk, ()):
        yield from _branches(family, child, depth + (shown is not None), visible, this)
