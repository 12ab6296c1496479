"""The library hears of the lower packages: a renamed node, or words read from a file, change what resources are found by."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from catalogue.signals import node_changed
from library.resources import spreads
from library.resources.file_words import touch_readers
from media.signals import words_ready

words_ready.connect(touch_readers, dispatch_uid="library.resources")


for model in spreads.WATCHED:
    post_save.connect(spreads.on_saved, sender=model, dispatch_uid="library.resources.spreads")


@receiver(node_changed)
def reindex(sender: Any, nodes: Any, **kwargs: Any) -> None:
    """Mark the resources on these nodes and on what lies below them, inside the catalogue's transaction."""
    spreads.reach_nodes([node.pk for node in nodes])
