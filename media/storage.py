"""Private storage named by content: the bytes with SHA-256 `abcd…` lie once, under `ab/cd/abcd…`.

A key never holds half a file: on a local disk the bytes are written beside it and moved into place, and an object
store shows an object only when it is whole. The `Blob` row is written after the bytes are there.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO
from uuid import uuid4

from django.core.files import File as OpenFile
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.db import IntegrityError, transaction

from media.models import Blob

BLOCK = 256 * 1024
PART = ".part"
PREVIEWS = "previews"


def uploads() -> Storage:
    return storages["uploads"]


def key_of(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def hash_of(source: IO[bytes]) -> str:
    """SHA-256 of what is left to read, in blocks."""
    digest = hashlib.sha256()
    while block := source.read(BLOCK):
        digest.update(block)
    return digest.hexdigest()


def keep(path: Path) -> Blob:
    """Keep the bytes of a local file and answer with their blob; identical bytes are kept once.

    Runs inside the caller's transaction. The row is locked until it ends, so that a sweep cannot take the bytes away
    between this call and the `File` that refers to them.
    """
    with path.open("rb") as source:
        sha256 = hash_of(source)
    key = key_of(sha256)
    if not Blob.objects.filter(sha256=sha256).exists() or not uploads().exists(key):
        place(key, path)
    blob = _locked_row(sha256, path.stat().st_size, key)
    if not uploads().exists(key):
        place(key, path)
    return blob


def _locked_row(sha256: str, size: int, key: str) -> Blob:
    row = Blob.objects.select_for_update().filter(sha256=sha256)
    found = row.first()
    if found is not None:
        return found
    with suppress(IntegrityError), transaction.atomic():
        return Blob.objects.create(sha256=sha256, size=size, path=key)
    return row.get()


def place(key: str, path: Path) -> None:
    """Put a local file under a key, whole or not at all."""
    storage = uploads()
    if not isinstance(storage, FileSystemStorage):
        _put_object(storage, key, path)
        return
    target = Path(storage.path(key))
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.{uuid4().hex}{PART}")
    try:
        with path.open("rb") as source, part.open("xb") as out:
            while block := source.read(BLOCK):
                out.write(block)
            out.flush()
            os.fsync(out.fileno())
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)


def _put_object(storage: Storage, key: str, path: Path) -> None:
    if storage.exists(key):
        if storage.size(key) == path.stat().st_size:
            return
        storage.delete(key)
    with path.open("rb") as source:
        storage.save(key, OpenFile(source))


@contextmanager
def local_copy(key: str) -> Iterator[Path]:
    """A path to read stored bytes by, for libraries that want one; an object store's bytes are fetched for it.

    Raises:
        FileNotFoundError: the storage has no such key; on a local disk only when the path is opened.
    """
    storage = uploads()
    if isinstance(storage, FileSystemStorage):
        yield Path(storage.path(key))
        return
    with NamedTemporaryFile() as copy:
        with storage.open(key) as source:
            for chunk in source.chunks(BLOCK):
                copy.write(chunk)
        copy.flush()
        yield Path(copy.name)


def stray_keys() -> Iterator[str]:
    """Every key in storage that no blob names, previews left out."""
    for key in _walk(""):
        if not Blob.objects.filter(path=key).exists():
            yield key


def _walk(folder: str) -> Iterator[str]:
    try:
        folders, names = uploads().listdir(folder)
    except FileNotFoundError:
        return
    for name in names:
        yield f"{folder}/{name}" if folder else name
    for inner in folders:
        if folder or inner != PREVIEWS:
            yield from _walk(f"{folder}/{inner}" if folder else inner)
