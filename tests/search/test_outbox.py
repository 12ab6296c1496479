"""The outbox: one row a document, written with the change or not at all, worked off whatever happens in between."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from search import indexer, outbox, worker
from search.engines.memory import MemoryEngine
from search.indexer import Counts
from search.models import OutboxRow
from search.ports import Engine, EngineDown, Entry, Query
from tests.search.world import Shelf, registered

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


class Absent(MemoryEngine):
    """An engine whose index cannot be made."""

    def exists(self) -> bool:
        return False

    def create(self) -> None:
        raise EngineDown("killed")


class Failing(MemoryEngine):
    """An engine that is down, or refuses one key."""

    def __init__(self, down: bool = False, refuses: str = "") -> None:
        super().__init__()
        self.down, self.refuses = down, refuses

    def write(self, entries):  # type: ignore[no-untyped-def]
        if self.down:
            raise EngineDown("no server")
        found = list(entries)
        super().write([entry for entry in found if entry.key != self.refuses])
        return {self.refuses: "mapping"} if any(entry.key == self.refuses for entry in found) else {}


def titles(engine: Engine) -> list[str]:
    return sorted(hit.entry.title for hit in engine.search(Query(limit=100)).hits)


def only_row() -> OutboxRow:
    return OutboxRow.objects.get()


def test_a_change_becomes_one_row_however_often_it_is_made(shelf: Shelf) -> None:
    for title in ("甲", "乙", "丙"):
        shelf.put("a", title)
    assert (only_row().version, only_row().pending) == (3, True)


def test_a_change_that_is_rolled_back_leaves_nothing(shelf: Shelf) -> None:
    with transaction.atomic():
        shelf.put("a", "甲")
        transaction.set_rollback(True)
    assert not OutboxRow.objects.exists()


def test_many_changes_are_marked_together(shelf: Shelf) -> None:
    shelf.put("n5", "旧")
    assert outbox.touch_many("thing", [f"n{number}" for number in range(1200)]) == 1200
    assert OutboxRow.objects.filter(pending=True).count() == 1200
    assert OutboxRow.objects.get(uid="n5").version == 2


def test_a_drain_writes_the_truth_and_keeps_the_row_as_register(shelf: Shelf, engine: Engine) -> None:
    shelf.put("a", "秋天")
    shelf.put("a", "春天")
    assert worker.drain() == Counts(written=1)
    assert titles(engine) == ["春天"]
    assert (only_row().pending, only_row().version, only_row().lease_until) == (False, 2, None)
    assert worker.drain() == Counts()


def test_what_its_source_no_longer_gives_is_removed(shelf: Shelf, engine: Engine) -> None:
    shelf.put("a", "秋天")
    worker.drain()
    shelf.remove("a")
    assert worker.drain() == Counts(deleted=1)
    assert titles(engine) == []


def test_a_row_of_a_source_that_nobody_registers_any_more_is_removed_from_the_index(engine: Engine) -> None:
    with registered():
        outbox.touch("gone", "a")
        assert worker.drain() == Counts(deleted=1)


def test_an_edit_during_the_write_is_written_again(shelf: Shelf, engine: Engine) -> None:
    shelf.put("a", "秋天")
    real = shelf.load

    def load_and_be_edited(uids):  # type: ignore[no-untyped-def]
        found = list(real(uids))
        if len(shelf.loads) == 1:
            shelf.put("a", "春天")
        return found

    shelf.load = load_and_be_edited  # type: ignore[method-assign]
    with registered(shelf):
        indexer.drain_once(engine, NOW)
        assert only_row().pending
        indexer.drain_once(engine, NOW)
    assert titles(engine) == ["春天"]
    assert not only_row().pending


def test_a_batch_reads_each_source_once(shelf: Shelf, engine: Engine) -> None:
    for number in range(5):
        shelf.put(f"n{number}", f"课 {number}")
    indexer.drain_once(engine, NOW)
    assert shelf.loads == [["n0", "n1", "n2", "n3", "n4"]]


def test_while_the_engine_is_down_nothing_is_lost_and_nothing_is_parked(shelf: Shelf) -> None:
    shelf.put("a", "秋天")
    down = Failing(down=True)
    at = NOW
    for _ in range(indexer.PATIENCE + 3):
        assert indexer.drain_once(down, at) == Counts(failed=1)
        assert indexer.drain_once(down, at) is None
        at += timedelta(hours=1)
    row = only_row()
    assert (row.pending, row.parked, row.error) == (True, False, "no server")
    down.down = False
    assert indexer.drain_once(down, at) == Counts(written=1)
    assert titles(down) == ["秋天"]


def test_waits_double_and_end_at_ten_minutes() -> None:
    waits = [indexer.wait_after(attempts).total_seconds() for attempts in (0, 1, 2, 3, 20)]
    assert waits == [2, 4, 8, 16, 600]


def test_a_document_that_cannot_be_read_does_not_keep_the_others_back(shelf: Shelf, engine: Engine) -> None:
    shelf.put("good", "秋天")
    shelf.put("bad", "坏")
    shelf.broken.add("bad")
    assert indexer.drain_once(engine, NOW) == Counts(written=1, failed=1)
    assert titles(engine) == ["秋天"]
    assert "document cannot be read" in OutboxRow.objects.get(uid="bad").error


def test_a_document_the_engine_refuses_is_parked_after_some_patience_until_it_changes(shelf: Shelf) -> None:
    shelf.put("a", "秋天")
    engine = Failing(refuses="thing:a")
    at = NOW
    for _ in range(indexer.PATIENCE):
        indexer.drain_once(engine, at)
        at += timedelta(hours=1)
    assert only_row().parked
    assert indexer.drain_once(engine, at) is None
    shelf.put("a", "春天")
    engine.refuses = ""
    assert indexer.drain_once(engine, at) == Counts(written=1)


def test_a_worker_that_was_killed_leaves_a_lease_that_runs_out(shelf: Shelf, engine: Engine) -> None:
    shelf.put("a", "秋天")
    assert len(indexer.claim(NOW)) == 1
    assert indexer.claim(NOW) == []
    assert indexer.drain_once(engine, NOW + indexer.LEASE + timedelta(seconds=1)) == Counts(written=1)


def test_a_plan_writes_what_is_there_removes_what_is_not_and_waits_for_the_broken() -> None:
    rows = [OutboxRow(source="thing", uid=uid, version=version) for uid, version in (("a", 3), ("b", 5), ("c", 7))]
    entry = Entry(key="thing:a", source="thing", title="秋天")
    plan = indexer.plan(rows, indexer.Loaded({"thing:a": entry}, {"thing:c": "broken"}))
    assert [(found.key, found.version) for found in plan.writes] == [("thing:a", 3)]
    assert plan.deletes == {"thing:b": 5}


def test_an_index_that_is_new_is_filled_with_everything(shelf: Shelf, engine: Engine) -> None:
    shelf.put("a", "秋天")
    worker.drain()
    fresh = MemoryEngine()
    fresh.exists = lambda: False  # type: ignore[method-assign]
    assert indexer.ensure(fresh)
    assert worker.drain(fresh) == Counts(written=1)
    assert not indexer.ensure(engine)


def test_killed_while_an_index_is_made_the_next_start_fills_it_all_the_same(shelf: Shelf, engine: Engine) -> None:
    shelf.put("a", "秋天")
    worker.drain()
    fresh = Absent()
    with pytest.raises(EngineDown):
        indexer.ensure(fresh)
    assert OutboxRow.objects.get(uid="a").pending


def test_marking_everything_removes_what_the_source_forgot_to_say(shelf: Shelf, engine: Engine) -> None:
    shelf.put("a", "秋天")
    shelf.put("b", "春天")
    worker.drain()
    del shelf.entries["b"]
    assert indexer.mark_everything() == {"thing": 2}
    assert worker.drain() == Counts(written=1, deleted=1)
    assert titles(engine) == ["秋天"]
