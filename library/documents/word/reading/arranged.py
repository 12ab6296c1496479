"""Documents that this site has printed, read back by their printed labels: equal but for ids, order and typed links.

The arrangement is that of `library.documents.printed`: a section is a heading with its label, a field of a group a
heading below it, rows are a grid whose heads are labels, and within a cell every other field stands under its label.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from library.documents import order, printed
from library.documents.fields import Document, Holds, Spec, specs
from library.documents.word.reading.blocks import Block, Cell, Line, Paragraph, Source, Table
from library.documents.word.reading.plan import lines_of
from library.documents.word.reading.richer import Rich

D = TypeVar("D", bound=Document)
FIELD_NAME, FIELD_LINE, TITLE, CELL_HEAD = "共备栏目名", "共备栏目行", "共备环节名", "共备表头"
_NUMBER = re.compile(r"^[零一二三四五六七八九十\d]+、")
_GAP = "共备间隔"


@dataclass(frozen=True, slots=True)
class Arranged:
    """A printed document read back: its title, the facts of its record that are not the document's, the document."""

    title: str
    facts: Mapping[str, str]
    document: Document


def read(source: Source, of: type[D]) -> Arranged | None:
    """Read a document of this kind; None where the file is not one that the site printed."""
    blocks = source.blocks
    title = next((b.text for b in blocks[:3] if isinstance(b, Paragraph) and b.style.lower() in {"title", "标题"}), "")
    sections = _split(blocks, 1)
    labels = {spec.label: (name, spec) for name, spec in specs(of)}
    found = [(_NUMBER.sub("", heading), inner) for heading, inner in sections[1:]]
    numbered = all(_NUMBER.match(heading) for heading, _ in sections[1:])
    styled = any(isinstance(block, Paragraph) and block.style == _GAP for block in sections[0][1])
    if not title or not numbered or not (found or styled) or any(heading not in labels for heading, _ in found):
        return None
    reader = _Reader(source, of)
    facts = _facts(sections[0][1])
    values: dict[str, Any] = {}
    if "basics" in dict(specs(of)):
        basics = dict(specs(of))["basics"].of
        values["basics"] = reader.scalars(basics, facts) if basics else None
    for heading, inner in found:
        name, spec = labels[heading]
        values[name] = reader.value(spec, inner)
    return Arranged(title, facts, of(**values))


def _split(blocks: Sequence[Block], level: int) -> list[tuple[str, list[Block]]]:
    """(heading, what stands below it); the first heading is empty."""
    found: list[tuple[str, list[Block]]] = [("", [])]
    for block in blocks:
        if isinstance(block, Paragraph) and block.level == level:
            found.append((block.text, []))
        elif isinstance(block, Table) or block.style != _GAP or level == 1:
            found[-1][1].append(block)
    return found


def _facts(blocks: Sequence[Block]) -> dict[str, str]:
    table = next((block for block in blocks if isinstance(block, Table)), None)
    found = {}
    for row in table.rows if table else ():
        for label, value in zip(row[::2], row[1::2], strict=False):
            if label.text:
                found[label.text] = _words(value.blocks)
    return found


def _words(blocks: Sequence[Block]) -> str:
    return "\n".join(line.plain for line in lines_of(blocks))


