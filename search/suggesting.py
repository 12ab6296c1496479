"""What one is about to type, in groups: 课, 资源, 工作室, 老师.

Entries come from the engine under the viewer's rights and are checked in the database; people are named only as authors
of entries that the viewer may see. Public names (课) come from registered suggesters.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from search import registry, results, text
from search.addresses import Asked
from search.documents import prefixes
from search.ports import EngineDown, Hit, Reader

MOST = 8
MOST_EACH = 5
LONGEST_PREFIX = 40
PEOPLE = "老师"


@dataclass(frozen=True, slots=True)
class Suggestion:
    label: str
    url: str


Group = tuple[str, list[Suggestion]]


def groups(typed: str, viewer: Any, reader: Reader, at: datetime) -> list[Group]:
    """Groups that have something, registered names first, people last."""
    wanted = typed[:LONGEST_PREFIX]
    found: dict[str, list[Suggestion]] = {
        label: list(names(wanted, MOST_EACH, at)) for label, names in registry.suggesters().items()
    }
    people: dict[str, Suggestion] = {}
    for hit in _visible(wanted, viewer, reader, at):
        authors = [] if _begins([hit.entry.title], wanted) else _begins(hit.entry.authors, wanted)
        if authors:
            people |= {name: Suggestion(name, Asked(q=f"作者:{name}").address()) for name in authors}
        else:
            found.setdefault(registry.source_label(hit.entry.source), []).append(_entry(hit))
    return [(label, items[:MOST_EACH]) for label, items in [*found.items(), (PEOPLE, list(people.values()))] if items]


def _visible(wanted: str, viewer: Any, reader: Reader, at: datetime) -> Sequence[Hit]:
    try:
        hits = reader.suggest(wanted, viewer.tokens(), MOST)
    except EngineDown:
        return []
    items = results.items_of(hits, viewer, at)
    return [hit for hit in hits if hit.key in items]


def _begins(names: Iterable[str], wanted: str) -> list[str]:
    prefix = text.whole(text.normalise(wanted))
    return [name for name in names if prefix in prefixes(text.normalise(name))]


def _entry(hit: Hit) -> Suggestion:
    address = registry.sources()[hit.entry.source].url
    return Suggestion(hit.entry.title, address(hit.entry.uid) if address else Asked(q=hit.entry.title).address())
