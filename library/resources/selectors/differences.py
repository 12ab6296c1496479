"""What changed between two texts of one kind, place by place: for a reviewer, for two who saved at once, for two versions."""

from library.documents.difference import difference
from library.documents.fields import Document
from library.documents.shown import Shown as Change
from library.documents.shown import shown

__all__ = ["Change", "changes"]


def changes(before: Document, after: Document) -> list[Change]:
    """Fields and rows that differ, in printed order."""
    return shown(difference(before, after), type(after))