class _Reader:
    def __init__(self, source: Source, of: type[Document]) -> None:
        self.of = of
        self.rich = Rich(source, exact=True)
        self.source = source

    def value(self, spec: Spec, blocks: Sequence[Block]) -> Any:
        """What a field holds, from the blocks below its heading or label."""
        if spec.holds is Holds.RICH:
            return self.rich.text(blocks)
        if spec.holds is Holds.GROUP and spec.of:
            return self._group(spec.of, blocks)
        if spec.holds is Holds.ROWS and spec.of:
            return self._rows(spec, blocks)
        return self.scalar(spec, _words(blocks))

    def scalar(self, spec: Spec, words: str) -> Any:
        """A value of one line; a reference to rows of this document by their places, to anything else not at all."""
        if spec.holds is Holds.NUMBER:
            found = re.match(r"\s*(\d+)(\.\d+)?", words)
            return None if not found else float(found[0]) if found[2] else int(found[1])
        if spec.holds is Holds.NAMES:
            return tuple(part for part in words.split("、") if part)
        if spec.holds is Holds.REFS:
            return self._places(spec, words) if spec.target.startswith("#") else ()
        if spec.holds is Holds.CHOICE:
            return words if words in spec.choices else ""
        return words

    def _places(self, spec: Spec, words: str) -> tuple[str, ...]:
        name = spec.target[1:]
        noun = dict(specs(self.of)).get(name)
        numbers = [re.search(r"\d+", part) for part in words.split("、")]
        return tuple(row_id(name, int(found[0])) for found in numbers if found) if noun else ()

    def scalars(self, of: type, facts: Mapping[str, str]) -> Any:
        return of(
            **{name: self.scalar(spec, facts[spec.label]) for name, spec in specs(of) if facts.get(spec.label, "")}
        )

    def _group(self, of: type, blocks: Sequence[Block]) -> Any:
        parts = _split(blocks, 2)
        known = {spec.label: (name, spec) for name, spec in specs(of)}
        first = specs(of)[0]
        values: dict[str, Any] = {}
        for heading, inner in parts:
            name, spec = known.get(heading, first) if heading else first
            if heading or inner:
                values[name] = self.value(spec, inner)
        return of(**values)

    def _rows(self, spec: Spec, blocks: Sequence[Block]) -> dict[str, Any]:
        of = spec.of
        if of is None:
            return {}
        name = next((n for n, s in specs(self.of) if s is spec or s.label == spec.label), "")
        table = next((block for block in blocks if isinstance(block, Table)), None)
        headings = [inner for heading, inner in _split(blocks, 2) if heading]
        rows = [self._row(of, inner, ()) for inner in headings]
        if table is not None and not headings:
            heads = [cell.text for cell in table.rows[0]]
            rows = [self._grid_row(of, heads, row) for row in table.rows[1:]]
        keys = order.spread(len(rows))
        return {
            row_id(name, at): replace(row, order=key) for at, (row, key) in enumerate(zip(rows, keys, strict=True), 1)
        }

    def _grid_row(self, of: type, heads: Sequence[str], cells: Sequence[Cell]) -> Any:
        arranged = {column.head: column.fields for column in printed.COLUMNS.get(of, ())}
        by_label = {spec.label: (name,) for name, spec in specs(of)}
        values: dict[str, Any] = {}
        for head, cell in zip(heads, cells, strict=False):
            names = arranged.get(head) or by_label.get(head, ())
            if names:
                values |= self._fields(of, cell.blocks, names)
        return of(**values)

    def _row(self, of: type, blocks: Sequence[Block], names: Sequence[str]) -> Any:
        return of(**self._fields(of, blocks, names))

    def _fields(self, of: type, blocks: Sequence[Block], names: Sequence[str]) -> dict[str, Any]:
        """The fields of one cell: the first bare, every other one under its label or behind it."""
        known = dict(specs(of))
        by_label = {spec.label: name for name, spec in known.items()}
        gathered: dict[str, list[Block]] = {}
        current = names[0] if names else ""
        for block in _trimmed(blocks):
            label, rest = _label(block, by_label)
            if label:
                current = by_label[label]
                gathered.setdefault(current, [])
                if rest is None:
                    continue
                block = rest
            gathered.setdefault(current, []).append(block)
        found: dict[str, Any] = {}
        for name, inner in gathered.items():
            if name in known and (inner_kept := _untitled(inner) if name == "title" else inner):
                found[name] = self.value(known[name], inner_kept)
        return found


def _trimmed(blocks: Sequence[Block]) -> list[Block]:
    """A cell's blocks without the empty paragraph that Word wants after a table or in an empty cell."""
    kept = list(blocks)
    last = kept[-1] if kept else None
    bare = isinstance(last, Paragraph) and not last.line.text and len(last.lines) == 1
    return kept[:-1] if bare and (len(kept) == 1 or isinstance(kept[-2], Table)) else kept


def _label(block: Block, by_label: Mapping[str, str]) -> tuple[str, Block | None]:
    """The label that a block is or begins with, and what follows it in the block."""
    if not isinstance(block, Paragraph):
        return "", None
    if block.style == FIELD_NAME and block.text in by_label:
        return block.text, None
    if block.style == FIELD_LINE:
        label, sign, _ = block.lines[0].text.partition("：")
        if sign and label in by_label:
            first = block.lines[0].cut(len(label) + 1)
            return label, replace(block, lines=(first, *block.lines[1:]))
    return "", None


def _untitled(blocks: Sequence[Block]) -> list[Block]:
    """A stage's title without the number that was printed before it."""
    first = blocks[0] if blocks else None
    if not isinstance(first, Paragraph) or first.style != TITLE:
        return list(blocks)
    found = _NUMBER.match(first.lines[0].text)
    cut: Line = first.lines[0].cut(found.end() if found else 0)
    return [replace(first, lines=(cut, *first.lines[1:])), *blocks[1:]]


def row_id(section: str, number: int) -> str:
    """Ids of rows that came from a file: the section's first letter and the row's place."""
    return f"{section[:1]}{number}"
