"""A question as a tree of terms over the fields of the schema: what an entry must hold, and what adds to its score.

Engines only translate the tree. Thus the same words find the same entries everywhere, and the order differs at most by
how an engine rounds the length of a field.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from search import text
from search.documents import initial_grams
from search.ports import Query, Strictness
from search.schema import facet_field

MOST_SHARE = 0.5
FACT_WEIGHT = 3.0
LONGEST_NAME = 16
"""Names of entries are looked for inside a question up to this many units."""


@dataclass(frozen=True, slots=True)
class Term:
    """One token in one field; scored by BM25 times `weight` when it stands in `Match.score`."""

    field: str
    token: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens side by side in the field `exact`."""

    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    nodes: tuple["Node", ...]
    minimum: int = 1


@dataclass(frozen=True, slots=True)
class Best:
    """The highest score among the terms counts, not their sum."""

    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """An exact value of a facet that adds `weight` to the score, however common it is."""

    field: str
    value: str
    weight: float


Node = Term | Phrase | AllOf | AnyOf
Part = Term | Best | Fact


@dataclass(frozen=True, slots=True)
class Match:
    """`must` chooses the entries (None: all), `must_not` takes away, `score` orders."""

    must: Node | None
    must_not: tuple[Node, ...] = ()
    score: tuple[Part, ...] = ()


def plan(query: Query) -> Match:
    """What a query asks of the text fields."""
    wanted = text.normalise(query.text)
    phrases = [phrase(piece) for piece in query.phrases]
    score = _score(wanted, query)
    chosen = [node for node in (*phrases, _must(wanted, query, score)) if node is not None]
    return Match(
        must=AllOf(tuple(chosen)) if chosen else None,
        must_not=tuple(node for node in map(phrase, query.excluded) if node is not None),
        score=score,
    )


def phrase(words: str) -> Phrase | None:
    tokens = tuple(text.units(text.normalise(words)))
    return Phrase(tokens) if tokens else None


# What must be there


def _must(wanted: str, query: Query, score: Iterable[Part]) -> Node | None:
    if not wanted:
        return None
    if query.strictness is Strictness.TITLE:
        return AllOf(tuple(_called(part) for part in telling_parts(wanted)))
    if query.strictness in (Strictness.ALL, Strictness.NEAR):
        nodes = tuple(_word_or_synonym(word, query.synonyms) for word in telling_words(wanted))
        every = _or_letters(wanted, AllOf(nodes) if nodes else _any_term(score))
        return every if query.strictness is Strictness.ALL else AnyOf((*_nearly(wanted), every))
    if query.strictness is Strictness.MOST:
        nodes = tuple(_neighbours(wanted))
        enough = AnyOf(nodes, max(1, round(len(nodes) * MOST_SHARE))) if nodes else _any_term(score)
        return _or_letters(wanted, AnyOf((*_nearly(wanted), enough)))
    return _any_term(score)


def _called(part: str) -> Node:
    """A part of the question in a title, or as the whole of a name or keyword, written or by sound."""
    pieces = text.units(part)
    written = AllOf(tuple(Term("title_grams", token) for token in text.pairs(pieces) or pieces))
    spoken = "".join(read_aloud(part))
    ways = (written, Term("title_whole", "".join(pieces)), Term("title_sound", spoken or "".join(pieces)))
    return AnyOf(ways)


def _nearly(wanted: str) -> tuple[Node, ...]:
    """Names that differ from the question by one unit."""
    return tuple(Term("title_near", token) for token in text.near(text.units(wanted)))


def telling_words(wanted: str) -> list[str]:
    """Words without those that say nothing; all of them when nothing else is left."""
    found = text.words(wanted)
    return [word for word in found if word not in text.STOP_WORDS] or found


def telling_parts(wanted: str) -> list[str]:
    """Pieces between blanks without those that say nothing; all of them when nothing else is left."""
    found = text.parts(wanted)
    return [part for part in found if part not in text.STOP_WORDS] or found


def _word_or_synonym(word: str, synonyms: Mapping[str, Sequence[str]]) -> Node:
    others = tuple(_written(other) for other in synonyms.get(word, ()))
    return AnyOf((_word(word), *others)) if others else _word(word)


def _written(word: str) -> Node:
    pieces = text.units(word)
    return AllOf(tuple(Term("text_grams", token) for token in text.pairs(pieces) or pieces))


def _word(word: str) -> Node:
    """A word anywhere in the text, or the same sound in a title."""
    pieces = text.units(word)
    spoken = text.spell(word) if word.isalpha() and word.isascii() else text.syllables(word)
    ways: list[Node] = []
    if len(pieces) == 1:
        ways.append(Term("text_grams", pieces[0]))
    elif pieces:
        ways.append(AllOf(tuple(Term("text_grams", token) for token in text.pairs(pieces))))
    if len(spoken) > 1:
        ways.append(AllOf(tuple(Term("title_sound", token) for token in text.sound_pairs(spoken))))
    if word.isascii():
        ways += _as_letters(word)
    return ways[0] if len(ways) == 1 else AnyOf(tuple(ways))


def _as_letters(word: str) -> list[Node]:
    """Latin letters as the sound or the initials of a name."""
    grams = initial_grams(word)
    found: list[Node] = [Term("title_sound", word), Term("title_initials", f"^{word}")]
    if not text.spell(word) and grams:
        found.append(AllOf(tuple(Term("title_initials", token) for token in grams)))
    return found


def _or_letters(wanted: str, node: Node) -> Node:
    """The whole question as the sound of one name: `zi lu pian`, `妙笔写meijing`."""
    joined = "".join(read_aloud(wanted))
    return AnyOf((Term("title_sound", joined), node)) if joined and not joined.isdigit() else node


