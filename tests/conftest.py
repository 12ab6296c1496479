"""How the suite runs: one migrated database copied for each process, and tests that share a server kept together."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connections

if TYPE_CHECKING:
    from tests.factories.town import Town

pytest_plugins = ["tests.search_server", "tests.chromium"]

ROOT = Path(settings.BASE_DIR)
SHARED_SERVERS = ("elasticsearch", "browser")
"""Markers whose tests use one expensive server: each set runs in one process."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Last of all, when every folder has marked its own."""
    for item in items:
        if item.get_closest_marker("xdist_group"):
            continue
        shared = next((name for name in SHARED_SERVERS if item.get_closest_marker(name)), "")
        item.add_marker(pytest.mark.xdist_group(shared or item.nodeid.split("::")[0]))


@pytest.fixture(scope="session")
def template_database(tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """A copy of a database that has every migration, or None where the run names its own (TEST_DB, PostgreSQL)."""
    if os.environ.get("TEST_DB") or settings.DATABASES["default"]["ENGINE"] != "django.db.backends.sqlite3":
        return None
    own = tmp_path_factory.mktemp("database") / "test.sqlite3"
    shutil.copy(migrated_template(), own)
    return own


@pytest.fixture(scope="session")
def django_db_keepdb(template_database: Path | None, request: pytest.FixtureRequest) -> bool:
    return template_database is not None or bool(request.config.getvalue("reuse_db"))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    template_database: Path | None, django_db_modify_db_settings_parallel_suffix: None
) -> Iterator[None]:
    if template_database:
        connections["default"].settings_dict["TEST"]["NAME"] = str(template_database)
    yield
    if template_database:
        template_database.unlink(missing_ok=True)


def migrated_template() -> Path:
    """Migrate once for each state of the migration files, whichever process comes first."""
    folder = ROOT / "var" / "test"
    folder.mkdir(parents=True, exist_ok=True)
    template = folder / f"{_fingerprint()}.sqlite3"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not template.exists():
            for old in folder.glob("*.sqlite3*"):
                old.unlink()
            fresh = folder / "fresh.sqlite3"
            environment = os.environ | {"DATABASE_URL": f"sqlite:///{fresh}"}
            subprocess.run(
                [
                    sys.executable,
                    "manage.py",
                    "migrate",
                    "--skip-checks",
                    "--verbosity",
                    "0",
                    "--settings",
                    "config.settings.test",
                ],
                cwd=ROOT,
                env=environment,
                check=True,
            )
            fresh.rename(template)
    return template


def _fingerprint() -> str:
    digest = hashlib.sha256()
    folders = [
        Path(app.path) / "migrations" for app in apps.get_app_configs() if Path(app.path).parent.is_relative_to(ROOT)
    ]
    files = sorted(path for folder in folders for path in folder.glob("*.py") if ".venv" not in path.parts)
    for path in [ROOT / "requirements" / "base.lock", *files]:
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@pytest.fixture
def town(db: None) -> "Town":
    """A small town with one person for each part of the review chain."""
    from tests.factories.town import build

    return build()
