"""An outline in the database as rows, and rows written back. What is no longer named is retired, never deleted."""

from collections.abc import Sequence

from django.db.models import Prefetch, QuerySet

from catalogue.arranging import park
from catalogue.models import Knowledge, Node, NodeKnowledge, Outline
from catalogue.selectors import LIVE
from catalogue.signals import node_changed
from library.outlines.snapshot import Row, parents

WRITTEN = ("parent", "kind", "number", "title", "page_from", "page_to", "periods", "order", "depth", "status")


def read(outline: Outline) -> list[Row]:
    """The live entries, in reading order; two queries."""
    names = Prefetch("knowledge", queryset=Knowledge.objects.only("name").order_by("name"))
    nodes = outline.nodes.filter(status__in=LIVE).order_by("order").prefetch_related(names)
    return [_row(node) for node in nodes]


def _row(node: Node) -> Row:
    return Row(
        uid=node.uid,
        depth=node.depth,
        kind=node.kind,
        number=node.number,
        title=node.title,
        page_from=node.page_from,
        page_to=node.page_to,
        periods=node.periods,
        knowledge=tuple(sorted(point.name for point in node.knowledge.all())),
    )


def write(outline: Outline, rows: Sequence[Row]) -> list[Node]:
    """Make the outline what the rows say; returns the nodes that changed. Runs in the caller's transaction."""
    before = {row.uid: row for row in read(outline)}
    nodes = {node.uid: node for node in outline.nodes.select_for_update().order_by("order")}
    gone = [nodes[uid] for uid in before.keys() - {row.uid for row in rows}]
    park(outline, [nodes[row.uid] for row in rows if row.uid in nodes], gone)
    _place(outline, rows, nodes)
    _teach(outline, [row for row in rows if before.get(row.uid) is None or before[row.uid].knowledge != row.knowledge])
    changed = [nodes[row.uid] for row in rows if before.get(row.uid) != row] + gone
    node_changed.send(sender=Node, nodes=changed)
    return changed


def _place(outline: Outline, rows: Sequence[Row], nodes: dict[str, Node]) -> None:
    """Parents first, so that a new child can point at a new parent. `nodes` gains the new ones."""
    above = parents(rows)
    for depth in sorted({row.depth for row in rows}):
        level = [(order, row) for order, row in enumerate(rows, 1) if row.depth == depth]
        for order, row in level:
            node = nodes.setdefault(row.uid, Node(uid=row.uid, outline=outline))
            node.parent = nodes[above[row.uid]] if above[row.uid] else None
            node.kind, node.number, node.title, node.periods = row.kind, row.number, row.title, row.periods
            node.page_from, node.page_to = row.page_from, row.page_to
            node.order, node.depth, node.status = order, depth, Node.Status.ACTIVE
        here = [nodes[row.uid] for _, row in level]
        Node.objects.bulk_create([node for node in here if node.pk is None])
        Node.objects.bulk_update([node for node in here if node.pk is not None], WRITTEN)


def _teach(outline: Outline, rows: Sequence[Row]) -> None:
    """Link rows to the knowledge points that they name; links that stay keep what they say."""
    ids = dict(outline.nodes.values_list("uid", "pk"))
    points = points_by_name(outline)
    for row in rows:
        wanted = {points[name] for name in row.knowledge}
        links = NodeKnowledge.objects.filter(node=ids[row.uid])
        links.exclude(knowledge__in=wanted).delete()
        known = set(links.values_list("knowledge", flat=True))
        NodeKnowledge.objects.bulk_create(
            NodeKnowledge(node_id=ids[row.uid], knowledge_id=point) for point in sorted(wanted - known)
        )


def points_by_name(outline: Outline) -> dict[str, int]:
    """name → knowledge point of the outline's subject."""
    return dict(_points(outline).order_by("-pk").values_list("name", "pk"))


def canonical_names(outline: Outline) -> dict[str, str]:
    """What people may write for a knowledge point → its name; a name goes before an alias."""
    found = _points(outline)
    aliases = found.filter(aliases__isnull=False).values_list("aliases__name", "name")
    return dict(aliases) | {name: name for name in found.values_list("name", flat=True)}


def _points(outline: Outline) -> QuerySet[Knowledge]:
    subject = subject_id_of(outline)
    return Knowledge.objects.filter(subject=subject) if subject else Knowledge.objects.all()


def subject_id_of(outline: Outline) -> int | None:
    """The subject of the book or course; None for a theme across subjects."""
    owner = getattr(outline, "textbook", None) or getattr(outline, "course", None)
    return owner.subject_id if owner else None
