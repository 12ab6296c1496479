"""The real site with its demo content, started by its own supervisor in a directory of its own."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from ops.run import answers, free_port

PATIENCE_SECONDS = 300
OF_THE_TEST_RUN = ("DJANGO_SETTINGS_MODULE", "DATABASE_URL", "TEST_VAR_OF", "TEST_TEMPLATE", "ENGINE", "VAR_DIR")


@dataclass(frozen=True, slots=True)
class Site:
    """Where it answers, and where it keeps its things."""

    address: str
    var_dir: Path


@dataclass(slots=True)
class Start:
    """One start of `ops.run`, whatever becomes of it."""

    process: "subprocess.Popen[bytes]"
    port: int
    var_dir: Path
    began: float

    def wait(self) -> float:
        """Wait for the first page; returns the seconds since the start.

        Raises:
            RuntimeError: it ended or said nothing; the message holds its output.
        """
        while not answers(self.port, "/"):
            if self.process.poll() is not None or time.monotonic() > self.began + PATIENCE_SECONDS:
                raise RuntimeError(f"The site did not start:\n{self.said()}")
            time.sleep(0.1)
        return time.monotonic() - self.began

    def settle(self, seconds: float = 120) -> None:
        """Wait until the worker has indexed everything."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with closing(sqlite3.connect(self.var_dir / "gongbei.sqlite3", timeout=20)) as database:
                if not database.execute(PENDING).fetchone()[0]:
                    return
            time.sleep(0.3)
        raise RuntimeError(f"The outbox did not empty:\n{self.said()}")

    def children(self, pattern: str = "", *, of: int | None = None) -> list[int]:
        """Processes of this start, known by the directory in their environment; `of` a parent, when given."""
        mark = f"VAR_DIR={self.var_dir}\0"
        return [
            found.pid
            for found in processes()
            if mark in found.environment and pattern in found.command and of in {None, found.parent}
        ]

    def kill_everything(self) -> None:
        for pid in [self.process.pid, *self.children()]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def said(self) -> str:
        logs = [self.var_dir / "run.log", *sorted((self.var_dir / "log").glob("*.log"))]
        return "".join(f"\n{log.name}:\n{log.read_text(errors='replace')[-2500:]}" for log in logs if log.exists())


PENDING = "SELECT count(*) FROM search_outboxrow WHERE pending AND NOT parked"


@dataclass(frozen=True, slots=True)
class Process:
    pid: int
    parent: int
    environment: str
    command: str


def processes() -> Iterator[Process]:
    """Every process we may look at; the dead that nobody has buried have no command and are left out."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            environment = (folder / "environ").read_bytes().decode(errors="replace") + "\0"
            command = (folder / "cmdline").read_bytes().decode(errors="replace").replace("\0", " ")
            parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
            if command:
                yield Process(int(folder.name), parent, environment, command)


@contextmanager
def started(var_dir: Path, **variables: str) -> Iterator[Start]:
    """Start the demo site, and stop it at the end."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if name not in OF_THE_TEST_RUN}
    environment |= {"VAR_DIR": str(var_dir), "PORT": str(port)} | variables
    var_dir.mkdir(parents=True, exist_ok=True)
    with (var_dir / "run.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "ops.run"],
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        yield Start(process, port, var_dir, time.monotonic())
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


@contextmanager
def running_site(var_dir: Path, **variables: str) -> Iterator[Site]:
    """The demo site, answering and indexed."""
    with started(var_dir, **variables) as start:
        start.wait()
        start.settle()
        yield Site(f"http://127.0.0.1:{start.port}", var_dir)
