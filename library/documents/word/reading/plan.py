"""A lesson plan as it was recognised: head data, sections by the path of their field, stages, and what fits nowhere."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from library.documents.word.reading.blocks import Block, Line, Paragraph, Table

HEAD_KEYS = ("title", "subject", "grade", "volume", "edition", "lesson_type", "periods", "author", "school")


@dataclass(slots=True)
class Unplaced:
    """A piece for the tray (待归类) with the label that it had in the file."""

    label: str
    blocks: list[Block]


@dataclass(slots=True)
class Stage:
    """One stage with its parts by the names of the document's fields."""

    name: Line = field(default_factory=Line)
    period: str = ""
    minutes: int | None = None
    parts: dict[str, list[Block]] = field(default_factory=dict)

    def add(self, part: str, block: Block) -> None:
        if isinstance(block, Table) or any(block.lines) or any(line.notes for line in block.lines):
            self.parts.setdefault(part, []).append(block)

    @property
    def is_empty(self) -> bool:
        return not self.name and not self.parts


@dataclass(slots=True)
class Plan:
    """Everything of one lesson plan in a file; `confidence` has a number for each section that was found."""

    head: dict[str, str] = field(default_factory=dict)
    sections: dict[str, list[Block]] = field(default_factory=dict)
    stages: list[Stage] = field(default_factory=list)
    unplaced: list[Unplaced] = field(default_factory=list)
    confidence: dict[str, float] = field(default_factory=dict)

    def put(self, path: str, blocks: Sequence[Block]) -> None:
        kept = [block for block in blocks if isinstance(block, Table) or any(block.lines) or _notes(block)]
        if kept:
            self.sections.setdefault(path, []).extend(kept)

    def sure(self, path: str, share: float) -> None:
        """A section is as sure as its least sure part."""
        self.confidence[path] = min(share, self.confidence.get(path, 1.0))

    @property
    def is_empty(self) -> bool:
        return not (self.sections or self.stages)


def _notes(block: Paragraph) -> bool:
    return any(line.notes for line in block.lines)


def lines_of(blocks: Sequence[Block]) -> list[Line]:
    """Every line of text, those of a table cell by cell."""
    found: list[Line] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            found += block.lines
        else:
            found += [line for row in block.rows for cell in row for line in lines_of(cell.blocks)]
    return found
