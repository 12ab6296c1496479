"""Rich text and the blocks of a printed sheet as WordprocessingML; nothing here knows of files or headers."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from typing import Any

from library.documents.formulas import Unreadable
from library.documents.printed import Block, Grid, Heading, Line, Named, Prose, Ruled
from library.documents.rich import Node
from library.documents.word.writing_formulas import to_omml

EMU_PER_MM = 36_000
TWIPS_PER_MM = 56.7
ALLOWED = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
MARKS = {
    "strong": "<w:b/>",
    "underline": '<w:u w:val="single"/>',
    "emphasis_dots": '<w:em w:val="dot"/>',
    "subscript": '<w:vertAlign w:val="subscript"/>',
    "superscript": '<w:vertAlign w:val="superscript"/>',
    "strike": "<w:strike/>",
}
ORDER = ("strong", "strike", "underline", "superscript", "subscript", "emphasis_dots")
"""The order in which Word's schema wants the properties of a run."""
DEEPEST_LIST = 8
SHORT = 6_000
"""Characters of markup up to which a row of a table is kept on one page."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture's bytes and its size in pixels; `kind` is its file's ending."""

    content: bytes
    kind: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment in the margin (批注); `quote` are the words it speaks of, empty: the whole."""

    author: str
    text: str
    at: datetime | None = None
    quote: str = ""


@dataclass(slots=True)
class Writing:
    """What one document gathers while its body is written.

    Attributes:
        remarks: comments for the margin; those that wait for the words they speak of are in `waiting`.
        pictures: how a picture's bytes are got by the file's uid; None: it cannot be had.
        address: how the address of a link to something of the site begins (https://…).
        room: width of the text in millimetres.
        media: pictures by the uid of their file, in the order in which they came.
        links: addresses that the text leads to.
        lists: (kind, level, start) of every list; its number is its place, from 1 after `lists_before`.
        problems: what could not be set as it is written, for the teacher, in Chinese.
    """

    pictures: Callable[[str], Picture | None]
    address: str
    room: float
    media: dict[str, Picture] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    lists: list[tuple[str, int, int]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    waiting: list[Remark] = field(default_factory=list)
    drawn: int = 0
    lists_before: int = 0

    def number_of(self, kind: str, level: int, start: int) -> int:
        self.lists.append((kind, level, start))
        return self.lists_before + len(self.lists)

    def problem(self, sentence: str, inner: str) -> str:
        """Say beside what was written that it could not be set as it should be."""
        self.problems.append(sentence)
        return self.remarked(Remark("共备", sentence), inner)

    def remarked(self, remark: Remark, inner: str) -> str:
        self.remarks.append(remark)
        number = len(self.remarks)
        around = f'<w:commentRangeStart w:id="{number}"/>{inner}<w:commentRangeEnd w:id="{number}"/>'
        return f'{around}<w:r><w:commentReference w:id="{number}"/></w:r>'

    def picture(self, uid: str) -> tuple[str, Picture] | None:
        if uid not in self.media:
            found = self.pictures(uid)
            if found is None:
                return None
            self.media[uid] = found
        return f"rIdP{list(self.media).index(uid) + 1}", self.media[uid]

    def link(self, url: str) -> str:
        return self.links.setdefault(url, f"rIdL{len(self.links) + 1}")


def text(value: str) -> str:
    """Text for XML, without the characters that no XML may hold."""
    return escape(ALLOWED.sub("", value), quote=False)


def run(value: str, properties: str = "") -> str:
    held = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    parts = ALLOWED.sub("", value).replace("\r\n", "\n").split("\n")
    inner = "<w:br/>".join(f'<w:t xml:space="preserve">{text(part)}</w:t>' if part else "" for part in parts)
    return f"<w:r>{held}{inner}</w:r>"


def paragraph(inner: str, style: str = "", properties: str = "") -> str:
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    held = f"<w:pPr>{named}{properties}</w:pPr>" if named or properties else ""
    return f"<w:p>{held}{inner}</w:p>"


def blocks(found: tuple[Block, ...], to: Writing, room: float, *, in_cell: bool = False) -> str:
    """Blocks of a sheet one below the other; `room` is the width in millimetres."""
    written = "".join(_block(one, to, room, in_cell) for one in found)
    return written or paragraph("", "Cell" if in_cell else "")


def _block(one: Block, to: Writing, room: float, in_cell: bool) -> str:
    if isinstance(one, Heading):
        return paragraph(run(one.text), f"Heading{one.level}")
    if isinstance(one, Named):
        return paragraph(run(one.label), "FieldName")
    if isinstance(one, Line):
        label = run(f"{one.label}：", "<w:b/>") if one.label else ""
        style = "FieldLine" if one.label else "CellTitle" if one.strong else "Cell" if in_cell else ""
        return paragraph(label + run(one.text), style)
    if isinstance(one, Prose):
        return rich_blocks(one.value, to, room, in_cell=in_cell)
    if isinstance(one, Ruled):
        return paragraph("", "WritingLine") * one.lines
    return grid(one, to, room)


def grid(one: Grid, to: Writing, room: float) -> str:
    """A real table: its heads are repeated on every page, no row is torn that fits on one."""
    widths = [room * part / 100 for part in one.widths]
    heads = _row(
        [table_cell(paragraph(run(head), "CellHead"), width) for head, width in zip(one.heads, widths, strict=True)],
        is_head=True,
    )
    rows = (
        _row(
            [
                table_cell(blocks(cell, to, width - 4, in_cell=True), width)
                for cell, width in zip(row, widths, strict=True)
            ]
        )
        for row in one.rows
    )
    return table(widths, heads + "".join(rows))


def facts(pairs: tuple[tuple[str, str], ...], room: float) -> str:
    """Two pairs of label and value a line."""
    part = room / 100
    widths = [13 * part, 37 * part, 13 * part, 37 * part]
    lines = []
    for at in range(0, len(pairs), 2):
        cells = []
        for label, value in (*pairs[at : at + 2], ("", ""))[:2]:
            cells.append(table_cell(paragraph(run(label), "CellHead"), widths[0]))
            cells.append(table_cell(paragraph(run(value), "Cell"), widths[1]))
        lines.append(_row(cells))
    return table(widths, "".join(lines)) + paragraph("", "Gap")


def table(widths: list[float], rows: str) -> str:
    columns = "".join(f'<w:gridCol w:w="{_twips(width)}"/>' for width in widths)
    whole = f'<w:tblW w:w="{_twips(sum(widths))}" w:type="dxa"/>'
    properties = f'<w:tblPr><w:tblStyle w:val="Lined"/>{whole}<w:tblLayout w:type="fixed"/></w:tblPr>'
    return f"<w:tbl>{properties}<w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>"


def _row(cells: list[str], *, is_head: bool = False) -> str:
    inner = "".join(cells)
    together = "<w:cantSplit/>" if is_head or len(inner) < SHORT else ""
    held = together + ("<w:tblHeader/>" if is_head else "")
    return f"<w:tr>{f'<w:trPr>{held}</w:trPr>' if held else ''}{inner}</w:tr>"


def table_cell(inner: str, width: float, more: str = "") -> str:
    end = paragraph("", "Cell") if inner.endswith("</w:tbl>") else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{_twips(width)}" w:type="dxa"/>{more}</w:tcPr>{inner}{end}</w:tc>'


def _twips(millimetres: float) -> int:
    return max(1, round(millimetres * TWIPS_PER_MM))


def rich_blocks(value: Node, to: Writing, room: float, *, in_cell: bool = False) -> str:
    """Rich text one block after the other."""
    return "".join(_rich_block(node, to, room, in_cell) for node in value.get("content") or ())


def _rich_block(node: Node, to: Writing, room: float, in_cell: bool) -> str:
    kind = node["type"]
    if kind in {"bullet_list", "ordered_list"}:
        return "".join(_list(node, to, room, 0, in_cell))
    if kind == "blockquote":
        return "".join(paragraph(inline(child, to), "Quote") for child in node.get("content") or ())
    if kind == "table":
        return _rich_table(node, to, room) + ("" if in_cell else paragraph("", "Gap"))
    if kind in WHOLE:
        return WHOLE[kind](node, to, room)
    if kind == "heading":
        level = min(9, 2 + int((node.get("attrs") or {}).get("level", 1)))
        return paragraph(inline(node, to), f"Heading{level}")
    return paragraph(inline(node, to), "Cell" if in_cell else "")


def _list(node: Node, to: Writing, room: float, depth: int, in_cell: bool) -> Iterator[str]:
    """A list and the lists in it; what follows an item's first block stands below it without a mark."""
    level = min(depth, DEEPEST_LIST)
    number = to.number_of(node["type"], level, int((node.get("attrs") or {}).get("start", 1)))
    mark = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    for item in node.get("content") or ():
        marked = False
        for child in item.get("content") or ():
            if child["type"] in {"bullet_list", "ordered_list"}:
                yield from _list(child, to, room, depth + 1, in_cell)
            elif child["type"] in WHOLE:
                yield WHOLE[child["type"]](child, to, room)
            else:
                held = f'<w:ind w:left="{420 * (level + 1)}" w:firstLine="0"/>' if marked else mark
                yield paragraph(inline(child, to), "CellList" if in_cell else "ListParagraph", held)
                marked = True


def _rich_table(node: Node, to: Writing, room: float) -> str:
    """A teacher's own table; cells that were joined stay joined."""
    rows = [list(row.get("content") or ()) for row in node.get("content") or ()]
    columns = max((sum(_span(cell, "colspan") for cell in row) for row in rows), default=1) or 1
    width = room / columns
    reaching: dict[int, tuple[int, int]] = {}
    written = []
    for row in rows:
        is_head = bool(row) and all(cell["type"] == "table_header" for cell in row)
        written.append(_row(list(_rich_row(row, reaching, columns, width, to)), is_head=is_head))
    return table([width] * columns, "".join(written))


def _rich_row(
    row: list[Node], reaching: dict[int, tuple[int, int]], columns: int, width: float, to: Writing
) -> Iterator[str]:
    """One row; `reaching` has the cells that reach down into it: column → (rows left, columns)."""
    at = 0
    while row or at < columns:
        left, span = reaching.pop(at, (0, 1))
        if left:
            if left > 1:
                reaching[at] = (left - 1, span)
            yield table_cell(paragraph("", "Cell"), width * span, _joined(span, "<w:vMerge/>"))
        elif row:
            cell = row.pop(0)
            span, down = _span(cell, "colspan"), _span(cell, "rowspan")
            if down > 1:
                reaching[at] = (down - 1, span)
            merge = '<w:vMerge w:val="restart"/>' if down > 1 else ""
            yield table_cell(_cell_text(cell, to, width * span), width * span, _joined(span, merge))
        else:
            yield table_cell(paragraph("", "Cell"), width)
        at += span


def _joined(span: int, merge: str) -> str:
    return (f'<w:gridSpan w:val="{span}"/>' if span > 1 else "") + merge


def _span(cell: Node, name: str) -> int:
    return max(1, int((cell.get("attrs") or {}).get(name) or 1))


def _cell_text(cell: Node, to: Writing, room: float) -> str:
    if cell["type"] == "table_header":
        inner = "".join(paragraph(inline(child, to), "TableHead") for child in cell.get("content") or ())
    else:
        inner = rich_blocks(cell, to, room - 4, in_cell=True)
    return inner or paragraph("", "Cell")


def inline(node: Node, to: Writing) -> str:
    """What stands in a line: text with its marks, breaks, formulas, links."""
    return "".join(_inline(child, to) for child in node.get("content") or ())


def _inline(node: Node, to: Writing) -> str:
    kind, attrs = node["type"], node.get("attrs") or {}
    if kind == "text":
        marks = {mark["type"] for mark in node.get("marks") or ()}
        return _spoken_of(str(node["text"]), "".join(MARKS[name] for name in ORDER if name in marks), to)
    if kind == "hard_break":
        return "<w:r><w:br/></w:r>"
    if kind == "formula":
        return _formula(str(attrs.get("latex", "")), to)
    if kind == "link_card":
        prefix = {"resource": "/r/", "node": "/k/"}.get(str(attrs.get("target")), "/r/")
        link = to.link(f"{to.address}{prefix}{attrs.get('uid', '')}/")
        words = run(str(attrs.get("title", "")), '<w:rStyle w:val="Hyperlink"/>')
        return f'<w:hyperlink r:id="{link}">{words}</w:hyperlink>'
    return ""


def _spoken_of(value: str, properties: str, to: Writing) -> str:
    """Text, with the comment that speaks of a part of it."""
    for remark in to.waiting:
        before, found, after = value.partition(remark.quote)
        if found:
            to.waiting.remove(remark)
            inner = to.remarked(remark, run(found, properties))
            return "".join(
                (run(before, properties) if before else "", inner, _spoken_of(after, properties, to) if after else "")
            )
    return run(value, properties)


def _formula(latex: str, to: Writing) -> str:
    """A native formula; one that cannot be read stands as its source, marked, and is told."""
    try:
        return to_omml(latex)
    except Unreadable as problem:
        said = f"{problem.sentence}，原样印了出来。请在原文里改好这个公式，再导出一次"
        return to.problem(said, run(f"${latex}$", '<w:rStyle w:val="Unread"/>'))


def _formula_block(node: Node, to: Writing, room: float) -> str:
    latex = str((node.get("attrs") or {}).get("latex", ""))
    written = _formula(latex, to)
    if not written.startswith("<m:oMath>"):
        return paragraph(written)
    return paragraph(f'<m:oMathPara><m:oMathParaPr><m:jc m:val="center"/></m:oMathParaPr>{written}</m:oMathPara>')


def _picture(node: Node, to: Writing, room: float) -> str:
    attrs = node.get("attrs") or {}
    alt = str(attrs.get("alt", ""))
    held = to.picture(str(attrs.get("file", "")))
    if held is None:
        said = f"图片“{alt or '没有说明'}”放不进来，印了它的说明。请换一张小一些的图片，或重新插入"
        return paragraph(to.problem(said, run(f"（图片：{alt or '没有说明'}）", '<w:rStyle w:val="Unread"/>')))
    relation, picture = held
    to.drawn += 1
    return paragraph(drawing(relation, picture, alt, to.drawn, room, attrs.get("width")), "Picture")


def drawing(
    relation: str, picture: Picture, alt: str, number: int, room: float, width: Any = None, tall: float = 200
) -> str:
    """A picture in the line, no wider than the room and no taller than `tall` millimetres."""
    wide = min(room, picture.width * 25.4 / 96)
    if isinstance(width, int | float) and width > 0:
        wide = min(room, room * width / 100 if width <= 100 else width * 25.4 / 96)
    high = wide * picture.height / max(1, picture.width)
    if high > tall:
        wide, high = wide * tall / high, tall
    size = f'cx="{max(1, round(wide * EMU_PER_MM))}" cy="{max(1, round(high * EMU_PER_MM))}"'
    said = escape(ALLOWED.sub("", alt))
    named = f'id="{number}" name="图片 {number}" descr="{said}"'
    blip = f'<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
    shape = f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
    data = f"<pic:pic><pic:nvPicPr><pic:cNvPr {named}/><pic:cNvPicPr/></pic:nvPicPr>{blip}{shape}</pic:pic>"
    graphic = f'<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">{data}</a:graphicData></a:graphic>'
    return f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/><wp:docPr {named}/>{graphic}</wp:inline></w:drawing></w:r>'


WHOLE: Mapping[str, Callable[[Node, Writing, float], str]] = {"formula_block": _formula_block, "image": _picture}
"""Blocks that stand on a line of their own, in a list and in a cell too."""
