"""Runs a command on the database it asks for: `python -m ops.databases sqlite|postgres -- COMMAND…`.

PostgreSQL is a throw-away cluster: made in a temporary directory as an unprivileged user, reached through a socket
there, with everything that protects data turned off, and gone when the command ends.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TEMPLATE = "gongbei"
"""The migrated database that each test process copies."""


class NoPostgres(RuntimeError):
    """This machine has no PostgreSQL server."""


def main(arguments: list[str]) -> int:
    kind, command = arguments[0], arguments[2:]
    if kind == "sqlite":
        return subprocess.call(command)
    if kind != "postgres":
        sys.stderr.write(f"DB={kind}: write sqlite or postgres\n")
        return 2
    try:
        with postgres() as url:
            environment = os.environ | {"DATABASE_URL": url}
            migrate = [sys.executable, "manage.py", "migrate", "--skip-checks", "--verbosity", "0"]
            subprocess.run(migrate, env=environment | {"DJANGO_SETTINGS_MODULE": "config.settings.test"}, check=True)
            return subprocess.call(command, env=environment | {"TEST_TEMPLATE": TEMPLATE})
    except NoPostgres as problem:
        sys.stderr.write(f"Skipped on PostgreSQL: {problem}\n")
        return 1 if os.environ.get("CI") else 0


@contextmanager
def postgres() -> Iterator[str]:
    """Start a throw-away server, yield the address of its one empty database, stop it.

    Raises:
        NoPostgres: no server program is installed.
    """
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not programs:
        raise NoPostgres("no /usr/lib/postgresql/*/bin/initdb here; apt install postgresql")
    binaries = programs[-1].parent
    home = Path(tempfile.mkdtemp(prefix="gongbei-postgres-"))
    if os.getuid() == 0:
        shutil.chown(home, "postgres")
    options = f"-k {home} -c listen_addresses= -c fsync=off -c full_page_writes=off -c synchronous_commit=off"
    try:
        _as_server(binaries / "initdb", "-D", home / "data", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync")
        _as_server(binaries / "pg_ctl", "-D", home / "data", "-l", home / "log", "-w", "-o", options, "start")
        _as_server(binaries / "createdb", "-h", home, "-U", "postgres", TEMPLATE)
        yield f"postgres://postgres@/{TEMPLATE}?host={home}"
    finally:
        if (home / "data" / "postmaster.pid").exists():
            _as_server(binaries / "pg_ctl", "-D", home / "data", "-m", "immediate", "-w", "stop")
        shutil.rmtree(home, ignore_errors=True)


def _as_server(*command: Path | str) -> None:
    """PostgreSQL refuses to run as root."""
    prefix = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    words = [*prefix, *map(str, command)]
    result = subprocess.run(
        words, cwd="/", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, check=False
    )
    if result.returncode:
        raise RuntimeError(f"{' '.join(words)}\n{result.stdout.decode(errors='replace')}")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main(sys.argv[1:]))
