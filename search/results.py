"""Hits as the page shows them: checked once more in the database, marked, with what is folded under them."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.safestring import SafeString

from search import highlight, registry
from search.models import Defect, OutboxRow
from search.ports import Entry, Hit, Page, Query

defects = logging.getLogger("search.defect")


@dataclass(frozen=True, slots=True)
class Shown:
    """One result. `item` is the source's own object for its card template; the rest is `hit` there."""

    entry: Entry
    source: registry.Source
    item: Any
    title_html: SafeString
    snippets: tuple[highlight.Snippet, ...] = ()
    because: str = ""
    folded: int = 0
    folded_url: str = ""
    preview_url: str = ""


def items_of(hits: Sequence[Hit], viewer: Any, at: datetime) -> dict[str, Any]:
    """Key → finished object of what this viewer may really see; the rest is a defect of the index."""
    items: dict[str, Any] = {}
    for name in dict.fromkeys(hit.entry.source for hit in hits):
        source = registry.sources().get(name)
        entries = [hit.entry for hit in hits if hit.entry.source == name]
        found = source.items(entries, viewer) if source else {}
        items |= {f"{name}:{uid}": item for uid, item in found.items()}
    missing = [hit.key for hit in hits if hit.key not in items]
    if missing:
        _report(missing, at)
    return items


def _report(keys: Sequence[str], at: datetime) -> None:
    """An index that lags behind a change of this moment is no defect; anything else is, and is counted."""
    for key in keys:
        source, _, uid = key.partition(":")
        if OutboxRow.objects.filter(source=source, uid=uid, pending=True).exists():
            continue
        defects.error("%s is in the index for a viewer who may not see it", key)
        Defect.objects.get_or_create(source=source, uid=uid, defaults={"last_at": at})
        Defect.objects.filter(source=source, uid=uid).update(count=F("count") + 1, last_at=at)


def shown(
    page: Page, items: Mapping[str, Any], query: Query, preview: Mapping[str, str], folded_url: str
) -> list[Shown]:
    """`preview` maps keys to the address of their side panel."""
    wanted = highlight.sought(query)
    found: list[Shown] = []
    for hit in page.hits:
        if hit.key not in items:
            continue
        entry = hit.entry
        snippets = highlight.snippets(entry, wanted)
        title = highlight.title(entry.title, wanted)
        found.append(
            Shown(
                entry=entry,
                source=registry.sources()[entry.source],
                item=items[hit.key],
                title_html=title,
                snippets=snippets,
                because="" if "<mark>" in title else highlight.reason(entry, wanted),
                folded=page.folds.get(entry.fold, 0) if entry.primary else 0,
                folded_url=folded_url,
                preview_url=preview.get(hit.key, ""),
            )
        )
    return found
