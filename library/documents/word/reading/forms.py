"""A table as teachers fill it: labels beside values, a header over the stages, rows that run across, data of the lesson."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from library.documents.word.reading import words
from library.documents.word.reading.blocks import Cell, Paragraph, Table
from library.documents.word.reading.stages import Row

if TYPE_CHECKING:
    from library.documents.word.reading.recogniser import Recogniser

_OWN = frozenset({"teacher", "pupils", "both", "intent", "second_preparation", "checkpoints", "minutes", "content"})
_BARE = {2: ("name", "both"), 3: ("name", "teacher", "pupils"), 4: ("name", "teacher", "pupils", "intent")}
LONGEST_LABEL = 14
LONGEST_NAME = 24


def is_label(cell: Cell) -> bool:
    return 0 < len(cell.text) <= 24 and bool(words.section(cell.text) or words.head(cell.text))


def pairs(cells: Sequence[Cell]) -> Iterator[tuple[Cell | None, list[Cell]]]:
    """Each label of a row with its values; 教学重难点 | 重点 | … is labelled by the nearer of two labels."""
    label: Cell | None = None
    values: list[Cell] = []
    for cell in cells:
        if is_label(cell) and not (label is not None and not values and _is_value(label, cell)):
            if label is not None and values:
                yield label, values
            elif label is None and values:
                yield None, values
            label, values = cell, []
        else:
            values.append(cell)
    if label is not None or values:
        yield label, values


def _is_value(label: Cell, cell: Cell) -> bool:
    """学科 | 科学 …: a value that could be a label is one only where the label before it may hold others."""
    return not words.section(label.text)


def _opens(cell: Cell) -> bool:
    """课题：几分之一 in one cell: its first line begins with a label."""
    first = next((block for block in cell.blocks if isinstance(block, Paragraph) and block.line), None)
    found = words.labelled(first.text) if first else None
    return bool(found and not found.alone and (words.section(found.label) or words.head(found.label)))


class Form:
    """Reads one table into the recogniser."""

    def __init__(self, recogniser: "Recogniser", table: Table) -> None:
        self.recogniser = recogniser
        self.table = table
        self.columns: dict[int, str] = {}
        self.spine: tuple[int, int] = (0, 0)
        self.second = 0

    def read(self) -> None:
        if self._is_turned():
            self._turned()
            return
        if not self._is_form():
            self.recogniser.put([self.table])
            return
        for at, row in enumerate(self.table.rows):
            cells = self._without_spine(row, at)
            if any(not cell.is_empty for cell in cells):
                self._row(cells)

    def _is_turned(self) -> bool:
        """A stage a table, its parts below each other: 教师活动 | …, 学生活动 | …."""
        named = [words.column(row[0].text) for row in self.table.rows if len(row) == 2]
        return len(named) == len(self.table.rows) and len({part for part in named if part in _OWN}) >= 2

    def _turned(self) -> None:
        for label, value in self.table.rows:
            part = words.column(label.text)
            if part in _OWN or part == "question":
                self.recogniser.process_row(Row({part: (value,)}, True, True))
            elif part == "name" or words.numbering(f"{label.text}#") or not is_label(label):
                self.recogniser.process_row(Row({"name": (value,)}, False, True))
            else:
                self._row([label, value])

    def _is_form(self) -> bool:
        """A table with a label or a header of stages, or a frame around everything."""
        if all(len(row) == 1 for row in self.table.rows):
            return True
        if any(self._header(row) for row in self.table.rows[:12]):
            return True
        if any(_opens(cell) for row in self.table.rows for cell in row):
            return True
        if self.recogniser.place not in {"head"} and self._is_data():
            return False
        return any(is_label(cell) and len(row) > 1 for row in self.table.rows for cell in row[:1]) or any(
            words.head(cell.text) for cell in self.table.rows[0][::2]
        )

    def _is_data(self) -> bool:
        """Rows of short cells under a section are a table of the lesson itself, unless labels of sections lead them."""
        leading = [row[0] for row in self.table.rows if len(row) > 1]
        return not any(words.section(cell.text) and words.squeezed(cell.text) not in words.SHORT for cell in leading)

    def _without_spine(self, row: Sequence[Cell], at: int) -> list[Cell]:
        """The row without a label that runs down the left of many rows (教学过程 written from top to bottom)."""
        cells = list(row)
        while cells:
            first = cells[0]
            if first.continued and first.column < self.spine[1] and at < self.spine[0]:
                cells = cells[1:]
                continue
            if first.height < 2 or len(cells) < 2 or not words.section(first.text):
                return cells
            self.spine = (at + first.height, first.column + first.width)
            self._open_spine(first)
            cells = cells[1:]
        return cells

    def _open_spine(self, cell: Cell) -> None:
        key = words.section(cell.text)
        self.columns = {}
        self.recogniser.open_section(key, cell.text, 0.98)

    def _header(self, cells: Sequence[Cell]) -> dict[int, str]:
        """Column → part, where a row names at least two columns of stages."""
        found = {cell.column: words.column(cell.text) for cell in cells if len(cell.text) <= 40}
        named = {column: part for column, part in found.items() if part}
        own = [part for part in named.values() if part in _OWN]
        blank = sum(not cell.text for cell in cells)
        if len(named) < 2 or not own or len(named) + blank < len(cells) - 1:
            return {}
        return named if set(named.values()) & {"teacher", "pupils", "both", "content", "name"} else {}

    def _row(self, cells: Sequence[Cell]) -> None:
        header = self._header(cells)
        if not header and len(cells) > 1 and words.section(cells[-1].text) == "second" and not self.columns:
            self.second = cells[-1].column
            cells = [cell for cell in cells[:-1] if words.column(cell.text) == ""]
        elif self.second and not header and cells[-1].column >= self.second:
            cells = self._without_second(cells)
        if not any(not cell.is_empty for cell in cells):
            return
        if header and self._opens_process(header):
            self.columns = header
            if self.recogniser.place != "process":
                self.recogniser.open_section("process", "教学过程", 0.98)
            return
        if len(cells) == 1:
            self._across(cells[0])
        elif self.columns and not self._leaves(cells):
            self._stage_row(cells)
        else:
            self.columns = {}
            self._labels(cells)

    def _without_second(self, cells: Sequence[Cell]) -> list[Cell]:
        """A column of second thoughts beside the whole form goes to the tray under its name."""
        for cell in cells:
            if cell.column >= self.second and not cell.is_empty:
                self.recogniser.aside("二次备课", cell.blocks)
        return [cell for cell in cells if cell.column < self.second]

    def _opens_process(self, header: dict[int, str]) -> bool:
        """课题 | … | 时间 | … is a row of the head, not a header."""
        return not (self.recogniser.place == "head" and "teacher" not in header.values() and len(header) < 3) or bool(
            {"both", "pupils"} & set(header.values())
        )

    def _leaves(self, cells: Sequence[Cell]) -> bool:
        """A label of a section at the left ends the rows of stages."""
        first = cells[0]
        key = words.section(first.text) if not first.continued else ""
        if not key or key == "process":
            return False
        spans = len(cells) <= 2 or (cells[1].width > 1 and len(cells) < len(self.columns))
        return bool(spans or (is_label(cells[0]) and sum(is_label(cell) for cell in cells) * 2 >= len(cells)))

    def _across(self, cell: Cell) -> None:
        """A row of one cell: a heading, or a part of the flow that stands in the form."""
        if cell.continued:
            return
        text = cell.text
        key = words.section(text) if len(text) <= 24 else ""
        if key and not words.numbering(text) and not (self.columns and words.stage_label(text)):
            self.columns = self.columns if key == "process" else {}
            if not (key == "process" and self.recogniser.place == "process"):
                self.recogniser.open_section(key, text, 0.98)
            return
        self.inside(cell)

    def _labels(self, cells: Sequence[Cell]) -> None:
        cells = [cell for cell in cells if not (cell.continued and cell.is_empty)]
        if len(cells) > 2 and words.section(cells[0].text) == "process" and self._is_bare_stage(cells[1:]):
            self.recogniser.open_section("process", cells[0].text, 0.9)
            cells, beside = cells[1:], True
        else:
            beside = bool(self.spine[1] and cells and cells[0].column >= self.spine[1])
        if beside and self.recogniser.place == "process" and self._is_bare_stage(cells):
            named = zip(_BARE[len(cells)], cells, strict=True)
            self.recogniser.process_row(Row({part: (cell,) for part, cell in named}, False, True))
            return
        if beside and not is_label(cells[0]):
            for cell in cells:
                self.inside(cell)
            return
        if cells and not is_label(cells[0]) and self._is_unknown_label(cells):
            filled = [cell for cell in cells[1:] if not cell.is_empty]
            self.recogniser.unknown(cells[0], [block for cell in filled for block in cell.blocks])
            return
        self.recogniser.labelled_cells(cells, self.inside)

    def _is_bare_stage(self, cells: Sequence[Cell]) -> bool:
        """A row of the process without a header above it: a short name, then what is done."""
        return len(cells) in _BARE and 0 < len(cells[0].text) <= LONGEST_NAME and not is_label(cells[0])

    def _is_unknown_label(self, cells: Sequence[Cell]) -> bool:
        first = cells[0]
        labelled = words.labelled(first.text)
        own = bool(labelled and not labelled.alone and (words.section(labelled.label) or words.head(labelled.label)))
        return 0 < len(first.text) <= LONGEST_LABEL and len(cells) == 2 and not own and not cells[1].is_empty

    def inside(self, cell: Cell) -> None:
        """What a cell holds, in the place that is open."""
        for at, block in enumerate(cell.blocks):
            self.recogniser.begins_row = at == 0
            if isinstance(block, Paragraph):
                self.recogniser.paragraph(block)
            elif Form(self.recogniser, block)._is_form():
                Form(self.recogniser, block).read()
            else:
                self.recogniser.put([block])
        self.recogniser.begins_row = False

    def _stage_row(self, cells: Sequence[Cell]) -> None:
        found: dict[str, tuple[Cell, ...]] = {}
        for cell in cells:
            part = self._part(cell)
            found[part] = (*found.get(part, ()), cell)
        names = "name" in self.columns.values()
        first = next((cell for cell in cells if self._part(cell) == "name"), None)
        continues = first is not None and (first.continued or first.is_empty)
        self.recogniser.process_row(Row(found, continues, names))

    def _part(self, cell: Cell) -> str:
        """The part of the column in which a cell begins; beyond the last column it is still the last."""
        starts = [column for column in sorted(self.columns) if column <= cell.column]
        return self.columns[starts[-1]] if starts else "name"
