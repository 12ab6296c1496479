"""The index is compared with the database both ways, and what differs is written again."""

from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from search import reconcile, worker
from search.models import OutboxRow
from search.ports import Engine, Entry, Held
from search.reconcile import Drift, judge
from tests.search.world import Shelf

pytestmark = pytest.mark.django_db
ENTRY = Entry(key="thing:a", source="thing", title="秋天", tokens=frozenset({"public"}), uses=3)


@pytest.fixture
def written(shelf: Shelf, engine: Engine, settings: Settings, tmp_path: Path) -> Shelf:
    settings.VAR_DIR = tmp_path
    for uid in "abc":
        shelf.put(uid, f"课{uid}")
    worker.drain()
    return shelf


def drifts(engine: Engine) -> dict[str, Drift]:
    return {finding.key: finding.drift for finding in reconcile.findings(engine)}


def test_an_index_that_follows_has_no_findings(written: Shelf, engine: Engine) -> None:
    assert drifts(engine) == {}


def test_missing_ghost_stale_and_rights_are_told_apart(written: Shelf, engine: Engine) -> None:
    engine.delete({"thing:a": 1})
    written.entries["b"] = replace(written.entries["b"], title="别的")
    written.entries["c"] = replace(written.entries["c"], tokens=frozenset({"org:1"}))
    engine.write([replace(ENTRY, key="thing:z", version=4)])
    assert drifts(engine) == {
        "thing:a": Drift.MISSING,
        "thing:b": Drift.STALE,
        "thing:c": Drift.RIGHTS,
        "thing:z": Drift.GHOST,
    }


def test_what_waits_to_be_written_is_no_drift(written: Shelf, engine: Engine) -> None:
    written.put("a", "改过")
    assert drifts(engine) == {}


def test_counts_of_use_may_lag(written: Shelf, engine: Engine) -> None:
    written.entries["a"] = replace(written.entries["a"], uses=99, citations=4)
    assert drifts(engine) == {}


def test_a_document_that_cannot_be_read_is_reported(written: Shelf, engine: Engine) -> None:
    written.broken.add("b")
    assert drifts(engine) == {"thing:b": Drift.UNREADABLE}


def test_the_command_fails_on_drift_and_repairs_it(written: Shelf, engine: Engine) -> None:
    written.entries["c"] = replace(written.entries["c"], tokens=frozenset({"org:1"}))
    engine.write([replace(ENTRY, key="thing:z", version=40)])
    with pytest.raises(CommandError) as problem:
        call_command("search_reconcile", stdout=StringIO())
    assert problem.value.returncode == 1
    out = StringIO()
    call_command("search_reconcile", "--repair", stdout=out)
    assert "ghost 1" in out.getvalue()
    assert "rights 1" in out.getvalue()
    assert "2 written again" in out.getvalue()
    out = StringIO()
    call_command("search_reconcile", stdout=out)
    assert "missing 0, ghost 0, stale 0, rights 0, unreadable 0, waiting 0, in the index 3" in out.getvalue()


def test_a_register_that_fell_behind_the_index_is_brought_before_it(written: Shelf, engine: Engine) -> None:
    """As after a database was restored from an older copy: the engine would refuse the lower versions for ever."""
    for version in range(2, 9):
        written.put("a", f"第{version}稿")
        worker.drain()
    OutboxRow.objects.filter(uid="a").update(version=2)
    written.entries["a"] = replace(written.entries["a"], title="恢复的稿")
    reconcile.repair(list(reconcile.findings(engine)))
    worker.drain()
    assert drifts(engine) == {}
    assert OutboxRow.objects.get(uid="a").version > 8


def test_beside_a_running_worker_the_repair_is_left_to_it(written: Shelf, engine: Engine, tmp_path: Path) -> None:
    engine.delete({"thing:a": 1})
    out = StringIO()
    with worker.lock(tmp_path / worker.LOCK):
        call_command("search_reconcile", "--repair", stdout=out)
    assert "1 given to the running worker" in out.getvalue()
    assert OutboxRow.objects.get(uid="a").pending


@pytest.mark.parametrize(
    ("entry", "held", "version", "drift"),
    [
        (None, None, 0, None),
        (ENTRY, None, 1, Drift.MISSING),
        (ENTRY, Held("thing:a", 3, "", frozenset()), 3, Drift.MISSING),
        (None, Held("thing:a", 3, "", frozenset()), 3, None),
    ],
)
def test_the_verdict_on_one_document(entry: Entry | None, held: Held | None, version: int, drift: Drift | None) -> None:
    found = judge("thing:a", entry, held, version)
    assert (found.drift if found else None) == drift
