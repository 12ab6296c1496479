"""Is the site what a backup says? Every row and every byte, by hash."""

from collections.abc import Iterator
from pathlib import Path

from django.core.files.storage import storages

from media.storage import hash_of
from website.backup import archive, rows
from website.backup.archive import Manifest
from website.backup.taking import one_moment


def differences(backup: Path, manifest: Manifest) -> Iterator[str]:
    """What the site holds otherwise than the backup, in Chinese, with its name. Empty: the same."""
    tables = {rows.name_of(table): table for table in rows.tables()}
    with one_moment():
        for part in manifest.parts:
            if part.name not in tables:
                yield f"数据表 {part.name}：这版程序没有"
                continue
            found = rows.hash_of_rows(rows.lines(tables[part.name]))
            if found.value != part.rows_sha256 or found.count != part.rows:
                yield f"数据表 {part.name}：备份 {part.rows} 行，现在 {found.count} 行，内容不同"
    for stored in archive.stored_files(backup):
        try:
            with storages[stored.storage].open(stored.key) as source:
                same = hash_of(source) == stored.sha256
        except FileNotFoundError:
            yield f"文件 {stored.key}：现在没有"
            continue
        if not same:
            yield f"文件 {stored.key}：内容不同"
