"""Documents of every shape that can be printed, and the eye that says whether two are the same text.

Same means: every word, mark, list, table, picture, formula and number in its place; ids, order keys and typed links to
other things may differ, for paper cannot carry them.
"""

import zipfile
from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from random import Random
from typing import Any
from xml.etree.ElementTree import Element

from library.documents import formulas
from library.documents.fields import Document, Holds, RichText, Row, Spec, ordered, specs
from library.documents.order import spread
from library.documents.printed import is_empty
from library.documents.rich import MARKS

HAN = "的一是在梯形面积学生高底平行四边同桌发现剪拼说观察比较《》，。；：（）“”"
FORMULAS = (
    r"\frac{1}{3}+\sqrt{2}", "S=(a+b)h\\div 2", r"x_{1}^{2}", r"\sqrt[3]{8}", r"\begin{cases}x=1\\y=2\end{cases}",
    r"\overline{AB}", r"0.\dot{3}", r"\frac{a+1}{\frac{b}{2}}", r"90^{\circ}", r"\text{路程}=\text{速度}\times 3", r"a\ne b", r"3\times 4\le 12",
    r"\left(\frac{1}{2}\right)^{2}", r"25\%", r"\angle A=60^\circ", r"\triangle ABC",
)  # fmt: skip
DROPPED = frozenset({"file", "width"})
"""What of a picture is a link to a file, or the way that the screen shows it."""


