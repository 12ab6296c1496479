"""A new generation of the index: filled apart from the one that answers, fed with what changes meanwhile, verified, promoted.

Nobody's search and nobody's edit waits. A row of `Generation` says how far it came, the engine says which one answers;
killed at any step, the next call goes on from what the staged generation really holds.
"""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from search import crew, indexer, outbox, reconcile, registry, schema
from search.models import Generation, OutboxRow
from search.ports import Engine, Prepared

SAMPLE = 400
"""So many documents are compared with the database, word for word and right for right, before a generation answers."""
CHUNK = 200
Progress = Callable[[int, int], None]


class NotVerified(RuntimeError):
    """A generation that does not hold what the site holds; it stays staged, and what answers goes on answering."""


class NothingToGoBackTo(RuntimeError):
    """There is no earlier generation of this schema."""


@dataclass(slots=True)
class Filled:
    """Keys that sources name and the generation has not: gone meanwhile, or unreadable or refused, with the reason."""

    absent: set[str] = field(default_factory=set)
    broken: dict[str, str] = field(default_factory=dict)

    def has(self, entries: Iterable[str], keys: Iterable[str]) -> None:
        """Of these keys those were found."""
        self.absent = (self.absent | set(keys)) - set(entries)


def build(engine: Engine, processes: int = 1, progress: Progress = lambda done, total: None) -> Generation:
    """Build a whole new generation, or finish one that was begun, and let it answer.

    Raises:
        EngineDown: the engine stopped answering; the next call goes on.
        NotVerified: the new generation was found wanting.
    """
    return _bring(engine, _begin(engine), processes, progress)


def roll_back(engine: Engine, processes: int = 1, progress: Progress = lambda done, total: None) -> Generation:
    """Let the generation before the live one answer again, after it was given what changed since.

    Raises:
        NothingToGoBackTo: none was kept.
    """
    live = engine.live()
    kept = [name for name in engine.generations() if schema.is_readable(name) and name != live]
    row = Generation.objects.filter(name__in=kept, state=Generation.State.KEPT).order_by("-promoted_at").first()
    if row is None:
        raise NothingToGoBackTo("没有可以退回的上一代索引。")
    Generation.objects.filter(state=Generation.State.STAGED).exclude(pk=row.pk).delete()
    row.state = Generation.State.STAGED
    row.save(update_fields=["state"])
    return _bring(engine, row, processes, progress)


def _begin(engine: Engine) -> Generation:
    """The staged generation of this schema, or a new one; one that nobody can read any more is thrown away."""
    row = Generation.objects.filter(state=Generation.State.STAGED).first()
    if row is not None and schema.is_readable(row.name):
        return row
    if row is not None:
        engine.at(row.name).drop()
        row.delete()
    known = [*engine.generations(), *Generation.objects.values_list("name", flat=True)]
    return Generation.objects.create(name=schema.next_generation(known), started_at=timezone.now())


def _bring(engine: Engine, row: Generation, processes: int, progress: Progress) -> Generation:
    """From staged to live."""
    broken: dict[str, str] = {}
    if engine.live() != row.name:
        staged = engine.at(row.name)
        try:
            staged.create()
            filled = _fill(staged, processes, progress)
            while _catch_up(staged, filled):
                pass
            _verify(staged, filled)
            row.documents, broken = staged.count(), filled.broken
        except Exception as problem:
            Generation.objects.filter(pk=row.pk).update(error=repr(problem)[:2000])
            raise
        finally:
            staged.release()
        engine.release()
        engine.promote(row.name)
    note_live(engine, timezone.now())
    said = f"{len(broken)} 个文档没有写进索引，原因在“索引待办”的最近的错误里。" if broken else ""
    Generation.objects.filter(pk=row.pk).update(documents=row.documents, error=said)
    for key in broken:
        outbox.touch(*key.split(":", 1))
    # What was written to the old one since the last catching up: the new one gets it from the worker.
    indexer.feed_the_live_one()
    clean(engine)
    row.refresh_from_db()
    return row


def note_live(engine: Engine, at: datetime) -> None:
    """Write down which generation answers; the engine is the one who knows."""
    name = engine.live()
    if not name or Generation.objects.filter(name=name, state=Generation.State.LIVE).exists():
        return
    Generation.objects.filter(state=Generation.State.LIVE).exclude(name=name).update(state=Generation.State.KEPT)
    Generation.objects.update_or_create(
        name=name,
        defaults={"state": Generation.State.LIVE, "promoted_at": at},
        create_defaults={"state": Generation.State.LIVE, "promoted_at": at, "started_at": at},
    )


def clean(engine: Engine) -> list[str]:
    """Remove all generations but the one that answers, the one before it, and one being built."""
    live = engine.live()
    rows = Generation.objects.filter(state=Generation.State.KEPT).order_by("-promoted_at", "-pk")
    keep = {live, *rows.values_list("name", flat=True)[:1]}
    keep |= set(Generation.objects.filter(state=Generation.State.STAGED).values_list("name", flat=True))
    gone = [name for name in engine.generations() if name not in keep]
    for name in gone:
        engine.at(name).drop()
    Generation.objects.exclude(name__in=keep).delete()
    return gone


