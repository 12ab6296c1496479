"""Tabs of the search page (栏目): what is too different to stand in one list is looked for apart, with its own facets.

Everything stands in the main tab unless its entry names another in the facet `tab`; content packages register theirs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from search.addresses import Asked
from search.asking import merged
from search.schema import MAIN_TAB, SHOWN_FACETS, TAB
from search.understanding import Understood


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab.

    Attributes:
        name: the value of the facet `tab`, and its word on the page.
        facets: offered beside its results, in this order.
        own: those of them that mean something in this tab alone.
        when: filters that lead here without the tab being named: asking for the kind 试题.
    """

    name: str
    facets: tuple[str, ...]
    own: frozenset[str] = frozenset()
    when: Mapping[str, frozenset[str]] = field(default_factory=dict)


_tabs: dict[str, Tab] = {}


def register(tab: Tab) -> None:
    _tabs[tab.name] = tab


def all_tabs() -> tuple[Tab, ...]:
    """The main tab and the registered ones."""
    own = frozenset(name for tab in _tabs.values() for name in tab.own)
    return (Tab(MAIN_TAB, tuple(name for name in SHOWN_FACETS if name not in own)), *_tabs.values())


def current(asked: Asked, understood: Understood) -> Tab:
    """The tab that the address names, or that its filters lead to."""
    tabs = all_tabs()
    named = asked.filters.get(TAB, ())
    if named:
        return next((tab for tab in tabs if tab.name == named[0]), tabs[0])
    wanted = merged(asked.filters, understood.filters)
    return next((tab for tab in tabs if _leads_to(tab, wanted)), tabs[0])


def _leads_to(tab: Tab, filters: Mapping[str, tuple[str, ...]]) -> bool:
    """Every filter that leads here is there, with no value of another tab."""
    return bool(tab.when) and all(set(filters.get(name, ())) & values for name, values in tab.when.items())


def filters_of(asked: Asked, tab: Tab) -> dict[str, tuple[str, ...]]:
    """The chosen filters with the tab as one of them."""
    return {**asked.filters, TAB: (tab.name,)}


def chosen(asked: Asked) -> dict[str, tuple[str, ...]]:
    """The filters that somebody chose; the tab is none of them."""
    return {name: values for name, values in asked.filters.items() if name != TAB}


def elsewhere(asked: Asked, understood: Understood, tab: Tab, kept: Mapping[str, tuple[str, ...]]) -> Asked:
    """The same question at its first page in a tab, with those of `kept` that the tab offers.

    The tab is named in the address only where the filters alone do not lead there.
    """
    filters = {name: values for name, values in kept.items() if name in tab.facets and name not in tab.when}
    plain = replace(asked.elsewhere(), filters=filters)
    return (
        plain if current(plain, understood).name == tab.name else replace(plain, filters={**filters, TAB: (tab.name,)})
    )
