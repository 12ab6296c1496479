"""From changed rows to a written index: what to write is decided first, purely, then the engine is told.

The worker reads the current truth of each document; what its source no longer gives is removed. A row is done only
when it is still at the version that was written, so an edit that comes in between is written again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice

from django.db import connection, transaction
from django.db.models import F, Q

from search import outbox, registry
from search.models import OutboxRow
from search.ports import Engine, EngineDown, Entry

BATCH = 200
LEASE = timedelta(minutes=2)
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=2), timedelta(minutes=10)
PATIENCE = 8
"""A document that fails this often by its own fault is parked, with its error, until it changes again."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What one batch asks of the engine."""

    writes: tuple[Entry, ...]
    deletes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Counts:
    """What a drain did."""

    written: int = 0
    deleted: int = 0
    failed: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.written + other.written, self.deleted + other.deleted, self.failed + other.failed)


@dataclass(frozen=True, slots=True)
class Loaded:
    """The truth of a batch: entries that may be found, and rows whose source could not be read."""

    entries: Mapping[str, Entry]
    broken: Mapping[str, str] = field(default_factory=dict)


def key_of(row: OutboxRow) -> str:
    return f"{row.source}:{row.uid}"


def plan(rows: Sequence[OutboxRow], loaded: Loaded) -> Plan:
    """Rows with an entry are written at the row's version, rows without are removed at it, broken ones wait."""
    versions = {key_of(row): row.version for row in rows if key_of(row) not in loaded.broken}
    return Plan(
        writes=tuple(replace(loaded.entries[key], version=at) for key, at in versions.items() if key in loaded.entries),
        deletes={key: at for key, at in versions.items() if key not in loaded.entries},
    )


def wait_after(attempts: int) -> timedelta:
    """Doubling from two seconds to ten minutes."""
    return min(FIRST_WAIT * 2 ** min(attempts, 12), LONGEST_WAIT)


def drain_once(engine: Engine, at: datetime, limit: int = BATCH) -> Counts | None:
    """Claim and work off one batch; None when nothing is due."""
    rows = claim(at, limit)
    if not rows:
        return None
    loaded = _load(rows)
    todo = plan(rows, loaded)
    try:
        refused = {**loaded.broken, **engine.write(todo.writes), **engine.delete(todo.deletes)}
    except EngineDown as problem:
        _postpone(rows, at, str(problem), own_fault=False)
        return Counts(failed=len(rows))
    except Exception as problem:
        # A loop that must survive: the error stands in each row, where the staff list shows it.
        _postpone(rows, at, repr(problem), own_fault=True)
        return Counts(failed=len(rows))
    _finish([row for row in rows if key_of(row) not in refused])
    for row in rows:
        if key_of(row) in refused:
            _postpone([row], at, refused[key_of(row)], own_fault=True)
    written = sum(entry.key not in refused for entry in todo.writes)
    return Counts(written, sum(key not in refused for key in todo.deletes), len(refused))


@transaction.atomic
def claim(at: datetime, limit: int = BATCH) -> list[OutboxRow]:
    """Lease the oldest due rows; a lease that ran out belongs to a worker that died."""
    due = OutboxRow.objects.filter(pending=True, parked=False).filter(
        Q(not_before=None) | Q(not_before__lte=at), Q(lease_until=None) | Q(lease_until__lt=at)
    )
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True)
    rows = list(due.order_by("pk")[:limit])
    OutboxRow.objects.filter(pk__in=[row.pk for row in rows]).update(lease_until=at + LEASE, attempts=F("attempts") + 1)
    for row in rows:
        row.attempts += 1
    return rows


def _load(rows: Sequence[OutboxRow]) -> Loaded:
    """Read the truth, source by source; a source that fails as a whole is asked document by document."""
    entries: dict[str, Entry] = {}
    broken: dict[str, str] = {}
    for name in dict.fromkeys(row.source for row in rows):
        uids = [row.uid for row in rows if row.source == name]
        try:
            entries |= _read(name, uids)
        except Exception:
            for uid in uids:
                try:
                    entries |= _read(name, [uid])
                except Exception as problem:
                    broken[f"{name}:{uid}"] = repr(problem)
    return Loaded(entries, broken)


def _read(source: str, uids: Sequence[str]) -> dict[str, Entry]:
    known = registry.sources().get(source)
    with transaction.atomic():
        return {entry.key: entry for entry in known.load(uids)} if known else {}


def _finish(rows: Sequence[OutboxRow]) -> None:
    for version in {row.version for row in rows}:
        done = OutboxRow.objects.filter(pk__in=[row.pk for row in rows if row.version == version])
        done.filter(version=version).update(pending=False, attempts=0, not_before=None, error="")
        done.update(lease_until=None)


def _postpone(rows: Sequence[OutboxRow], at: datetime, error: str, *, own_fault: bool) -> None:
    for row in rows:
        OutboxRow.objects.filter(pk=row.pk).update(
            lease_until=None,
            not_before=at + wait_after(row.attempts),
            error=error[:2000],
            parked=own_fault and row.attempts >= PATIENCE,
        )


def ensure(engine: Engine) -> bool:
    """Make the index if it is absent, and mark everything that may be found; True when it was made.

    Marked first: killed in between, the next start finds no index and marks again, never an empty index with nothing
    to do.
    """
    if engine.exists():
        return False
    mark_everything()
    engine.create()
    return True


def mark_everything() -> dict[str, int]:
    """Mark every document of every source, and every one the register knows; counts by source."""
    counts: dict[str, int] = {}
    for name, source in registry.sources().items():
        known = set(OutboxRow.objects.filter(source=name).values_list("uid", flat=True))
        counts[name] = sum(
            outbox.touch_many(name, some) for some in _chunks(dict.fromkeys([*source.uids(), *sorted(known)]))
        )
    return counts


def _chunks(uids: Iterable[str], size: int = 1000) -> Iterable[list[str]]:
    waiting = iter(uids)
    while some := list(islice(waiting, size)):
        yield some
