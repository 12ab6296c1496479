"""The one process that writes the index, and the clock of what must happen at intervals.

`manage.py worker` runs `run()`; tests call `drain()`. A lock on a file under var/ keeps a second writer out; it is
released by the kernel when the worker is killed.
"""

import fcntl
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from search import bell, engines, generations, indexer
from search.indexer import Counts
from search.ports import Engine, EngineDown

logger = logging.getLogger(__name__)
PAUSE = 0.15
"""Without a ring of the bell: what another machine changed, or what was postponed, is found this much later."""
LOCK = "worker.lock"
FAILURE_PAUSE = 5.0

Job = Callable[[datetime], object]


@dataclass(slots=True)
class Periodic:
    """A job with its interval and the monotonic second at which it is due."""

    name: str
    seconds: float
    run: Job
    due: float = 0.0


_periodic: dict[str, Periodic] = {}


class AlreadyRunning(RuntimeError):
    """Another worker holds the lock."""


def every(seconds: float, name: str, job: Job) -> None:
    """Run `job(now)` in the worker at this interval, and once at its start; a name registered again replaces."""
    _periodic[name] = Periodic(name, seconds, job)


def periodic() -> tuple[str, ...]:
    return tuple(_periodic)


def drain(engine: Engine | None = None) -> Counts:
    """Write everything that is due now."""
    engine = engine or engines.current()
    engine.create()
    total = Counts()
    while True:
        if indexer.spread_once():
            continue
        done = indexer.drain_once(engine, timezone.now())
        if done is None:
            engine.refresh()
            return total
        total += done


def drain_if_alone() -> bool:
    """Write everything that is due now, unless a worker is running, which does."""
    try:
        with lock(Path(settings.VAR_DIR) / LOCK):
            drain()
    except AlreadyRunning:
        return False
    return True


def run(stop: Callable[[], bool] = lambda: False) -> None:
    """Work until stopped. An error is logged and the work goes on; only the lock ends it.

    Raises:
        AlreadyRunning: another worker is at work on the same var/.
    """
    with lock(Path(settings.VAR_DIR) / LOCK), bell.listening() as rung:
        ready = False
        while not stop():
            close_old_connections()
            run_periodic(time.monotonic())
            try:
                ready = ready or _prepare()
                is_busy = indexer.spread_once()
                done = indexer.drain_once(engines.current(), timezone.now())
                ready = not (done and done.failed)
                if done is None and not is_busy:
                    rung.wait(PAUSE)
            except EngineDown as problem:
                logger.warning("the search engine is down: %s", problem)
                ready = False
                time.sleep(FAILURE_PAUSE)
            except Exception:
                logger.exception("the worker goes on after an error")
                time.sleep(FAILURE_PAUSE)


def _prepare() -> bool:
    """At the start and after every failure: a server may have come back empty, a directory may be gone."""
    indexer.release_leases()
    engine = engines.current()
    if indexer.ensure(engine):
        logger.info("a new index was made; everything is being written")
    generations.note_live(engine, timezone.now())
    return True


def run_periodic(now: float) -> None:
    """Run the jobs that are due; a failing job is logged and comes again at its next turn."""
    for job in list(_periodic.values()):
        if job.due > now:
            continue
        job.due = now + job.seconds
        try:
            job.run(timezone.now())
        except Exception:
            logger.exception("periodic job %s failed", job.name)


@contextmanager
def lock(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as opened:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            raise AlreadyRunning(f"another worker holds {path}") from problem
        yield
