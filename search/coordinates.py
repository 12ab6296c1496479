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
UNIT = (
    rf"第?(?P<unit>{UNIT_NUMBER})单元|(?<![a-z])u(?:nit)?\s?(?P<latin>[0-9]{{1,2}})(?![a-z])"
    rf"|单元(?P<after>{UNIT_NUMBER})(?![^\s《》“”])"
)
UNIT_HEAD = re.compile(UNIT)
LESSON_HEAD = re.compile(r"^(?:第\s?)?([0-9]{1,2})(?:课|[\s.、]|(?=《)|$)")
NO_HALF = "(?![海课雨雪午面去来边])"
"""Signs after 上 or 下 with which it is a word of its own: 三年级上课."""
PLACE = re.compile(
    rf"(?:小学)?(?P<grade>{GRADE})年级(?:[(]?(?P<volume>[上下])(?:册|学期|半年|{NO_HALF})[)]?|第(?P<term>[一二12])学期|全一册)?"
    rf"|(?<![0-9{NUMBERS}十第])(?P<short>{GRADE})(?P<half>[上下])(?:册|学期)?(?![面去来边方午])"
    rf"|(?<!\S)(?P<alone>[上下])(?:册|学期)(?!\S)"
    rf"|(?P<stage>[低中高])(?:年级|学段|年段)"
    rf"|{UNIT}"
    rf"|第(?P<lesson>{UNIT_NUMBER})课(?!时)|(?<!\S)(?P<count>{UNIT_NUMBER})课(?!\S)"
)
STAGES = {"低": (1, 2), "中": (3, 4), "高": (5, 6)}
TERMS = {"一": "上", "1": "上", "二": "下", "2": "下"}
NAME_LONGEST = 24
EDGES = frozenset(' 《》“”"')


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the question that means filters; `filters` are pairs of facet and value."""

    start: int
    stop: int
    filters: tuple[tuple[str, str], ...]

    @property
    def is_lesson(self) -> bool:
        """第4课 alone says too little: it may be a title, and counts only beside another place."""
        return all(facet == "lesson_number" for facet, _ in self.filters)


def grade_value(number: int) -> str:
    """5 → 五年级, as the facet `grade` says it."""
    return f"{NUMBERS[number - 1]}年级"


def volume_value(half: str) -> str:
    """上 → 上册, as the facet `volume` says it."""
    return half if half.endswith("册") else f"{half}册"


def unit_value(number: int) -> str:
    """6 → 第6单元, as the derived facet `unit_number` says it."""
    return f"第{number}单元"


def lesson_value(number: int) -> str:
    """4 → 第4课, as the derived facet `lesson_number` says it."""
    return f"第{number}课"


def unit_number(unit: str) -> str | None:
    """第六单元 多边形的面积 → 第6单元; None for a unit without a number."""
    found = UNIT_HEAD.search(text.normalise(unit))
    number = _number(found["unit"] or found["latin"] or found["after"]) if found else 0
    return unit_value(number) if number else None


def lesson_number(lesson: str) -> str | None:
    """`4 花钟` → 第4课; None for a lesson without a number."""
    found = LESSON_HEAD.search(text.with_digits(text.normalise(lesson)))
    return lesson_value(int(found[1])) if found and int(found[1]) else None


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
    pieces += _before(question, names, pieces)
    pieces += _closing(question[: _first_closing_place(question, pieces)].rstrip(), names, pieces)
    if all(piece.is_lesson for piece in pieces):
        return []
    return sorted(pieces, key=lambda piece: piece.start)


def _places(question: str) -> list[Piece]:
    """Grades, volumes, units and lessons; short forms that contradict each other (一上一下) are words."""
    found = list(PLACE.finditer(question))
    short = {match[0] for match in found if match["short"]}
    return [_place(match) for match in found if not (match["short"] and len(short) > 1)]


def _place(found: re.Match[str]) -> Piece:
    filters: list[tuple[str, str]] = []
    grade = found["grade"] or found["short"]
    half = found["volume"] or found["half"] or found["alone"] or TERMS.get(found["term"] or "")
    if grade:
        filters.append(("grade", grade_value(_number(grade))))
    if found["stage"]:
        filters += [("grade", grade_value(grade)) for grade in STAGES[found["stage"]]]
    if half:
        filters.append(("volume", volume_value(half)))
    unit, lesson = (
        _number(found["unit"] or found["latin"] or found["after"]),
        _number(found["lesson"] or found["count"]),
    )
    if 0 < unit < 100:
        filters.append(("unit_number", unit_value(unit)))
    if 0 < lesson < 100:
        filters.append(("lesson_number", lesson_value(lesson)))
    return Piece(found.start(), found.end(), tuple(filters))


def _number(numeral: str | None) -> int:
    digits = text.with_digits(numeral or "")
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
            return Piece(start, stop, name.filters)
    return None


def _before(question: str, names: Mapping[str, Name], pieces: Sequence[Piece]) -> list[Piece]:
    """A name that ends where a place begins: 鸽巢原理 数学六下, 花钟语文三下."""
    found: list[Piece] = []
    for place in pieces:
        for start in range(max(0, place.start - NAME_LONGEST), place.start - 1):
            name = names.get(question[start : place.start])
            piece = Piece(start, place.start, name.filters) if name else None
            if piece and _is_free(piece, [*pieces, *found]):
                found.append(piece)
                break
    return found


def _closing(question: str, names: Mapping[str, Name], pieces: Sequence[Piece]) -> list[Piece]:
    """Names that may close a title without a blank: 花钟教学设计, 花钟备课教案."""
    stop = len(question)
    for start in range(max(1, stop - NAME_LONGEST), stop - 1):
        name = names.get(question[start:])
        piece = Piece(start, stop, name.filters) if name and name.closes else None
        if piece and _is_free(piece, pieces):
            return [piece, *_closing(question[:start].rstrip("的 "), names, pieces)]
    return []


def _first_closing_place(question: str, pieces: Sequence[Piece]) -> int:
    """Where the places begin with which the question ends: 花钟教案 语文三下."""
    stop = len(question)
    for piece in sorted(pieces, key=lambda one: one.stop, reverse=True):
        if question[piece.stop : stop].strip():
            break
        stop = piece.start
    return stop


def _is_free(wanted: Piece, pieces: Sequence[Piece]) -> bool:
    return all(wanted.stop <= piece.start or wanted.start >= piece.stop for piece in pieces)


def _is_edge(question: str, at: int) -> bool:
    return at == len(question) or question[at] in EDGES