def _neighbours(wanted: str) -> Iterable[Node]:
    """Pairs of the question, each as characters anywhere or as sound in a title."""
    pieces = text.units(wanted)
    read = read_aloud(wanted)
    if len(read) != len(pieces):
        for token in text.pairs(pieces) or pieces:
            yield Term("text_grams", token)
        for token in text.sound_pairs(read):
            yield Term("title_sound", token)
        return
    if len(pieces) == 1:
        yield Term("text_grams", pieces[0])
    for written, spoken in zip(text.pairs(pieces), text.sound_pairs(read), strict=True):
        yield AnyOf((Term("text_grams", written), Term("title_sound", spoken)))


def _any_term(score: Iterable[Part]) -> Node:
    parts = (part.terms if isinstance(part, Best) else (part,) for part in score)
    terms = (term for found in parts for term in found if isinstance(term, Term))
    return AnyOf(tuple(dict.fromkeys(Term(term.field, term.token) for term in terms)))


# What adds to the score


def read_aloud(wanted: str) -> tuple[str, ...]:
    """The question as syllables; letters that are no pinyin stay one piece."""
    found: list[str] = []
    for syllable in text.syllables(wanted):
        found += (text.spell(syllable) or (syllable,)) if syllable.isalpha() and syllable.isascii() else (syllable,)
    return tuple(found)


def _score(wanted: str, query: Query) -> tuple[Part, ...]:
    place = text.normalise(query.place)
    everything = " ".join([wanted, *map(text.normalise, query.phrases)])
    parts: list[Part] = []
    pieces = text.units(everything)
    words = _telling(text.segment(everything))
    parts += _weighted("title_words", words, 2.0)
    parts += _weighted("side_words", words, 1.2)
    parts += _weighted("body_words", words, 1.0)
    parts += _weighted("title_grams", text.pairs(pieces), 2.0) or _weighted("title_grams", pieces, 0.7)
    parts += _weighted("text_grams", text.pairs(pieces) or pieces, 1.0)
    parts += _by_sound(everything)
    parts += _names_inside(pieces, text.units(text.normalise(query.said)))
    parts += _misspelt(pieces)
    parts += _by_synonym(query.synonyms)
    parts += _weighted("title_words", text.segment(place), 1.0)
    parts += _weighted("title_whole", [text.whole(part) for part in text.parts(place)], 1.0)
    parts += [Fact(facet_field(facet), value, FACT_WEIGHT) for facet, values in query.facts.items() for value in values]
    return tuple(parts)


def _by_synonym(synonyms: Mapping[str, Sequence[str]]) -> list[Part]:
    others = [other for found in synonyms.values() for other in found]
    pairs = [token for other in others for token in text.pairs(text.units(other)) or text.units(other)]
    return _weighted("title_grams", pairs, 1.5) + _weighted("text_grams", pairs, 0.7)


def _telling(tokens: Sequence[str]) -> Sequence[str]:
    """Without those that stand in every text: they cost the most and order nothing; all of them when nothing else is left."""
    return [token for token in tokens if token not in text.STOP_WORDS] or tokens


def _weighted(field: str, tokens: Iterable[str], weight: float) -> list[Part]:
    return [Term(field, token, weight) for token in dict.fromkeys(tokens)]


def _by_sound(wanted: str) -> list[Part]:
    read = read_aloud(wanted)
    if not read:
        return []
    joined, run = "".join(read), text.initials(read)
    letters = "".join(wanted.split())
    found = _weighted("title_sound", [joined], 3.0) + _weighted("title_sound", [f"={joined}"], 5.0)
    found += _weighted("title_sound", text.sound_pairs(read), 0.8)
    if letters.isascii() and letters.isalnum():
        found += _weighted("title_initials", [f"^{letters}"], 3.0) + _weighted("title_initials", [f"={letters}"], 5.0)
        found += _weighted("title_initials", initial_grams(letters), 0.4)
    elif any(char.isascii() and char.isalpha() for char in letters):
        mixed = "".join(part if part.isascii() and not text.spell(part) else text.initials((part,)) for part in read)
        found += _weighted("title_initials", [f"^{mixed}"], 2.0) + _weighted("title_initials", initial_grams(run), 0.2)
    return found


def _misspelt(pieces: Sequence[str]) -> list[Part]:
    """Names that differ from the question by one unit or by the order of two; the best one counts."""
    terms = tuple(Term("title_near", token, 3.5) for token in text.near(pieces))
    return [Best(terms)] if terms else []


def _names_inside(pieces: Sequence[str], said: Sequence[str]) -> list[Part]:
    """Every stretch of the question that might be the whole name of an entry; the best one counts.

    `said` is the question with the talk around it: 找春天 may be a title after all.
    """
    terms: list[Term] = []
    for size in range(1, min(len(pieces), LONGEST_NAME) + 1):
        share = size / len(pieces)
        for at in range(len(pieces) - size + 1):
            joined = "".join(pieces[at : at + size])
            terms.append(Term("title_whole", joined, 3.0 * share + 0.5))
            if size > 1 or size == len(pieces):
                terms.append(Term("title_name", joined, 8.0 * share + 0.5))
    if len(pieces) > LONGEST_NAME:
        terms += [Term("title_whole", "".join(pieces), 3.5), Term("title_name", "".join(pieces), 8.5)]
    if said and list(said) != list(pieces):
        terms.append(Term("title_name", "".join(said), 8.5))
    return [Best(tuple(dict.fromkeys(terms)))] if terms else []
