"""简化搜索: what a page shows while the engine is down. Titles, read from the database under the same access rule.

Each source that registers `titles` answers for itself; search only puts their answers one after the other. There are no
totals, no facets and no corrections here, and the page says so.
"""

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet

from search import highlight, registry
from search.addresses import PAGE_SIZE, Asked
from search.matching import telling_words
from search.ports import Entry, Query
from search.results import Shown
from search.schema import FACETS
from search.text import normalise
from search.understanding import Understood

DEEPEST_PAGE = 10
"""How far one may leaf without an index: each page reads the ones before it again."""


@dataclass(frozen=True, slots=True)
class Simplified:
    """One page of titles. `ignored` names the filters that nobody could apply."""

    shown: tuple[Shown, ...] = ()
    page: int = 1
    previous_url: str = ""
    next_url: str = ""
    ignored: tuple[str, ...] = ()


def find(asked: Asked, understood: Understood, filters: dict[str, tuple[str, ...]], viewer: Any) -> Simplified:
    """Titles that hold every word, source by source, the newest first; without a word, what is newest."""
    number = min(asked.page, DEEPEST_PAGE)
    question = registry.TitleQuestion(
        words=(*telling_words(normalise(understood.text)), *understood.phrases),
        without=understood.excluded,
        filters=filters,
        most=number * PAGE_SIZE + 1,
    )
    found, applied = _titles(question, viewer)
    page = found[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    has_more = len(found) > number * PAGE_SIZE and number < DEEPEST_PAGE
    return Simplified(
        shown=_shown(page, understood, viewer),
        page=number,
        previous_url=replace(asked, page=number - 1, preview="").address() if number > 1 else "",
        next_url=replace(asked, page=number + 1, preview="").address() if has_more else "",
        ignored=(*(FACETS[name] for name in filters if name not in applied), *(("状态",) if asked.archived else ())),
    )


def titled(rows: QuerySet[Any], field: str, question: registry.TitleQuestion) -> QuerySet[Any]:
    """Rows whose `field` holds every word and none of the excluded ones: for the `titles` of a source."""
    for word in question.words:
        rows = rows.filter(**{f"{field}__icontains": word})
    for word in question.without:
        rows = rows.exclude(**{f"{field}__icontains": word})
    return rows


def _titles(question: registry.TitleQuestion, viewer: Any) -> tuple[list[tuple[registry.Source, str, str]], set[str]]:
    """(source, uid, title) of everything found, and the filters that were applied.

    A source that cannot apply a filter which another can has nothing to say about it: its titles are left out.
    """
    sources = [source for source in registry.sources().values() if source.titles]
    able = set().union(*(source.title_filters for source in sources)) & set(question.filters)
    if "source" in question.filters:
        able.add("source")
        sources = [source for source in sources if source.name in question.filters["source"]]
    found: list[tuple[registry.Source, str, str]] = []
    for source in sources:
        if source.titles and able - {"source"} <= source.title_filters and len(found) < question.most:
            kept = {name: values for name, values in question.filters.items() if name in source.title_filters}
            answer = source.titles(replace(question, filters=kept, most=question.most - len(found)), viewer)
            found += [(source, uid, title) for uid, title in answer.items()]
    return found, able


def _shown(page: list[tuple[registry.Source, str, str]], asked: Understood, viewer: Any) -> tuple[Shown, ...]:
    """The same cards as ever, checked by the same rule; only the title is marked."""
    wanted = highlight.sought(Query(text=asked.text, phrases=asked.phrases))
    items: dict[str, Any] = {}
    for name in dict.fromkeys(source.name for source, _, _ in page):
        uids = [uid for source, uid, _ in page if source.name == name]
        items |= {f"{name}:{uid}": item for uid, item in registry.sources()[name].cards(uids, viewer).items()}
    return tuple(
        Shown(
            entry=Entry(key=f"{source.name}:{uid}", source=source.name, title=title),
            source=source,
            item=items[f"{source.name}:{uid}"],
            title_html=highlight.title(title, wanted),
        )
        for source, uid, title in page
        if f"{source.name}:{uid}" in items
    )
