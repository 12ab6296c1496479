"""Bringing a backup back: looked at whole first, then everything in one transaction."""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.files import File as OpenFile
from django.core.files.storage import storages
from django.core.management import call_command
from django.db import connection, transaction

from groups.models import Organisation, Person
from media.storage import place
from search import worker
from website.backup import archive, rows, shape
from website.backup.archive import BackupProblem, Manifest, StoredFile

Say = Callable[[str], object]
SHOWN = 20


def restore(backup: Path, *, replace: bool = False, say: Say = lambda line: None) -> Manifest:
    """Put the rows and files of a backup in the place of whatever the site holds. The search index is not touched.

    Raises:
        BackupProblem: the backup is damaged or of another program, the site runs, or it is not empty and `replace` was not
            asked for. Nothing has been touched.
    """
    manifest = check(backup)
    Path(settings.VAR_DIR).mkdir(parents=True, exist_ok=True)
    _shape(manifest)
    if not replace and (Person.objects.exists() or Organisation.objects.exists()):
        raise BackupProblem("这里已经有人和机构。确定要用备份换掉全部内容，请加 --replace；换之前先取一份备份")
    say(f"备份完好：{manifest.rows} 行，{manifest.files} 个文件")
    try:
        with worker.lock(Path(settings.VAR_DIR) / worker.LOCK):
            for stored in archive.stored_files(backup):
                _put(backup, stored)
            _rows(backup, manifest, say)
    except worker.AlreadyRunning as problem:
        raise BackupProblem(
            "网站还在运行。先停下它（make run 按 Ctrl-C，生产环境停下 web 和 worker），再恢复"
        ) from problem
    for index in ("rebuild_references_index", "wagtail_update_index"):
        call_command(index, verbosity=0)
    return manifest


def check(backup: Path) -> Manifest:
    """The manifest of a backup that is whole.

    Raises:
        BackupProblem: with everything that is missing or damaged.
    """
    manifest = archive.load(backup)
    found = list(archive.faults(backup, manifest))
    if found:
        more = f"\n……还有 {len(found) - SHOWN} 处" if len(found) > SHOWN else ""
        raise BackupProblem("备份已损坏，什么都没有动，请换一份：\n" + "\n".join(found[:SHOWN]) + more)
    return manifest


def _shape(manifest: Manifest) -> None:
    """Rows fit only a database that was migrated exactly so far."""
    other = sorted(set(manifest.migrations) ^ set(shape.of_program()))
    if other:
        raise BackupProblem(
            f"备份取自另一版程序（{other[0]} 等 {len(other)} 个迁移不同），请用取备份时的程序恢复，再升级"
        )
    if shape.is_behind():
        call_command("migrate", verbosity=0, interactive=False)


def _put(backup: Path, stored: StoredFile) -> None:
    storage = storages[stored.storage]
    path = archive.bytes_path(backup, stored.sha256)
    if stored.storage == "uploads":
        place(stored.key, path)
        return
    if storage.exists(stored.key):
        storage.delete(stored.key)
    with path.open("rb") as source:
        storage.save(stored.key, OpenFile(source))


@transaction.atomic
def _rows(backup: Path, manifest: Manifest, say: Say) -> None:
    tables = {rows.name_of(table): table for table in rows.tables()}
    rows.empty([*rows.tables_left_out(), *reversed(list(tables.values()))])
    for part in manifest.parts:
        written = rows.write(tables[part.name], archive.reading(archive.rows_path(backup, part.name)))
        if written:
            say(f"{tables[part.name]._meta.verbose_name}（{part.name}）{written} 行")
    rows.count_on(list(tables.values()))
    connection.check_constraints()
