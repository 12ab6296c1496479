"""Two sequences beside each other: a longest common subsequence over whole numbers used as rows of bits.

A table of 5,000 × 5,000 characters is 5,000 additions of one long number: exact, and some ten milliseconds.
"""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

LARGEST = 150_000_000
"""Bits of the largest table; what would need more is told as replaced as a whole."""


@dataclass(frozen=True, slots=True)
class Hunk:
    """`old[start:end]` became `new[new_start:new_end]`; one of the two may be empty."""

    start: int
    end: int
    new_start: int
    new_end: int


def hunks(old: Sequence[Hashable], new: Sequence[Hashable], anchor: int = 1) -> list[Hunk]:
    """What differs, in order. Fewer than `anchor` equal elements between two differences do not part them."""
    found: list[Hunk] = []
    at = new_at = 0
    for i, j in [*common(old, new), (len(old), len(new))]:
        if i > at or j > new_at:
            if found and at - found[-1].end < anchor:
                last = found.pop()
                found.append(Hunk(last.start, i, last.new_start, j))
            else:
                found.append(Hunk(at, i, new_at, j))
        at, new_at = i + 1, j + 1
    return found


def common(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Positions (in old, in new) of a longest common subsequence, ascending."""
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    inner = _inner(old[head : len(old) - tail], new[head : len(new) - tail])
    return [
        *((at, at) for at in range(head)),
        *((head + i, head + j) for i, j in inner),
        *((len(old) - back, len(new) - back) for back in range(tail, 0, -1)),
    ]


def _inner(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    if not old or not new or len(old) * len(new) > LARGEST:
        return []
    return list(reversed(list(_traced(_table(old, new), len(new)))))


def _table(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[int]:
    """Row i, bit j is 0 where the longest common part of old[:i] and new[:j + 1] is longer than that of new[:j]."""
    where: dict[Hashable, int] = {}
    for at, element in enumerate(new):
        where[element] = where.get(element, 0) | 1 << at
    every = (1 << len(new)) - 1
    rows = [every]
    for element in old:
        before = rows[-1]
        hit = before & where.get(element, 0)
        rows.append(((before + hit) | (before - hit)) & every if hit else before)
    return rows


def _traced(rows: Sequence[int], width: int) -> Iterator[tuple[int, int]]:
    """Positions of the common elements, from the end back."""
    i, j = len(rows) - 1, width
    while i and j:
        if rows[i] >> (j - 1) & 1:
            j -= 1
        elif rows[i - 1] >> (j - 1) & 1:
            i, j = i - 1, j - 1
            yield i, j
        else:
            i -= 1


def rising(numbers: Sequence[int]) -> set[int]:
    """Positions of a longest rising subsequence: what kept its order while the rest was moved."""
    ends: list[int] = []
    before: list[int] = []
    for at, number in enumerate(numbers):
        low, high = 0, len(ends)
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if numbers[ends[middle]] < number else (low, middle)
        before.append(ends[low - 1] if low else -1)
        ends[low : low + 1] = [at]
    kept: set[int] = set()
    at = ends[-1] if ends else -1
    while at >= 0:
        kept.add(at)
        at = before[at]
    return kept