class Press:
    """Makes documents."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def words(self, most: int = 24) -> str:
        one = self.random.choice
        return (
            "".join(
                one(HAN) if one((1, 1, 1, 0)) else one("abcXYZ0189%+-= <>&\"'/") for _ in range(one(range(1, most)))
            ).strip()
            or "字"
        )

    def line(self) -> str:
        """A value of one line, as a form keeps it."""
        return self.words(12).replace("、", "，").replace("：", "，")

    def document(self, of: type[Document]) -> Document:
        made: Document = self.filled(of)
        return made

    def filled(self, of: type, share: float = 0.75) -> Any:
        known = specs(of)
        made = of(**{name: self.value(spec) for name, spec in known if self.random.random() < share})
        return self.referring(made, known) if issubclass(of, Document) else made

    def referring(self, document: Any, known: list[tuple[str, Spec]]) -> Any:
        """References to rows of the document lead to rows that are there."""
        for name, spec in known:
            if spec.holds is not Holds.ROWS or spec.of is None:
                continue
            rows = {key: self._row_referring(document, row) for key, row in getattr(document, name).items()}
            document = replace(document, **{name: rows})
        return document

    def _row_referring(self, document: Any, row: Any) -> Any:
        for name, spec in specs(type(row)):
            if spec.holds is Holds.REFS and spec.target.startswith("#"):
                there = [key for key, _ in ordered(getattr(document, spec.target[1:], {}))]
                row = replace(row, **{name: tuple(key for key in there if self.random.random() < 0.5)})
        return row

    def value(self, spec: Spec) -> Any:
        random = self.random
        if spec.holds is Holds.RICH:
            return self.rich()
        if spec.holds is Holds.GROUP and spec.of:
            return self.filled(spec.of)
        if spec.holds is Holds.ROWS and spec.of:
            rows = (self.row(spec.of, order) for order in spread(random.randrange(5)))
            return {f"k{random.getrandbits(30):x}": row for row in rows}
        if spec.holds is Holds.NAMES:
            return tuple(self.line() for _ in range(random.randrange(4)))
        if spec.holds is Holds.REFS:
            return ()
        if spec.holds is Holds.NUMBER:
            return random.randrange(1, 60) + (0.5 if spec.halves and random.random() < 0.3 else 0)
        return random.choice(spec.choices) if spec.holds is Holds.CHOICE else self.line()

    def row(self, of: type, order: str) -> Row:
        """A row that says something: an empty one leaves nothing on paper."""
        made: Row = replace(self.filled(of), order=order)
        known = specs(of)
        if not all(is_empty(spec, getattr(made, name)) for name, spec in known if spec.holds is not Holds.REFS):
            return made
        name, spec = next((n, s) for n, s in known if s.holds in {Holds.RICH, Holds.TEXT})
        return replace(made, **{name: self.value(spec)})

    def rich(self) -> RichText:
        return {"type": "doc", "content": [self.block() for _ in range(self.random.randrange(1, 5))]}

    def block(self) -> dict[str, Any]:
        kind = self.random.choice(
            ("paragraph",) * 6
            + ("bullet_list", "ordered_list", "table", "image", "heading", "blockquote", "formula_block")
        )
        if kind in {"bullet_list", "ordered_list"}:
            return self.list_of(kind, 0)
        if kind == "table":
            return self.table()
        if kind == "image":
            return {"type": kind, "attrs": {"file": f"f{self.random.randrange(3)}", "alt": self.line()}}
        if kind == "formula_block":
            return {"type": kind, "attrs": {"latex": self.random.choice(FORMULAS)}}
        if kind == "heading":
            return {
                "type": kind,
                "attrs": {"level": self.random.randrange(1, 4)},
                "content": [{"type": "text", "text": self.words(9)}],
            }
        return self.paragraph() if kind == "paragraph" else {"type": kind, "content": [self.paragraph()]}

    def paragraph(self) -> dict[str, Any]:
        content = [self.piece() for _ in range(self.random.randrange(1, 5))]
        return {"type": "paragraph", "content": [{"type": "text", "text": self.words(6)}, *content]}

    def piece(self) -> dict[str, Any]:
        chance = self.random.random()
        if chance < 0.1:
            return {"type": "formula", "attrs": {"latex": self.random.choice(FORMULAS)}}
        if chance < 0.15:
            return {"type": "hard_break"}
        marks = [mark for mark in MARKS if self.random.random() < 0.12]
        if {"subscript", "superscript"} <= set(marks):
            marks.remove("subscript")
        node: dict[str, Any] = {"type": "text", "text": self.words(10)}
        return node | {"marks": [{"type": mark} for mark in marks]} if marks else node

    def list_of(self, kind: str, depth: int) -> dict[str, Any]:
        items = []
        for _ in range(self.random.randrange(1, 4)):
            content: list[Any] = [self.paragraph()]
            if depth < 2 and self.random.random() < 0.2:
                content.append(self.list_of(self.random.choice(("bullet_list", "ordered_list")), depth + 1))
            items.append({"type": "list_item", "content": content})
        start = self.random.choice((1, 1, 3))
        attrs = {"attrs": {"start": start}} if kind == "ordered_list" and start != 1 else {}
        return {"type": kind, **attrs, "content": items}

    def table(self) -> dict[str, Any]:
        width = self.random.randrange(1, 4)
        rows = [[self.cell() for _ in range(width)] for _ in range(self.random.randrange(1, 4))]
        if width > 1 and self.random.random() < 0.4:
            rows[-1][0]["attrs"] = {"colspan": 2}
            del rows[-1][1]
        elif width > 1 and len(rows) > 2 and self.random.random() < 0.4:
            rows[1][0]["attrs"] = {"rowspan": 2}
            del rows[2][0]
        if self.random.random() < 0.4:
            rows[0] = [
                {
                    "type": "table_header",
                    "content": [{"type": "paragraph", "content": [{"type": "text", "text": self.words(6)}]}],
                }
                for _ in rows[0]
            ]
            rows[0] += [rows[0][0]] * (width - len(rows[0]))
        kept = [row for row in rows if row]
        return {"type": "table", "content": [{"type": "table_row", "content": row} for row in kept]}

    def cell(self) -> dict[str, Any]:
        content = [self.paragraph()] if self.random.random() < 0.9 else [{"type": "paragraph"}]
        if self.random.random() < 0.1:
            content.append(self.list_of("bullet_list", 1))
        return {"type": "table_cell", "content": content}


def stripped(content: bytes) -> bytes:
    """The file without its properties, custom XML and bookmarks, as it comes back from other programs."""
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(target, "w") as out:
        for name in source.namelist():
            if not name.startswith(("docProps/", "customXml/")):
                body = source.read(name)
                out.writestr(
                    name,
                    body.replace(
                        b'<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>',
                        b"",
                    ),
                )
    assert b"bookmarkStart" not in target.getvalue()
    return target.getvalue()


def seen(document: Document) -> Any:
    """A document as a reader of the paper knows it."""
    return _seen_group(document, document)


def _seen_group(value: Any, document: Document) -> dict[str, Any]:
    found = {
        name: _seen_value(spec, getattr(value, name), document) for name, spec in specs(type(value)) if name != "pages"
    }
    return {name: held for name, held in found.items() if held not in ("", None, (), [], {})}


def _seen_value(spec: Spec, value: Any, document: Document) -> Any:
    if spec.holds is Holds.RICH:
        return (
            [] if is_empty(spec, value) else [_seen_node(node) for node in _joined_quotes(value.get("content") or ())]
        )
    if spec.holds is Holds.GROUP:
        return _seen_group(value, document)
    if spec.holds is Holds.ROWS:
        return [_seen_group(row, document) for _, row in ordered(value)]
    if spec.holds is Holds.REFS:
        return _places(spec, value, document) if spec.target.startswith("#") else ()
    return value


def _places(spec: Spec, keys: Any, document: Document) -> tuple[int, ...]:
    rows = ordered(getattr(document, spec.target[1:], {}))
    return tuple(at for at, (key, _) in enumerate(rows) if key in keys)


def _joined_quotes(content: Any) -> list[Any]:
    """Two quotes one below the other are one on paper."""
    found: list[Any] = []
    for node in content:
        if node["type"] == "blockquote" and found and found[-1]["type"] == "blockquote":
            found[-1] = found[-1] | {"content": [*found[-1]["content"], *node["content"]]}
        else:
            found.append(node)
    return found


def _seen_node(node: Mapping[str, Any]) -> Any:
    kind, attrs = node["type"], dict(node.get("attrs") or {})
    if kind in {"formula", "formula_block"}:
        return (kind, _seen_formula(formulas.math_tree(attrs["latex"])))
    if kind == "text":
        return (kind, node["text"], frozenset(mark["type"] for mark in node.get("marks") or ()))
    kept = {name: value for name, value in attrs.items() if name not in DROPPED}
    return (kind, kept, _joined([_seen_node(child) for child in node.get("content") or ()]))


def _seen_formula(element: Element) -> Any:
    """A formula by what is drawn: groups of one and of a line are no more than what they hold."""
    inner = [_seen_formula(child) for child in element]
    flat = [one for child in inner for one in (child if isinstance(child, list) else [child])]
    tag = formulas.tag_of(element)
    if tag in {"math", "mrow", "mstyle"}:
        return flat if len(flat) != 1 else flat[0]
    if not inner and not (element.text or "").strip():
        return []
    return ("sign" if tag in {"mi", "mo", "mn", "mtext"} else tag, (element.text or "").strip(), tuple(inner))


def _joined(content: list[Any]) -> list[Any]:
    """Neighbours that are set alike are one run."""
    found: list[Any] = []
    for one in content:
        if found and one[0] == found[-1][0] == "text" and one[2] == found[-1][2]:
            found[-1] = ("text", found[-1][1] + one[1], one[2])
        else:
            found.append(one)
    return found
