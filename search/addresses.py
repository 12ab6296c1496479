"""What stands in the address of a search, and how the page makes the next address: shareable, in a fixed order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from django.http import QueryDict
from django.urls import reverse

from search.ports import Sort
from search.schema import FACETS

PAGE_SIZE = 20
MOST_VALUES = 50
"""Values of one facet taken from an address."""
OWN = frozenset({"q", "sort", "page", "preview", "adaptations", "archived", "typed", "bodies"})
FLAG = "1"


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as its address says it; what could not be understood is in `notes`."""

    q: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: Sort | None = None
    page: int = 1
    preview: str = ""
    adaptations: bool = False
    archived: bool = False
    as_typed: bool = False
    in_bodies: bool = False
    notes: tuple[str, ...] = ()

    def address(self) -> str:
        query = QueryDict(mutable=True)
        if self.q:
            query["q"] = self.q
        for name in FACETS:
            query.setlist(name, list(self.filters.get(name, ())))
        if self.sort:
            query["sort"] = self.sort.value
        if self.adaptations:
            query["adaptations"] = FLAG
        if self.archived:
            query["archived"] = FLAG
        if self.as_typed:
            query["typed"] = FLAG
        if self.in_bodies:
            query["bodies"] = FLAG
        if self.page > 1:
            query["page"] = str(self.page)
        if self.preview:
            query["preview"] = self.preview
        encoded = query.urlencode(safe=":")
        return reverse("search:search") + (f"?{encoded}" if encoded else "")

    def elsewhere(self) -> "Asked":
        """The same question at its first page, nothing previewed."""
        return replace(self, page=1, preview="")

    def with_question(self, q: str) -> "Asked":
        return replace(self.elsewhere(), q=q, as_typed=False, in_bodies=False)

    def toggled(self, facet: str, value: str) -> "Asked":
        chosen = self.filters.get(facet, ())
        changed = tuple(one for one in chosen if one != value) if value in chosen else (*chosen, value)
        return replace(self.elsewhere(), filters={**self.filters, facet: changed})


def read(parameters: QueryDict) -> Asked:
    """Parse an address; unknown and malformed parts are named and left out."""
    notes: list[str] = []
    return Asked(
        q=parameters.get("q", "").replace("\x00", "").strip(),
        filters=_filters(parameters, notes),
        sort=_sort(parameters.get("sort", ""), notes),
        page=_page(parameters.get("page", ""), notes),
        preview=parameters.get("preview", ""),
        adaptations=parameters.get("adaptations") == FLAG,
        archived=parameters.get("archived") == FLAG,
        as_typed=parameters.get("typed") == FLAG,
        in_bodies=parameters.get("bodies") == FLAG,
        notes=tuple(notes),
    )


def _filters(parameters: QueryDict, notes: list[str]) -> dict[str, tuple[str, ...]]:
    filters: dict[str, tuple[str, ...]] = {}
    for name in parameters:
        if name in OWN:
            continue
        if name not in FACETS:
            notes.append(f"没有叫“{_short(name)}”的筛选，已忽略")
            continue
        values = tuple(dict.fromkeys(_cleaned(parameters.getlist(name))))[:MOST_VALUES]
        if values:
            filters[name] = values
    return filters


def _cleaned(values: Iterable[str]) -> Iterable[str]:
    return (value.replace("\x00", "").strip()[:200] for value in values if value.strip("\x00 "))


def _sort(value: str, notes: list[str]) -> Sort | None:
    if not value:
        return None
    if value in set(map(str, Sort)):
        return Sort(value)
    notes.append(f"没有叫“{_short(value)}”的排序，已按综合排")
    return None


def _page(value: str, notes: list[str]) -> int:
    if not value:
        return 1
    if value.isascii() and value.isdigit() and 0 < int(value[:9]) < 10**6:
        return int(value[:9])
    notes.append(f"没有第“{_short(value)}”页，已回到第 1 页")
    return 1


def _short(value: str) -> str:
    return value if len(value) <= 20 else f"{value[:20]}…"
