"""One question to an engine, from strict to generous: the first reading that convinces answers.

A name with its grade is looked for in titles. Then all words with the understood place, all words anywhere, and then names that differ by a unit. A reading
convinces when a title among its first hits says what was asked; words scattered over bodies do not. Where none does, the
strictest that found something stays; where none found anything, most words and at last any word are enough. The page
says which it was. A word that stands in no hit is read as the nearest stretch of a found title.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace

from search import naming, text
from search.matching import read_aloud, telling_parts
from search.ports import Entry, Hit, Page, Query, Reader, Sort, Strictness
from search.recall import Recall
from search.spelling import Correction, correction
from search.understanding import Understood

LOOKED_AT = 5
"""First hits that decide whether a reading convinces and what a misspelt word was meant to be."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A page and the reading that found it.

    Attributes:
        placed: the understood place was kept as a filter.
        top: the first hits of the first page, whichever page this is.
        corrected: the word that was searched instead of one that stands nowhere.
    """

    page: Page
    query: Query
    placed: bool
    top: tuple[Hit, ...] = ()
    corrected: Correction | None = None

    @property
    def is_generous(self) -> bool:
        return self.query.strictness in (Strictness.MOST, Strictness.ANY)


Reading = tuple[Strictness, bool]
Facets = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a question was read: the first reading that answered, the word taken for another, and what was counted."""

    reading: Reading
    corrected: Correction | None = None
    facets: Facets = field(default_factory=dict)


def ask(
    reader: Reader,
    understood: Understood,
    query: Query,
    *,
    as_typed: bool = False,
    in_bodies: bool = False,
    remembered: Recall[Outcome] | None = None,
) -> Answer:
    """`query` carries rights, chosen filters, order and page; the understood question is filled in.

    `as_typed`: correct nothing. `in_bodies`: a name with its place is looked for in bodies too. `remembered`: how the
    same question was read before, so that its second page and its other orders are asked for at once.
    """
    bare = replace(query, facets=()) if reader.counts_apart else query
    key = _key(understood, query, as_typed, in_bodies)
    before = remembered.find(key) if remembered else None
    if before and (answer := _as_before(reader, understood, bare, before)).page.total:
        return _with(answer, query.facets, before.facets)
    answer = _corrected(reader, understood, bare, in_bodies, as_typed)
    if query.facets and reader.counts_apart:
        answer = _with(answer, query.facets, reader.facets(replace(answer.query, facets=query.facets)))
    if remembered and answer.page.total:
        reading = answer.query.strictness, answer.placed
        remembered.keep(key, Outcome(reading, answer.corrected, answer.page.facets))
    return answer


def _key(understood: Understood, query: Query, as_typed: bool, in_bodies: bool) -> Hashable:
    """Whatever the total and the facets depend on; not the page and the order."""
    filters = tuple(sorted((name, tuple(values)) for name, values in query.filters.items()))
    return understood.typed, filters, query.tokens, query.include_adaptations, query.facets, as_typed, in_bodies


def _as_before(reader: Reader, understood: Understood, query: Query, before: Outcome) -> Answer:
    meant = _meaning(understood, before.corrected) if before.corrected else understood
    page, asked = _page(reader, meant, replace(query, facets=()), before.reading)
    return Answer(page, asked, before.reading[1], corrected=before.corrected)


def _with(answer: Answer, names: tuple[str, ...], facets: Facets) -> Answer:
    return replace(answer, query=replace(answer.query, facets=names), page=replace(answer.page, facets=facets))


def _corrected(reader: Reader, understood: Understood, query: Query, in_bodies: bool, as_typed: bool) -> Answer:
    answer = _answer(reader, understood, query, in_bodies)
    found = None if as_typed else _correction(understood, answer)
    if found is None:
        return answer
    meant = _meaning(understood, found)
    better = _answer(reader, meant, query, in_bodies)
    return replace(better, corrected=found) if better.page.total and _convinces(better.top, meant.text) else answer


def _meaning(understood: Understood, correction: Correction) -> Understood:
    meant = understood.text.replace(correction.typed, correction.meant)
    return replace(understood, text=meant, said="", words=tuple(text.words(meant)))


