"""What a Word file says without how it says it: lines of text with objects in their places, paragraphs, tables.

A formula or a picture stands in a line's text as one private character, so that recognising cuts and matches plain
strings and never loses an object on the way.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import IntFlag

FIRST_OBJECT = 0x100000
MOST_OBJECTS = 0xFFFD
_EDGES = " \t\u00a0\u3000\u200b\ufeff\r\n"


class Mark(IntFlag):
    """How a character is set, as far as rich text knows it."""

    STRONG = 1
    UNDERLINE = 2
    DOTS = 4
    SUBSCRIPT = 8
    SUPERSCRIPT = 16
    STRIKE = 32


@dataclass(frozen=True, slots=True)
class Formula:
    """`display`: it stands on a line of its own."""

    latex: str
    display: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture by the name of its part in the file."""

    part: str
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Comment:
    """A remark in the margin (批注) with the words that it speaks of."""

    author: str
    at: str
    text: str
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """Text of one line; `marks` has one byte a character, `notes` the places and ids of comments."""

    text: str = ""
    marks: bytes = b""
    notes: tuple[tuple[int, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.text.strip(_EDGES))

    def cut(self, start: int = 0, end: int | None = None) -> "Line":
        """The part between two places; comments go with the part they stand in, those at the very end with the last."""
        stop = len(self.text) if end is None else end
        last = stop >= len(self.text)
        notes = tuple((max(at - start, 0), key) for at, key in self.notes if start <= at and (at < stop or last))
        return Line(self.text[start:stop], self.marks[start:stop], notes)

    def strip(self) -> "Line":
        start = len(self.text) - len(self.text.lstrip(_EDGES))
        end = len(self.text.rstrip(_EDGES))
        kept = self.cut(min(start, end), end)
        return replace(kept, notes=tuple((0, key) for _, key in self.notes)) if self.notes else kept

    @property
    def bold(self) -> bool:
        """Every letter is set in bold."""
        letters = [mark for sign, mark in zip(self.text, self.marks, strict=True) if sign.strip(_EDGES)]
        return bool(letters) and all(mark & Mark.STRONG for mark in letters)

    @property
    def plain(self) -> str:
        """The words alone, without objects."""
        return "".join(sign for sign in self.text if ord(sign) < FIRST_OBJECT).strip(_EDGES)


def joined(lines: Sequence[Line], sign: str = "") -> Line:
    """One line of several."""
    text, marks, notes = "", b"", []
    for number, line in enumerate(lines):
        if number and sign:
            text, marks = text + sign, marks + b"\0" * len(sign)
        notes += [(at + len(text), key) for at, key in line.notes]
        text, marks = text + line.text, marks + line.marks
    return Line(text, marks, tuple(notes))


def of_text(text: str) -> Line:
    return Line(text, b"\0" * len(text))


@dataclass(frozen=True, slots=True)
class Listed:
    """A paragraph of an automatic list: its list, its depth, whether it counts, and from where."""

    number: str
    depth: int
    counts: bool
    start: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; soft breaks make several lines."""

    lines: tuple[Line, ...]
    level: int = 0
    listed: Listed | None = None
    centred: bool = False
    new_page: bool = False
    size: int = 0
    style: str = ""

    @property
    def line(self) -> Line:
        return joined(self.lines, " ")

    @property
    def text(self) -> str:
        return self.line.plain

    @property
    def bold(self) -> bool:
        return self.line.bold


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with its place on the table's grid; `continued` is the lower part of a cell that was merged downwards."""

    blocks: "tuple[Block, ...]"
    column: int
    width: int = 1
    continued: bool = False
    height: int = 1

    @property
    def text(self) -> str:
        """The words of its paragraphs without white space: labels are typed as 课　题."""
        return re.sub(r"\s+", "", "".join(block.text for block in self.blocks if isinstance(block, Paragraph)))

    @property
    def is_empty(self) -> bool:
        return all(isinstance(block, Paragraph) and not block.line for block in self.blocks)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; the first `heads` rows are repeated on every page."""

    rows: tuple[tuple[Cell, ...], ...]
    heads: int = 0

    @property
    def width(self) -> int:
        return max((cell.column + cell.width for row in self.rows for cell in row), default=0)


Block = Paragraph | Table


@dataclass(slots=True)
class Source:
    """A file's body with everything that its lines point to."""

    blocks: list[Block] = field(default_factory=list)
    objects: list[Formula | Picture] = field(default_factory=list)
    comments: dict[str, Comment] = field(default_factory=dict)
    margins: list[str] = field(default_factory=list)
    inserted: int = 0
    deleted: int = 0
    unread: int = 0

    def hold(self, thing: Formula | Picture) -> str:
        """The character that stands for an object."""
        if len(self.objects) >= MOST_OBJECTS:
            self.unread += 1
            return "\ufffd"
        self.objects.append(thing)
        return chr(FIRST_OBJECT + len(self.objects) - 1)

    def thing(self, sign: str) -> Formula | Picture | None:
        return self.objects[ord(sign) - FIRST_OBJECT] if ord(sign) >= FIRST_OBJECT else None

    @property
    def pictures(self) -> list[Picture]:
        return [thing for thing in self.objects if isinstance(thing, Picture)]
