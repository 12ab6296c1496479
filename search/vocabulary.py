"""Names that mean a filter: content packages register theirs (部编版 means 版本 统编版), search knows none by itself."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from search import text


@dataclass(frozen=True, slots=True)
class Name:
    """A word as teachers type it, and the value of the facet that it means.

    `closes`: it may end a title without a blank, as kinds do (花钟教学设计).
    """

    facet: str
    value: str
    word: str
    closes: bool = False


Provider = Callable[[], Iterable[Name]]
_providers: dict[str, Provider] = {}


def register(key: str, provider: Provider) -> None:
    """Add a source of names; the same key replaces. It is asked once, and again after `forget()`."""
    _providers[key] = provider
    forget()


def forget() -> None:
    """The names changed: ask the providers again."""
    _lookup.cache_clear()


def lookup() -> Mapping[str, Name]:
    """Normalised word → what it means; the first provider wins."""
    return _lookup()


@lru_cache(maxsize=1)
def _lookup() -> Mapping[str, Name]:
    return table(name for provider in _providers.values() for name in provider())


def table(names: Iterable[Name]) -> dict[str, Name]:
    found: dict[str, Name] = {}
    for name in names:
        found.setdefault(text.normalise(name.word), name)
    return found
