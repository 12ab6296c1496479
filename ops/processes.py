"""One supervised process: started again when it dies, and gone when we go, however we go."""

import contextlib
import ctypes
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PR_SET_PDEATHSIG = 1
STEADY_SECONDS = 60
LONGEST_PAUSE = 30.0
LOG_LIMIT = 10_000_000


def die_with_parent(signal_number: int = signal.SIGTERM) -> None:
    """Ask the kernel to signal this process when its parent dies, even by kill -9 (Linux only)."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal_number)


@dataclass(slots=True)
class Supervised:
    """A command that should always run. `tend` is called again and again and never blocks."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    failures: int = 0
    not_before: float = 0.0

    def tend(self, now: float) -> str | None:
        """Start the process when it should run and does not. Returns a sentence when it had died."""
        if self.process is None:
            if now >= self.not_before:
                self.start(now)
            return None
        code = self.process.poll()
        if code is None:
            return None
        self.kill_group(signal.SIGKILL)
        self.process = None
        self.failures = 1 if now - self.started_at > STEADY_SECONDS else self.failures + 1
        pause = min(LONGEST_PAUSE, 0.25 * 2 ** (self.failures - 1))
        self.not_before = now + pause
        return f"{self.name} 停了（{code}），{pause:g} 秒后重新启动。日志：{self.log}"

    def start(self, now: float) -> None:
        """Start in a session of its own, so that Ctrl-C reaches the supervisor alone."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".old.log"))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                list(self.command),
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent,
            )
        self.started_at = now

    def stop(self, patience: float = 10.0) -> None:
        """End the process and what it started; insist after `patience` seconds."""
        if self.process is None:
            return
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(patience)
        self.kill_group(signal.SIGKILL)
        self.process.wait()
        self.process = None

    def kill_group(self, signal_number: int) -> None:
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal_number)
