"""Lessons and units of the live outlines as suggestions while typing: by characters, pinyin and initials."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache

from catalogue.models import Node
from search import text
from search.addresses import Asked
from search.suggesting import Suggestion

LABEL = "课"
FRESH_SECONDS = 600
Row = tuple[str, str, str]
"""What is typed, the words of the suggestion, the node's uid."""


def lessons(prefix: str, most: int, at: datetime) -> list[Suggestion]:
    """Those that begin with `prefix`; the list is read anew every ten minutes."""
    wanted = text.whole(text.normalise(prefix))
    if not wanted:
        return []
    rows = _rows(int(at.timestamp()) // FRESH_SECONDS)
    found: dict[str, str] = {}
    for key, words, uid in rows[bisect_left(rows, (wanted, "", "")) :]:
        if not key.startswith(wanted) or len(found) == most:
            break
        found.setdefault(words, uid)
    return [Suggestion(words, Asked(filters={"node": (uid,)}).address()) for words, uid in found.items()]


@lru_cache(maxsize=1)
def _rows(slot: int) -> Sequence[Row]:
    return sorted(row for node in _nodes() for row in _ways(node))


def _nodes() -> Iterator[Node]:
    live = Node.objects.filter(status=Node.Status.ACTIVE)
    return live.select_related("outline__textbook__subject").iterator(chunk_size=500)


def _ways(node: Node) -> Iterator[Row]:
    book = getattr(node.outline, "textbook", None)
    words = f"{node.title} · {book}" if book else node.title
    title = text.normalise(node.title)
    read = text.syllables(title)
    for key in dict.fromkeys((text.whole(title), "".join(read), text.initials(read))):
        yield (key, words, node.uid)
