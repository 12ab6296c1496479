"""Two drafts side by side (与第 n 稿比较): what changed from one to the other, by place and by character."""

from typing import Any

from lessons.prep.models import Preparation
from library.documents import schema
from library.documents.difference import difference
from library.documents.lesson_design import LessonDesignDocument
from library.documents.shown import Shown, shown
from library.resources.models import Version, WorkingCopy

NOW = "now"
"""The lead's text as it stands, in place of a draft's number."""


def compared(preparation: Preparation, old: str, new: str) -> tuple[Shown, ...] | None:
    """The changes from draft `old` to draft `new`, or to the text as it stands; None if there is no such draft."""
    documents = [_document(preparation, name) for name in (old, new)]
    if documents[0] is None or documents[1] is None:
        return None
    return tuple(shown(difference(documents[0], documents[1]), LessonDesignDocument))


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
