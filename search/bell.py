"""Wakes the worker the moment a change is committed: a named pipe under var/, because polling would be slow or busy.

Ringing never waits and never fails: without a worker, or on another machine, the worker's own polling finds the row.
"""

import os
import select
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

NAME = "worker.bell"


def ring() -> None:
    """One byte into the pipe, if somebody listens."""
    with suppress(OSError):
        pipe = os.open(_path(), os.O_WRONLY | os.O_NONBLOCK)
        try:
            os.write(pipe, b".")
        finally:
            os.close(pipe)


class Bell:
    """The worker's end of the pipe."""

    def __init__(self, pipe: int) -> None:
        self.pipe = pipe

    def wait(self, seconds: float) -> bool:
        """Wait until somebody rings, at most so long; True when somebody did."""
        ready, _, _ = select.select([self.pipe], [], [], seconds)
        if not ready:
            return False
        with suppress(BlockingIOError):
            os.read(self.pipe, 65_536)
        return True


@contextmanager
def listening() -> Iterator[Bell]:
    """Open for reading and writing, so that the pipe never ends when a ringer leaves."""
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.mkfifo(path, 0o600)
    pipe = os.open(path, os.O_RDWR | os.O_NONBLOCK)
    try:
        yield Bell(pipe)
    finally:
        os.close(pipe)


def _path() -> Path:
    return Path(settings.VAR_DIR) / NAME
