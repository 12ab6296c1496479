"""A city that is lost whole comes back from its backup, and no damaged byte of a backup goes unnoticed."""

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from website.backup import archive
from website.backup.archive import BackupProblem
from website.backup.restoring import check


def manage(var_dir: Path, *words: str) -> subprocess.CompletedProcess[str]:
    variables = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=settings.BASE_DIR,
        env=variables | {"VAR_DIR": str(var_dir), "DJANGO_SETTINGS_MODULE": "config.settings.development"},
        capture_output=True,
        text=True,
        check=False,
    )


def done(var_dir: Path, *words: str) -> str:
    result = manage(var_dir, *words)
    assert result.returncode == 0, result.stdout[-2000:] + result.stderr[-2000:]
    return result.stdout


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo city in a directory of its own."""
    var_dir = tmp_path_factory.mktemp("city")
    for words in (("migrate", "-v0"), ("catalogue_seed",), ("demo",)):
        done(var_dir, *words)
    return var_dir


@pytest.fixture(scope="module")
def backup(city: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    printed = done(city, "backup", str(tmp_path_factory.mktemp("backups")))
    return Path(printed.splitlines()[-1])


def test_a_city_lost_whole_comes_back_with_every_hash_equal(city: Path, backup: Path, tmp_path: Path) -> None:
    fresh = tmp_path / "fresh"

    assert "恢复好了" in done(fresh, "restore", str(backup))

    assert "网站和备份完全相同" in done(fresh, "verify", str(backup))
    again = Path(done(fresh, "backup", str(tmp_path / "again")).splitlines()[-1])
    assert archive.load(again).parts == archive.load(backup).parts
    assert archive.load(again).files_sha256 == archive.load(backup).files_sha256


def test_no_damaged_byte_goes_unnoticed(backup: Path, scale: float) -> None:
    chance = random.Random(20261124)
    paths = sorted(path for path in backup.parent.rglob("*") if path.is_file() and path.stat().st_size)
    for _ in range(max(20, round(400 * scale))):
        path = chance.choice(paths)
        whole = path.read_bytes()
        damaged = bytearray(whole)
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        path.write_bytes(damaged)
        with pytest.raises(BackupProblem):
            check(backup)
        path.write_bytes(whole)
    assert check(backup).rows > 0


def test_a_damaged_backup_is_refused_before_the_site_is_touched(city: Path, backup: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(backup.parent, broken)
    damaged = broken / backup.name / "rows" / "library.version.jsonl.gz"
    damaged.write_bytes(damaged.read_bytes()[:-20])

    result = manage(city, "restore", "--replace", str(broken / backup.name))

    assert result.returncode == 1
    assert "library.version" in result.stderr
    assert "网站和备份完全相同" in done(city, "verify", str(backup))
