"""Content packages register what search may see; search knows none of them by name."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from search.ports import Entry


@dataclass(frozen=True, slots=True)
class TitleQuestion:
    """What 简化搜索 asks the database: titles with all of `words` and none of `without`, at most `most`, newest first.

    Every filter is one that the source named in `title_filters`; values are those of the facets, OR within one.
    """

    words: tuple[str, ...]
    without: tuple[str, ...]
    filters: Mapping[str, tuple[str, ...]]
    most: int


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of thing that can be found.

    Attributes:
        name: the first part of every key.
        label: Chinese name for groups of suggestions (资源, 工作室, 新闻).
        load: uids → entries of those that may be found at all now; an absent uid is removed from the index.
        uids: every uid that may be found, for a rebuild; streamed.
        cards: (uids, the request's viewer) → uid → finished object for the card template, already checked against the access rule;
            what is missing from the answer is not shown.
        of_hits: (entries, viewer) → the same for hits: checked in one narrow query, printed from `Entry.card`; without it,
            `cards` is asked.
        card_template: template that renders one hit inside `<li class="res">`; receives `item` and `hit`
            (`search.results.Shown`: `title_html`, `snippets` with `place` and `html`, `folded`, `preview_url`).
        preview_template: template of the side panel for one item; receives `item` and `hit`. Empty: no side panel.
        url: uid → address of the thing itself; without it, suggestions fill the search box.
        titles: (question, viewer) → uid → title, in order: what this viewer may list, straight from the database. It
            answers while the engine is down; without it the source is silent then.
        title_filters: the facets that `titles` can apply.
        listed: (uids, viewer) → those of them that this viewer may list now, in one query; without it `cards` is asked.
    """

    name: str
    label: str
    load: Callable[[Sequence[str]], Iterable[Entry]]
    uids: Callable[[], Iterable[str]]
    cards: Callable[[Sequence[str], Any], Mapping[str, Any]]
    card_template: str
    preview_template: str = ""
    url: Callable[[str], str] | None = None
    titles: Callable[[TitleQuestion, Any], Mapping[str, str]] | None = None
    title_filters: frozenset[str] = frozenset()
    listed: Callable[[Sequence[str], Any], Iterable[str]] | None = None
    of_hits: Callable[[Sequence[Entry], Any], Mapping[str, Any]] | None = None

    def allowed(self, uids: Sequence[str], viewer: Any) -> Iterable[str]:
        return self.listed(uids, viewer) if self.listed else self.cards(uids, viewer)

    def items(self, entries: Sequence[Entry], viewer: Any) -> Mapping[str, Any]:
        """uid → finished object of what this viewer may really see among hits."""
        return self.of_hits(entries, viewer) if self.of_hits else self.cards([entry.uid for entry in entries], viewer)


@dataclass(frozen=True, slots=True)
class Spread:
    """A kind of change that reaches many documents (`outbox.spread`).

    Attributes:
        name: 节点, 学校, …: first word of the job.
        source: the documents' source.
        uids: (argument, after, limit) → at most `limit` uids of reached documents greater than `after`, ascending.
    """

    name: str
    source: str
    uids: Callable[[str, str, int], Iterable[str]]


@dataclass(frozen=True, slots=True)
class WayOn:
    """Where to go when search finds nothing or cannot answer: 按教材目录找."""

    label: str
    url: Callable[[], str]


_sources: dict[str, Source] = {}
_spreads: dict[str, Spread] = {}
_ways: dict[str, WayOn] = {}
_suggesters: dict[str, Callable[[str, int, datetime], Iterable[Any]]] = {}
_ears: dict[str, Callable[[Any, Any, Any, datetime], None]] = {}
_tools: dict[str, str] = {}
_labels: dict[str, Callable[[Sequence[str]], Mapping[str, str]]] = {}


def register(source: Source) -> None:
    _sources[source.name] = source


def sources() -> Mapping[str, Source]:
    return dict(_sources)


def register_spread(spread: Spread) -> None:
    _spreads[spread.name] = spread


def spreads() -> Mapping[str, Spread]:
    return dict(_spreads)


def register_way_on(way: WayOn) -> None:
    _ways[way.label] = way


def ways_on() -> tuple[WayOn, ...]:
    return tuple(_ways.values())


def register_suggester(label: str, names: Callable[[str, int, datetime], Iterable[Any]]) -> None:
    """A group of suggestions of public names: (typed, at most, now) → `search.suggesting.Suggestion`s."""
    _suggesters[label] = names


def suggesters() -> Mapping[str, Callable[[str, int, datetime], Iterable[Any]]]:
    return dict(_suggesters)


Ear = Callable[[Any, Any, Any, datetime], None]
"""(understood, answer, viewer, now) of one question that was asked."""


def register_ear(key: str, ear: Ear) -> None:
    """Hear every question of the search page; an ear only notes, it writes nothing to the database."""
    _ears[key] = ear


def heard(understood: Any, answer: Any, viewer: Any, at: datetime) -> None:
    for ear in _ears.values():
        ear(understood, answer, viewer, at)


def register_tool(template: str) -> None:
    """A template with a control above the results; it receives `page` and the request."""
    _tools[template] = template


def tools() -> tuple[str, ...]:
    return tuple(_tools)


def register_labels(facet: str, names: Callable[[Sequence[str]], Mapping[str, str]]) -> None:
    """How the values of a facet are called on the page, where they are no words themselves (a node's uid)."""
    _labels[facet] = names


def label_of(facet: str, value: str) -> str:
    return _labels[facet]([value]).get(value, "") if facet in _labels else value


def source_label(name: str) -> str:
    return _sources[name].label if name in _sources else name
