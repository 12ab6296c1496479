"""What is like one entry: the same name or knowledge points, of the same subject, under the viewer's rights.

The question is made of the entry's own title and keywords, so it tells nothing that its reader does not see already.
"""

from datetime import datetime
from typing import Any

from search import naming, registry, results, text
from search.ports import EngineDown, Entry, Query, Reader, Strictness
from search.results import Shown

MOST = 10
KEPT = ("subject",)
LEADING = ("grade", "knowledge")


def entry_of(key: str, viewer: Any) -> Entry | None:
    """The entry as it is now, for somebody who may see it."""
    source, _, uid = key.partition(":")
    found = registry.sources().get(source)
    if found is None or uid not in found.allowed([uid], viewer):
        return None
    return next(iter(found.load([uid])), None)


def similar(entry: Entry, viewer: Any, reader: Reader, at: datetime) -> list[Shown]:
    """Entries like this one, the most alike first, checked in the database; none while the engine is down."""
    query = question(entry, viewer.tokens())
    try:
        page = reader.search(query)
    except EngineDown:
        return []
    others = [hit for hit in page.hits if hit.key != entry.key][:MOST]
    items = results.items_of(others, viewer, at)
    kept = type(page)(hits=tuple(others), folds=page.folds)
    return results.shown(kept, items, query, {}, "")


def question(entry: Entry, tokens: frozenset[str]) -> Query:
    title = text.normalise(entry.title)
    names = naming.names(title, entry.facets)
    wanted = " ".join([names[-1] if names else title, *map(text.normalise, entry.keywords[:3])])
    return Query(
        text=wanted,
        words=tuple(text.words(wanted)),
        facts={name: entry.facets[name] for name in LEADING if entry.facets.get(name)},
        filters={name: entry.facets[name] for name in KEPT if entry.facets.get(name)},
        tokens=tokens,
        strictness=Strictness.MOST,
        limit=MOST + 1,
    )
