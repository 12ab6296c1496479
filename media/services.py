"""Writes: an upload becomes a `File`. Everything is looked at on the local disk before a byte is kept."""

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from groups.models import Person
from media.models import File
from media.safety import Finding, UnsafeFile, inspect
from media.safety.problems import shown
from media.signals import stored
from media.storage import keep

__all__ = ["attach_twin", "store_bytes", "store_upload"]


def store_upload(*, uploaded: UploadedFile, name: str = "", by: Person) -> File:
    """Check and keep what a form received; `file.note` says what was changed on the way, if anything was.

    Raises:
        UnsafeFile: it is not taken; `sentence` is for the page.
    """
    return _store(uploaded.chunks(), name or uploaded.name or "", by)


def store_bytes(*, content: bytes, name: str, by: Person, twin_of: File | None = None) -> File:
    """Check and keep bytes made by a program: demo content, an export. With `twin_of`, attach as its PDF twin.

    Raises:
        UnsafeFile: as for an upload.
    """
    with transaction.atomic():
        file = _store((content,), name, by, is_twin=twin_of is not None)
        if twin_of is not None:
            attach_twin(file=twin_of, pdf_file=file)
    return file


@transaction.atomic
def attach_twin(*, file: File, pdf_file: File) -> None:
    """Let the pages of a PDF stand for an Office file (PDF 预览); the twin follows the access of the file.

    Raises:
        UnsafeFile: the twin is no PDF, or the file is one itself.
    """
    if pdf_file.family != File.Family.PDF or file.family == File.Family.PDF:
        sentence = f"《{shown(pdf_file.name)}》不能作《{shown(file.name)}》的预览。请用它导出的 PDF。"
        raise UnsafeFile("not_a_twin", sentence)
    locked = File.objects.select_for_update().get(pk=file.pk)
    locked.pdf_twin = pdf_file
    locked.save(update_fields=["pdf_twin"])
    file.pdf_twin = pdf_file


def _store(chunks: Iterable[bytes], name: str, by: Person, *, is_twin: bool = False) -> File:
    with TemporaryDirectory(prefix="upload-") as folder:
        path = Path(folder) / "content"
        with path.open("wb") as out:
            for chunk in chunks:
                out.write(chunk)
        finding = inspect(path, name)
        return _record(finding, finding.replacement or path, by, is_twin)


@transaction.atomic
def _record(finding: Finding, path: Path, by: Person, is_twin: bool) -> File:
    file = File.objects.create(
        blob=keep(path),
        name=finding.name,
        content_type=finding.content_type,
        family=finding.kind.family,
        uploaded_by=by,
        duration=finding.duration,
        width=finding.width,
        height=finding.height,
        pages=finding.pages,
        note=finding.note[:200],
    )
    if not is_twin:
        stored.send(sender=File, file=file)
    return file
