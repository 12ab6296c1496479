"""The search page as finished values: what was understood, facets with their own counts, results, and a way on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.core.paginator import Page as Numbers
from django.core.paginator import Paginator

from search import registry, results, saying, simple, synonyms, tabs, vocabulary
from search.addresses import PAGE_SIZE, Asked
from search.asking import Answer, Outcome, ask, merged
from search.ports import EngineDown, Page, Query, Reader, Sort
from search.recall import Memory
from search.results import Shown
from search.schema import FACETS, TAB
from search.understanding import Understood, understand

DEEPEST = 9_000
FIRST_OPTIONS = 4
ARCHIVED = "已归档"
OPEN_FACETS = 5
MEASURES = {"school": "所", "studio": "个工作室"}
SORTS = {
    Sort.RELEVANCE: "综合",
    Sort.TEXTBOOK: "教材顺序",
    Sort.NEWEST: "最新",
    Sort.MOST_USED: "最热",
    Sort.MOST_CITED: "引用最多",
}


read_before: Memory[Outcome] = Memory()
put_aside_before: Memory[bool] = Memory()

Hearing = Callable[[Any, datetime], None]


def nobody(viewer: Any, at: datetime) -> None:
    """A second page and a preview are no new question."""


@dataclass(frozen=True, slots=True)
class ChipView:
    """A filter in words, and the address without it."""

    label: str
    value: str
    url: str


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    count: int
    chosen: bool
    url: str


@dataclass(frozen=True, slots=True)
class FacetView:
    """One facet: its first values, and the rest folded away."""

    name: str
    label: str
    first: tuple[Option, ...]
    rest: tuple[Option, ...]
    measure: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class TabLink:
    """A tab of the page with what the same question finds there."""

    label: str
    count: int
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Everything the template needs; while the engine does not answer, `simplified` stands in for the results."""

    asked: Asked
    understood: Understood
    chips: tuple[ChipView, ...]
    notes: tuple[str, ...]
    ways_on: tuple[Link, ...]
    simplified: simple.Simplified | None = None
    total: int = 0
    shown: tuple[Shown, ...] = ()
    facets: tuple[FacetView, ...] = ()
    tabs: tuple[TabLink, ...] = ()
    sorts: tuple[Link, ...] = ()
    numbers: Numbers[int] | None = None
    said: tuple[saying.Said, ...] = ()
    wider: tuple[Link, ...] = ()
    adaptations: Link | None = None
    preview: Shown | None = None
    hear: Hearing = nobody

    @property
    def filter_count(self) -> int:
        return sum(len(values) for values in tabs.chosen(self.asked).values())

    @property
    def tools(self) -> tuple[str, ...]:
        return registry.tools()

    @property
    def closed_preview(self) -> str:
        return replace(self.asked, preview="").address()

    @property
    def again(self) -> str:
        return self.asked.address()


def build(asked: Asked, viewer: Any, reader: Reader, at: datetime) -> SearchPage:
    """Answer an address for a viewer. Whatever is asked has a page; an engine that is down has one too."""
    understood = understand(asked.q, vocabulary.lookup(), synonyms.lookup())
    page = SearchPage(
        asked=asked,
        understood=understood,
        chips=_chips(asked, understood),
        notes=(*asked.notes, *understood.notes),
        ways_on=tuple(Link(way.label, way.url()) for way in registry.ways_on()),
    )
    try:
        question = _query(asked, understood, viewer)
        version = reader.version()
        answer = ask(
            reader,
            understood,
            question,
            as_typed=asked.as_typed,
            in_bodies=asked.in_bodies,
            remembered=read_before.at(version),
        )
        page = replace(page, hear=_hearing(asked, understood, answer))
        page.hear(viewer, at)
        return _answered(page, answer, viewer, reader, at)
    except EngineDown:
        return replace(
            page, simplified=simple.find(asked, understood, merged(tabs.chosen(asked), understood.filters), viewer)
        )


