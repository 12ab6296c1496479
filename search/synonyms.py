"""Words of the field that mean the same: packages register groups of them, search knows none by itself."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

from search import text

Provider = Callable[[], Iterable[Sequence[str]]]
_providers: dict[str, Provider] = {}


def register(key: str, provider: Provider) -> None:
    """Add a source of groups; the same key replaces."""
    _providers[key] = provider
    _lookup.cache_clear()


def lookup() -> Mapping[str, tuple[str, ...]]:
    """Normalised word → the other words of its groups."""
    return _lookup()


@lru_cache(maxsize=1)
def _lookup() -> Mapping[str, tuple[str, ...]]:
    return table(group for provider in _providers.values() for group in provider())


def table(groups: Iterable[Sequence[str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for group in groups:
        words = [text.normalise(word) for word in group]
        for word in words:
            others = (*found.get(word, ()), *(other for other in words if other != word))
            found[word] = tuple(dict.fromkeys(others))
    return found


def of(words: Iterable[str], table: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The synonyms of those words that have some."""
    return {word: table[word] for word in words if word in table}
