"""Translate saved rows into the catalogue's own signal, and tell search that names changed."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save

from catalogue.models import Edition, EditionAlias, Knowledge, Node, Subject, Textbook
from catalogue.signals import node_changed
from search import vocabulary


def connect() -> None:
    for model in (Subject, Edition, EditionAlias):
        post_save.connect(_names_changed, sender=model, dispatch_uid=f"catalogue-names-{model.__name__}")
        post_delete.connect(_names_changed, sender=model, dispatch_uid=f"catalogue-unnamed-{model.__name__}")
    post_save.connect(_node_saved, sender=Node, dispatch_uid="catalogue-node")
    post_save.connect(_book_saved, sender=Textbook, dispatch_uid="catalogue-book")
    post_save.connect(_edition_saved, sender=Edition, dispatch_uid="catalogue-edition")
    post_save.connect(_knowledge_saved, sender=Knowledge, dispatch_uid="catalogue-knowledge")


def _names_changed(**_: Any) -> None:
    transaction.on_commit(vocabulary.forget)


def _node_saved(instance: Node, created: bool, **_: Any) -> None:
    """What hangs on a part below shows the title of its unit too."""
    if not created:
        below = Node.objects.filter(outline_id=instance.outline_id, parent=instance)
        node_changed.send(sender=Node, nodes=[instance, *below])


def _book_saved(instance: Textbook, created: bool, **_: Any) -> None:
    if not created and instance.outline_id:
        _send(outline=instance.outline_id)


def _edition_saved(instance: Edition, created: bool, **_: Any) -> None:
    if not created:
        _send(outline__textbook__edition=instance)


def _knowledge_saved(instance: Knowledge, created: bool, **_: Any) -> None:
    if not created:
        _send(knowledge=instance)


def _send(**where: Any) -> None:
    nodes = list(Node.objects.filter(**where))
    if nodes:
        node_changed.send(sender=Node, nodes=nodes)
