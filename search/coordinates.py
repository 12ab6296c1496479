"""Places in a textbook as teachers write them: 五上, 5年级下册, 三年级上学期, 第五单元, U5.

The grammar of grade, volume and unit is that of Chinese school books in general; names of subjects, editions and kinds
come from the registered vocabulary. A found piece keeps where it stood, so that the page can take it out again.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from search import text
from search.vocabulary import Name

NUMBERS = "一二三四五六七八九"
GRADE = f"[1-9{NUMBERS}]"
UNIT_NUMBER = f"(?:[0-9]{{1,2}}|[{NUMBERS}十]{{1,3}})"
UNIT = rf"第?(?P<unit>{UNIT_NUMBER})单元|(?<![a-z])u(?:nit)?\s?(?P<latin>[0-9]{{1,2}})(?![a-z])"
UNIT_HEAD = re.compile(UNIT)
PLACE = re.compile(
    rf"(?:小学)?(?P<grade>{GRADE})年级(?:(?P<volume>[上下])(?:册|学期|半年)?|全一册)?"
    rf"|(?<![0-9{NUMBERS}十第])(?P<short>{GRADE})(?P<half>[上下])(?:册)?(?![{text.HAN}]*[面去来边方午])"
    rf"|(?<!\S)(?P<alone>[上下])册(?!\S)"
    rf"|{UNIT}"
)
NAME_LONGEST = 12
EDGES = frozenset(' 《》“”"')


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the question that means filters; `filters` are pairs of facet and value."""

    start: int
    stop: int
    filters: tuple[tuple[str, str], ...]


def grade_value(number: int) -> str:
    """5 → 五年级, as the facet `grade` says it."""
    return f"{NUMBERS[number - 1]}年级"


def volume_value(half: str) -> str:
    """上 → 上册, as the facet `volume` says it."""
    return half if half.endswith("册") else f"{half}册"


def unit_value(number: int) -> str:
    """6 → 第6单元, as the derived facet `unit_number` says it."""
    return f"第{number}单元"


def unit_number(unit: str) -> str | None:
    """第六单元 多边形的面积 → 第6单元; None for a unit without a number."""
    found = UNIT_HEAD.search(text.normalise(unit))
    number = _number(found["unit"] or found["latin"]) if found else 0
    return unit_value(number) if number else None


def find(question: str, names: Mapping[str, Name]) -> list[Piece]:
    """The pieces of a normalised question that mean filters, in order, none overlapping."""
    pieces = _places(question)
    starts = sorted({0, *(at + 1 for at, char in enumerate(question) if char in EDGES), *(p.stop for p in pieces)})
    for start in starts:
        chain = _chain(question, start, names, pieces)
        stop = chain[-1].stop if chain else start
        beside = any(stop == piece.start or start == piece.stop for piece in pieces)
        if chain and (beside or _is_edge(question, stop)):
            pieces += chain
    pieces += _closing(question, names, pieces)
    return sorted(pieces, key=lambda piece: piece.start)


def _places(question: str) -> list[Piece]:
    """Grades, volumes and units; short forms that contradict each other (一上一下) are words."""
    found = list(PLACE.finditer(question))
    short = {match[0] for match in found if match["short"]}
    return [_place(match) for match in found if not (match["short"] and len(short) > 1)]


def _place(found: re.Match[str]) -> Piece:
    filters: list[tuple[str, str]] = []
    grade = found["grade"] or found["short"]
    half = found["volume"] or found["half"] or found["alone"]
    unit = found["unit"] or found["latin"]
    if grade:
        filters.append(("grade", grade_value(_number(grade))))
    if half:
        filters.append(("volume", volume_value(half)))
    if unit and 0 < _number(unit) < 100:
        filters.append(("unit_number", unit_value(_number(unit))))
    return Piece(found.start(), found.end(), tuple(filters))


def _number(numeral: str) -> int:
    digits = text.with_digits(numeral)
    return int(digits) if digits.isdigit() else 0


def _chain(question: str, start: int, names: Mapping[str, Name], pieces: Sequence[Piece]) -> list[Piece]:
    """Registered names side by side from `start` on, the longest first: 人教 + 数学."""
    chain: list[Piece] = []
    while True:
        piece = _longest(question, start, names)
        if piece is None or not _is_free(piece, [*pieces, *chain]):
            return chain
        chain.append(piece)
        start = piece.stop


def _longest(question: str, start: int, names: Mapping[str, Name]) -> Piece | None:
    for stop in range(min(len(question), start + NAME_LONGEST), start, -1):
        name = names.get(question[start:stop])
        if name:
            return Piece(start, stop, ((name.facet, name.value),))
    return None


def _closing(question: str, names: Mapping[str, Name], pieces: Sequence[Piece]) -> list[Piece]:
    """A name that may close a title without a blank: 花钟教学设计."""
    for start in range(max(1, len(question) - NAME_LONGEST), len(question) - 1):
        name = names.get(question[start:])
        piece = Piece(start, len(question), ((name.facet, name.value),)) if name and name.closes else None
        if piece and _is_free(piece, pieces):
            return [piece]
    return []


def _is_free(wanted: Piece, pieces: Sequence[Piece]) -> bool:
    return all(wanted.stop <= piece.start or wanted.start >= piece.stop for piece in pieces)


def _is_edge(question: str, at: int) -> bool:
    return at == len(question) or question[at] in EDGES
