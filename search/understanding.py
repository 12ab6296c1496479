"""What was typed, as a typed query: quotes, minus, field prefixes and places in the book become what they mean.

Pure: the vocabulary comes in. Corrections of spelling and other readings of the question join here.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from search import coordinates, spelled, talk, text
from search.matching import telling_words
from search.schema import FACETS
from search.synonyms import of
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
        said: the text with the talk around it, where there was some.
        place: the coordinates as they were typed and as books print them.
        filters: what the coordinates mean; OR within a facet.
        chips: one a coordinate, removable.
        notes: sentences about what could not be understood and was left out.
    """

    typed: str
    text: str
    said: str = ""
    place: str = ""
    words: tuple[str, ...] = ()
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    chips: tuple[Chip, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.text or self.place or self.phrases or self.excluded or self.filters)


def understand(
    typed: str, names: Mapping[str, Name], synonyms: Mapping[str, tuple[str, ...]] | None = None
) -> Understood:
    """Take a question apart; whatever is typed has an answer."""
    known = synonyms or {}
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
    bare = talk.without(rest)
    pieces = _pieces(bare, names)
    wanted = _without(bare, pieces)
    filters = _grouped([*prefixed, *(pair for piece in pieces for pair in piece.filters)])
    return Understood(
        typed=" ".join(typed.split()),
        text=wanted,
        said="" if bare == rest else _without(rest, _pieces(rest, names)),
        place=_place([bare[piece.start : piece.stop] for piece in pieces], filters),
        words=tuple(text.words(wanted)),
        synonyms=of(telling_words(wanted), known),
        phrases=tuple(phrases),
        excluded=tuple(excluded),
        filters=filters,
        chips=_chips(question, bare, pieces, prefixed),
        notes=tuple(notes),
    )


def _pieces(question: str, names: Mapping[str, Name]) -> list[coordinates.Piece]:
    spelled_out = spelled.find(question, names)
    written = coordinates.find(question, names)
    free = [piece for piece in written if all(piece.stop <= s.start or piece.start >= s.stop for s in spelled_out)]
    return sorted([*free, *spelled_out], key=lambda piece: piece.start)


def _place(typed: Sequence[str], filters: Mapping[str, tuple[str, ...]]) -> str:
    """The coordinates as typed, and as the titles of books print them: 四年级下册 第5单元 语文."""
    book = "".join(value for facet in ("grade", "volume") for value in filters.get(facet, ())[:1])
    rest = [value for facet in ("unit_number", "lesson_number", "subject") for value in filters.get(facet, ())[:1]]
    return " ".join(dict.fromkeys(part for part in (*typed, book, *rest) if part))


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
    """The question without its places; a 的 that only led to one goes with it."""
    kept = list(question)
    for piece in pieces:
        kept[piece.start : piece.stop] = " " * (piece.stop - piece.start)
        if piece.start > 1 and kept[piece.start - 1] == "的":
            kept[piece.start - 1] = " "
    return " ".join("".join(kept).split()).removeprefix("的")


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
