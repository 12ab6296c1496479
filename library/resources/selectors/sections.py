"""What the form of a typed document shows beside its fields: its sections, and how full each one is."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from library.documents import walk
from library.documents.fields import Document, Holds, specs

FILES = "files"
"""The section of a kind that takes files; no field of a document has this name."""


@dataclass(frozen=True, slots=True)
class SectionLink:
    """One entry of the list of sections."""

    name: str
    label: str
    is_current: bool
    is_filled: bool
    is_required: bool
    note: str


def section_links(document: Document, current: str, skip: Iterable[str] = ()) -> list[SectionLink]:
    """Every section in printed order with a word on how full it is."""
    missing = set(walk.missing(document))
    filled = {leaf.path[0] for leaf in walk.walk(document) if not leaf.is_empty}
    left_out = set(skip)
    return [
        SectionLink(
            name=name,
            label=spec.label,
            is_current=name == current,
            is_filled=name in filled,
            is_required=spec.label in missing,
            note=_note(spec.holds, getattr(document, name), spec.label in missing, name in filled),
        )
        for name, spec in specs(type(document))
        if name not in left_out
    ]


def _note(holds: Holds, value: Any, is_missing: bool, is_filled: bool) -> str:
    if holds is Holds.ROWS and value:
        return f"{len(value)} 项"
    if is_missing:
        return "还缺"
    return "已写" if is_filled else ""


def files_link(count: int, current: str) -> SectionLink:
    note = f"{count} 个" if count else ""
    return SectionLink(FILES, "文件", current == FILES, bool(count), False, note)


def section_names(of: type[Document], skip: Iterable[str] = ()) -> list[str]:
    left_out = set(skip)
    return [name for name, _ in specs(of) if name not in left_out]


def next_section(names: list[str], name: str) -> str:
    """The section after this one; the last one stays."""
    return names[min(names.index(name) + 1, len(names) - 1)]


def first_missing(document: Document, names: list[str]) -> str:
    """Where to go on writing: the first section that still lacks something."""
    missing = set(walk.missing(document))
    labels = {name: spec.label for name, spec in specs(type(document))}
    return next((name for name in names if labels.get(name) in missing), names[0])
