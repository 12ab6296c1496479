"""Makes a directory ready to be served: secret, tables, catalogue, demo content. Done once for each state of the code.

Every step may be repeated: a start that was killed half-way is simply done again.
"""

import hashlib
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from config.environment import BASE_DIR, Environment

STEPS = (
    ("建表", ("migrate", "--verbosity", "0")),
    ("教材目录", ("catalogue_seed",)),
    ("演示内容", ("demo",)),
)
DEPENDS_ON = ("**/migrations/*.py", "requirements/base.lock", "catalogue/**/*", "website/demo/**/*")
ACCOUNTS_HEADING = "演示账号"
"""What `manage.py demo` prints from this word on is shown at every start."""


class PreparationFailed(RuntimeError):
    """A step did not end well; its output was printed."""


def secret_key(var_dir: Path) -> str:
    """The key that signs sessions, written once."""
    path = var_dir / "secret"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


def prepare(environment: Environment, variables: Mapping[str, str]) -> None:
    """Run the steps, unless they ran for exactly this code on this database.

    Raises:
        PreparationFailed: a step failed.
    """
    stamp = environment.var_dir / "prepared"
    state = fingerprint(environment.database_url)
    if stamp.exists() and stamp.read_text() == state and _has_database(environment):
        return
    stamp.unlink(missing_ok=True)
    for name, command in STEPS:
        started = time.monotonic()
        result = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=BASE_DIR,
            env=dict(variables),
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode:
            sys.stderr.write(result.stdout + result.stderr)
            raise PreparationFailed(
                f"{name}没有完成（manage.py {' '.join(command)}）。原因在上面；改好后再运行一次，已完成的不会重复。"
            )
        if ACCOUNTS_HEADING in result.stdout:
            accounts = ACCOUNTS_HEADING + result.stdout.split(ACCOUNTS_HEADING, 1)[1]
            (environment.var_dir / "demo-accounts.txt").write_text(accounts.rstrip())
        print(f"{name}：{time.monotonic() - started:.1f} 秒", flush=True)
    stamp.write_text(state)


def demo_accounts(var_dir: Path) -> str:
    path = var_dir / "demo-accounts.txt"
    return path.read_text() if path.exists() else ""


def fingerprint(database_url: str) -> str:
    """Changes when a migration, the seed, the demo content or the database does."""
    digest = hashlib.sha256(database_url.encode())
    for path in _inputs():
        digest.update(path.relative_to(BASE_DIR).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def _inputs() -> Iterator[Path]:
    skipped = {".venv", "node_modules", "var", "__pycache__"}
    for pattern in DEPENDS_ON:
        for path in sorted(BASE_DIR.glob(pattern)):
            if path.is_file() and not skipped & set(path.relative_to(BASE_DIR).parts):
                yield path


def _has_database(environment: Environment) -> bool:
    scheme, _, path = environment.database_url.partition(":///")
    return scheme != "sqlite" or Path(path).exists()
