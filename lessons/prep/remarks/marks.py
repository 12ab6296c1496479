"""The colleagues' hand in the text: red lines with numbers, and suggested changes as they would stand."""

from collections.abc import Iterator
from html import escape

from lessons.prep.models import Remark
from library.documents.anchors import Found
from library.documents.ranges import Span
from library.documents.words_changed import text_difference


def spans(remark: Remark, found: Found, number: int, who: str) -> Iterator[Span]:
    """What the text shows of a remark: open ones a red line, suggestions what they change, other ones nothing."""
    if not remark.quote:
        return
    is_suggestion = remark.kind == Remark.Kind.SUGGESTION and remark.deleted_at is None
    if remark.is_open:
        label = f"批注 {number}，{escape(who)}"
        behind = f'<a class="rn" data-skip href="#remark-{remark.pk}" aria-label="{label}">{number}</a>'
        opening = f'<span class="redline" data-line="{remark.pk}">'
        yield Span(found.start, found.end, opening, "</span>", behind=behind)
    if is_suggestion and (remark.is_open or remark.taken_over):
        yield from _changes(remark, found)


def _changes(remark: Remark, found: Found) -> Iterator[Span]:
    """The replacement as insertions and deletions within the quoted words."""
    at, added = found.start, ""
    for piece in text_difference(remark.quote, remark.replacement):
        if piece.kind == "added":
            added += f"<ins data-skip>{escape(piece.text)}</ins>"
            continue
        end = at + len(piece.text)
        tag = ("<del>", "</del>") if piece.kind == "removed" else ("", "")
        yield Span(at, end, *tag, ahead=added)
        at, added = end, ""
    if added:
        yield Span(found.start, found.end, behind=added)


def shown_change(remark: Remark) -> str:
    """The suggestion in its card: what goes struck, what comes underlined. Safe HTML."""
    tags = {"same": "", "added": "ins", "removed": "del"}
    parts = []
    for piece in text_difference(remark.quote, remark.replacement):
        text, tag = escape(piece.text), tags[piece.kind]
        parts.append(f"<{tag}>{text}</{tag}>" if tag else text)
    return "".join(parts)
