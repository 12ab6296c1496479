"""What is supervised comes back when it dies, and goes when its supervisor does."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ops.processes import LONGEST_PAUSE, Supervised


@pytest.fixture
def sleeper(tmp_path: Path) -> Iterator[Supervised]:
    child = Supervised("网站", ["sleep", "60"], os.environ, tmp_path / "log" / "web.log")
    yield child
    child.stop()


def pid_of(child: Supervised) -> int:
    assert child.process
    return child.process.pid


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_for(condition: object, seconds: float = 5.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():  # type: ignore[operator]
            return True
        time.sleep(0.02)
    return False


def test_a_killed_process_is_started_again(sleeper: Supervised) -> None:
    sleeper.tend(100)
    first = pid_of(sleeper)
    os.kill(first, signal.SIGKILL)
    assert wait_for(lambda: not alive(first))

    sentence = sleeper.tend(101)
    sleeper.tend(101 + LONGEST_PAUSE)

    assert sentence
    assert "网站" in sentence
    assert alive(pid_of(sleeper))
    assert pid_of(sleeper) != first


def test_a_process_that_keeps_dying_is_started_less_and_less_often(tmp_path: Path) -> None:
    child = Supervised("网站", ["false"], os.environ, tmp_path / "web.log")
    pauses = []
    now = 100.0
    for _ in range(12):
        child.tend(now)
        assert child.process
        child.process.wait()
        child.tend(now)
        pauses.append(child.not_before - now)
        now = child.not_before

    assert pauses == sorted(pauses)
    assert pauses[0] < 1
    assert pauses[-1] == LONGEST_PAUSE


def test_a_process_that_ran_for_long_is_started_again_at_once(tmp_path: Path) -> None:
    child = Supervised("网站", ["false"], os.environ, tmp_path / "web.log", failures=9)
    child.tend(100.0)
    assert child.process
    child.process.wait()

    child.tend(1000.0)

    assert child.not_before - 1000.0 < 1


def test_stopping_ends_grandchildren_that_do_not_listen(tmp_path: Path) -> None:
    stubborn = "trap '' TERM; sleep 60 & echo $!; wait; wait"
    child = Supervised("网站", ["sh", "-c", stubborn], os.environ, tmp_path / "web.log")
    child.tend(0)
    assert wait_for(lambda: (tmp_path / "web.log").read_text().strip())
    grandchild = int((tmp_path / "web.log").read_text())

    child.stop(patience=0.2)

    assert wait_for(lambda: not alive(grandchild))


def test_children_die_with_a_supervisor_that_was_killed(tmp_path: Path) -> None:
    program = (
        "import os, pathlib, time; from ops.processes import Supervised;"
        f"c = Supervised('x', ['sleep', '60'], os.environ, pathlib.Path({str(tmp_path / 'x.log')!r}));"
        "c.tend(0); print(c.process.pid, flush=True); time.sleep(60)"
    )
    supervisor = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert supervisor.stdout
    child = int(supervisor.stdout.readline())
    assert alive(child)

    supervisor.kill()
    supervisor.wait()

    assert wait_for(lambda: not alive(child))
