"""Two drafts side by side (与第 n 稿比较): what changed from one to the other, by place and by character."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lessons.prep.models import Preparation
from library.documents import rich, schema
from library.documents.difference import Change, difference, seen
from library.documents.lesson_design import LessonDesignDocument
from library.documents.words_changed import Piece, text_difference
from library.resources.models import Version, WorkingCopy

NOW = "now"
"""The lead's text as it stands, in place of a draft's number."""

SAID = {"changed": "改了", "added": "加了", "removed": "删去", "moved": "挪了位置"}


@dataclass(frozen=True, slots=True)
class Shown:
    """One change: where, what happened, and the text with what went and what came."""

    place: str
    said: str
    pieces: tuple[Piece, ...]


def compared(preparation: Preparation, old: str, new: str) -> tuple[Shown, ...] | None:
    """The changes from draft `old` to draft `new`, or to the text as it stands; None if there is no such draft."""
    documents = [_document(preparation, name) for name in (old, new)]
    if documents[0] is None or documents[1] is None:
        return None
    return tuple(_shown(change) for change in seen(difference(documents[0], documents[1])))


def _document(preparation: Preparation, name: str) -> LessonDesignDocument | None:
    if name == NOW:
        rows: Any = WorkingCopy.objects.filter(resource=preparation.resource_id)
    elif name.isdecimal() and len(name) < 5:
        version = preparation.drafts.filter(number=int(name)).values("version")
        rows = Version.objects.filter(pk__in=version)
    else:
        return None
    data = rows.values_list("document", flat=True).first()
    return None if data is None else schema.load(LessonDesignDocument, data)


def _shown(change: Change) -> Shown:
    if change.kind == "moved":
        return Shown(change.place, SAID["moved"], ())
    return Shown(change.place, SAID[change.kind], text_difference(_words(change.old), _words(change.new)))


def _words(value: Any) -> str:
    """A JSON value of a document in plain words."""
    if value is None:
        return ""
    if isinstance(value, dict) and value.get("type") == "doc":
        return rich.to_text(value)
    if isinstance(value, dict):
        return "\n".join(words for name, held in value.items() if name != "order" and (words := _words(held)))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "、".join(_words(one) for one in value)
    return str(value)
