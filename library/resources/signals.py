"""The library hears of the catalogue: a renamed or moved node changes what its resources are found by."""

from typing import Any

from django.dispatch import receiver

from catalogue.signals import node_changed
from library.resources.models import Placement
from library.resources.services.indexing import SOURCE
from search import outbox


@receiver(node_changed)
def reindex(sender: Any, nodes: Any, **kwargs: Any) -> None:
    """Mark the resources on these nodes and on what lies below them, inside the catalogue's transaction."""
    ids = [node.pk for node in nodes]
    below = Placement.objects.filter(node__in=ids) | Placement.objects.filter(node__parent__in=ids)
    below |= Placement.objects.filter(node__parent__parent__in=ids)
    outbox.touch_many(SOURCE, below.order_by().values_list("resource__uid", flat=True).distinct())
