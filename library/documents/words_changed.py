"""What changed inside a text, character by character: words and numbers stay whole, Chinese punctuation ends a piece."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from library.documents.sequences import Hunk, hunks

_UNITS = re.compile(r"[A-Za-z_]+|\d+(?:\.\d+)?|.", re.DOTALL)
_STOPS = frozenset("。！？；!?;\n")
REWRITTEN, STRAY = 6, 2
"""From so many characters on a change takes in so many equal ones that begin its clause."""
_PAUSES = frozenset("，、：,:）)》」”’ ")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters that both texts have, or only one of them."""

    kind: Literal["same", "added", "removed"]
    text: str


def units(text: str) -> list[str]:
    """Characters; a Latin word or a number is one, so that 15 becomes 17 and not 1-7."""
    return _UNITS.findall(text)


def text_difference(old: str, new: str) -> tuple[Piece, ...]:
    """Pieces in reading order: without the added ones they are the old text, without the removed ones the new."""
    before, after = units(old), units(new)
    found = _readable([_whole(before, after, hunk) for hunk in _readable(hunks(before, after))])
    return tuple(_pieces(before, after, _slid(before, after, found)))


def _pieces(before: Sequence[str], after: Sequence[str], found: Sequence[Hunk]) -> Iterator[Piece]:
    at = 0
    for hunk in found:
        if hunk.start > at:
            yield Piece("same", "".join(before[at : hunk.start]))
        if hunk.end > hunk.start:
            yield Piece("removed", "".join(before[hunk.start : hunk.end]))
        if hunk.new_end > hunk.new_start:
            yield Piece("added", "".join(after[hunk.new_start : hunk.new_end]))
        at = hunk.end
    if at < len(before):
        yield Piece("same", "".join(before[at:]))


def _readable(found: Sequence[Hunk]) -> list[Hunk]:
    """Join differences that are parted by less than they change: two words that share a letter read as one change."""
    kept: list[Hunk] = []
    for hunk in found:
        kept.append(hunk)
        while len(kept) > 1 and kept[-1].start - kept[-2].end <= min(_size(kept[-2]), _size(kept[-1])):
            last, before = kept.pop(), kept.pop()
            kept.append(Hunk(before.start, last.end, before.new_start, last.new_end))
    return kept


def _whole(before: Sequence[str], after: Sequence[str], hunk: Hunk) -> Hunk:
    """A clause that is rewritten but for its first sign or two reads as rewritten: 每人画… for 每组发…"""
    if min(hunk.end - hunk.start, hunk.new_end - hunk.new_start) < REWRITTEN:
        return hunk
    for back in range(1, STRAY + 1):
        at, new_at = hunk.start - back, hunk.new_start - back
        if min(at, new_at) < 0 or before[at] != after[new_at] or before[at] in _STOPS | _PAUSES:
            break
        if at == 0 or before[at - 1] in _STOPS | _PAUSES:
            return Hunk(at, hunk.end, new_at, hunk.new_end)
    return hunk


def _size(hunk: Hunk) -> int:
    return max(hunk.end - hunk.start, hunk.new_end - hunk.new_start)


def _slid(before: Sequence[str], after: Sequence[str], found: Sequence[Hunk]) -> list[Hunk]:
    """Move what was only added or only removed to where a sentence or a clause ends, when the words allow it."""
    done: list[Hunk] = []
    for at, hunk in enumerate(found):
        room_left = hunk.start - (done[-1].end if done else 0)
        room_right = (found[at + 1].start if at + 1 < len(found) else len(before)) - hunk.end
        if hunk.start == hunk.end:
            by = _best(after, hunk.new_start, hunk.new_end, room_left, room_right)
        elif hunk.new_start == hunk.new_end:
            by = _best(before, hunk.start, hunk.end, room_left, room_right)
        else:
            by = 0
        done.append(Hunk(hunk.start + by, hunk.end + by, hunk.new_start + by, hunk.new_end + by))
    return done


def _best(text: Sequence[str], start: int, end: int, left: int, right: int) -> int:
    low = high = 0
    while -low < left and text[start + low - 1] == text[end + low - 1]:
        low -= 1
    while high < right and text[start + high] == text[end + high]:
        high += 1
    return max(range(low, high + 1), key=lambda by: (_edge(text, start + by) + _edge(text, end + by), -abs(by)))


def _edge(text: Sequence[str], at: int) -> int:
    """How good a place to cut is before `at`."""
    if at in (0, len(text)) or text[at - 1] in _STOPS:
        return 3
    return 2 if text[at - 1] in _PAUSES else 0
