"""Rich text: ProseMirror JSON of a closed list of nodes and marks; what is not on the list does not get in.

Offsets are Unicode code points. `to_markup` and `from_markup` carry it through a plain text box: paragraphs, lists,
**strong**, $formulas$; what a text box cannot hold (tables, pictures) stands as a numbered token and is put back.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from library.documents import formulas
from library.documents.fields import EMPTY_RICH, RichText
from library.documents.latex import repaired

Node = Mapping[str, Any]

BLOCKS = {"paragraph", "heading", "bullet_list", "ordered_list", "blockquote", "table", "image", "formula_block"}
CHILDREN: Mapping[str, frozenset[str]] = {
    "doc": frozenset(BLOCKS),
    "paragraph": frozenset({"text", "hard_break", "formula", "link_card"}),
    "heading": frozenset({"text", "formula"}),
    "bullet_list": frozenset({"list_item"}),
    "ordered_list": frozenset({"list_item"}),
    "list_item": frozenset({"paragraph", "bullet_list", "ordered_list", "image", "formula_block"}),
    "blockquote": frozenset({"paragraph"}),
    "table": frozenset({"table_row"}),
    "table_row": frozenset({"table_cell", "table_header"}),
    "table_cell": frozenset({"paragraph", "bullet_list", "ordered_list", "image", "formula_block"}),
    "table_header": frozenset({"paragraph"}),
}
LEAVES = {"text", "hard_break", "image", "formula", "formula_block", "link_card"}
ATTRS: Mapping[str, frozenset[str]] = {
    "heading": frozenset({"level"}),
    "image": frozenset({"file", "alt", "width"}),
    "formula": frozenset({"latex"}),
    "formula_block": frozenset({"latex"}),
    "link_card": frozenset({"target", "uid", "title"}),
    "table_cell": frozenset({"colspan", "rowspan"}),
    "table_header": frozenset({"colspan", "rowspan"}),
    "ordered_list": frozenset({"start"}),
}
MARKS = {
    "strong": "strong",
    "underline": "u",
    "emphasis_dots": "em",
    "subscript": "sub",
    "superscript": "sup",
    "strike": "s",
}
COUNTED = frozenset({"level", "colspan", "rowspan", "start", "width"})
TYPED = frozenset(name for names in ATTRS.values() for name in names)
MAX_DEPTH = 12


@dataclass(frozen=True, slots=True)
class RichProblem(ValueError):
    """A node that is not on the list; `sentence` tells a teacher what to do."""

    sentence: str


def check(value: RichText) -> None:
    """Raise `RichProblem` unless every node, attribute and mark is on the closed list."""
    if not isinstance(value, Mapping) or value.get("type") != "doc":
        raise RichProblem("这段文字的格式不认识，请重新粘贴为纯文本")
    _check_node(value, 0)


def _check_node(node: Node, depth: int) -> None:
    kind = node.get("type")
    if depth > MAX_DEPTH:
        raise RichProblem("嵌套太深，请把表格或列表拆开")
    if not isinstance(kind, str) or not _has_shape(node):
        raise RichProblem("这段文字的格式不认识，请重新粘贴为纯文本")
    unknown = set(node.get("attrs") or {}) - ATTRS.get(kind, frozenset())
    if unknown or (kind not in CHILDREN and kind not in LEAVES):
        raise RichProblem(
            f"不支持的内容：{kind if not unknown else '、'.join(sorted(unknown))}，请改成文字、表格或图片"
        )
    if kind == "text":
        _check_text(node)
    for child in node.get("content") or ():
        if not isinstance(child, Mapping) or str(child.get("type")) not in CHILDREN.get(kind, frozenset()):
            raise RichProblem("不支持的内容嵌套，请重新粘贴为纯文本")
        _check_node(child, depth + 1)


def _has_shape(node: Node) -> bool:
    """Children in a list, attributes of the sort that each is: whatever was sent, reading it never fails."""
    attrs, content = node.get("attrs") or {}, node.get("content") or []
    if not isinstance(attrs, Mapping) or not isinstance(content, list | tuple):
        return False
    return all(
        value is None or (isinstance(value, int) and 0 <= value < 10_000 if name in COUNTED else isinstance(value, str))
        for name, value in attrs.items()
        if name in TYPED
    )


def _check_text(node: Node) -> None:
    if not isinstance(node.get("text"), str) or not node["text"]:
        raise RichProblem("有一段空文字，请删去后再保存")
    marks = node.get("marks") or []
    if not isinstance(marks, list | tuple) or not all(isinstance(mark, Mapping) for mark in marks):
        raise RichProblem("这段文字的格式不认识，请重新粘贴为纯文本")
    for mark in marks:
        if str(mark.get("type")) not in MARKS:
            raise RichProblem(f"不支持的格式：{mark.get('type')}")


def is_empty(value: RichText) -> bool:
    return not to_text(value).strip() and not any(n["type"] in {"image", "formula_block"} for n in nodes(value))


def nodes(value: Node) -> Iterator[Node]:
    """Every node in reading order, the root first."""
    yield value
    for child in value.get("content") or ():
        yield from nodes(child)


def to_text(value: Node) -> str:
    """Plain text, a line a paragraph or cell; formulas as LaTeX, pictures as their alternative text."""
    kind = value["type"]
    attrs = value.get("attrs") or {}
    if kind == "text":
        return str(value["text"])
    if kind in {"formula", "formula_block"}:
        return str(attrs.get("latex", ""))
    if kind in {"image", "link_card"}:
        return str(attrs.get("alt") or attrs.get("title") or "")
    if kind == "hard_break":
        return "\n"
    inner = [to_text(child) for child in value.get("content") or ()]
    return "".join(inner) if kind in {"paragraph", "heading"} else "\n".join(part for part in inner if part)


def to_plain(value: Node) -> str:
    """Like `to_text`, with formulas in plain signs: for titles and cards."""
    if value["type"] in {"formula", "formula_block"}:
        return formulas.to_plain(str((value.get("attrs") or {}).get("latex", "")))
    if value["type"] in {"image", "link_card"}:
        return ""
    if value["type"] in {"text", "hard_break"}:
        return to_text(value)
    inner = [to_plain(child) for child in value.get("content") or ()]
    return "".join(inner) if value["type"] in {"paragraph", "heading"} else "\n".join(part for part in inner if part)


def to_html(value: Node) -> str:
    """Safe HTML: every tag is ours, every text escaped. Formulas are MathML."""
    return "".join(_html(child) for child in value.get("content") or ())


_TAGS = {
    "paragraph": "p",
    "bullet_list": "ul",
    "ordered_list": "ol",
    "list_item": "li",
    "blockquote": "blockquote",
    "table_row": "tr",
    "table_cell": "td",
    "table_header": "th",
}


def _html(node: Node) -> str:
    kind = node["type"]
    if kind == "text":
        return _marked(node)
    if kind in LEAVES:
        return _leaf_html(kind, node.get("attrs") or {})
    inner = to_html(node)
    if kind == "heading":
        level = min(6, 3 + int((node.get("attrs") or {}).get("level", 1)))
        return f"<h{level}>{inner}</h{level}>"
    if kind == "table":
        return f'<div class="table-scroll" tabindex="0"><table class="table">{inner}</table></div>'
    spans = "".join(
        f' {n}="{int(v)}"' for n, v in (node.get("attrs") or {}).items() if n in {"colspan", "rowspan", "start"} and v
    )
    return f"<{_TAGS[kind]}{spans}>{inner}</{_TAGS[kind]}>"


def _marked(node: Node) -> str:
    html = escape(str(node["text"]))
    for mark in node.get("marks") or ():
        tag = MARKS[mark["type"]]
        html = f"<{tag}>{html}</{tag}>"
    return html


def _leaf_html(kind: str, attrs: Mapping[str, Any]) -> str:
    if kind == "hard_break":
        return "<br>"
    if kind in {"formula", "formula_block"}:
        tag = "span" if kind == "formula" else "div"
        latex = repaired(str(attrs.get("latex", "")))
        mathml = formulas.to_mathml(latex, block=kind == "formula_block")
        return f'<{tag} class="formula" data-latex="{escape(latex)}">{mathml}</{tag}>'
    if kind == "link_card":
        prefix = {"resource": "/r/", "node": "/k/"}.get(str(attrs.get("target")), "/r/")
        return f'<a href="{prefix}{escape(str(attrs.get("uid", "")))}/">{escape(str(attrs.get("title", "")))}</a>'
    alt, width = escape(str(attrs.get("alt") or "")), attrs.get("width")
    sized = f' width="{int(width)}"' if width else ""
    return f'<img src="/f/{escape(str(attrs.get("file") or ""))}/picture" alt="{alt}"{sized} loading="lazy">'


def paragraph(*content: Node) -> dict[str, Any]:
    return {"type": "paragraph", "content": list(content)} if content else {"type": "paragraph"}


_INLINE = re.compile(r"\*\*(?P<strong>[^*\n]+)\*\*|\$(?P<latex>[^$\n]+)\$")
_BULLET = re.compile(r"^\s*[-•·]\s+(?P<rest>.*)$")
_NUMBERED = re.compile(r"^\s*(?P<number>\d{1,3})(?:[、．]|\.(?!\d))\s*(?P<rest>.*)$")
_TOKEN = re.compile(r"^〔(?:表格|图片|公式|引文|标题|列表)(?P<number>\d+)〕$")
_NAMES = {"table": "表格", "image": "图片", "formula_block": "公式", "blockquote": "引文", "heading": "标题"}


def from_markup(markup: str, previous: RichText = EMPTY_RICH) -> dict[str, Any]:
    """Read a text box. A line is a paragraph; `- ` and `1. ` make lists; tokens bring back the nodes of `previous`."""
    kept = _opaque(previous)
    content: list[dict[str, Any]] = []
    for line in markup.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if not line.strip():
            continue
        token = _TOKEN.match(line.strip())
        if token and int(token["number"]) <= len(kept):
            content.append(dict(kept[int(token["number"]) - 1]))
            continue
        _append_line(content, line)
    return {"type": "doc", "content": content}


def _append_line(content: list[dict[str, Any]], line: str) -> None:
    for kind, pattern in (("bullet_list", _BULLET), ("ordered_list", _NUMBERED)):
        found = pattern.match(line)
        if not found:
            continue
        item = {"type": "list_item", "content": [paragraph(*_inline(found["rest"]))]}
        if content and content[-1]["type"] == kind:
            content[-1]["content"].append(item)
            return
        start = int(found["number"]) if kind == "ordered_list" else 1
        content.append({"type": kind, **({"attrs": {"start": start}} if start != 1 else {}), "content": [item]})
        return
    content.append(paragraph(*_inline(line.strip())))


def _inline(line: str) -> list[Node]:
    found: list[Node] = []
    at = 0
    for match in _INLINE.finditer(line):
        if match.start() > at:
            found.append({"type": "text", "text": line[at : match.start()]})
        if match["strong"]:
            found.append({"type": "text", "text": match["strong"], "marks": [{"type": "strong"}]})
        else:
            found.append({"type": "formula", "attrs": {"latex": match["latex"]}})
        at = match.end()
    if at < len(line):
        found.append({"type": "text", "text": line[at:]})
    return found


def to_markup(value: RichText) -> str:
    """Write for a text box; `from_markup(to_markup(v), v)` gives back what a text box can hold, and every token."""
    kept = _opaque(value)
    lines: list[str] = []
    for node in value.get("content") or ():
        if node in kept:
            lines.append(f"〔{_NAMES.get(node['type'], '列表')}{kept.index(node) + 1}〕")
        elif node["type"] == "paragraph":
            lines.append(_line(node))
        else:
            lines.extend(_list_lines(node))
    return "\n".join(lines)


def _list_lines(node: Node) -> Iterator[str]:
    start = int((node.get("attrs") or {}).get("start", 1))
    for number, item in enumerate(node["content"], start):
        mark = "-" if node["type"] == "bullet_list" else f"{number}."
        yield f"{mark} {_line(item['content'][0])}"


def _line(block: Node) -> str:
    parts = []
    for node in block.get("content") or ():
        if node["type"] == "formula":
            parts.append(f"${node['attrs']['latex']}$")
        elif any(mark["type"] == "strong" for mark in node.get("marks") or ()):
            parts.append(f"**{node['text']}**")
        else:
            parts.append(to_text(node))
    return "".join(parts)


def _opaque(value: RichText) -> Sequence[Node]:
    """Top-level blocks that a text box cannot hold, in order."""
    return [node for node in value.get("content") or () if not _fits_a_text_box(node)]


def _fits_a_text_box(node: Node) -> bool:
    if node["type"] == "paragraph":
        plain = all(n["type"] in {"text", "formula"} and _plain_marks(n) for n in node.get("content") or ())
        return plain and bool(node.get("content"))
    if node["type"] in {"bullet_list", "ordered_list"}:
        items = node.get("content") or ()
        return all(
            len(i.get("content") or ()) == 1
            and i["content"][0]["type"] == "paragraph"
            and _fits_a_text_box(i["content"][0])
            for i in items
        )
    return False


def _plain_marks(node: Node) -> bool:
    return {mark["type"] for mark in node.get("marks") or ()} <= {"strong"}
