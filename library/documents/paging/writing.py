"""Printed sheets as one PDF: every sheet from a new page under its own school's letterhead, pages numbered throughout.

Text goes to typst as string values and never as its markup, so nothing that a teacher types is a command. A character
that our two faces lack is printed 〓 and told; a formula that cannot be read is printed as its source and told.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst

from library.documents.formulas import Unreadable
from library.documents.paging.formulas import quoted, to_typst
from library.documents.printed import Block, Grid, Heading, Line, Named, Prose, Ruled, Sheet
from library.documents.rich import Node
from library.documents.word.writing import Letter, Picture, Written, no_picture

FONTS = Path(__file__).parent / "fonts"
LACKING = "〓"
HEAD = """#set document(title: {title})
#set text(font: ("Gongbei Song",), size: 10.5pt, lang: "zh", region: "cn")
#set par(leading: .75em, spacing: .8em, justify: true)
#show math.equation: set text(font: ("New Computer Modern Math", "Gongbei Song"))
#show strong: it => text(font: "Gongbei Hei", weight: "regular", it.body)
#show heading: it => block(above: 1.3em, below: .7em, sticky: true, text(font: "Gongbei Hei", weight: "regular", it.body))
#show heading.where(level: 1): set text(size: 12pt)
#show heading.where(level: 2): set text(size: 10.5pt)
#set table(stroke: .5pt, inset: (x: 4pt, y: 4pt), align: left + top)
#set list(marker: ([•], [◦], [▪]), indent: 0pt, body-indent: .5em)
#set enum(indent: 0pt, body-indent: .5em)
#let named(words) = block(above: .7em, below: .4em, sticky: true, text(font: "Gongbei Hei", size: 9.5pt, words))
#let head(words) = align(center, text(font: "Gongbei Hei", size: 10pt, words))
#let dotted(words) = for sign in words.clusters() [#box(place(bottom + center, dy: 3.5pt, text(size: 6pt)[•]) + sign)]
"""
MARKS = {
    "strong": "strong[{}]",
    "underline": "underline[{}]",
    "subscript": "sub[{}]",
    "superscript": "super[{}]",
    "strike": "strike[{}]",
}


@dataclass(slots=True)
class Setting:
    """What one PDF gathers: the pictures in its folder, and what could not be set."""

    folder: Path
    pictures: Callable[[str], Picture | None]
    held: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def words(self, value: str) -> str:
        """Text as a value; what the faces lack is replaced and told."""
        lacking = sorted({sign for sign in value if sign not in covered() and not sign.isspace()})
        for sign in lacking:
            value = value.replace(sign, LACKING)
            self.problems.append(f"“{sign}”不在印刷字库里，印成了{LACKING}。请下载 Word 版打印")
        return "#" + quoted(value)

    def picture(self, uid: str) -> str:
        """The name of the picture in the folder; empty: it cannot be had."""
        if uid not in self.held:
            found = self.pictures(uid)
            name = f"p{len(self.held)}.{found.kind}" if found else ""
            if found:
                (self.folder / name).write_bytes(found.content)
            self.held[uid] = name
        return self.held[uid]


@cache
def covered() -> frozenset[str]:
    """What both of our faces can print."""
    faces = [frozenset(path.read_text("utf-8")) for path in sorted(FONTS.glob("*.txt"))]
    return frozenset.intersection(*faces)


@cache
def fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(FONTS)])


def write(sheets: Sequence[tuple[Sheet, Letter]], *, pictures: Callable[[str], Picture | None] = no_picture) -> Written:
    """One PDF of the sheets in their order."""
    with TemporaryDirectory(prefix="pages-") as folder:
        to = Setting(Path(folder), pictures)
        parts = [HEAD.format(title=quoted("、".join(sheet.title for sheet, _ in sheets)[:200]))]
        parts += [_sheet(sheet, letter, to, at) for at, (sheet, letter) in enumerate(sheets)]
        main = Path(folder) / "main.typ"
        main.write_text("\n".join(parts), "utf-8")
        content = typst.compile(str(main), root=folder, font_paths=fonts(), ignore_system_fonts=True, format="pdf")
    return Written(bytes(content), tuple(dict.fromkeys(to.problems)))


def _sheet(sheet: Sheet, letter: Letter, to: Setting, at: int) -> str:
    logo = ""
    if letter.logo:
        (to.folder / f"logo{at}.{letter.logo.kind}").write_bytes(letter.logo.content)
        logo = f'#box(baseline: 25%, image("logo{at}.{letter.logo.kind}", height: 7mm)) #h(.5em)'
    head = f'#text(font: "Gongbei Hei", size: 9pt)[{logo}{to.words(letter.name)}#h(1fr){to.words(sheet.kind)}]'
    ruled = f"[{head}#v(-.6em)#line(length: 100%, stroke: 1.2pt)]"
    said = f"{to.words(letter.footer)}#h(2em)" if letter.footer else ""
    pages = "第 #context counter(page).display() 页　共 #context counter(page).final().first() 页"
    foot = f"align(center, text(size: 9pt)[{said}{pages}])"
    page = (
        f'#set page(paper: "a4", flipped: {str(sheet.wide).lower()}, header: {ruled}, footer: {foot},'
        " margin: (top: 22mm, right: 16mm, bottom: 20mm, left: 20mm))"
    )
    title = f'#align(center, block(above: 4pt, below: 12pt, text(font: "Gongbei Hei", size: 18pt)[{to.words(sheet.title)}]))'
    body = "\n".join(
        f"= {to.words(f'{section.no}、{section.label}')}\n{_blocks(section.blocks, to)}" for section in sheet.sections
    )
    return f"#[\n{page}\n{title}\n{_facts(sheet.facts, to)}\n{body}\n]"


def _facts(pairs: Sequence[tuple[str, str]], to: Setting) -> str:
    if not pairs:
        return ""
    cells = "".join(f"[#head[{to.words(label)}]], [{to.words(value)}], " for label, value in pairs)
    rest = "[], []," if len(pairs) % 2 else ""
    return f"#table(columns: (13%, 37%, 13%, 37%), {cells}{rest})"


def _blocks(found: Sequence[Block], to: Setting) -> str:
    return "\n\n".join(_block(one, to) for one in found)


def _block(one: Block, to: Setting) -> str:
    if isinstance(one, Heading):
        return f"{'=' * one.level} {to.words(one.text)}"
    if isinstance(one, Named):
        return f"#named[{to.words(one.label)}]"
    if isinstance(one, Line):
        label = f"*{to.words(f'{one.label}：')}*" if one.label else ""
        return f"*{to.words(one.text)}*" if one.strong else f"{label}{to.words(one.text)}"
    if isinstance(one, Prose):
        return _rich(one.value, to)
    if isinstance(one, Ruled):
        return f"#for _ in range({one.lines}) [#v(8mm)#line(length: 100%, stroke: .5pt)]"
    return _grid(one, to)


def _grid(one: Grid, to: Setting) -> str:
    widths = ", ".join(f"{width}%" for width in one.widths)
    heads = ", ".join(f"[#head[{to.words(head)}]]" for head in one.heads)
    cells = ",\n".join(f"[{_blocks(cell, to)}]" for row in one.rows for cell in row)
    return f"#table(columns: ({widths},), table.header({heads}),\n{cells})"


def _rich(value: Node, to: Setting) -> str:
    return "\n\n".join(_node(node, to) for node in value.get("content") or ())


def _node(node: Node, to: Setting) -> str:
    kind, attrs = node["type"], node.get("attrs") or {}
    if kind in {"bullet_list", "ordered_list"}:
        items = ", ".join(f"[{_rich(item, to)}]" for item in node.get("content") or ())
        start = f"start: {int(attrs.get('start', 1))}, " if kind == "ordered_list" else ""
        return f"#{'enum' if start else 'list'}({start}{items})"
    if kind == "blockquote":
        return f"#pad(x: 2em)[{_rich(node, to)}]"
    if kind == "table":
        return _rich_table(node, to)
    if kind == "formula_block":
        return _formula(str(attrs.get("latex", "")), to, block=True)
    if kind == "image":
        return _picture(attrs, to)
    if kind == "heading":
        return f"{'=' * min(6, 2 + int(attrs.get('level', 1)))} {_inline(node, to)}"
    return _inline(node, to)


def _rich_table(node: Node, to: Setting) -> str:
    rows = [row.get("content") or () for row in node.get("content") or ()]
    spans = [sum(max(1, int((cell.get("attrs") or {}).get("colspan") or 1)) for cell in row) for row in rows]
    cells = []
    for cell in (one for row in rows for one in row):
        attrs = cell.get("attrs") or {}
        given = "".join(f"{name}: {int(attrs[name])}, " for name in ("colspan", "rowspan") if attrs.get(name))
        inner = _rich(cell, to)
        shown = f"#head[{inner}]" if cell["type"] == "table_header" else inner
        cells.append(f"table.cell({given}[{shown}])")
    return f"#table(columns: (1fr,) * {max(spans, default=1) or 1}, {', '.join(cells)})"


def _inline(node: Node, to: Setting) -> str:
    return "".join(_pieces(node, to)) or "#h(0pt)"


def _pieces(node: Node, to: Setting) -> Iterator[str]:
    for child in node.get("content") or ():
        attrs = child.get("attrs") or {}
        if child["type"] == "text":
            yield _marked(child, to)
        elif child["type"] == "hard_break":
            yield "#linebreak()"
        elif child["type"] == "formula":
            yield _formula(str(attrs.get("latex", "")), to, block=False)
        elif child["type"] == "link_card":
            yield to.words(str(attrs.get("title", "")))


def _marked(node: Node, to: Setting) -> str:
    marks = {mark["type"] for mark in node.get("marks") or ()}
    words = to.words(str(node["text"]))
    written = f"#dotted({words[1:]})" if "emphasis_dots" in marks else words
    for name, around in MARKS.items():
        if name in marks:
            written = "#" + around.format(written)
    return written


def _formula(latex: str, to: Setting, *, block: bool) -> str:
    try:
        inner = to_typst(latex)
    except Unreadable as problem:
        to.problems.append(f"{problem.sentence}，原样印了出来。请在原文里改好这个公式")
        return to.words(f"${latex}$")
    return f"$ {inner} $" if block else f"${inner}$"


def _picture(attrs: Any, to: Setting) -> str:
    alt = str(attrs.get("alt", ""))
    name = to.picture(str(attrs.get("file", "")))
    if not name:
        to.problems.append(f"图片“{alt or '没有说明'}”放不进来，印了它的说明。请换一张小一些的图片，或重新插入")
        return to.words(f"（图片：{alt or '没有说明'}）")
    return f'#align(center, image("{name}", alt: {quoted(alt)}, height: 60mm, fit: "contain"))'
