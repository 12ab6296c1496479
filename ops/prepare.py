"""Makes a directory ready to be served: secret, tables, catalogue, demo content. Done once for each state of the code.

Every step may be repeated: a start that was killed half-way is simply done again.
"""

import hashlib
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path

from config.environment import BASE_DIR, Environment

STEPS = (
    ("样式与脚本", ("collectstatic", "--no-input", "--verbosity", "0")),
    ("建表", ("migrate", "--verbosity", "0")),
    ("教材目录", ("catalogue_seed",)),
    ("演示内容", ("demo",)),
)
DEPENDS_ON = ("requirements/base.lock", "*/migrations/*.py", "*/static/*", "catalogue/*", "website/demo/*")


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
    """Run the steps, unless they ran for exactly this code on this database; then follow a change of engine.

    Raises:
        PreparationFailed: a step failed.
    """
    stamp = environment.var_dir / "prepared"
    state = fingerprint(environment.database_url)
    if not (stamp.exists() and stamp.read_text() == state and _has_database(environment)):
        stamp.unlink(missing_ok=True)
        for name, command in STEPS:
            _manage(name, command, variables)
        stamp.write_text(state)
    _follow_engine(environment, variables)


def _manage(name: str, command: tuple[str, ...], variables: Mapping[str, str]) -> None:
    started = time.monotonic()
    words = [sys.executable, "manage.py", *command]
    done = subprocess.run(words, cwd=BASE_DIR, env=dict(variables), capture_output=True, text=True, check=False)
    if done.returncode:
        sys.stderr.write(done.stdout + done.stderr)
        raise PreparationFailed(
            f"{name}没有完成（manage.py {' '.join(command)}）。原因在上面；改好后再运行一次，已完成的不会重复。"
        )
    print(f"{name}：{time.monotonic() - started:.1f} 秒", flush=True)


def _follow_engine(environment: Environment, variables: Mapping[str, str]) -> None:
    """Edits went to the engine that ran last: another one is written anew. The worker fills one that is empty."""
    stamp = environment.var_dir / "engine"
    engine = f"{environment.search_engine} {environment.elasticsearch_url}".strip()
    if stamp.exists() and stamp.read_text() != engine:
        _manage("检索索引", ("search_rebuild",), variables)
    stamp.write_text(engine)


def fingerprint(database_url: str) -> str:
    """Changes when a migration, the seed, the demo content or the database does."""
    digest = hashlib.sha256(database_url.encode())
    for path in _inputs():
        digest.update(path.relative_to(BASE_DIR).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def _inputs() -> Iterator[Path]:
    """Files of the packages, never of the environment: a start must not walk through 30,000 files."""
    aside = {"node_modules", "var", "__pycache__"}
    folders = [
        path for path in sorted(BASE_DIR.iterdir()) if path.is_dir() and path.name[0] != "." and path.name not in aside
    ]
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(BASE_DIR).as_posix()
            if path.is_file() and path.suffix != ".pyc" and any(fnmatch(name, pattern) for pattern in DEPENDS_ON):
                yield path


def _has_database(environment: Environment) -> bool:
    scheme, _, path = environment.database_url.partition(":///")
    return scheme != "sqlite" or Path(path).exists()
