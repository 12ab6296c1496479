"""What goes wrong in the worker: a poison document, an extension that panics, a death in the middle, a bell nobody hears."""

import os
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction
from pytest_django import Settings

from search import bell, indexer, outbox, panics, worker
from search.engines.memory import MemoryEngine
from search.indexer import Counts
from search.models import OutboxRow
from search.ports import Engine
from tests.search.world import Shelf, registered

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


class PanicException(BaseException):
    """What an extension in Rust raises when it breaks, by the name it has."""


class Panicking(MemoryEngine):
    """Breaks on one title."""

    def write(self, entries):  # type: ignore[no-untyped-def]
        found = list(entries)
        if any(entry.title == "毒" for entry in found):
            raise PanicException("called `Option::unwrap()` on a `None` value")
        return super().write(found)


@pytest.mark.django_db
def test_a_poison_document_is_parked_in_the_end_and_spoils_no_other(shelf: Shelf) -> None:
    for uid, title in (("a", "秋天"), ("b", "毒"), ("c", "春天")):
        shelf.put(uid, title)
    engine, at = Panicking(), NOW
    assert indexer.drain_once(engine, at) == Counts(written=2, failed=1)
    for _ in range(indexer.PATIENCE):
        at += timedelta(hours=1)
        indexer.drain_once(engine, at)
    row = OutboxRow.objects.get(uid="b")
    assert row.parked
    assert "Option::unwrap" in row.error
    assert OutboxRow.objects.filter(pending=True).count() == 1


@pytest.mark.django_db
def test_a_reader_that_panics_is_the_fault_of_its_document_alone(
    shelf: Shelf, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.put("a", "秋天")
    shelf.put("b", "春天")
    real = shelf.load

    def load(uids):  # type: ignore[no-untyped-def]
        if "b" in uids:
            raise PanicException("index out of bounds")
        return real(uids)

    monkeypatch.setattr(shelf, "load", load)
    with registered(shelf):
        assert indexer.drain_once(engine, NOW) == Counts(written=1, failed=1)


def test_only_a_panic_becomes_an_error() -> None:
    with pytest.raises(KeyboardInterrupt), panics.as_errors():
        raise KeyboardInterrupt
    with pytest.raises(panics.Panicked), panics.as_errors():
        raise PanicException("broken")


@pytest.mark.django_db
def test_a_document_under_which_the_worker_dies_is_worked_alone_and_parked_at_last(shelf: Shelf) -> None:
    for uid in "abc":
        shelf.put(uid, uid)
    at = NOW
    for _ in range(indexer.SUSPECT):
        assert len(indexer.claim(at)) == 3
        indexer.release_leases()
    assert [row.uid for row in indexer.claim(at)] == ["a"]
    OutboxRow.objects.filter(uid="a").update(attempts=indexer.PATIENCE, lease_until=None)
    indexer.claim(at)
    row = OutboxRow.objects.get(uid="a")
    assert (row.parked, row.error) == (True, indexer.DIED)


@pytest.mark.django_db
def test_a_worker_that_starts_takes_up_at_once_what_the_dead_one_had_leased(
    shelf: Shelf, engine: Engine, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(worker, "_periodic", {})
    monkeypatch.setattr(worker, "PAUSE", 0)
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    shelf.put("a", "秋天")
    indexer.claim(datetime.now(UTC))
    turns = iter([False, True])
    worker.run(lambda: next(turns))
    assert engine.count() == 1


@pytest.fixture
def var(settings: Settings, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    return tmp_path


def test_the_bell_wakes_the_worker_at_once(var: Path) -> None:
    with bell.listening() as rung:
        assert not rung.wait(0)
        threading.Timer(0.05, bell.ring).start()
        began = time.monotonic()
        assert rung.wait(10)
        assert time.monotonic() - began < 5
        assert not rung.wait(0)


def test_ringing_never_waits_and_never_fails(var: Path) -> None:
    bell.ring()
    os.mkfifo(var / bell.NAME)
    bell.ring()
    with bell.listening() as rung:
        for _ in range(7_000):
            bell.ring()
        assert rung.wait(0)


@pytest.mark.django_db(transaction=True)
def test_a_save_rings_once_it_is_committed(var: Path) -> None:
    with bell.listening() as rung:
        with transaction.atomic():
            outbox.touch("thing", "a")
            assert not rung.wait(0)
        assert rung.wait(1)


def test_while_the_engine_is_down_documents_wait_seconds_and_not_minutes() -> None:
    assert indexer.wait_after(20, indexer.LONGEST_OUTAGE_WAIT) == timedelta(seconds=10)
