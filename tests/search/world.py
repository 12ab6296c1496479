"""A source of things to find that lives in a dictionary, as a content package would register one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from search import outbox, registry
from search.ports import Entry


@dataclass
class Thing:
    """What a card template receives."""

    title: str


@dataclass
class Shelf:
    """The database of the source: entries by uid, and what `cards` refuses although the index gives it."""

    name: str = "thing"
    entries: dict[str, Entry] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    loads: list[list[str]] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    answers_titles: bool = True

    def put(self, uid: str, title: str, *, tokens: str = "public", **more: Any) -> None:
        found = Entry(key=f"{self.name}:{uid}", source=self.name, title=title, tokens=frozenset(tokens.split()))
        self.entries[uid] = replace(found, **more)
        outbox.touch(self.name, uid)

    def remove(self, uid: str) -> None:
        del self.entries[uid]
        outbox.touch(self.name, uid)

    def load(self, uids: Sequence[str]) -> Iterable[Entry]:
        self.loads.append(list(uids))
        if self.broken & set(uids):
            raise ValueError("document cannot be read")
        return [self.entries[uid] for uid in uids if uid in self.entries]

    def cards(self, uids: Sequence[str], viewer: Any) -> Mapping[str, Thing]:
        return {uid: Thing(self.entries[uid].title) for uid in uids if uid in self.entries and uid not in self.refused}

    def titles(self, question: registry.TitleQuestion, viewer: Any) -> Mapping[str, str]:
        """As a database would: public things whose title holds every word, the last put first."""
        kinds = question.filters.get("kind", ())
        found = {
            uid: entry.title
            for uid, entry in reversed(self.entries.items())
            if "public" in entry.tokens
            and all(word in entry.title for word in question.words)
            and not any(word in entry.title for word in question.without)
            and (not kinds or set(kinds) & set(entry.facets.get("kind", ())))
        }
        return dict(list(found.items())[: question.most])

    def source(self) -> registry.Source:
        return registry.Source(
            name=self.name,
            label="东西",
            load=self.load,
            uids=lambda: list(self.entries),
            cards=self.cards,
            card_template="tests/thing.html",
            preview_template="tests/thing_preview.html",
            url=lambda uid: f"/thing/{uid}/",
            titles=self.titles if self.answers_titles else None,
            title_filters=frozenset({"kind"}),
        )


@contextmanager
def registered(*shelves: Shelf) -> Iterator[None]:
    """These sources alone, for the length of a test."""
    before = dict(registry._sources)
    registry._sources.clear()
    for shelf in shelves:
        registry.register(shelf.source())
    try:
        yield
    finally:
        registry._sources.clear()
        registry._sources.update(before)
