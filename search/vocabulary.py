"""Names that mean a filter: content packages register theirs (部编版 means 版本 统编版), search knows none by itself."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from search import text


@dataclass(frozen=True, slots=True)
class Name:
    """A word as teachers type it, and the value of the facet that it means.

    `closes`: it may end a title without a blank, as kinds do (花钟教学设计). `also`: further values that it may mean.
    """

    facet: str
    value: str
    word: str
    closes: bool = False
    also: tuple[str, ...] = ()

    @property
    def filters(self) -> tuple[tuple[str, str], ...]:
        return tuple((self.facet, value) for value in (self.value, *self.also))


SHORTEST_SPELLED = 4
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
    """Names by their normalised word and, where that is long enough to be no chance, by its pinyin run together."""
    found: dict[str, Name] = {}
    for name in names:
        found.setdefault(text.normalise(name.word), name)
    for word, name in list(found.items()):
        letters = "".join(text.syllables(word))
        if letters != word and len(letters) >= SHORTEST_SPELLED and letters.isalpha() and letters.isascii():
            found.setdefault(letters, replace(name, closes=False))
    return found
