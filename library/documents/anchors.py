"""Places in a document that survive its edits (批注的锚): a field by its path, and a range of its text by what stands there.

`moved` follows a place from one state of a document to the next by the two texts alone. It takes a place only when the
texts tell it: what was rewritten, deleted or cannot be told apart from its like is `gone` (原文已改) and keeps its
quote. Offsets are Unicode code points of the field's text (`walk.Leaf.text`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, pairwise

from library.documents.fields import Document, specs
from library.documents.walk import Path, walk

CONTEXT = 24
"""Characters kept on either side of a quote."""

TELLING = 8
"""A quote with its unchanged surroundings is told from its like from this many characters on."""

TRAVELS = 10
"""A sentence of this many characters is followed into another field (a stage cut in two, a passage moved)."""

_SENTENCE = re.compile(r"[^。！？；\n]*[。！？；\n]|[^。！？；\n]+")
_APART = "\x00"


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place in a document.

    Attributes:
        path: to a field, a row, a section, or () for the whole document.
        start, end: range of the field's text; both 0 where the whole of `path` is meant.
        quote: the text of the range as it was; empty where the whole is meant.
        before, after: what stood beside it.
        gone: the quoted text was changed or deleted since (原文已改).
    """

    path: Path
    start: int = 0
    end: int = 0
    quote: str = ""
    before: str = ""
    after: str = ""
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """Where an anchor stands now; `place` says it in a teacher's words."""

    path: Path
    start: int
    end: int
    place: str


class Texts:
    """A document's texts by path, with the places of its fields, rows and sections; made once, asked often."""

    def __init__(self, document: Document) -> None:
        self.by_path: dict[Path, str] = {}
        self.places: dict[Path, str] = {(): "", **{(name,): spec.label for name, spec in specs(type(document))}}
        for leaf in walk(document):
            self.by_path[leaf.path] = leaf.text
            for length in range(1, len(leaf.path) + 1):
                self.places.setdefault(leaf.path[:length], leaf.place)

    @cached_property
    def together(self) -> str:
        return _APART.join(self.by_path.values())


def anchored(document: Document | Texts, path: Path, start: int = 0, end: int = 0) -> Anchor:
    """An anchor at this range, or at the whole of `path` where the range is empty.

    Raises:
        ValueError: the document has no such field, or the field no such range.
    """
    texts = _texts(document)
    if path not in texts.places:
        raise ValueError(f"no such place: {'/'.join(path)}")
    if start == end:
        return Anchor(path)
    text = texts.by_path.get(path, "")
    if not 0 <= start < end <= len(text):
        raise ValueError(f"no such range: {start} to {end} of {len(text)}")
    return _at(path, text, start, end)


def find(anchor: Anchor, document: Document | Texts) -> Found | None:
    """Where the anchor stands in this document, or None (原文已改).

    Asked without history: the quote must stand at its offset, or once only, with its surroundings.
    """
    texts = _texts(document)
    place = texts.places.get(anchor.path)
    if anchor.gone or place is None:
        return None
    if not anchor.quote:
        return Found(anchor.path, 0, 0, place)
    text = texts.by_path.get(anchor.path, "")
    start = _stands(anchor, text)
    return None if start is None else Found(anchor.path, start, start + len(anchor.quote), place)


def moved(anchor: Anchor, old: Document, new: Document) -> Anchor:
    """The anchor of `old` as it stands in `new`; `gone` when the two texts do not tell where."""
    return Following(old, new).moved(anchor)


