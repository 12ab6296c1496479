"""What the form of a lesson design shows beside its fields: how full each section is, and what to look at."""

from dataclasses import dataclass
from typing import Any

from library.documents import walk
from library.documents.fields import Holds, specs
from library.documents.lesson_design import LessonDesignDocument


@dataclass(frozen=True, slots=True)
class SectionLink:
    """One entry of the list of sections."""

    name: str
    label: str
    is_current: bool
    is_filled: bool
    is_required: bool
    note: str


def section_links(document: LessonDesignDocument, current: str) -> list[SectionLink]:
    """Every section in printed order with a word on how full it is."""
    missing = set(walk.missing(document))
    filled = {leaf.path[0] for leaf in walk.walk(document) if not leaf.is_empty}
    return [
        SectionLink(
            name=name,
            label=spec.label,
            is_current=name == current,
            is_filled=name in filled,
            is_required=spec.label in missing,
            note=_note(spec.holds, getattr(document, name), spec.label in missing, name in filled),
        )
        for name, spec in specs(LessonDesignDocument)
    ]


def _note(holds: Holds, value: Any, is_missing: bool, is_filled: bool) -> str:
    if holds is Holds.ROWS and value:
        return f"{len(value)} 项"
    if is_missing:
        return "还缺"
    return "已写" if is_filled else ""


def section_names() -> list[str]:
    return [name for name, _ in specs(LessonDesignDocument)]


def next_section(name: str) -> str:
    """The section after this one; the last one stays."""
    names = section_names()
    return names[min(names.index(name) + 1, len(names) - 1)]
