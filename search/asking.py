"""One question to an engine, from strict to generous: the first reading that finds something answers.

All words with the understood place come first. A misspelt word or a wrong volume finds nothing there; then the place
is let go, then some of the words. The page says which it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from search.ports import Page, Query, Reader, Strictness
from search.understanding import Understood


@dataclass(frozen=True, slots=True)
class Answer:
    """A page and the reading that found it."""

    page: Page
    query: Query
    placed: bool
    """The understood place was kept as a filter."""

    @property
    def is_generous(self) -> bool:
        return self.query.strictness is not Strictness.ALL


def ask(reader: Reader, understood: Understood, query: Query) -> Answer:
    """`query` carries rights, chosen filters, order and page; the understood question is filled in."""
    asked = replace(
        query,
        text=understood.text,
        words=understood.words,
        phrases=understood.phrases,
        excluded=understood.excluded,
        place=understood.place,
    )
    answer = Answer(Page(), asked, placed=True)
    for strictness, placed in _readings(understood):
        filters = merged(query.filters, understood.filters) if placed else query.filters
        tried = replace(asked, filters=filters, strictness=strictness)
        answer = Answer(reader.search(tried), tried, placed)
        if answer.page.total:
            return answer
    return answer


def _readings(understood: Understood) -> list[tuple[Strictness, bool]]:
    if not understood.text:
        return [(Strictness.ALL, True)]
    placed = [True, False] if understood.filters else [True]
    return [(strictness, keep) for strictness in (Strictness.ALL, Strictness.MOST, Strictness.ANY) for keep in placed]


def merged(
    chosen: Mapping[str, tuple[str, ...]], understood: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """Chosen filters win over understood ones of the same facet."""
    return {**understood, **{name: values for name, values in chosen.items() if values}}