def _hearing(asked: Asked, understood: Understood, answer: Answer) -> Hearing:
    """Who asked comes in later: a kept page answers more people than the one it was made for."""
    if not asked.q or asked.page > 1 or asked.preview:
        return nobody
    told = replace(answer, page=Page(total=answer.page.total), top=())
    return lambda viewer, at: registry.heard(understood, told, viewer, at)


def _query(asked: Asked, understood: Understood, viewer: Any) -> Query:
    tab = tabs.current(asked, understood)
    return Query(
        filters=tabs.filters_of(asked, tab),
        tokens=viewer.archived_tokens() if asked.archived else viewer.tokens(),
        sort=_sort(asked, understood),
        include_adaptations=asked.adaptations,
        facets=(*tab.facets, TAB),
        offset=min((asked.page - 1) * PAGE_SIZE, DEEPEST),
        limit=PAGE_SIZE,
    )


def _sort(asked: Asked, understood: Understood) -> Sort:
    """Without a question nothing is more relevant than another: the newest come first."""
    return asked.sort or (Sort.NEWEST if understood.is_empty else Sort.RELEVANCE)


def _answered(page: SearchPage, answer: Answer, viewer: Any, reader: Reader, at: datetime) -> SearchPage:
    asked, found = page.asked, answer.page
    items = results.items_of(found.hits, viewer, at)
    preview = {
        hit.key: replace(asked, preview=hit.key).address() + "#preview"
        for hit in found.hits
        if hit.key in items and registry.sources()[hit.entry.source].preview_template
    }
    with_adaptations = replace(asked.elsewhere(), adaptations=not asked.adaptations).address()
    shown = tuple(results.shown(found, items, answer.query, preview, with_adaptations))
    opened = next((one for one in shown if one.entry.key == asked.preview and one.preview_url), None)
    return replace(
        page,
        total=found.total,
        shown=shown,
        facets=(*_facets(asked, page.understood, answer), *_archived(asked, answer, viewer, reader)),
        tabs=_tabs(asked, page.understood, answer),
        sorts=_sorts(asked, page.understood),
        numbers=Paginator(range(min(found.total, DEEPEST)), PAGE_SIZE).get_page(asked.page),
        said=saying.said(asked, page.understood, answer),
        wider=() if found.total else _wider(asked, page.understood, viewer, reader),
        adaptations=_adaptations(asked, found, with_adaptations),
        preview=opened,
        notes=(*page.notes, *_preview_notes(asked, opened)),
    )


def _preview_notes(asked: Asked, opened: Shown | None) -> tuple[str, ...]:
    return ("要预览的那一份不在这一页，已忽略",) if asked.preview and opened is None else ()


def _adaptations(asked: Asked, found: Page, url: str) -> Link | None:
    if asked.adaptations:
        return Link("含个案", url, is_current=True)
    return Link("含个案", url) if found.folds else None


def _chips(asked: Asked, understood: Understood) -> tuple[ChipView, ...]:
    typed = [
        ChipView(chip.label, chip.value, asked.with_question(chip.rest).address())
        for chip in understood.chips
        if not asked.filters.get(chip.facet)
    ]
    chosen = [
        ChipView(FACETS[name], registry.label_of(name, value), asked.toggled(name, value).address())
        for name, values in tabs.chosen(asked).items()
        for value in values
    ]
    archived = (ChipView("状态", ARCHIVED, replace(asked.elsewhere(), archived=False).address()),)
    return (*typed, *chosen, *(archived if asked.archived else ()))


