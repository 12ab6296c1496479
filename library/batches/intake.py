"""Taking in a folder or a zip: each file stored or refused by itself, named with the reason; the rest is not held up."""

import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import NamedTemporaryFile, TemporaryDirectory

from django.core.files.uploadedfile import UploadedFile

from groups.models import Person
from media.models import File
from media.safety import UnsafeFile
from media.safety.archives import Budget, copy_entry, entry_name, entry_problem, opened
from media.safety.problems import refused
from media.services import store_upload

MOST_FILES = 300
_SYSTEM_NAMES = frozenset({".ds_store", "thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class Taken:
    """One file as it came in: stored, or refused with the sentence."""

    path: str
    file: File | None = None
    problem: str = ""


def is_system(path: str) -> bool:
    """What an operating system or an office program left in the folder."""
    parts = PurePosixPath(path).parts
    name = parts[-1].lower() if parts else ""
    return "__MACOSX" in parts or name in _SYSTEM_NAMES or name.startswith(("~$", "._"))


def from_uploads(uploads: Iterable[UploadedFile], paths: Iterable[str], by: Person) -> Iterator[Taken]:
    """Files of a folder; `paths` are their places in it, as far as the browser told them."""
    told = list(paths)
    for at, upload in enumerate(uploads):
        name = upload.name or "未命名"
        path = told[at] if at < len(told) and told[at].endswith(name) else name
        yield _stored(upload, path[:400], by)


def from_zip(upload: UploadedFile, by: Person) -> Iterator[Taken]:
    """The files of a zip, one by one; names of old Windows programs are read as GBK.

    Raises:
        UnsafeFile: the zip as a whole is damaged, swollen or holds too many files.
    """
    name = upload.name or "压缩包.zip"
    with TemporaryDirectory(prefix="batch-") as folder:
        copy = Path(folder) / "whole.zip"
        with copy.open("wb") as out:
            for chunk in upload.chunks():
                out.write(chunk)
        with opened(copy, name) as archive:
            Budget(name).take(archive, copy.stat().st_size)
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(entries) > MOST_FILES * 2:
                raise refused(name, "too_many_entries", f"里有 {len(entries)} 个文件", f"请每次不超过 {MOST_FILES} 个")
            for entry in entries:
                yield _unpacked(archive, entry, by)


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, by: Person) -> Taken:
    path = entry_name(entry).replace("\\", "/")[:400]
    if is_system(path):
        return Taken(path)
    name = PurePosixPath(path).name or "未命名"
    problem = entry_problem(entry, name)
    if problem is not None:
        return Taken(path, problem=problem.sentence)
    with NamedTemporaryFile(prefix="batch-") as held:
        try:
            copy_entry(archive, entry, held, name)
        except UnsafeFile as damage:
            return Taken(path, problem=damage.sentence)
        held.seek(0)
        return _stored(UploadedFile(file=held, name=name, size=entry.file_size), path, by)


def _stored(upload: UploadedFile, path: str, by: Person) -> Taken:
    if is_system(path):
        return Taken(path)
    try:
        return Taken(path, file=store_upload(uploaded=upload, name=PurePosixPath(path).name, by=by))
    except UnsafeFile as problem:
        return Taken(path, problem=problem.sentence)
