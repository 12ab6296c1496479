"""Zip files: measured before anything is unpacked, and never unpacked to disk by us.

Limits hold for the whole archive with everything nested in it; a declared size is safe to count with because reading
an entry stops at it.
"""

import io
import lzma
import shutil
import stat
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from tempfile import TemporaryFile
from typing import IO

from django.conf import settings

from media.safety.names import extension_of
from media.safety.problems import UnsafeFile, refused

MEGABYTE = 1024 * 1024
DEEPEST = 2
SUSPICIOUS = 20 * MEGABYTE
"""Below this unpacked size the ratio does not matter."""
NESTED = frozenset({"zip", "docx", "pptx", "xlsx", "jar", "epub"})
PROGRAMS = frozenset(
    [
        "exe",
        "com",
        "bat",
        "cmd",
        "scr",
        "vbs",
        "vbe",
        "js",
        "jse",
        "wsf",
        "msi",
        "ps1",
        "lnk",
        "hta",
        "pif",
        "cpl",
        "jar",
        "apk",
        "reg",
        "dll",
    ]
)
LARGEST_READ = 16 * MEGABYTE
UNREADABLE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, RuntimeError)
"""What zipfile raises for the ways in which an entry can be broken, locked or packed as we cannot read."""
AGAIN = "请只打包要用的文件后再传"


@dataclass(slots=True)
class Budget:
    """What is left of the unpacked bytes and entries that one upload may hold."""

    name: str
    bytes_left: int = field(default_factory=lambda: settings.UPLOAD_ZIP_MB * MEGABYTE)
    entries_left: int = field(default_factory=lambda: settings.UPLOAD_ZIP_ENTRIES)

    def take(self, archive: zipfile.ZipFile, size: int) -> None:
        """Count an archive whose own bytes are `size`.

        Raises:
            UnsafeFile: too many entries, too many bytes, or a ratio that no honest file has.
        """
        entries = archive.infolist()
        unpacked = sum(entry.file_size for entry in entries)
        self.entries_left -= len(entries)
        self.bytes_left -= unpacked
        if self.entries_left < 0:
            what = f"里的文件超过 {settings.UPLOAD_ZIP_ENTRIES} 个"
            raise refused(self.name, "too_many_entries", what, "请分几个压缩包上传")
        overlapping = sum(entry.compress_size for entry in entries) > size
        swollen = any(_swollen(entry.file_size, entry.compress_size) for entry in entries) or _swollen(unpacked, size)
        if self.bytes_left < 0 or overlapping or swollen:
            what = f"解开后大得不正常（{max(unpacked // MEGABYTE, 1)} MB）"
            raise refused(self.name, "bomb", what, AGAIN)


def _swollen(unpacked: int, packed: int) -> bool:
    return unpacked > SUSPICIOUS and unpacked > packed * settings.UPLOAD_ZIP_RATIO


def opened(source: Path | IO[bytes], name: str) -> zipfile.ZipFile:
    """The archive, directory read.

    Raises:
        UnsafeFile: it is cut short or damaged.
    """
    try:
        return zipfile.ZipFile(source)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as problem:
        what = "不完整，可能没有传完"
        raise refused(name, "damaged", what, "请检查原文件能否打开，再传一次") from problem


def entry_name(entry: zipfile.ZipInfo) -> str:
    """An entry's name as its maker wrote it: UTF-8 when flagged or when it reads as such, else GBK (Windows)."""
    if entry.flag_bits & 0x800:
        return entry.filename
    raw = entry.orig_filename.encode("cp437", errors="replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename


def check_zip(path: Path, name: str) -> None:
    """A zip for download: no way out of its folder, no link, no bomb, no program, nothing locked.

    Raises:
        UnsafeFile: with the first thing that is wrong.
    """
    with opened(path, name) as archive:
        _check(archive, path.stat().st_size, Budget(name), depth=1)


def _check(archive: zipfile.ZipFile, size: int, budget: Budget, depth: int) -> None:
    budget.take(archive, size)
    for entry in archive.infolist():
        _check_entry(entry, budget.name)
        if not entry.is_dir() and extension_of(entry.filename) in NESTED:
            _check_nested(archive, entry, budget, depth)


def _check_nested(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: Budget, depth: int) -> None:
    if depth > DEEPEST:
        raise refused(budget.name, "nested", "一层套一层", "请只打一层压缩包后再传")
    with TemporaryFile() as copy:
        _unpack(archive, entry, copy, budget.name)
        if zipfile.is_zipfile(copy):
            with opened(copy, budget.name) as inner:
                _check(inner, entry.file_size, budget, depth + 1)


def read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> bytes:
    """The bytes of one small entry.

    Raises:
        UnsafeFile: it is damaged, locked, or far bigger than such an entry ever is.
    """
    if entry.file_size > LARGEST_READ:
        raise refused(name, "bomb", f"解开后大得不正常（{entry.file_size // MEGABYTE} MB）", AGAIN)
    copy = io.BytesIO()
    _unpack(archive, entry, copy, name)
    return copy.getvalue()


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, into: IO[bytes], name: str) -> None:
    try:
        with archive.open(entry) as part:
            shutil.copyfileobj(part, into)
    except UNREADABLE as problem:
        what = "里面有读不出来的部分，可能没有传完"
        raise refused(name, "damaged", what, "请检查原文件能否打开，再传一次") from problem


def entry_problem(entry: zipfile.ZipInfo, name: str) -> UnsafeFile | None:
    """What is wrong with one entry of an archive that is taken in file by file; None where nothing is."""
    try:
        _check_entry(entry, name)
    except UnsafeFile as problem:
        return problem
    return None


def copy_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, into: IO[bytes], name: str) -> None:
    """Unpack one entry of an archive whose `Budget` was taken.

    Raises:
        UnsafeFile: it is damaged or locked.
    """
    _unpack(archive, entry, into, name)


def _check_entry(entry: zipfile.ZipInfo, name: str) -> None:
    raw = entry_name(entry)
    parts = PurePosixPath(raw.replace("\\", "/")).parts
    if ".." in parts:
        raise refused(name, "traversal", f"里的文件路径越出了文件夹（{raw[:40]}）", "请重新打包后再传")
    if raw.startswith(("/", "\\")) or raw[1:2] == ":":
        raise refused(name, "traversal", f"里有绝对路径（{raw[:40]}）", "请重新打包后再传")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise refused(name, "symlink", f"里有指向别处的链接（{raw[:40]}）", "请放进真正的文件，重新打包后再传")
    if entry.flag_bits & 0x1:
        raise refused(name, "locked", "加了密码，没法检查", "请去掉密码，重新打包后再传")
    if extension_of(raw) in PROGRAMS:
        raise refused(name, "program", f"里有程序文件（{raw[-40:]}）", "请拿掉它，重新打包后再传")
