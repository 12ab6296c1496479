"""A site of bare processes in a directory of its own: a database, a worker, an editor; each may be killed."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings

from tests.conftest import migrated_template


class Site:
    """Processes on one var/ directory, with the embedded engine."""

    def __init__(self, var_dir: Path) -> None:
        self.var_dir = var_dir
        self.environment = dict(os.environ) | {
            "VAR_DIR": str(var_dir),
            "ENGINE": "tantivy",
            "SECRET_KEY": "proof-only-" + "k" * 50,
            "DATABASE_URL": f"sqlite:///{var_dir}/site.sqlite3",
            "DJANGO_SETTINGS_MODULE": "config.settings.development",
        }
        self.acknowledged: dict[str, int] = {}
        self.edits = 0

    def run(self, *command: str) -> str:
        done = subprocess.run(
            [sys.executable, *command], cwd=settings.BASE_DIR, env=self.environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def begin(self, documents: int) -> None:
        self.var_dir.mkdir(parents=True, exist_ok=True)
        shutil.copy(migrated_template(), self.var_dir / "site.sqlite3")
        self.run("-m", "tests.proof.editing", "prepare", str(documents))
        self.run("manage.py", "search_rebuild")

    def start(self, *command: str, read: bool = False) -> subprocess.Popen[str]:
        log = (self.var_dir / "log.txt").open("a")
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=settings.BASE_DIR,
            env=self.environment,
            stdout=subprocess.PIPE if read else log,
            stderr=log,
            text=True,
        )
        if read:
            threading.Thread(target=self._listen, args=[process], daemon=True).start()
        return process

    def worker(self) -> subprocess.Popen[str]:
        return self.start("manage.py", "worker")

    def editor(self, seed: int, pause: float = 0.0) -> subprocess.Popen[str]:
        return self.start("-m", "tests.proof.editing", "edit", str(seed), str(pause), read=True)

    def _listen(self, process: subprocess.Popen[str]) -> None:
        """A line that is whole was acknowledged."""
        assert process.stdout is not None
        for line in process.stdout:
            uid, _, number = line.rstrip("\n").partition(" ")
            if line.endswith("\n") and number.isdigit():
                self.acknowledged[uid] = max(int(number), self.acknowledged.get(uid, 0))
                self.edits += 1

    def waiting(self) -> int:
        with closing(sqlite3.connect(self.var_dir / "site.sqlite3", timeout=30)) as database:
            sql = "SELECT count(*) FROM search_outboxrow WHERE pending AND NOT parked"
            return int(database.execute(sql).fetchone()[0])

    def settle(self, seconds: float = 120) -> None:
        deadline = time.monotonic() + seconds
        while self.waiting():
            assert time.monotonic() < deadline, (self.var_dir / "log.txt").read_text()[-3000:]
            time.sleep(0.2)

    def compare(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.run("-m", "tests.proof.editing", "compare").splitlines()[-1])
        summaries = found.pop("summaries")
        found["lost"] = [
            uid for uid, number in self.acknowledged.items() if int(summaries.get(uid, "第0稿")[1:-1] or 0) < number
        ]
        return found


TRUE: dict[str, Any] = {"missing": [], "ghost": [], "stale": [], "doubled": 0, "parked": 0, "lost": []}
