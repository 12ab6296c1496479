"""Making room in an outline: orders are unique in a book, so what is rearranged is lifted into a free range first."""

from collections.abc import Sequence

from django.db.models import Max

from catalogue.models import Node, Outline

PARKED = 1_000_000
"""Orders above this are free while a book is rearranged; retired nodes stay there."""


def park(outline: Outline, moved: Sequence[Node], gone: Sequence[Node]) -> None:
    """Lift these nodes above everything, and retire those that are gone. Runs in the caller's transaction."""
    highest = outline.nodes.aggregate(top=Max("order"))["top"] or 0
    for at, node in enumerate([*moved, *gone], max(PARKED, highest) + 1):
        node.order = at
    for node in gone:
        node.status = Node.Status.RETIRED
    Node.objects.bulk_update([*moved, *gone], ["order", "status"])
