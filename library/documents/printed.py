"""A document as it stands on paper (打印稿): a title, a table of facts, numbered sections, grids; made from the schema.

Word and PDF are written from this one arrangement, and the Word reader knows it by its printed labels alone: a section
is a heading with its label, a field of a group a heading below it, rows are a grid whose heads are labels, and within a
cell every field but the first stands under its own label. What is empty leaves no trace.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from library.documents import rich, walk
from library.documents.fields import Document, Holds, RichText, Spec, ordered, specs
from library.documents.homework import HomeworkItem
from library.documents.lesson_design import Objective, Stage
from library.documents.unit_design import Period
from library.documents.worksheet import PupilTask

DIGITS = "零一二三四五六七八九十"
UNREAD = frozenset({"pages"})
"""Words that the program took from files; whoever wants them takes the file."""
MOST_COLUMNS = 4
"""Rows with more filled fields than this, and no arrangement of their own, stand one below the other."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: 1 a section, 2 a field or a row in it."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Named:
    """A label on a line of its own, above what it names."""

    label: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of plain text; `label` is printed before it with a colon."""

    text: str
    label: str = ""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Prose:
    """Rich text."""

    value: RichText


@dataclass(frozen=True, slots=True)
class Ruled:
    """Empty lines to write on."""

    lines: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: parts of the width in per cent, heads, and rows of cells."""

    widths: tuple[int, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[tuple["Block", ...], ...], ...]


Block = Heading | Named | Line | Prose | Ruled | Grid


@dataclass(frozen=True, slots=True)
class Section:
    """One numbered section with its name in the schema."""

    name: str
    no: str
    label: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole document on paper. `kind` says what it is (教学设计); facts are pairs of label and value."""

    title: str
    kind: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a grid: its head, its part of the width, and the fields that stand in it."""

    head: str
    width: int
    fields: tuple[str, ...]
    stays: bool = False


COLUMNS: Mapping[type, tuple[Column, ...]] = {
    Stage: (
        Column("教学环节", 15, ("title", "minutes", "objectives", "resources", "questions")),
        Column("教师活动", 32, ("teacher", "question")),
        Column("学生活动", 25, ("pupils", "checkpoints")),
        Column("设计意图", 16, ("intent",)),
        Column("二次备课", 12, ("second_preparation",), stays=True),
    ),
    Period: (
        Column("课题", 20, ("title", "count", "objectives", "designs")),
        Column("课时目标", 27, ("goals",)),
        Column("关键活动", 31, ("activities",)),
        Column("评价", 22, ("assessment",)),
    ),
    Objective: (
        Column("目标", 50, ("statement",)),
        Column("核心素养", 26, ("competencies", "knowledge", "standards")),
        Column("评价方式", 24, ("assessment", "level")),
    ),
    HomeworkItem: (
        Column("题目", 60, ("question",)),
        Column("层级", 20, ("layer",)),
        Column("用时", 20, ("minutes",)),
    ),
    PupilTask: (),
}
"""Arrangements of rows that schools print in a way of their own; an empty one: one below the other."""


@dataclass(frozen=True, slots=True)
class Arranging:
    """What an arrangement needs beside the document.

    Attributes:
        names: uid or code → how a reference to something else is printed; what is not there is not printed.
        texts: uid → what a reference stands for (the whole question), where a name would not do.
        only: names of the sections that are wanted; None: all.
        without: names of fields, anywhere, that are left out (the answers, on a pupil's sheet).
    """

    names: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, RichText] = field(default_factory=dict)
    only: frozenset[str] | None = None
    without: frozenset[str] = frozenset()

    def specs(self, of: type) -> list[tuple[str, Spec]]:
        return [(name, spec) for name, spec in specs(of) if name not in self.without]


def chinese(number: int) -> str:
    """一, 十二: numbers of printed headings, below a hundred; above it the figures."""
    if number >= 100:
        return str(number)
    tens, ones = divmod(number, 10)
    if not tens:
        return DIGITS[ones]
    return ("" if tens == 1 else DIGITS[tens]) + "十" + (DIGITS[ones] if ones else "")


def sheet_of(
    document: Document,
    *,
    title: str,
    kind: str,
    facts: Iterable[tuple[str, str]] = (),
    arranging: Arranging | None = None,
    wide: bool = False,
) -> Sheet:
    """Arrange a document for paper; what its basics say follows the `facts` of its record."""
    how = arranging or Arranging()
    basics = getattr(document, "basics", None)
    own = () if basics is None else tuple(_scalars(basics, document, how))
    filled = {leaf.path[0] for leaf in walk.walk(document) if not leaf.is_empty and leaf.path[-1] not in how.without}
    left_out = UNREAD | {"basics"}
    wanted = [(n, s) for n, s in how.specs(type(document)) if n in filled and n not in left_out]
    if how.only is not None:
        wanted = [(name, spec) for name, spec in wanted if name in how.only]
    sections = [
        (name, spec.label, blocks)
        for name, spec in wanted
        if (blocks := tuple(_blocks(document, spec, getattr(document, name), how)))
    ]
    return Sheet(
        title=title,
        kind=kind,
        facts=(*((label, value) for label, value in facts if value), *own),
        sections=tuple(
            Section(name, chinese(at), label, blocks) for at, (name, label, blocks) in enumerate(sections, 1)
        ),
        wide=wide,
    )


def _blocks(document: Document, spec: Spec, value: Any, how: Arranging) -> Iterator[Block]:
    """What stands below a heading."""
    if spec.holds is Holds.GROUP:
        yield from _group(document, value, how)
    elif spec.holds is Holds.ROWS and spec.of:
        yield from _rows(document, spec, value, how)
    elif spec.holds is Holds.RICH:
        yield Prose(value)
    elif words := words_of(spec, value, document, how):
        yield Line(words)