def _answer(reader: Reader, understood: Understood, query: Query, in_bodies: bool) -> Answer:
    strict, generous = _readings(understood)
    if in_bodies or not _names_a_place(understood):
        strict = [reading for reading in strict if reading[0] is not Strictness.TITLE]
    first: Answer | None = None
    for reading in strict:
        if first and reading[0] is Strictness.NEAR and not _may_be_near(understood.text):
            continue
        answer = _read(reader, understood, query, reading)
        if answer.page.total and (not understood.text or _convinces(answer.top, understood.text)):
            return answer
        first = first or (answer if answer.page.total else None)
    if first:
        return first
    answer = Answer(Page(), query, placed=True)
    for reading in generous:
        answer = _read(reader, understood, query, reading)
        if answer.page.total:
            break
    return answer


def _readings(understood: Understood) -> tuple[list[Reading], list[Reading]]:
    """The strict ones that have to convince, and the generous ones of which the first that finds something answers."""
    if not understood.text:
        return [(Strictness.ALL, True)], [(Strictness.ALL, True)]
    placed = [True, False] if understood.filters else [True]
    strict = [(Strictness.TITLE, True), *((Strictness.ALL, keep) for keep in placed), (Strictness.NEAR, True)]
    return strict, [(strictness, keep) for strictness in (Strictness.MOST, Strictness.ANY) for keep in placed]


def _read(reader: Reader, understood: Understood, query: Query, reading: Reading) -> Answer:
    page, asked = _page(reader, understood, query, reading)
    return Answer(page, asked, reading[1], _top(reader, asked, page))


def _page(reader: Reader, understood: Understood, query: Query, reading: Reading) -> tuple[Page, Query]:
    strictness, placed = reading
    asked = replace(
        query,
        text=understood.text,
        words=understood.words,
        said=understood.said,
        synonyms=understood.synonyms,
        phrases=understood.phrases,
        excluded=understood.excluded,
        place=understood.place,
        facts={} if placed else understood.filters,
        filters=merged(query.filters, understood.filters) if placed else query.filters,
        strictness=strictness,
    )
    return reader.search(asked), asked


def _top(reader: Reader, asked: Query, page: Page) -> tuple[Hit, ...]:
    """The most relevant hits, so that every page and order of one question is read in the same way."""
    if not asked.text or not page.total:
        return ()
    if asked.sort is Sort.RELEVANCE and not asked.offset and asked.limit >= LOOKED_AT:
        return page.hits[:LOOKED_AT]
    return reader.search(replace(asked, sort=Sort.RELEVANCE, facets=(), offset=0, limit=LOOKED_AT)).hits


def _names_a_place(understood: Understood) -> bool:
    """With its grade said, a question asks for what is called so: a mention in some body is no answer."""
    return bool(text.parts(understood.text)) and "grade" in understood.filters


def _may_be_near(wanted: str) -> bool:
    return bool(text.near(text.units(wanted)))


def _convinces(top: tuple[Hit, ...], wanted: str) -> bool:
    return any(_says(hit.entry, wanted) for hit in top)


def _says(entry: Entry, wanted: str) -> bool:
    """The title and keywords hold every part, or sound like the question, or a name differs from it by a unit."""
    title = text.normalise(entry.title)
    told = "|".join(map(text.whole, [title, *map(text.normalise, entry.keywords)]))
    if all(text.whole(part) in told for part in telling_parts(wanted)):
        return True
    spoken, sound = "".join(read_aloud(wanted)), text.syllables(told)
    if spoken in "".join(sound) or (wanted.isascii() and spoken in text.initials(sound)):
        return True
    near = set(text.near(text.units(wanted)))
    return any(near & set(text.near(text.units(name))) for name in naming.names(title, entry.facets))


def _correction(understood: Understood, answer: Answer) -> Correction | None:
    if not answer.top or not understood.text:
        return None
    entries = [hit.entry for hit in answer.top]
    names = [name for entry in entries for name in (entry.title, *entry.keywords)]
    bodies = (words for e in entries for words in (e.summary, *e.authors, *(passage.text for passage in e.passages)))
    return correction(understood.text, names, bodies)


def merged(
    chosen: Mapping[str, tuple[str, ...]], understood: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """Chosen filters win over understood ones of the same facet."""
    return {**understood, **{name: values for name, values in chosen.items() if values}}
