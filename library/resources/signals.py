"""The library hears of the lower packages: a renamed node, or words read from a file, change what resources are found by."""

from typing import Any

from django.dispatch import receiver

from catalogue.signals import node_changed
from library.resources.file_words import touch_readers
from library.resources.models import Placement
from library.resources.services.indexing import SOURCE
from media.signals import words_ready
from search import outbox

words_ready.connect(touch_readers, dispatch_uid="library.resources")


@receiver(node_changed)
def reindex(sender: Any, nodes: Any, **kwargs: Any) -> None:
    """Mark the resources on these nodes and on what lies below them, inside the catalogue's transaction."""
    ids = [node.pk for node in nodes]
    below = Placement.objects.filter(node__in=ids) | Placement.objects.filter(node__parent__in=ids)
    below |= Placement.objects.filter(node__parent__parent__in=ids)
    outbox.touch_many(SOURCE, below.order_by().values_list("resource__uid", flat=True).distinct())
