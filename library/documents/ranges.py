"""A range of a field's text inside its rich text: shown with marks around it, or replaced by other words.

Offsets count the characters of `rich.to_text`, as `walk.Leaf.text` does; the layout here is that function's, node by node.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from library.documents import rich
from library.documents.fields import RichText

_FIRST = 0x100000
"""Signs of a private plane carry our tags through `rich.to_html`; a text that has such signs itself is shown unmarked."""


@dataclass(frozen=True, slots=True)
class Span:
    """A range that gets a tag around it, and perhaps something ahead of it or behind it, once.

    The HTML is the caller's and must be safe. The tag may be repeated where the range is cut by other tags.
    """

    start: int
    end: int
    opening: str = ""
    closing: str = ""
    ahead: str = ""
    behind: str = ""


@dataclass(frozen=True, slots=True)
class RangeProblem(ValueError):
    """The range cannot be replaced here; `sentence` tells a teacher why."""

    sentence: str

    def __str__(self) -> str:
        return self.sentence


def annotated(value: RichText | str, spans: Sequence[Span]) -> str:
    """The field as HTML with its spans; a plain text is escaped."""
    if isinstance(value, str):
        value = {"type": "doc", "content": [rich.paragraph({"type": "text", "text": value})]} if value else {}
        html = annotated(value, spans) if value else ""
        return html.removeprefix("<p>").removesuffix("</p>")
    if not spans or any(ord(sign) >= _FIRST for sign in rich.to_text(value)):
        return rich.to_html(value)
    tags = _Tags(spans)
    html = rich.to_html(tags.within(value, 0))
    return tags.written(html)


class _Tags:
    """Puts one sign for each opening, closing and addition into the text, and the HTML for the signs afterwards."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self.spans = sorted(spans, key=lambda span: (span.start, -span.end))
        self.signs: dict[str, str] = {}

    def within(self, node: Mapping[str, Any], at: int) -> dict[str, Any]:
        content: list[Mapping[str, Any]] = []
        for child, start in _laid_out(node, at):
            if child.get("content"):
                content.append(self.within(child, start))
            elif child["type"] == "text":
                content.append({**child, "text": self._text(child["text"], start)})
            elif child["type"] in {"formula", "link_card", "hard_break"}:
                content.extend(self._leaf(child, start))
            else:
                content.append(child)
        return {**node, "content": content} if content else dict(node)

    def _text(self, text: str, start: int) -> str:
        end = start + len(text)
        edges = {start, end, *(e for s in self.spans for e in (s.start, s.end) if start < e < end)}
        cuts = sorted(edges)
        return "".join(self._piece(text[low - start : high - start], low, high) for low, high in pairwise(cuts))

    def _piece(self, text: str, low: int, high: int) -> str:
        before, after = self._around(low, high)
        return f"{before}{text}{after}"

    def _leaf(self, node: Mapping[str, Any], start: int) -> list[Mapping[str, Any]]:
        before, after = self._around(start, start + len(rich.to_text(node)))
        around = [{"type": "text", "text": words} if words else None for words in (before, after)]
        return [part for part in (around[0], node, around[1]) if part]

    def _around(self, low: int, high: int) -> tuple[str, str]:
        """The signs before and after a piece: outer tags outside, what stands behind an inner range nearer to it."""
        over = [span for span in self.spans if span.start <= low and high <= span.end]
        ahead = [span.ahead for span in self.spans if span.start == low and span.ahead]
        before = [*ahead, *(span.opening for span in over if span.opening)]
        after = [span.closing for span in reversed(over) if span.closing]
        after += [span.behind for span in reversed(self.spans) if span.end == high and span.behind]
        return "".join(map(self._sign, before)), "".join(map(self._sign, after))

    def _sign(self, html: str) -> str:
        sign = chr(_FIRST + len(self.signs))
        self.signs[sign] = html
        return sign

    def written(self, html: str) -> str:
        return html.translate({ord(sign): tag for sign, tag in self.signs.items()})


def _laid_out(node: Mapping[str, Any], at: int) -> Iterator[tuple[Mapping[str, Any], int]]:
    """The node's children with the offset at which each begins."""
    apart = 0 if node["type"] in {"paragraph", "heading"} else 1
    is_first = True
    for child in node.get("content") or ():
        length = len(rich.to_text(child))
        if length and not is_first:
            at += apart
        yield child, at
        at += length
        is_first = is_first and not length


def replaced(value: RichText | str, start: int, end: int, words: str) -> RichText | str:
    """The field with other words in this range; what is bold stays bold.

    Raises:
        RangeProblem: the range goes over a paragraph's end, or holds a formula, a picture or a link.
    """
    if isinstance(value, str):
        return value[:start] + words + value[end:]
    if "\n" in words:
        raise RangeProblem("改成的话里有换行，请分段提，或到编辑页去改")
    changed, done = _replaced(value, 0, start, end, words)
    if not done:
        raise RangeProblem("选中的一段跨了段落，或者里面有公式、图片，请到编辑页去改")
    return changed


def _replaced(node: Mapping[str, Any], at: int, start: int, end: int, words: str) -> tuple[dict[str, Any], bool]:
    children = list(_laid_out(node, at))
    if node["type"] in {"paragraph", "heading"}:
        return _replaced_in_line(node, children, (start, end), words)
    content: list[Mapping[str, Any]] = []
    done = False
    for child, low in children:
        high = low + len(rich.to_text(child))
        if not done and low <= start and end <= high and child.get("content"):
            child, done = _replaced(child, low, start, end, words)
        content.append(child)
    return {**node, "content": content}, done


def _replaced_in_line(
    node: Mapping[str, Any], children: Sequence[tuple[Mapping[str, Any], int]], over: tuple[int, int], words: str
) -> tuple[dict[str, Any], bool]:
    start, end = over
    touched = [(child, low) for child, low in children if low < end and start < low + len(rich.to_text(child))]
    if not touched or any(child["type"] != "text" for child, _ in touched):
        return dict(node), False
    content: list[Mapping[str, Any]] = []
    for child, low in children:
        if not any(child is one and low == where for one, where in touched):
            content.append(child)
            continue
        text = str(child["text"])
        new = words if (child, low) == touched[0] else ""
        left = text[: max(0, start - low)] + new + text[max(0, end - low) :]
        if left:
            content.append({**child, "text": left})
    return {**node, "content": content}, True