def _facets(asked: Asked, understood: Understood, answer: Answer) -> tuple[FacetView, ...]:
    """Facets with their values; a value without entries is shown only when it is chosen."""
    active = merged(asked.filters, understood.filters) if answer.placed else asked.filters
    views: list[FacetView] = []
    for name in tabs.current(asked, understood).facets:
        counts = answer.page.facets.get(name, {})
        chosen = active.get(name, ())
        if (not counts and not chosen) or (len(counts) < 2 and not chosen and name == "source"):
            continue
        options = _options(asked, understood, name, counts, chosen)
        views.append(
            FacetView(
                name=name,
                label=FACETS[name],
                first=options[:FIRST_OPTIONS],
                rest=options[FIRST_OPTIONS:],
                measure=MEASURES.get(name, "个"),
                is_open=bool(chosen) or len(views) < OPEN_FACETS,
            )
        )
    return tuple(views)


def _archived(asked: Asked, answer: Answer, viewer: Any, reader: Reader) -> tuple[FacetView, ...]:
    """已归档: what was put aside is found by asking for it alone; nothing is offered where there is none."""
    count = answer.page.total if asked.archived else _put_aside(answer.query, viewer, reader)
    if not count and not asked.archived:
        return ()
    url = replace(asked.elsewhere(), archived=not asked.archived).address()
    only = Option(ARCHIVED, count, asked.archived, url)
    return (FacetView("archived", "状态", (only,), (), "个", is_open=asked.archived),)


def _put_aside(query: Query, viewer: Any, reader: Reader) -> int:
    """How many archived entries the question finds; most people may see none at all, and that is remembered."""
    tokens = viewer.archived_tokens()
    before = put_aside_before.at(reader.version())
    any_at_all = before.find(tokens) if before else None
    if any_at_all is None:
        any_at_all = bool(reader.search(Query(tokens=tokens, limit=0)).total)
        if before:
            before.keep(tokens, any_at_all)
    return reader.search(replace(query, tokens=tokens, facets=(), offset=0, limit=0)).total if any_at_all else 0


def _options(
    asked: Asked, understood: Understood, name: str, counts: Mapping[str, int], chosen: tuple[str, ...]
) -> tuple[Option, ...]:
    typed = {chip.value: chip.rest for chip in understood.chips if chip.facet == name}
    values = sorted({*counts, *chosen}, key=lambda value: (value not in chosen, -counts.get(value, 0), value))

    def url(value: str) -> str:
        if value in typed and value in chosen and not asked.filters.get(name):
            return asked.with_question(typed[value]).address()
        kept = replace(asked, filters={**asked.filters, name: chosen})
        return kept.toggled(name, value).address()

    return tuple(
        Option(
            value=registry.source_label(value) if name == "source" else value,
            count=counts.get(value, 0),
            chosen=value in chosen,
            url=url(value),
        )
        for value in values
    )


def _tabs(asked: Asked, understood: Understood, answer: Answer) -> tuple[TabLink, ...]:
    """The tabs with their counts; a site without a second one shows none."""
    here, counts = tabs.current(asked, understood), answer.page.facets.get(TAB, {})
    links = tuple(
        TabLink(
            label=tab.name,
            count=counts.get(tab.name, 0),
            url=tabs.elsewhere(asked, understood, tab, tabs.chosen(asked)).address(),
            is_current=tab.name == here.name,
        )
        for tab in tabs.all_tabs()
    )
    return links if len(links) > 1 else ()


def _sorts(asked: Asked, understood: Understood) -> tuple[Link, ...]:
    current = _sort(asked, understood)
    return tuple(
        Link(label, replace(asked.elsewhere(), sort=sort).address(), sort is current) for sort, label in SORTS.items()
    )


def _wider(asked: Asked, understood: Understood, viewer: Any, reader: Reader) -> tuple[Link, ...]:
    """Ways on when nothing was found, each with how much it finds."""

    def count(other: Asked) -> int:
        found = understand(other.q, vocabulary.lookup(), synonyms.lookup())
        return ask(reader, found, replace(_query(other, found, viewer), facets=(), limit=0)).page.total

    ways = saying.wider(asked, tabs.chosen(asked), understood, count)
    return tuple(Link(way.label, way.asked.address()) for way in ways)
