"""Looking after the storage: are all bytes there and whole, and what may go because nothing refers to it.

Whatever has a foreign key to `File` keeps it; a PDF twin is kept by the file it stands for.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from media.models import Blob, File
from media.references import unreferenced
from media.storage import PREVIEWS, hash_of, key_of, stray_keys, uploads


@dataclass(frozen=True, slots=True)
class Fault:
    """A blob whose bytes are not what its name says; `missing` or `damaged`."""

    blob: Blob
    problem: str


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep took away, or would."""

    files: int
    blobs: int
    keys: int
    size: int


def faults() -> Iterator[Fault]:
    """Read every stored byte again and yield the blobs that are missing or damaged."""
    for blob in Blob.objects.order_by("sha256").iterator():
        try:
            with uploads().open(blob.path) as source:
                whole = hash_of(source) == blob.sha256
        except FileNotFoundError:
            yield Fault(blob, "missing")
            continue
        if not whole:
            yield Fault(blob, "damaged")


def orphans(before: datetime) -> QuerySet[File]:
    """Uploads from before a moment to which nothing refers."""
    return File.objects.filter(unreferenced(by_files_too=True), uploaded_at__lt=before)


def sweep(*, before: datetime, dry_run: bool = False) -> Swept:
    """Remove orphan uploads, blobs without a file and stored keys without a blob, all from before a moment.

    A twin becomes an orphan once its file is gone, so files are taken in rounds.
    """
    files = _sweep_files(before, dry_run)
    blobs, size = _sweep_blobs(before, dry_run)
    return Swept(files=files, blobs=blobs, keys=_sweep_keys(before, dry_run), size=size)


def _sweep_files(before: datetime, dry_run: bool) -> int:
    if dry_run:
        return orphans(before).count()
    gone = 0
    while rows := list(orphans(before).values_list("pk", flat=True)):
        with transaction.atomic():
            gone += orphans(before).filter(pk__in=rows).delete()[0]
    return gone


def _sweep_blobs(before: datetime, dry_run: bool) -> tuple[int, int]:
    """In a dry run the blobs of orphan files count too, as their turn would come."""
    used = File.objects.filter(blob=OuterRef("pk"))
    if dry_run:
        used = used.exclude(pk__in=orphans(before).values("pk"))
    unused = Blob.objects.filter(~Exists(used), created_at__lt=before)
    count = size = 0
    for blob in list(unused):
        if dry_run or _take(blob):
            count, size = count + 1, size + blob.size
    return count, size


@transaction.atomic
def _take(blob: Blob) -> bool:
    """The row is locked while the bytes go; an upload of the same bytes waits for it and puts them back."""
    row = Blob.objects.select_for_update().filter(pk=blob.pk).first()
    if row is None or row.files.exists():
        return False
    key = row.path
    row.delete()
    uploads().delete(key)
    _forget_previews(blob.sha256)
    return True


def _forget_previews(sha256: str) -> None:
    folder = f"{PREVIEWS}/{sha256}"
    try:
        _, names = uploads().listdir(folder)
    except FileNotFoundError:
        return
    for name in names:
        uploads().delete(f"{folder}/{name}")
    uploads().delete(folder)


def _sweep_keys(before: datetime, dry_run: bool) -> int:
    """Halves of writes that a crash cut short, and bytes whose transaction was rolled back."""
    count = 0
    for key in list(stray_keys()):
        if uploads().get_modified_time(key) >= before:
            continue
        count += 1
        if not dry_run:
            _take_key(key)
    return count


@transaction.atomic
def _take_key(key: str) -> None:
    name = key.rpartition("/")[2]
    if key == key_of(name) and Blob.objects.select_for_update().filter(pk=name).exists():
        return
    uploads().delete(key)
