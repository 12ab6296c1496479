"""What stands in the address of a search, and how the page makes the next address: shareable, in a fixed order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from urllib.parse import quote

from django.http import QueryDict
from django.urls import get_script_prefix, reverse

from search.ports import Sort
from search.schema import FACETS

PAGE_SIZE = 20
MOST_VALUES = 50
"""Values of one facet taken from an address."""
OWN = frozenset({"q", "sort", "page", "preview", "adaptations", "archived", "typed", "bodies"})
FLAG = "1"
ORDER = {name: number for number, name in enumerate(FACETS)}


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
        chosen = sorted(
            (ORDER[name], name, values) for name, values in self.filters.items() if values and name in ORDER
        )
        parts = [
            ("q", self.q),
            *((name, value) for _, name, values in chosen for value in values),
            ("sort", self.sort.value if self.sort else ""),
            ("adaptations", FLAG if self.adaptations else ""),
            ("archived", FLAG if self.archived else ""),
            ("typed", FLAG if self.as_typed else ""),
            ("bodies", FLAG if self.in_bodies else ""),
            ("page", str(self.page) if self.page > 1 else ""),
            ("preview", self.preview),
        ]
        encoded = "&".join(f"{name}={_quoted(value)}" for name, value in parts if value)
        return _path(get_script_prefix()) + (f"?{encoded}" if encoded else "")

    def elsewhere(self) -> "Asked":
        """The same question at its first page, nothing previewed."""
        return replace(self, page=1, preview="")

    def with_question(self, q: str) -> "Asked":
        return replace(self.elsewhere(), q=q, as_typed=False, in_bodies=False)

    def toggled(self, facet: str, value: str) -> "Asked":
        chosen = self.filters.get(facet, ())
        changed = tuple(one for one in chosen if one != value) if value in chosen else (*chosen, value)
        return replace(self.elsewhere(), filters={**self.filters, facet: changed})


@lru_cache(maxsize=4_000)
def _quoted(value: str) -> str:
    """A page of results holds fifty addresses of mostly the same values."""
    return quote(value, safe=":")


@cache
def _path(script_prefix: str) -> str:
    return reverse("search:search")


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
