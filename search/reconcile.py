"""Compares every document of the database with the index, both ways, and has what differs written again.

Counts of use may lag (`uses`, `citations`): a view is no edit, the hourly job brings them. All else must be equal, rights first.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice

from django.db import transaction

from search import indexer, outbox, registry
from search.documents import from_json
from search.models import OutboxRow
from search.ports import Engine, Entry, Held

CHUNK = 200


class Drift(StrEnum):
    """How a document of the index can differ from the database."""

    MISSING = "missing"
    GHOST = "ghost"
    STALE = "stale"
    RIGHTS = "rights"
    UNREADABLE = "unreadable"


SPOKEN = {
    Drift.MISSING: "缺失",
    Drift.GHOST: "多余",
    Drift.STALE: "过时",
    Drift.RIGHTS: "权限不符",
    Drift.UNREADABLE: "读不出",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One document that differs; `version` is the highest that the index knows of it."""

    key: str
    drift: Drift
    version: int = 0
    why: str = ""

    @property
    def spoken(self) -> str:
        return f"{SPOKEN[self.drift]} {self.key}{f'（{self.why}）' if self.why else ''}"


def judge(key: str, entry: Entry | None, held: Held | None, version: int) -> Finding | None:
    """Pure: what the database says, what the index holds, and the version of the register, laid side by side."""
    has = held is not None and bool(held.stored)
    known = held.version if held else 0
    if entry is None:
        return Finding(key, Drift.GHOST, known) if has else None
    if held is None or not has:
        return Finding(key, Drift.MISSING, known)
    if held.tokens != entry.tokens:
        return Finding(key, Drift.RIGHTS, known)
    if _plain(from_json(held.stored)) != _plain(entry) or held.version != version:
        return Finding(key, Drift.STALE, known)
    return None


def _plain(entry: Entry) -> Entry:
    return replace(entry, tokens=frozenset(), version=0, uses=0, citations=0)


def compare(engine: Engine, source: str, uids: Sequence[str]) -> list[Finding]:
    """Differences of these documents, without those that wait to be written."""
    found = _compare(engine, source, uids)
    if not found:
        return []
    # An edit may have come in between: what differs is looked at once more.
    return _compare(engine, source, [finding.key.partition(":")[2] for finding in found])


def _compare(engine: Engine, source: str, uids: Sequence[str]) -> list[Finding]:
    rows = {row.uid: row for row in OutboxRow.objects.filter(source=source, uid__in=uids)}
    held = {one.key: one for one in engine.held([f"{source}:{uid}" for uid in uids])}
    entries, broken = indexer.truth(source, uids)
    after = OutboxRow.objects.filter(source=source, uid__in=uids)
    versions = {row.uid: row.version for row in after}
    waiting = {row.uid for row in after if (row.pending and not row.parked) or row.feed}
    waiting |= {uid for uid in versions if uid not in rows or rows[uid].version != versions[uid]}
    found = []
    for uid in uids:
        key = f"{source}:{uid}"
        if uid in waiting:
            continue
        if key in broken:
            found.append(Finding(key, Drift.UNREADABLE, why=broken[key]))
        elif finding := judge(key, entries.get(key), held.get(key), versions.get(uid, 0)):
            found.append(finding)
    return found


def findings(engine: Engine) -> Iterator[Finding]:
    """Every document that the index holds, and every one that the sources name.

    Raises:
        EngineDown: the index cannot be read.
    """
    engine.refresh()
    named: dict[str, list[str]] = {name: list(source.uids()) for name, source in registry.sources().items()}
    known = {f"{name}:{uid}" for name, uids in named.items() for uid in uids}
    for held in engine.held():
        if held.stored and held.key not in known:
            source, _, uid = held.key.partition(":")
            named.setdefault(source, []).append(uid)
    for source, uids in named.items():
        for some in _chunks(uids):
            yield from compare(engine, source, some)


def _chunks(uids: Iterable[str]) -> Iterator[list[str]]:
    waiting = iter(uids)
    while some := list(islice(waiting, CHUNK)):
        yield some


@transaction.atomic
def repair(found: Sequence[Finding]) -> int:
    """Have these documents written again, at versions above all that the index knows: a restored database is behind it."""
    for finding in found:
        source, _, uid = finding.key.partition(":")
        outbox.touch(source, uid)
        OutboxRow.objects.filter(source=source, uid=uid, version__lte=finding.version).update(
            version=finding.version + 1
        )
    return len(found)