def _fill(staged: Engine, processes: int, progress: Progress) -> Filled:
    """Write what the staged generation lacks: everything when it is new, the rest when it was begun before."""
    have = {held.key: held.version for held in staged.held()}
    tasks = list(_tasks(have))
    filled, done, total = Filled(), 0, sum(len(uids) for _, uids in tasks)
    progress(0, total)

    def counted(pieces: Iterable[crew.Piece]) -> Iterator[Prepared]:
        nonlocal done
        for piece in pieces:
            filled.has((one.key for one in piece.prepared), piece.keys)
            filled.broken |= piece.broken
            yield from piece.prepared
            done += len(piece.keys)
            progress(done, total)

    with crew.working(processes if total > crew.WORTH_IT else 1) as prepare:
        for refused in staged.load(counted(prepare(_unknown(tasks, have)))):
            filled.broken |= refused
    for source, uids in _known(tasks, have):
        _rewrite(staged, source, uids, have, filled)
        done += len(uids)
        progress(done, total)
    staged.refresh()
    return filled


def _tasks(have: dict[str, int]) -> Iterator[tuple[str, list[str]]]:
    """Every document of every source in pieces, and what the generation holds beyond them."""
    named: set[str] = set()
    for name, source in registry.sources().items():
        uids = list(dict.fromkeys(source.uids()))
        if have:
            named |= {f"{name}:{uid}" for uid in uids}
        for start in range(0, len(uids), CHUNK):
            yield name, uids[start : start + CHUNK]
    for key in sorted(have.keys() - named):
        source_name, _, uid = key.partition(":")
        yield source_name, [uid]


def _unknown(tasks: Iterable[crew.Task], have: dict[str, int]) -> Iterator[crew.Task]:
    for source, uids in tasks:
        if new := [uid for uid in uids if f"{source}:{uid}" not in have]:
            yield source, new


def _known(tasks: Iterable[crew.Task], have: dict[str, int]) -> Iterator[crew.Task]:
    for source, uids in tasks:
        if old := [uid for uid in uids if f"{source}:{uid}" in have]:
            yield source, old


def _rewrite(staged: Engine, source: str, uids: Sequence[str], have: dict[str, int], filled: Filled) -> None:
    """Documents held from before: those whose version is no longer the register's are written or removed again."""
    rows = {row.uid: row for row in OutboxRow.objects.filter(source=source, uid__in=uids)}
    old = [row for uid, row in rows.items() if have[f"{source}:{uid}"] != row.version]
    gone = [OutboxRow(source=source, uid=uid, version=have[f"{source}:{uid}"]) for uid in uids if uid not in rows]
    entries, broken = indexer.truth(source, uids)
    loaded = indexer.Loaded(entries, broken)
    refused = indexer.write(staged, indexer.plan([*old, *gone], loaded))
    filled.broken |= {**broken, **refused}
    filled.has(entries, (f"{source}:{uid}" for uid in uids))


def _catch_up(staged: Engine, filled: Filled) -> int:
    """Write what the worker wrote to the live generation since this one was begun; how many there were."""
    rows = list(OutboxRow.objects.filter(feed=True).order_by("pk")[: indexer.BATCH])
    if not rows:
        return 0
    loaded = indexer.load(rows)
    filled.broken |= {**loaded.broken, **indexer.write(staged, indexer.plan(rows, loaded))}
    filled.has(loaded.entries, (indexer.key_of(row) for row in rows))
    for row in rows:
        # A newer version was meanwhile written to the live one: it is for the next round.
        OutboxRow.objects.filter(pk=row.pk, version=row.version).update(feed=False)
    staged.refresh()
    return len(rows)


def _verify(staged: Engine, filled: Filled) -> None:
    """Counts, and a sample of documents compared in full. What waits to be written may differ."""
    without = filled.absent | filled.broken.keys()
    for name, source in registry.sources().items():
        uids = list(source.uids())
        some = random.Random(len(uids)).sample(uids, min(SAMPLE, len(uids)))
        wrong = [found for found in reconcile.compare(staged, name, some) if found.key not in filled.broken]
        if wrong:
            raise NotVerified(f"新的一代与数据库不符：{wrong[0].spoken}（共 {len(wrong)} 处）。它没有启用。")
    expected = sum(
        f"{name}:{uid}" not in without for name, source in registry.sources().items() for uid in source.uids()
    )
    count = staged.count()
    if abs(count - expected) > OutboxRow.objects.filter(Q(pending=True) | Q(feed=True)).count():
        raise NotVerified(f"新的一代有 {count} 份，应有 {expected} 份。它没有启用；再运行一次会接着做。")
