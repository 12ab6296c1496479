"""The XML of a Word body as neutral blocks: tracked changes accepted, text boxes once, every run's words kept."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from library.documents.word.reading import fields, omml
from library.documents.word.reading.blocks import (
    FIRST_OBJECT,
    Block,
    Cell,
    Comment,
    Formula,
    Line,
    Listed,
    Mark,
    Paragraph,
    Picture,
    Source,
    Table,
    joined,
)
from library.documents.word.reading.package import Depth, Package, R, Style, W, is_on, number, value

M = omml.M
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
V = "{urn:schemas-microsoft-com:vml}"
DEEPEST = 60
_GONE = frozenset({f"{W}del", f"{W}moveFrom"})
_SYMBOLS = {
    "f0fc": "✓", "f0fb": "✗", "f0fe": "☑", "f0a8": "□", "f06f": "□", "f06e": "■", "f06c": "●", "f0a7": "▪",
    "f0d8": "➢", "f075": "◆", "f0e0": "→", "f0e8": "→", "f0ab": "★", "f04a": "☺", "f081": "①", "f082": "②",
    "f083": "③", "f084": "④", "f085": "⑤", "f086": "⑥", "f087": "⑦", "f088": "⑧", "f089": "⑨", "f0b4": "×",
    "f0b8": "÷", "f0b0": "°", "f070": "π", "f0d0": "∠", "f044": "△", "f05e": "⊥", "f0a3": "≤", "f0b3": "≥",
    "f0b9": "≠", "f0bb": "≈",
}  # fmt: skip
"""Characters of Wingdings and Symbol as everybody can read them; another stays as it is."""


def read(package: Package) -> Source:
    """The whole body with what its lines point to."""
    source = Source()
    source.comments = _comments(package)
    source.blocks = _Reader(package, source).blocks(package.body, 0)
    source.margins = [
        "".join(text.text or "" for text in root.iter(f"{W}t"))
        for kind in ("header", "footer")
        for root in package.parts(kind)
    ]
    return source


def _comments(package: Package) -> dict[str, Comment]:
    root = package.part("comments")
    return {
        str(c.get(f"{W}id")): Comment(
            author=str(c.get(f"{W}author", "")),
            at=str(c.get(f"{W}date", "")),
            text="\n".join("".join(t.text or "" for t in p.iter(f"{W}t")) for p in c.iter(f"{W}p")).strip(),
        )
        for c in (() if root is None else root.findall(f"{W}comment"))
    }


@dataclass(slots=True)
class _Field:
    """A field code between its marks: the code is gathered, the result follows."""

    code: str = ""
    in_result: bool = False


@dataclass(slots=True)
class _Text:
    """One paragraph on its way: finished lines, the line that grows, blocks that float beside it."""

    lines: list[Line] = field(default_factory=list)
    text: str = ""
    marks: bytearray = field(default_factory=bytearray)
    notes: list[tuple[int, str]] = field(default_factory=list)
    floating: list[Block] = field(default_factory=list)
    codes: list[_Field] = field(default_factory=list)

    def add(self, text: str, marks: int = 0) -> None:
        self.text += text
        self.marks += bytes([marks]) * len(text)

    def end_line(self) -> None:
        self.lines.append(Line(self.text, bytes(self.marks), tuple(self.notes)))
        self.text, self.marks, self.notes = "", bytearray(), []


class _Reader:
    def __init__(self, package: Package, source: Source) -> None:
        self.package = package
        self.source = source
        self.quoting: dict[str, str] = {}

    def blocks(self, parent: Any, depth: int) -> list[Block]:
        """Paragraphs and tables below an element; what wraps them (content controls, insertions) is looked through."""
        found: list[Block] = []
        pending: Paragraph | None = None
        for element in _unwrapped(parent, depth):
            if element.tag == f"{W}tbl" and depth < DEEPEST:
                found.append(self.table(element, depth + 1))
            elif element.tag == f"{W}p":
                paragraph, floating = self.paragraph(element, depth + 1)
                if pending is not None:
                    paragraph = _merged(pending, paragraph)
                    pending = None
                if element.find(f"{W}pPr/{W}rPr/{W}del") is not None:
                    pending = paragraph
                    continue
                found += [paragraph, *floating]
        return [*found, pending] if pending is not None else found

    def table(self, element: Any, depth: int) -> Table:
        rows: list[tuple[Cell, ...]] = []
        heads = 0
        for row in _below(element, f"{W}tr"):
            if row.find(f"{W}trPr/{W}del") is not None:
                self.source.deleted += 1
                continue
            column = number(value(row, "trPr/gridBefore"))
            cells = []
            for cell in _below(row, f"{W}tc"):
                width = max(1, min(200, number(value(cell, "tcPr/gridSpan")) or 1))
                merge = cell.find(f"{W}tcPr/{W}vMerge")
                continued = merge is not None and merge.get(f"{W}val", "continue") != "restart"
                cells.append(Cell(tuple(self.blocks(cell, depth + 1)), column, width, continued))
                column += width
            heads += heads == len(rows) and is_on(row.find(f"{W}trPr"), "tblHeader")
            rows.append(tuple(cells))
        return Table(_with_heights(rows), heads)

    def paragraph(self, element: Any, depth: int) -> tuple[Paragraph, list[Block]]:
        style = self.package.styles.get(value(element, "pPr/pStyle"), Style())
        text = _Text()
        self.inline(element, text, style, depth)
        text.end_line()
        level = value(element, "pPr/outlineLvl")
        properties = element.find(f"{W}pPr")
        made = Paragraph(
            lines=tuple(text.lines),
            level=int(level) + 1 if level.isdigit() and int(level) < 9 else style.level,
            listed=self._listed(element, style),
            centred=(value(element, "pPr/jc") == "center") or (style.centred and not value(element, "pPr/jc")),
            new_page=is_on(properties, "pageBreakBefore") or _has_page_break(element),
            size=max((number(value(run, "rPr/sz")) for run in element.iter(f"{W}r")), default=0) or style.size,
            style=style.name,
        )
        return made, text.floating

    def _listed(self, element: Any, style: Style) -> Listed | None:
        key = value(element, "pPr/numPr/numId") or style.number
        if not key or key == "0":
            return None
        depth = number(value(element, "pPr/numPr/ilvl")) or style.depth
        how = self.package.counting.get((key, depth), Depth(True))
        return Listed(key, depth, how.counts, how.start)

    def inline(self, parent: Any, text: _Text, style: Style, depth: int) -> None:
        """Runs and what stands among them."""
        for element in parent:
            if not isinstance(element.tag, str) or depth > DEEPEST:
                continue
            if element.tag in _GONE:
                self.source.deleted += 1
            elif element.tag == f"{W}r":
                self.run(element, text, style, depth + 1)
            elif element.tag == f"{M}oMath":
                self._formula(element, text)
            elif element.tag in {f"{W}commentRangeStart", f"{W}commentRangeEnd"}:
                self._range(element, text)
            elif not element.tag.endswith("Pr"):
                self.source.inserted += element.tag == f"{W}ins"
                self.inline(element, text, style, depth + 1)

    def _range(self, element: Any, text: _Text) -> None:
        """Remember the words that a comment speaks of."""
        key = str(element.get(f"{W}id"))
        so_far = "".join(line.text for line in text.lines) + text.text
        if element.tag == f"{W}commentRangeStart":
            self.quoting[key] = so_far
            return
        before = self.quoting.get(key, "")
        quote = so_far[len(before) :] if so_far.startswith(before) else so_far
        if key in self.source.comments:
            kept = "".join(sign for sign in quote if ord(sign) < FIRST_OBJECT).strip()
            self.source.comments[key] = replace(self.source.comments[key], quote=kept[:200])

    def _formula(self, element: Any, text: _Text) -> None:
        made = omml.latex(element)
        parent = element.getparent()
        display = parent is not None and parent.tag == f"{M}oMathPara"
        if made:
            text.add(self.source.hold(Formula(made, display)))

    def run(self, run: Any, text: _Text, style: Style, depth: int) -> None:
        marks = _marks(run.find(f"{W}rPr"), style)
        for element in run:
            if isinstance(element.tag, str):
                self._in_run(element, text, style, marks, depth)

    def _in_run(self, element: Any, text: _Text, style: Style, marks: int, depth: int) -> None:
        name = element.tag.rpartition("}")[2]
        hidden = bool(text.codes) and not text.codes[-1].in_result
        if name == "t" and not hidden:
            text.add(_clean(element.text or ""), marks)
        elif name == "tab":
            text.add("\t")
        elif name in {"br", "cr"} and element.get(f"{W}type", "") != "page":
            text.end_line()
        elif name in {"noBreakHyphen", "softHyphen"}:
            text.add("-" if name == "noBreakHyphen" else "")
        elif name == "sym":
            text.add(_symbol(element), marks)
        elif name == "instrText" and text.codes:
            text.codes[-1].code += element.text or ""
        elif name == "fldChar":
            self._field(str(element.get(f"{W}fldCharType", "")), text)
        elif name == "commentReference":
            text.notes.append((len(text.text), str(element.get(f"{W}id"))))
        elif name in {"drawing", "pict", "object", "AlternateContent", "ruby"}:
            self._object(element, text, style, depth)

    def _field(self, mark: str, text: _Text) -> None:
        if mark == "begin":
            text.codes.append(_Field())
        elif mark == "separate" and text.codes:
            text.codes[-1].in_result = True
        elif mark == "end" and text.codes:
            code = text.codes.pop()
            latex, plain = fields.read(code.code)
            if not code.in_result or latex:
                text.add(self.source.hold(Formula(latex)) if latex else plain)

    def _object(self, element: Any, text: _Text, style: Style, depth: int) -> None:
        """Pictures in their place, the words of a text box below it; a reading (ruby) gives way to its characters."""
        if element.tag == f"{W}ruby":
            for base in element.findall(f"{W}rubyBase"):
                self.inline(base, text, style, depth)
            return
        for part in _drawn(element):
            if part.tag == f"{W}txbxContent":
                text.floating += self.blocks(part, depth + 1)
                continue
            key = str(part.get(f"{R}embed") or part.get(f"{R}id") or part.get(f"{R}link") or "")
            target = self.package.relations.get(key, "")
            text.add(self.source.hold(Picture(target, _alternative(element))))


def _drawn(root: Any) -> Iterator[Any]:
    """Pictures and text boxes of a drawing, each once: the second telling of an AlternateContent is left out."""
    pending = [root]
    while pending:
        element = pending.pop()
        if not isinstance(element.tag, str):
            continue
        if element.tag == f"{MC}AlternateContent":
            choice = element.find(f"{MC}Choice")
            fallback = element.find(f"{MC}Fallback")
            told = choice if choice is not None and next(_drawn(choice), None) is not None else fallback
            pending += [] if told is None else list(reversed(told))
        elif element.tag in {f"{W}txbxContent", f"{A}blip", f"{V}imagedata"}:
            yield element
        else:
            pending += list(reversed(element))


def _alternative(element: Any) -> str:
    found = next(element.iter(f"{WP}docPr"), None)
    return "" if found is None else str(found.get("descr", ""))[:200]


def _marks(properties: Any, style: Style) -> int:
    bold = is_on(properties, "b") if properties is not None and properties.find(f"{W}b") is not None else style.bold
    marks = Mark.STRONG if bold else Mark(0)
    if properties is None:
        return int(marks)
    raised = value(properties, "vertAlign")
    marks |= {"superscript": Mark.SUPERSCRIPT, "subscript": Mark.SUBSCRIPT}.get(raised, Mark(0))
    for name, mark in (("u", Mark.UNDERLINE), ("em", Mark.DOTS), ("strike", Mark.STRIKE)):
        marks |= mark if is_on(properties, name) else Mark(0)
    return int(marks)


def _clean(text: str) -> str:
    """Text without what could be taken for an object or break what stores it."""
    return "".join("\ufffd" if ord(sign) >= FIRST_OBJECT else sign for sign in text if sign >= " " or sign == "\t")


def _symbol(element: Any) -> str:
    code = str(element.get(f"{W}char", "")).lower()
    if not re.fullmatch(r"[0-9a-f]{4}", code) or 0xD800 <= int(code, 16) <= 0xDFFF:
        return ""
    return _SYMBOLS.get(code, chr(int(code, 16)))


def _has_page_break(element: Any) -> bool:
    return any(b.get(f"{W}type") == "page" for b in element.iter(f"{W}br"))


def _merged(first: Paragraph, second: Paragraph) -> Paragraph:
    """Two paragraphs whose mark between them was deleted are one."""
    lines = (*first.lines[:-1], joined((first.lines[-1], second.lines[0])), *second.lines[1:])
    return replace(first, lines=lines)


def _unwrapped(parent: Any, depth: int) -> Iterator[Any]:
    """Paragraphs and tables below a parent, through content controls and the like; deletions stay outside."""
    for element in parent:
        if not isinstance(element.tag, str) or element.tag in _GONE:
            continue
        if element.tag in {f"{W}p", f"{W}tbl"}:
            yield element
        elif depth < DEEPEST and element.tag != f"{MC}Fallback" and not element.tag.endswith("Pr"):
            yield from _unwrapped(element, depth + 1)


def _below(parent: Any, tag: str) -> Iterator[Any]:
    """Rows of a table, cells of a row, also those in content controls; never those of a nested table."""
    for element in parent:
        if element.tag == tag:
            yield element
        elif element.tag in {f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml", f"{W}smartTag"}:
            yield from _below(element, tag)


def _with_heights(rows: Iterable[tuple[Cell, ...]]) -> tuple[tuple[Cell, ...], ...]:
    """The same rows, each cell that was merged downwards with its number of rows."""
    made = [list(row) for row in rows]
    for at, row in enumerate(made):
        for place, cell in enumerate(row):
            below = at + 1
            while (
                not cell.continued
                and below < len(made)
                and any(other.column == cell.column and other.continued for other in made[below])
            ):
                below += 1
            row[place] = replace(cell, height=below - at)
    return tuple(tuple(row) for row in made)
