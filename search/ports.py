"""The contract between the site and its search engines: plain frozen values, no engine and no content package known.

A content package turns its objects into `Entry` values (see `search.registry`); a view turns a request into a `Query`
and shows a `Page` of `Hit`s. Engines implement `Engine` (see `search.engines`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of an entry's text with its place in the words a teacher sees: 环节3, 第7页, 02:13."""

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One document of the index.

    Attributes:
        key: `<source>:<uid>`, unique in the index.
        source: name of the registered source.
        title, subtitle, summary, keywords, authors: text in falling weight.
        passages: the body, place by place.
        facets: facet name → values; see `search.schema` for the names and the wording of the values.
        tokens: rights; a viewer finds the entry when one of theirs is among them.
        position: place in the textbook for the order 教材顺序; None sorts last.
        published_at: for the order 最新.
        uses, citations: for 最热 and 引用最多.
        primary: False for an adaptation (个案), shown only when asked for.
        fold: entries with the same fold are counted under their primary entry.
        card: what the source's card prints beside all this, as JSON values; the same for everybody who may find the entry.
        version: grows with every change of the row; engines refuse an older one.
    """

    key: str
    source: str
    title: str
    subtitle: str = ""
    summary: str = ""
    keywords: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    passages: tuple[Passage, ...] = ()
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tokens: frozenset[str] = frozenset()
    position: int | None = None
    published_at: datetime | None = None
    uses: int = 0
    citations: int = 0
    primary: bool = True
    fold: str = ""
    card: Mapping[str, Any] = field(default_factory=dict)
    version: int = 0

    @property
    def uid(self) -> str:
        return self.key.partition(":")[2]


class Sort(StrEnum):
    RELEVANCE = "relevance"
    TEXTBOOK = "textbook"
    NEWEST = "newest"
    MOST_USED = "most_used"
    MOST_CITED = "most_cited"


class Strictness(StrEnum):
    """How much of the words an entry must hold to be found; how well it holds them decides the order."""

    TITLE = "title"
    """Every part of the question stands in the title, or is a keyword."""
    ALL = "all"
    NEAR = "near"
    """All words, or a name that differs by one unit."""
    MOST = "most"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Query:
    """A typed question. `filters` are OR within a facet, AND between facets; `tokens` are the viewer's rights.

    Attributes:
        text: what is looked for, without coordinates, quotes and minus; matched as words, characters and sounds.
        words: segmented terms of `text`, for highlighting.
        phrases: must occur exactly, character by character.
        excluded: must not occur.
        place: the coordinates as typed and as books print them; they add to the score of titles that repeat them.
        said: the text with the talk around it, in case that was a title.
        facts: what the coordinates mean; they add to the score where they are no filter.
        synonyms: word of the text → words of the field that mean the same.
    """

    text: str = ""
    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    place: str = ""
    said: str = ""
    facts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tokens: frozenset[str] = frozenset({"public"})
    sort: Sort = Sort.RELEVANCE
    strictness: Strictness = Strictness.ALL
    include_adaptations: bool = False
    facets: tuple[str, ...] = ()
    offset: int = 0
    limit: int = 20


@dataclass(frozen=True, slots=True)
class Hit:
    """One found entry with its score; `entry` holds the stored fields the page shows and highlights."""

    key: str
    score: float
    entry: Entry


@dataclass(frozen=True, slots=True)
class Page:
    """Hits in order, the exact total, and counts per facet value under the viewer's rights.

    The counts of a facet ignore that facet's own filter, so that a second value can be chosen. `folds` counts, for the
    folds of the shown hits, the adaptations (个案) which the viewer may see; they are in no total unless asked for.
    """

    hits: tuple[Hit, ...] = ()
    total: int = 0
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    folds: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Held:
    """What an index holds of one key, read back: the stored copy, empty for a removed entry, and the rights."""

    key: str
    version: int
    stored: str
    tokens: frozenset[str]


@dataclass(frozen=True, slots=True)
class Prepared:
    """An entry made ready for `Writer.load`, perhaps by another process: every field of the schema as JSON."""

    key: str
    version: int
    body: str


class EngineDown(Exception):
    """The engine cannot answer now: no index, no server, or a server that fails."""


class EngineRefusal(EngineDown):
    """The engine is well, but will not answer this question."""


class Reader(Protocol):
    counts_apart: bool
    """Counting facets is work of its own: a search that may be thrown away is better asked without them."""

    def search(self, query: Query) -> Page:
        """Raises EngineDown."""

    def facets(self, query: Query) -> Mapping[str, Mapping[str, int]]:
        """The facets of `search` alone. Raises EngineDown."""

    def suggest(self, prefix: str, tokens: frozenset[str], limit: int) -> Sequence[Hit]:
        """Entries one of whose title parts begins with `prefix` by characters, pinyin or initials; most used first."""

    def version(self) -> str:
        """Another one after every change that a search can see; empty when the engine cannot tell."""


class Writer(Protocol):
    def write(self, entries: Iterable[Entry]) -> Mapping[str, str]:
        """Write entries that are not older than what is there; the answer names the refused keys and why."""

    def delete(self, keys: Mapping[str, int]) -> Mapping[str, str]:
        """Remove entries; the values are the versions at which they went, and an older write does not revive one."""

    def load(self, prepared: Iterable[Prepared]) -> Iterator[Mapping[str, str]]:
        """Add many entries whose keys the index does not hold; gives for each written piece the refused keys and why."""

    def refresh(self) -> None:
        """Make everything written visible to the next search."""


class Admin(Protocol):
    """Generations: each is a whole index; one of them is live and answers, the others are staged or kept."""

    def exists(self) -> bool: ...

    def create(self) -> None:
        """Make the empty index if it is absent: the generation of `at`, or else a first one that is live at once."""

    def drop(self) -> None:
        """Remove the generation of `at`; otherwise every generation of this schema."""

    def count(self) -> int:
        """Entries that a search could find."""

    def ailments(self) -> Sequence[str]:
        """What is wrong with an engine that may still answer, in words for the page of its health."""

    def live(self) -> str:
        """Name of the generation that answers; empty when there is none."""

    def generations(self) -> Sequence[str]:
        """Every generation on disk or server, also of other schemas."""

    def at(self, generation: str) -> "Engine":
        """The same engine, bound to one generation."""

    def promote(self, generation: str) -> None:
        """Let this generation answer from now on, in one step."""

    def held(self, keys: Sequence[str] | None = None) -> Iterator[Held]:
        """What is held of these keys, or of all, in no order."""

    def release(self) -> None:
        """Finish what runs in the background and let another process write."""


class Engine(Reader, Writer, Admin, Protocol):
    """All three doors; the web process uses the first alone."""
