"""What was typed, as a typed query: quotes, minus, field prefixes and places in the book become what they mean.

Pure: the vocabulary comes in. Corrections of spelling and other readings of the question join here.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from search import coordinates, text
from search.schema import FACETS
from search.vocabulary import Name

LONGEST = 200
QUOTED = re.compile(r'"([^"]+)"|“([^”]+)”')
MINUS = re.compile(r"(?:^|(?<=\s))[-−－](?=\S)(\S+)")
PREFIXED = re.compile(r"(?:^|(?<=\s))(\w+)[:：](\S+)")
LABELS = {label: name for name, label in FACETS.items()}
PEOPLE = frozenset({"作者", "主备人"})


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that was understood from the question; `rest` is the question without it."""

    facet: str
    value: str
    rest: str

    @property
    def label(self) -> str:
        return FACETS[self.facet]


@dataclass(frozen=True, slots=True)
class Understood:
    """The question taken apart.

    Attributes:
        text: what is looked for in the words of entries.
        place: the coordinates as they were typed.
        filters: what the coordinates mean; OR within a facet.
        chips: one a coordinate, removable.
        notes: sentences about what could not be understood and was left out.
    """

    typed: str
    text: str
    place: str = ""
    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    chips: tuple[Chip, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.text or self.place or self.phrases or self.excluded or self.filters)


def understand(typed: str, names: Mapping[str, Name]) -> Understood:
    """Take a question apart; whatever is typed has an answer."""
    notes: list[str] = []
    question = text.normalise("".join(char for char in typed if char.isprintable() or char.isspace()))
    if len(question) > LONGEST:
        question = question[:LONGEST]
        notes.append(f"只用了前 {LONGEST} 个字")
    rest, phrases = _take(QUOTED, question)
    rest, excluded = _take(MINUS, rest)
    if rest.count('"') % 2 or rest.count("“") != rest.count("”"):
        notes.append("引号只有一半，已当作普通文字")
    rest, prefixed = _prefixed(rest)
    pieces = coordinates.find(rest, names)
    wanted = _without(rest, pieces)
    return Understood(
        typed=" ".join(typed.split()),
        text=wanted,
        place=" ".join(rest[piece.start : piece.stop] for piece in pieces),
        words=tuple(text.words(wanted)),
        phrases=tuple(phrases),
        excluded=tuple(excluded),
        filters=_grouped([*prefixed, *(pair for piece in pieces for pair in piece.filters)]),
        chips=_chips(question, rest, pieces, prefixed),
        notes=tuple(notes),
    )


def _take(pattern: re.Pattern[str], question: str) -> tuple[str, list[str]]:
    """The question without what the pattern finds, and the found words."""
    found = [next(group for group in match.groups() if group) for match in pattern.finditer(question)]
    return " ".join(pattern.sub(" ", question).split()), found


def _prefixed(question: str) -> tuple[str, list[tuple[str, str]]]:
    """`学校:东湖小学` is a filter when the label is one; an author's name stays a word."""
    found: list[tuple[str, str]] = []

    def replace(match: re.Match[str]) -> str:
        if match[1] in PEOPLE:
            return match[2]
        if match[1] not in LABELS:
            return match[0]
        found.append((LABELS[match[1]], match[2]))
        return " "

    return " ".join(PREFIXED.sub(replace, question).split()), found


def _without(question: str, pieces: Sequence[coordinates.Piece]) -> str:
    kept = list(question)
    for piece in pieces:
        kept[piece.start : piece.stop] = " " * (piece.stop - piece.start)
    return " ".join("".join(kept).split())


def _grouped(pairs: Sequence[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    grouped: dict[str, tuple[str, ...]] = {}
    for facet, value in pairs:
        grouped[facet] = tuple(dict.fromkeys((*grouped.get(facet, ()), value)))
    return grouped


def _chips(
    question: str, rest: str, pieces: Sequence[coordinates.Piece], prefixed: Sequence[tuple[str, str]]
) -> tuple[Chip, ...]:
    chips = [
        Chip(facet, value, " ".join(re.sub(rf"{FACETS[facet]}[:：]{re.escape(value)}", " ", question).split()))
        for facet, value in prefixed
    ]
    for piece in pieces:
        typed = rest[piece.start : piece.stop]
        chips += [Chip(facet, value, _remaining(question, typed, piece, facet)) for facet, value in piece.filters]
    return tuple(chips)


def _remaining(question: str, typed: str, piece: coordinates.Piece, facet: str) -> str:
    """The question without one filter; of 五上 the other half stays."""
    others = "".join(value for name, value in piece.filters if name != facet)
    return " ".join(question.replace(typed, f" {others} ", 1).split())