def _group(document: Document, value: Any, how: Arranging) -> Iterator[Block]:
    for at, (name, spec) in enumerate(how.specs(type(value))):
        blocks = (
            [] if is_empty(spec, getattr(value, name)) else list(_blocks(document, spec, getattr(value, name), how))
        )
        if blocks and not (at == 0 and spec.label == "内容"):
            yield Heading(2, spec.label)
        yield from blocks


def _rows(document: Document, spec: Spec, value: Mapping[str, Any], how: Arranging) -> Iterator[Block]:
    rows = [row for _, row in ordered(value)]
    if spec.of is None or not rows:
        return
    filled = [n for n, s in how.specs(spec.of) if any(not is_empty(s, getattr(row, n)) for row in rows)]
    columns = COLUMNS.get(spec.of)
    if columns is None and len(filled) <= MOST_COLUMNS and not _holds_rows(spec.of, filled):
        columns = _columns(spec.of, filled)
    if columns:
        yield _grid(document, spec, rows, columns, how)
        return
    for at, row in enumerate(rows, 1):
        yield Heading(2, walk.row_place(spec, at))
        yield from _cell(document, row, tuple(filled), how, first_named=True)


def _holds_rows(of: type, names: Sequence[str]) -> bool:
    return any(spec.holds in {Holds.ROWS, Holds.GROUP} for name, spec in specs(of) if name in names)


def _columns(of: type, names: Sequence[str]) -> tuple[Column, ...]:
    """A column a field; rich text is given three times the room of a word."""
    known = dict(specs(of))
    weights = [3 if known[name].holds is Holds.RICH else 2 if known[name].holds is Holds.TEXT else 1 for name in names]
    whole = sum(weights) or 1
    return tuple(
        Column(known[name].label, round(88 * weight / whole), (name,))
        for name, weight in zip(names, weights, strict=True)
    )


def _grid(document: Document, spec: Spec, rows: Sequence[Any], columns: Sequence[Column], how: Arranging) -> Grid:
    """Columns that hold nothing are left out, but for those that stay for the pen."""
    known = dict(how.specs(type(rows[0])))
    shown = [
        column
        for column in columns
        if column.stays or any(not is_empty(known[n], getattr(r, n)) for r in rows for n in column.fields if n in known)
    ]
    numbered = columns[0].fields[:1] != ("title",) or columns is not COLUMNS.get(type(rows[0]))
    widths = [column.width for column in shown]
    total = sum(widths) + (12 if numbered else 0)
    scaled = [round(width * 100 / total) for width in ([12, *widths] if numbered else widths)]
    scaled[-1] += 100 - sum(scaled)
    cells = []
    for at, row in enumerate(rows, 1):
        first = (Line(walk.row_place(spec, at)),)
        own = tuple(tuple(_cell(document, row, column.fields, how, number=0 if numbered else at)) for column in shown)
        cells.append((first, *own) if numbered else own)
    heads = (("序号",) if numbered else ()) + tuple(column.head for column in shown)
    return Grid(tuple(scaled), heads, tuple(cells))


def _cell(
    document: Document,
    row: Any,
    names: Sequence[str],
    how: Arranging,
    *,
    number: int = 0,
    first_named: bool = False,
) -> Iterator[Block]:
    """The fields of one cell: the first bare, every other one under its label."""
    known = dict(how.specs(type(row)))
    for at, name in enumerate(names):
        if name not in known or is_empty(known[name], getattr(row, name)):
            continue
        spec, value = known[name], getattr(row, name)
        if spec.holds is Holds.REFS and (texts := [how.texts[key] for key in value if key in how.texts]):
            yield from (Prose(words) for words in texts)
            continue
        is_bare = at == 0 and not first_named
        if spec.holds in {Holds.RICH, Holds.ROWS, Holds.GROUP}:
            if not is_bare:
                yield Named(spec.label)
            yield from _blocks(document, spec, value, how)
        elif words := words_of(spec, value, document, how):
            is_title = is_bare and name == "title" and number
            text = f"{chinese(number)}、{words}" if is_title else words
            yield Line(text, "" if is_bare else spec.label, strong=bool(is_title))


def _scalars(value: Any, document: Document, how: Arranging) -> Iterator[tuple[str, str]]:
    for name, spec in how.specs(type(value)):
        words = "" if is_empty(spec, getattr(value, name)) else words_of(spec, getattr(value, name), document, how)
        if words:
            yield spec.label, words


def is_empty(spec: Spec, value: Any) -> bool:
    if spec.holds is Holds.RICH:
        return rich.is_empty(value)
    if spec.holds is Holds.GROUP:
        return all(is_empty(inner, getattr(value, name)) for name, inner in specs(type(value)))
    return value in ("", None, (), {})


def words_of(spec: Spec, value: Any, document: Document, how: Arranging) -> str:
    """A value of one line in words."""
    if spec.holds is Holds.REFS and spec.target.startswith("#"):
        return "、".join(places_of(document, spec.target[1:], value))
    if spec.holds is Holds.REFS:
        return "；".join(how.names[key] for key in value if key in how.names)
    if spec.holds is Holds.NAMES:
        return "、".join(value)
    return f"{value} {spec.unit}" if spec.unit else str(value)


def places_of(document: Document, section: str, keys: Sequence[str]) -> list[str]:
    """目标1, 目标3: what references to rows of this document are called; a removed row is left out."""
    spec = dict(specs(type(document))).get(section)
    if spec is None:
        return []
    rows = ordered(getattr(document, section))
    return [walk.row_place(spec, at) for at, (key, _) in enumerate(rows, 1) if key in keys]
