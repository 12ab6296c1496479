"""The worker: alone on its var/, on time, and not stopped by an error."""

import shutil
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from search import engines, indexer, worker
from search.engines.memory import MemoryEngine
from search.models import OutboxRow
from search.ports import Engine, EngineDown
from tests.search.world import Shelf


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_periodic", {})


def test_a_second_worker_is_kept_out(tmp_path: Path) -> None:
    second = worker.lock(tmp_path / "worker.lock")
    with worker.lock(tmp_path / "worker.lock"), pytest.raises(worker.AlreadyRunning):
        second.__enter__()
    with worker.lock(tmp_path / "worker.lock"):
        pass


def test_jobs_run_at_the_start_and_at_their_interval(jobs: None) -> None:
    ran: list[str] = []
    worker.every(60, "seal", lambda at: ran.append("seal"))
    worker.every(10, "grants", lambda at: ran.append("grants"))
    for second in (0, 5, 10, 59, 60):
        worker.run_periodic(second + 1000.0)
    assert ran == ["seal", "grants", "grants", "grants", "seal"]


def test_a_failing_job_does_not_stop_the_others(jobs: None, caplog: pytest.LogCaptureFixture) -> None:
    ran: list[datetime] = []

    def fail(at: datetime) -> None:
        raise ValueError("broken")

    worker.every(60, "first", fail)
    worker.every(60, "second", ran.append)
    worker.run_periodic(0.0)
    assert len(ran) == 1
    assert "periodic job first failed" in caplog.text


@pytest.mark.django_db
def test_the_loop_writes_and_goes_on_after_errors(
    jobs: None, shelf: Shelf, engine: Engine, monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path
) -> None:
    settings.VAR_DIR = tmp_path
    shelf.put("a", "秋天")
    monkeypatch.setattr(worker, "PAUSE", 0)
    monkeypatch.setattr(worker, "FAILURE_PAUSE", 0)
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    troubles = iter([EngineDown("no server"), ValueError("bug")])
    real = indexer.drain_once

    def troubled(*args):  # type: ignore[no-untyped-def]
        if trouble := next(troubles, None):
            raise trouble
        return real(*args)

    monkeypatch.setattr(indexer, "drain_once", troubled)
    turns = iter([False, False, False, True])
    worker.run(lambda: next(turns))
    assert engine.count() == 1


@pytest.mark.django_db
def test_an_index_that_vanishes_under_the_worker_is_made_and_filled_again(
    jobs: None, shelf: Shelf, monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path
) -> None:
    settings.VAR_DIR, settings.SEARCH_INDEX_DIR, settings.SEARCH_ENGINE = tmp_path, tmp_path / "index", "tantivy"
    monkeypatch.setattr(worker, "PAUSE", 0)
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    monkeypatch.setattr(indexer, "FIRST_WAIT", timedelta(0))
    engines.forget()
    shelf.put("a", "秋天")
    shelf.put("b", "春天")
    worker.drain()
    shutil.rmtree(tmp_path / "index")
    shelf.put("a", "夏天")
    turns = iter([False] * 4 + [True])
    worker.run(lambda: next(turns))
    assert engines.current().count() == 2
    engines.forget()


@pytest.mark.django_db
def test_a_rebuild_writes_everything_and_counts(
    shelf: Shelf, engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    settings.VAR_DIR = tmp_path
    shelf.put("a", "秋天")
    shelf.put("b", "春天")
    out = StringIO()
    call_command("search_rebuild", stdout=out)
    assert "in the index 2, waiting 0" in out.getvalue()


@pytest.mark.django_db
def test_a_rebuild_beside_a_worker_leaves_it_its_work(
    shelf: Shelf, engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    settings.VAR_DIR = tmp_path
    shelf.put("a", "秋天")
    worker.drain()
    shelf.put("a", "春天")
    out = StringIO()
    with worker.lock(tmp_path / worker.LOCK):
        call_command("search_rebuild", stdout=out)
    assert "in the index 1, waiting 1" in out.getvalue()
    assert OutboxRow.objects.get().pending


@pytest.mark.django_db
def test_a_rebuild_that_leaves_something_out_says_so(
    shelf: Shelf, engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    settings.VAR_DIR = tmp_path
    shelf.put("a", "秋天")
    shelf.broken.add("a")
    with pytest.raises(CommandError, match="1 个文档没有写进索引"):
        call_command("search_rebuild", stdout=StringIO())


@pytest.mark.django_db
def test_the_command_can_drain_and_end(shelf: Shelf, engine: Engine) -> None:
    shelf.put("a", "秋天")
    out = StringIO()
    call_command("worker", "--drain", stdout=out)
    assert out.getvalue().strip() == "written 1, removed 0, failed 0"
    assert isinstance(engine, MemoryEngine)
