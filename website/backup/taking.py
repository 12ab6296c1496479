"""Taking a backup while the site runs: all rows of one moment, then the bytes they name."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from django.core.files.storage import Storage, storages
from django.db import connection
from django.utils.timezone import localtime

from media.models import Blob
from media.storage import hash_of
from website.backup import archive, rows, shape
from website.backup.archive import FORMAT, BackupProblem, Manifest, Part, StoredFile

Say = Callable[[str], object]
BLOCK = 256 * 1024
PRIVATE = 0o700
"""Folders of a backup are for whoever takes it: it holds what the site shows to nobody."""


def take(into: Path, at: datetime, say: Say = lambda line: None) -> Path:
    """Write a backup into a new folder of `into` and return that folder.

    Raises:
        BackupProblem: a file that the rows name is missing or damaged in the storage. Nothing that looks like a
            backup is left.
    """
    if shape.is_behind():
        raise BackupProblem("数据库还没有升级到这版程序：先运行 manage.py migrate，再取备份")
    backup = into / localtime(at).strftime("%Y%m%d-%H%M%S")
    if backup.exists():
        raise BackupProblem(f"{backup} 已经在了，请过一秒再取")
    backup.mkdir(mode=PRIVATE, parents=True)
    try:
        with one_moment():
            parts = [_table(backup, table, say) for table in rows.tables()]
            files = list(_files())
        archive.save(backup, _with_files(backup, parts, files, at))
    except BaseException:
        shutil.rmtree(backup, ignore_errors=True)
        raise
    return backup


@contextmanager
def one_moment() -> Iterator[None]:
    """Read as of one moment, without holding up a writer.

    Django would take SQLite's write lock; a plain BEGIN reads a snapshot of the write-ahead log.
    """
    if connection.in_atomic_block:
        yield
        return
    snapshot = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" if connection.vendor == "postgresql" else "BEGIN"
    with connection.cursor() as cursor:
        cursor.execute(snapshot)
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def _table(backup: Path, table: rows.Table, say: Say) -> Part:
    digest = rows.RowsHash()
    path = archive.rows_path(backup, rows.name_of(table))
    with archive.writing(path) as out:
        for line in rows.lines(table):
            digest.add(line)
            out.write(f"{line}\n")
    if digest.count:
        say(f"{table._meta.verbose_name}（{rows.name_of(table)}）{digest.count} 行")
    return Part(rows.name_of(table), digest.count, digest.value, archive.file_hash(path))


def _files() -> Iterator[StoredFile]:
    """What the uploads are by their rows, and whatever lies beside the editors' pages."""
    for sha256, path, size in Blob.objects.order_by("pk").values_list("pk", "path", "size").iterator():
        yield StoredFile("uploads", path, sha256, size)
    for key in sorted(keys_of(storages["default"])):
        with storages["default"].open(key) as source:
            yield StoredFile("default", key, hash_of(source), storages["default"].size(key))


def keys_of(storage: Storage, folder: str = "") -> Iterator[str]:
    """Every key in a storage."""
    try:
        folders, names = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in names:
        yield f"{folder}/{name}" if folder else name
    for inner in folders:
        yield from keys_of(storage, f"{folder}/{inner}" if folder else inner)


def _with_files(backup: Path, parts: list[Part], files: list[StoredFile], at: datetime) -> Manifest:
    for stored in files:
        _keep_bytes(backup, stored)
    path = backup / archive.FILES
    with archive.writing(path) as out:
        for stored in files:
            out.write(archive.line_of(stored))
    return Manifest(
        format=FORMAT,
        taken_at=localtime(at).isoformat(timespec="seconds"),
        migrations=shape.of_program(),
        parts=parts,
        files=len(files),
        bytes=sum(stored.size for stored in files),
        files_sha256=archive.file_hash(path),
    )


def _keep_bytes(backup: Path, stored: StoredFile) -> None:
    """Copy a file that no backup of this folder has yet; half a copy never has the name of a whole one."""
    target = archive.bytes_path(backup, stored.sha256)
    if target.is_file() and target.stat().st_size == stored.size:
        return
    target.parent.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    part = target.with_name(f"{stored.sha256}.{uuid4().hex}.part")
    try:
        try:
            with storages[stored.storage].open(stored.key) as source, part.open("xb") as out:
                shutil.copyfileobj(source, out, BLOCK)
        except FileNotFoundError as problem:
            raise BackupProblem(
                f"存储里找不到文件 {stored.key}：先运行 manage.py files_verify 看少了什么，补回以后再取备份"
            ) from problem
        if archive.file_hash(part) != stored.sha256:
            raise BackupProblem(f"存储里的文件 {stored.key} 已损坏：先运行 manage.py files_verify，补回以后再取备份")
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
