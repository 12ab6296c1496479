"""教学设计 as a kind of resource."""

from collections.abc import Mapping
from typing import Any

from lessons.designs import export, reading
from lessons.designs.models import LessonDesign
from library.documents.lesson_design import DEFAULT_MINUTES, LessonDesignDocument, advice
from library.resources import kinds
from library.resources.models import Kind


def columns(document: LessonDesignDocument) -> Mapping[str, Any]:
    """What lists and statistics read of a lesson design."""
    basics = document.basics
    return {
        "lesson_type": basics.lesson_type or LessonDesign.LessonType.NEW,
        "period": int(basics.period or 1),
        "periods": int(basics.periods or 1),
        "minutes": int(basics.minutes or DEFAULT_MINUTES),
    }


def facts(design: LessonDesign) -> tuple[str, ...]:
    """What a card says of a lesson design."""
    return (design.lesson_type, f"第{design.period}课时", f"{design.minutes} 分钟")


ON_PAPER = {
    "brief": frozenset({"objectives", "key_point", "difficulty", "stages", "board", "homework"}),
    "table": frozenset({"stages"}),
}
"""简案 and 表格 as Word and PDF keep these sections."""


def register() -> None:
    kinds.register(
        kinds.KindSpec(
            kind=Kind.LESSON_DESIGN,
            model=LessonDesign,
            document=LessonDesignDocument,
            icon="notebook-pen",
            reader="designs/reader.html",
            edit_url="designs:edit",
            columns=columns,
            in_package=1,
            facts=facts,
            export=export.export,
            views=ON_PAPER,
            contents=reading.contents,
            beside=advice,
            section_url="designs:section",
        )
    )
