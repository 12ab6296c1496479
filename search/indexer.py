"""From changed rows to a written index: what to write is decided first, purely, then the engine is told.

The worker reads the current truth of each document; what its source no longer gives is removed. A row is done only
when it is still at the version that was written, so an edit that comes in between is written again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from search import outbox, panics, registry
from search.models import Generation, OutboxRow, Spread
from search.ports import Engine, EngineDown, Entry

BATCH = 200
LEASE = timedelta(minutes=2)
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=2), timedelta(minutes=10)
LONGEST_OUTAGE_WAIT = timedelta(seconds=10)
"""While the engine is down its documents wait no longer than this: they are in no way to blame."""
PATIENCE = 8
"""A document that fails this often by its own fault is parked, with its error, until it changes again."""
SUSPECT = 3
"""A document under which the worker died this often is worked alone from then on."""
DIED = "写它的时候后台任务中断了几次"


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


def wait_after(attempts: int, longest: timedelta = LONGEST_WAIT) -> timedelta:
    """Doubling from two seconds to ten minutes."""
    return min(FIRST_WAIT * 2 ** min(attempts, 12), longest)


def drain_once(engine: Engine, at: datetime, limit: int = BATCH) -> Counts | None:
    """Claim and work off one batch; None when nothing is due."""
    is_building = _staged().exists()
    if not is_building:
        feed_the_live_one()
    rows = claim(at, limit)
    if not rows:
        return None
    loaded = load(rows)
    todo = plan(rows, loaded)
    try:
        refused = {**loaded.broken, **write(engine, todo)}
    except EngineDown as problem:
        _postpone(rows, at, str(problem), own_fault=False)
        return Counts(failed=len(rows))
    _finish([row for row in rows if key_of(row) not in refused], feed=is_building or _staged().exists())
    for row in rows:
        if key_of(row) in refused:
            _postpone([row], at, refused[key_of(row)], own_fault=True)
    written = sum(entry.key not in refused for entry in todo.writes)
    return Counts(written, sum(key not in refused for key in todo.deletes), len(refused))


def _staged() -> QuerySet[Generation]:
    return Generation.objects.filter(state=Generation.State.STAGED)


def feed_the_live_one() -> None:
    """What was written to another generation while this one was being promoted is written to this one too."""
    late = OutboxRow.objects.filter(feed=True)
    if late.exists():
        late.update(feed=False, pending=True)


def write(engine: Engine, todo: Plan) -> dict[str, str]:
    """Do a plan. When the engine breaks on it, whatever is in it is tried alone, so that one poison spoils only itself.

    Raises:
        EngineDown: nothing can be written now.
    """
    try:
        with panics.as_errors():
            return {**engine.write(todo.writes), **engine.delete(todo.deletes)}
    except EngineDown:
        raise
    except Exception as problem:
        parts = [Plan((entry,), {}) for entry in todo.writes]
        parts += [Plan((), {key: version}) for key, version in todo.deletes.items()]
        if len(parts) == 1:
            return dict.fromkeys([*(entry.key for entry in todo.writes), *todo.deletes], repr(problem))
    refused: dict[str, str] = {}
    for part in parts:
        refused |= write(engine, part)
    return refused


@transaction.atomic
def claim(at: datetime, limit: int = BATCH) -> list[OutboxRow]:
    """Lease the oldest due rows; a lease that ran out belongs to a worker that died."""
    due = OutboxRow.objects.filter(pending=True, parked=False).filter(
        Q(not_before=None) | Q(not_before__lte=at), Q(lease_until=None) | Q(lease_until__lt=at)
    )
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True)
    rows = _unsuspected(list(due.order_by("pk")[:limit]))
    OutboxRow.objects.filter(pk__in=[row.pk for row in rows]).update(lease_until=at + LEASE, attempts=F("attempts") + 1)
    for row in rows:
        row.attempts += 1
    return rows


def _unsuspected(rows: list[OutboxRow]) -> list[OutboxRow]:
    """A row that was claimed again and again without any verdict may be what kills the worker: alone, at last parked."""
    deadly = [row for row in rows if row.attempts >= PATIENCE and not row.error]
    OutboxRow.objects.filter(pk__in=[row.pk for row in deadly]).update(parked=True, error=DIED, lease_until=None)
    suspects = [row for row in rows if SUSPECT <= row.attempts < PATIENCE and not row.error]
    return suspects[:1] or [row for row in rows if row not in deadly]


def release_leases() -> int:
    """Whoever holds the worker's lock is the only one: every lease is of one that died."""
    return OutboxRow.objects.filter(lease_until__isnull=False).update(lease_until=None)


