"""What it takes to bring a city in: 30,000 teachers of 500 schools with 200 bad rows, by the command, on SQLite.

Time, peak resident memory of the importing process, whether every bad row was named, and what a second run changed.
"""

import argparse
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from django.conf import settings

from tests.roster import city

FOUND = "from tests.roster import city; city.found()"


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--schools", type=int, default=500)
    parser.add_argument("--teachers", type=int, default=30_000)
    parser.add_argument("--bad", type=int, default=200)


def measure(given: argparse.Namespace) -> Iterator[str]:
    """A line for each run."""
    schools, teachers, bad = given.schools, given.teachers, given.bad
    with tempfile.TemporaryDirectory(prefix="gongbei-bench-") as folder:
        path, database = Path(folder) / "city.xlsx", Path(folder) / "city.sqlite3"
        environment = os.environ | {"VAR_DIR": folder, "DATABASE_URL": f"sqlite:///{database}"}
        made = city.write(path, schools=schools, teachers=teachers, bad=bad)
        yield f"{schools} schools, {teachers} teachers, {made.rows} rows, {bad} of them bad, {path.stat().st_size >> 10} kB"
        for command in (["migrate", "--skip-checks", "-v0"], ["shell", "--no-imports", "-c", FOUND]):
            subprocess.run([sys.executable, "manage.py", *command], cwd=settings.BASE_DIR, env=environment, check=True)
        for name, more in (("dry run", ["--dry-run"]), ("import", []), ("second import", [])):
            before = _changes(database)
            seconds, busy, megabytes, said = _run([str(path), *more], environment)
            named = {(sheet, int(row)) for sheet, row in re.findall(r"^(\w+)表 第 (\d+) 行", said, re.M)}
            told = "; ".join(line for line in said.splitlines() if re.match(r"\w+：新增", line))
            yield f"{name}: {seconds:.1f} s ({busy:.1f} s of one core), peak {megabytes} MB resident"
            yield f"  bad rows named {len(named & made.spoilt)} of {len(made.spoilt)}, others {len(named - made.spoilt)}"
            yield f"  {told}"
            yield f"  rows in the database {before} → {_changes(database)}"


def _run(arguments: list[str], environment: dict[str, str]) -> tuple[float, float, int, str]:
    """Seconds, seconds of processor time, peak resident megabytes of that process, and what it printed."""
    began = time.monotonic()
    with tempfile.TemporaryFile("w+", encoding="utf-8") as printed:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "people_import", *arguments],
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=printed,
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - began
        printed.seek(0)
        said = printed.read()
    if process.returncode:
        raise RuntimeError(f"people_import ended with {process.returncode}:\n{said[-2000:]}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss >> 10, said


def _changes(database: Path) -> int:
    """How many rows people, appointments, organisations, adoptions, calendars and the audit log have."""
    tables = ("person", "appointment", "organisation", "organisationlink", "adoption", "term", "holiday", "auditrow")
    with closing(sqlite3.connect(database)) as opened:
        return sum(opened.execute(f"SELECT count(*) FROM groups_{table}").fetchone()[0] for table in tables)
