"""The draft as the preparation room lays it out: sections of blocks, a block a row of the margin."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.safestring import SafeString, mark_safe

from lessons.designs.reading import SECTIONS, ObjectiveShown, StageShown, chinese, plan_of
from library.documents.anchors import Path, in_words
from library.documents.fields import Holds, ordered
from library.documents.lesson_design import LessonDesignDocument
from library.documents.ranges import Span, annotated
from library.documents.walk import Leaf, walk

OF_SECTION: Mapping[str, tuple[str, ...]] = {
    "analysis": ("textbook", "pupils"),
    "focus": ("key_point", "difficulty"),
}
"""Printed sections that hold more than the one part of the document that bears their name."""

NAMELESS = frozenset({"内容", "任务", "表述", "名称"})

UNWRITTEN = frozenset({"reflection", "references"})
"""Sections that are left out while they hold nothing: nobody waits for them before the lesson."""


@dataclass(frozen=True, slots=True)
class Field:
    """One text that may be remarked on. `key` names its path in addresses and forms."""

    key: str
    place: str
    heading: str
    html: SafeString

    @property
    def name(self) -> str:
        return self.key.rsplit("/", 1)[-1]


@dataclass(slots=True)
class Block:
    """A stretch of the sheet with its own stretch of the margin."""

    path: Path
    anchor: str
    fields: tuple[Field, ...] = ()
    stage: StageShown | None = None
    cards: list[object] = field(default_factory=list)

    @property
    def key(self) -> str:
        return in_words(self.path)

    @property
    def by_name(self) -> dict[str, Field]:
        return {one.name: one for one in self.fields}


@dataclass(slots=True)
class Section:
    name: str
    no: str
    label: str
    blocks: list[Block]
    goals: tuple[ObjectiveShown, ...] = ()
    is_filled: bool = False

    @property
    def anchor(self) -> str:
        return f"s-{self.name}"

    @property
    def open(self) -> int:
        return sum(card.remark.is_open for block in self.blocks for card in block.cards)  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole: sections in printed order, and what the minutes bar needs."""

    sections: tuple[Section, ...]
    whole: Block
    stages: tuple[StageShown, ...]
    minutes: int
    planned: int

    def blocks(self) -> list[Block]:
        return [self.whole, *(block for section in self.sections for block in section.blocks)]

    def block_of(self, path: Path) -> Block:
        """The block that shows this place, or that of its section, or the whole sheet's."""
        best, length = self.whole, 0
        for block in self.blocks():
            names = _prefixes(block.path)
            shared = next((len(p) for p in names if p and path[: len(p)] == p), 0)
            if shared > length:
                best, length = block, shared
        return best


def _prefixes(path: Path) -> list[Path]:
    if len(path) == 1 and path[0] in OF_SECTION:
        return [(name,) for name in OF_SECTION[path[0]]]
    return [path]


def sheet_of(document: LessonDesignDocument, spans: Mapping[Path, Sequence[Span]]) -> Sheet:
    """Lay a draft out, with the marks of its remarks in the text."""
    plan = plan_of(document)
    leaves = [leaf for leaf in walk(document) if leaf.spec.holds in {Holds.RICH, Holds.TEXT}]
    sections: list[Section] = []
    for name, label in SECTIONS:
        section = Section(name, chinese(len(sections) + 1), label, _blocks(name, leaves, spans, document))
        section.is_filled = any(block.fields or block.stage for block in section.blocks)
        if name == "stages":
            for block, stage in zip(section.blocks[1:], plan.stages, strict=True):
                block.stage = stage
        if name == "objectives":
            section.goals = plan.objectives
        if section.is_filled or name not in UNWRITTEN:
            sections.append(section)
    whole = Block((), "whole")
    return Sheet(tuple(sections), whole, plan.stages, plan.minutes, plan.planned)


def _blocks(
    name: str, leaves: Sequence[Leaf], spans: Mapping[Path, Sequence[Span]], document: LessonDesignDocument
) -> list[Block]:
    if name == "stages":
        rows = [("stages", key) for key, _ in ordered(document.stages)]
        head = [Block(("stages",), "b-stages")]
        return head + [Block(row, f"b-stages-{row[1]}", _fields(leaves, row, spans)) for row in rows]
    tops = OF_SECTION.get(name, (name,))
    fields = tuple(field for top in tops for field in _fields(leaves, (top,), spans))
    return [Block((name,), f"b-{name}", fields)]


def _fields(leaves: Sequence[Leaf], under: Path, spans: Mapping[Path, Sequence[Span]]) -> tuple[Field, ...]:
    return tuple(
        Field(in_words(leaf.path), place_words(leaf), _heading(leaf), _html(leaf, spans.get(leaf.path, ())))
        for leaf in leaves
        if leaf.path[: len(under)] == under and not leaf.is_empty
    )


def place_words(leaf: Leaf) -> str:
    """环节2 教师活动, 板书设计."""
    return leaf.place if leaf.place == leaf.spec.label else f"{leaf.place} {leaf.spec.label}"


def _heading(leaf: Leaf) -> str:
    """What stands above the text: 地位与作用, 突破策略; where the field is all that its row says, the row's name."""
    return leaf.place if leaf.spec.label in NAMELESS else leaf.spec.label


def _html(leaf: Leaf, spans: Sequence[Span]) -> SafeString:
    """Safe by construction: `annotated` escapes the text, and the spans escape what they carry."""
    return mark_safe(annotated(leaf.value, spans))