def load(rows: Sequence[OutboxRow]) -> Loaded:
    """Read the truth, source by source; a source that fails as a whole is asked document by document."""
    entries: dict[str, Entry] = {}
    broken: dict[str, str] = {}
    for name in dict.fromkeys(row.source for row in rows):
        found, failed = truth(name, [row.uid for row in rows if row.source == name])
        entries |= found
        broken |= failed
    return Loaded(entries, broken)


def truth(source: str, uids: Sequence[str]) -> tuple[dict[str, Entry], dict[str, str]]:
    """What may be found of these documents now, and why some could not be read; both by key."""
    try:
        return _read(source, uids), {}
    except Exception as problem:
        if len(uids) == 1:
            return {}, {f"{source}:{uids[0]}": repr(problem)}
    entries: dict[str, Entry] = {}
    broken: dict[str, str] = {}
    for uid in uids:
        found, failed = truth(source, [uid])
        entries |= found
        broken |= failed
    return entries, broken


def _read(source: str, uids: Sequence[str]) -> dict[str, Entry]:
    known = registry.sources().get(source)
    with panics.as_errors(), transaction.atomic():
        return {entry.key: entry for entry in known.load(uids)} if known else {}


def _finish(rows: Sequence[OutboxRow], *, feed: bool) -> None:
    for version in {row.version for row in rows}:
        done = OutboxRow.objects.filter(pk__in=[row.pk for row in rows if row.version == version])
        if feed:
            done.update(feed=True)
        done.filter(version=version).update(pending=False, attempts=0, not_before=None, error="")
        done.update(lease_until=None)


def _postpone(rows: Sequence[OutboxRow], at: datetime, error: str, *, own_fault: bool) -> None:
    longest = LONGEST_WAIT if own_fault else LONGEST_OUTAGE_WAIT
    for row in rows:
        OutboxRow.objects.filter(pk=row.pk).update(
            lease_until=None,
            not_before=at + wait_after(row.attempts, longest),
            error=error[:2000] or "没有说明原因",
            parked=own_fault and row.attempts >= PATIENCE,
        )


def spread_once() -> bool:
    """Touch the next piece of what a far-reaching change reaches; False when there is none."""
    row = Spread.objects.filter(error="").order_by("pk").first()
    if row is None:
        return False
    try:
        with transaction.atomic():
            _spread(row)
    except Exception as problem:
        # A loop that must survive: the error stands in the row, where the staff list shows it.
        Spread.objects.filter(pk=row.pk).update(error=repr(problem)[:2000])
    return True


def spread_failed(at: datetime) -> None:
    """Try again what failed; run at intervals."""
    for row in Spread.objects.exclude(error="").order_by("pk"):
        try:
            with transaction.atomic():
                _spread(row)
        except Exception as problem:
            Spread.objects.filter(pk=row.pk).update(error=repr(problem)[:2000])


def _spread(row: Spread) -> None:
    known = registry.spreads()[row.name]
    uids = list(known.uids(row.argument, row.after, outbox.CHUNK))
    outbox.touch_many(known.source, uids)
    if len(uids) < outbox.CHUNK:
        row.delete()
    else:
        Spread.objects.filter(pk=row.pk).update(after=uids[-1], error="")


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
