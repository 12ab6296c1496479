"""Blocks of a file as rich text: lists put together, tables with their spans, formulas and pictures as nodes.

A picture's `file` is the name of its part in the Word file until it is kept; `pictures_named` puts the kept ones in.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from library.documents.fields import RichText
from library.documents.word.reading.blocks import (
    FIRST_OBJECT,
    Block,
    Cell,
    Formula,
    Line,
    Mark,
    Paragraph,
    Source,
    Table,
)

Node = dict[str, Any]
MARKS = (
    (Mark.STRONG, "strong"),
    (Mark.UNDERLINE, "underline"),
    (Mark.DOTS, "emphasis_dots"),
    (Mark.SUBSCRIPT, "subscript"),
    (Mark.SUPERSCRIPT, "superscript"),
    (Mark.STRIKE, "strike"),
)
DEEPEST_LIST = 3
_QUOTES = frozenset({"quote", "引用"})
_LIST_STYLES = frozenset({"list paragraph", "共备表格列表"})
_GAPS = frozenset({"共备间隔"})


class Rich:
    """Makes rich text of blocks of one source.

    `exact` is for what this site has written itself: every empty line and every mark stands as it is. Elsewhere a line
    that is bold as a whole is the layout's doing and says nothing.
    """

    def __init__(self, source: Source, *, exact: bool = False) -> None:
        self.source = source
        self.exact = exact

    def text(self, blocks: Sequence[Block]) -> RichText:
        return {"type": "doc", "content": self.nodes(blocks)}

    def nodes(self, blocks: Sequence[Block], *, in_cell: bool = False) -> list[Node]:
        found: list[Node] = []
        open_lists: list[tuple[str, Node]] = []
        for block in blocks:
            if isinstance(block, Table):
                open_lists = []
                found += self._nested(block) if in_cell else [self.table(block)]
            elif block.style in _GAPS:
                open_lists = []
            elif block.listed is not None:
                self._item(block, found, open_lists)
            elif open_lists and block.style.lower() in _LIST_STYLES and any(block.lines):
                open_lists[-1][1]["content"][-1]["content"] += self.paragraph(block, plain=True)
            else:
                open_lists = []
                found += self._flow(block, found, in_cell)
        return found

    def _flow(self, block: Paragraph, found: list[Node], in_cell: bool) -> list[Node]:
        if not in_cell and self.exact and block.level > 2:
            words = [node for node in self.inline([block.line]) if node["type"] in {"text", "formula"}]
            return [{"type": "heading", "attrs": {"level": block.level - 2}, "content": words}]
        made = self.paragraph(block, plain=True) if block.style.lower() in _QUOTES else []
        if not in_cell and made and all(node["type"] == "paragraph" for node in made):
            if found and found[-1]["type"] == "blockquote":
                found[-1]["content"] += made
                return []
            return [{"type": "blockquote", "content": made}]
        return self.paragraph(block)

    def _item(self, block: Paragraph, found: list[Node], open_lists: list[tuple[str, Node]]) -> None:
        """One item of an automatic list, in the list that is open at its depth or in a new one."""
        listed = block.listed
        if listed is None:
            return
        depth = min(listed.depth, DEEPEST_LIST)
        kind = "ordered_list" if listed.counts else "bullet_list"
        item = {"type": "list_item", "content": self.paragraph(block, plain=True) or [{"type": "paragraph"}]}
        del open_lists[depth + 1 :]
        if len(open_lists) > depth and open_lists[depth][0] == listed.number:
            open_lists[depth][1]["content"].append(item)
            return
        del open_lists[depth:]
        attrs = {"attrs": {"start": listed.start}} if listed.counts and listed.start != 1 else {}
        made: Node = {"type": kind, **attrs, "content": [item]}
        parent = open_lists[-1][1]["content"][-1]["content"] if open_lists else found
        parent.append(made)
        open_lists.append((listed.number, made))

    def paragraph(self, block: Paragraph, *, plain: bool = False) -> list[Node]:
        """A paragraph; pictures and formulas on a line of their own stand beside it as blocks."""
        found: list[Node] = []
        current: list[Line] = []
        for line in block.lines:
            for part in self._parts(line):
                if isinstance(part, Line):
                    current.append(part)
                    continue
                found += self._closed(current)
                found.append(part)
                current = []
        found += self._closed(current)
        if not found and self.exact and not plain:
            return [{"type": "paragraph"}]
        return found

    def _closed(self, lines: list[Line]) -> list[Node]:
        if not any(line.text for line in lines):
            return []
        return [{"type": "paragraph", "content": self.inline(lines)}]

    def _parts(self, line: Line) -> Iterator[Line | Node]:
        """Text, and the objects in it that are blocks of their own."""
        at = 0
        alone = sum(ord(sign) >= FIRST_OBJECT or not sign.isspace() for sign in line.text) == 1
        for place, sign in enumerate(line.text):
            thing = self.source.thing(sign)
            if thing is None or (isinstance(thing, Formula) and not (alone and thing.display)):
                continue
            if line.text[at:place].strip():
                yield line.cut(at, place)
            at = place + 1
            if isinstance(thing, Formula):
                yield {"type": "formula_block", "attrs": {"latex": thing.latex}}
            else:
                yield {"type": "image", "attrs": {"file": thing.part, "alt": thing.alt}}
        if at == 0 or line.text[at:].strip():
            yield line.cut(at)

    def inline(self, lines: Sequence[Line]) -> list[Node]:
        found: list[Node] = []
        kept = list(lines) if self.exact else [line.strip() for line in lines if line]
        for number, line in enumerate(kept):
            if number:
                found.append({"type": "hard_break"})
            found += self._runs(line)
        return found

    def _runs(self, line: Line) -> Iterator[Node]:
        at = 0
        dull = 0 if self.exact or not line.bold else int(Mark.STRONG)
        for place in range(len(line.text) + 1):
            ended = place == len(line.text) or line.marks[place] != line.marks[at] or self._is_object(line.text[place])
            if ended and place > at and not self._is_object(line.text[at]):
                yield _text(line.text[at:place], line.marks[at] & ~dull)
                at = place
            if place < len(line.text) and self._is_object(line.text[place]):
                thing = self.source.thing(line.text[place])
                if isinstance(thing, Formula):
                    yield {"type": "formula", "attrs": {"latex": thing.latex}}
                at = place + 1
        return

    def _is_object(self, sign: str) -> bool:
        return ord(sign) >= FIRST_OBJECT

    def table(self, table: Table) -> Node:
        rows = []
        for at, row in enumerate(table.rows):
            cells = [self._cell(cell, at < table.heads) for cell in row if not cell.continued]
            rows.append({"type": "table_row", "content": cells})
        return {"type": "table", "content": rows}

    def _cell(self, cell: Cell, is_head: bool) -> Node:
        spans = {"colspan": cell.width, "rowspan": cell.height}
        attrs = {name: value for name, value in spans.items() if value > 1}
        content = self.nodes(cell.blocks, in_cell=True)
        head = is_head and all(node["type"] == "paragraph" for node in content)
        made: Node = {"type": "table_header" if head else "table_cell", "content": content or [{"type": "paragraph"}]}
        return {**made, "attrs": attrs} if attrs else made

    def _nested(self, table: Table) -> list[Node]:
        """A table in a table's cell: rich text holds none, so each of its rows is a line."""
        return [
            node
            for row in table.rows
            for cell in row
            if not cell.is_empty
            for node in self.nodes(cell.blocks, in_cell=True)
        ]


def _text(text: str, marks: int) -> Node:
    names = [{"type": name} for mark, name in MARKS if marks & mark]
    return {"type": "text", "text": text, **({"marks": names} if names else {})}


def pictures_named(value: Any, kept: Callable[[str], str]) -> Any:
    """The same JSON with every picture's file as `kept` answers for its part; empty: the picture's words stand instead."""
    if isinstance(value, list):
        return [pictures_named(one, kept) for one in value]
    if not isinstance(value, Mapping):
        return value
    if value.get("type") == "image":
        attrs = value.get("attrs") or {}
        uid = kept(str(attrs.get("file", "")))
        if not uid:
            told = str(attrs.get("alt") or "原文件里的图片")
            return {"type": "paragraph", "content": [{"type": "text", "text": f"（图片：{told}）"}]}
        return {"type": "image", "attrs": {**attrs, "file": uid}}
    return {name: pictures_named(inner, kept) for name, inner in value.items()}