class Following:
    """Follows many anchors from one state of a document to another."""

    def __init__(self, old: Document | Texts, new: Document | Texts) -> None:
        self.old, self.new = _texts(old), _texts(new)

    def moved(self, anchor: Anchor) -> Anchor:
        here = find(anchor, self.old)
        if here is None:
            return replace(anchor, gone=True)
        if not anchor.quote:
            return replace(anchor, gone=anchor.path not in self.new.places)
        text = self.old.by_path[anchor.path]
        now = self.new.by_path.get(anchor.path)
        start = None if now is None else self._followed(text, now, here.start, here.end)
        if now is not None and start is not None:
            return _at(anchor.path, now, start, start + len(anchor.quote))
        return self._travelled(anchor, text, here) or replace(anchor, gone=True)

    def _followed(self, old: str, new: str, start: int, end: int) -> int | None:
        """Where old[start:end] stands in `new`: first by what is before and behind all changes, sentence by sentence."""
        whole = [(0, len(old), 0, len(new))]
        for low, high, to_low, to_high in chain(whole, self._stretches(old, new)):
            if low <= start and end <= high:
                inner = _beside_one_change(old[low:high], new[to_low:to_high], start - low, end - low)
                if inner is not None:
                    return None if inner == _NOWHERE else to_low + inner
        return self._in_its_surroundings(old, new, start, end)

    def _is_telling(self, words: str, new: str) -> bool:
        """Whether the words are many and stand once: in the new field, and in all of both documents."""
        return len(words) >= TELLING and _once(words, new, self.old.together, self.new.together)

    def _stretches(self, old: str, new: str) -> Iterator[tuple[int, int, int, int]]:
        """Pairs of ranges that belong together: sentences that stand once in both, then what lies between them."""
        shared = [
            (low, high, new.index(old[low:high]))
            for low, high in _sentences(old)
            if self._is_telling(old[low:high], new)
        ]
        for low, high, to in shared:
            yield low, high, to, to + high - low
        kept = [(0, 0, 0, 0), *_rising(shared), (len(old), len(old), len(new), len(new))]
        for (_, low, _, to_low), (high, _, to_high, _) in pairwise(kept):
            yield low, high, to_low, to_high

    def _in_its_surroundings(self, old: str, new: str, start: int, end: int) -> int | None:
        """The place whose unchanged surroundings are longest, if they are telling."""
        best, window = None, ""
        for at in _occurrences(old[start:end], new):
            low, high = _agree_back(old, start, new, at), _agree_on(old, end, new, at + end - start)
            if best is None or low + high + end - start > len(window):
                best, window = at, old[start - low : end + high]
        return best if self._is_telling(window, new) else None

    def _travelled(self, anchor: Anchor, text: str, here: Found) -> Anchor | None:
        """The anchor in another field, when its whole sentence went there and stands nowhere else."""
        for start, end in _sentences(text):
            if start <= here.start and here.end <= end:
                sentence = text[start:end].strip()
                if len(sentence) < TRAVELS or not _once(sentence, self.old.together, self.new.together):
                    return None
                offset = here.start - text.index(sentence, start)
                return None if offset < 0 else self._landed(anchor, sentence, offset)
        return None

    def _landed(self, anchor: Anchor, sentence: str, offset: int) -> Anchor | None:
        for path, text in self.new.by_path.items():
            if sentence in text:
                start = text.index(sentence) + offset
                if text[start : start + len(anchor.quote)] == anchor.quote:
                    return _at(path, text, start, start + len(anchor.quote))
        return None


def _texts(document: Document | Texts) -> Texts:
    return document if isinstance(document, Texts) else Texts(document)


def _at(path: Path, text: str, start: int, end: int) -> Anchor:
    return Anchor(path, start, end, text[start:end], text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT])


def _stands(anchor: Anchor, text: str) -> int | None:
    """The quote at its offset with its surroundings; else once with as much of them as still stands."""
    exact = anchor.start - len(anchor.before)
    if exact >= 0 and text.startswith(anchor.before + anchor.quote + anchor.after, exact):
        return anchor.start
    for width in (CONTEXT, CONTEXT // 2, CONTEXT // 4):
        before = anchor.before[-width:]
        window = before + anchor.quote + anchor.after[:width]
        if len(window) >= TELLING and _once(window, text):
            return text.index(window) + len(before)
    return None


_NOWHERE = -1


def _beside_one_change(old: str, new: str, start: int, end: int) -> int | None:
    """The place, if all that differs lies on one side of it.

    `_NOWHERE` if one insertion or one deletion is all that differs, and went into the place or could be on either side.
    """
    shorter = min(len(old), len(new))
    before = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    behind = next((i for i in range(shorter) if old[-1 - i] != new[-1 - i]), shorter)
    stays, shifts = end <= before, start >= len(old) - behind
    if stays and shifts:
        return start if len(old) == len(new) else _NOWHERE
    if stays:
        return start
    if shifts:
        return start + len(new) - len(old)
    return _NOWHERE if before + behind >= shorter else None


def _rising(shared: list[tuple[int, int, int]]) -> list[tuple[int, int, int, int]]:
    """Those sentences that stand in the same order in both texts, each as (low, high, to low, to high)."""
    kept: list[tuple[int, int, int, int]] = []
    order = [to for _, _, to in shared]
    for number, (low, high, to) in enumerate(shared):
        in_order = all(other < to for other in order[:number]) and all(other > to for other in order[number + 1 :])
        if in_order:
            kept.append((low, high, to, to + high - low))
    return kept


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    for match in _SENTENCE.finditer(text):
        yield match.start(), match.end()


def _occurrences(quote: str, text: str) -> Iterator[int]:
    at = text.find(quote)
    while at >= 0:
        yield at
        at = text.find(quote, at + 1)


def _once(quote: str, *texts: str) -> bool:
    """Whether the words stand exactly once in each of the texts."""
    return all((at := text.find(quote)) >= 0 and text.find(quote, at + 1) < 0 for text in texts)


def _agree_back(old: str, at: int, new: str, to: int) -> int:
    count = 0
    while count < min(at, to) and old[at - 1 - count] == new[to - 1 - count]:
        count += 1
    return count


def _agree_on(old: str, at: int, new: str, to: int) -> int:
    count = 0
    while at + count < len(old) and to + count < len(new) and old[at + count] == new[to + count]:
        count += 1
    return count


def as_path(words: str) -> Path:
    """The path that `in_words` wrote."""
    return tuple(words.split("/")) if words else ()


def in_words(path: Path) -> str:
    """stages/k3/teacher: a path as an address, a form and a column carry it."""
    return "/".join(path)
