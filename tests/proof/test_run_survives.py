"""`make run` may be killed at any moment, whole or in parts: the next start goes on, with nothing lost or doubled."""

import os
import random
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from ops.run import answers
from tests.browser.site import Start, started

SECOND_START_SECONDS = 10
PASSING = ("django_session", "sqlite_sequence", "sqlite_stat1", "groups_signinfailures")
"""Tables that the mere running of the site may change."""


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """What a first start that nobody disturbed leaves behind."""
    var_dir = tmp_path_factory.mktemp("undisturbed")
    with started(var_dir) as start:
        start.wait()
        start.settle()
    return rows(var_dir)


def test_a_first_start_killed_on_the_way_is_finished_by_the_next(
    undisturbed: dict[str, int], tmp_path: Path, scale: float
) -> None:
    moments = random.Random(20261109)
    for number in range(max(1, round(5 * scale))):
        var_dir = tmp_path / str(number)
        with started(var_dir) as start:
            time.sleep(moments.uniform(1, 25))
            start.kill_everything()

        with started(var_dir) as start:
            start.wait()
            start.settle()

        assert rows(var_dir) == undisturbed


@pytest.mark.parametrize("victim", ["pages", "server", "worker", "supervisor", "everything"])
def test_killing_a_part_loses_and_doubles_nothing(
    victim: str, undisturbed: dict[str, int], tmp_path_factory: pytest.TempPathFactory, scale: float
) -> None:
    var_dir = _shared_directory(tmp_path_factory)
    rounds = max(1, round(3 * scale))
    for _ in range(rounds):
        with started(var_dir) as start:
            start.wait()
            _kill(victim, start)
            if victim in {"pages", "server"}:
                assert _within(30, lambda: answers(start.port, "/")), "the page did not come back"
            if victim == "worker":
                assert _within(30, lambda: bool(start.children("manage.py worker"))), "the worker did not come back"

    with started(var_dir) as start:
        seconds = start.wait()
        start.settle()
        print(f"start after kill -9 of {victim}: {seconds:.1f} s")

    assert seconds <= SECOND_START_SECONDS
    assert rows(var_dir) == undisturbed


def rows(var_dir: Path) -> dict[str, int]:
    """How many rows each table holds."""
    with closing(sqlite3.connect(var_dir / "gongbei.sqlite3")) as database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
            for name in names
            if name not in PASSING
        }


def _shared_directory(factory: pytest.TempPathFactory) -> Path:
    return factory.getbasetemp() / "survives"


def _kill(victim: str, start: Start) -> None:
    supervisor = start.process.pid
    if victim == "everything":
        start.kill_everything()
    elif victim == "supervisor":
        start.process.kill()
        assert _within(15, lambda: not start.children()), "processes outlived their supervisor"
    else:
        for pid in _pids(victim, start, supervisor):
            os.kill(pid, signal.SIGKILL)


def _pids(victim: str, start: Start, supervisor: int) -> list[int]:
    servers = start.children("ops.web:application", of=supervisor)
    pids = {
        "server": servers,
        "pages": [pid for server in servers for pid in start.children("ops.web:application", of=server)],
        "worker": start.children("manage.py worker", of=supervisor),
    }[victim]
    assert pids, f"no {victim} to kill"
    return pids


def _within(seconds: float, condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.1)
    return False
