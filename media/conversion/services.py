"""Writes of the works on files: queued with the upload, leased by the worker, finished or given up with a reason."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import F, Q

from media.conversion.models import BlobWords, PdfTwin, Work
from media.models import File
from media.services import attach_twin, store_bytes
from media.signals import words_ready

W = TypeVar("W", BlobWords, PdfTwin)

READ = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/pdf": "pdf",
}
"""Content type → the kind of document whose words are read."""

DRAWN = frozenset({File.Family.WORD, File.Family.SLIDES, File.Family.SHEET})
"""Families of which LibreOffice makes a PDF."""

MOST_ATTEMPTS = 3
PAUSE = timedelta(minutes=2)


def on_stored(sender: Any, file: File, **kwargs: Any) -> None:
    """A file was stored: ask for its words and its preview."""
    enqueue(file=file)


@transaction.atomic
def enqueue(*, file: File) -> None:
    """Ask for what this file wants and its bytes do not have yet. A second file of the same bytes gets what is made."""
    if file.content_type in READ:
        BlobWords.objects.get_or_create(blob_id=file.blob_id)
    if file.family in DRAWN and file.pdf_twin_id is None:
        work, is_new = PdfTwin.objects.get_or_create(blob_id=file.blob_id)
        if not is_new and work.state == Work.State.DONE and not _share_twin(file):
            PdfTwin.objects.filter(pk=work.pk).update(state=Work.State.WAITING, attempts=0, reason="")


def _share_twin(file: File) -> bool:
    """Let the PDF that was made for the same bytes stand for this file too."""
    other = File.objects.filter(blob_id=file.blob_id, pdf_twin__isnull=False).select_related("pdf_twin").first()
    if other is None or other.pdf_twin is None:
        return False
    twin = other.pdf_twin
    copy = File.objects.create(
        blob_id=twin.blob_id,
        name=f"{PurePath(file.name).stem}.pdf",
        content_type=twin.content_type,
        family=twin.family,
        uploaded_by_id=file.uploaded_by_id,
        pages=twin.pages,
    )
    attach_twin(file=file, pdf_file=copy)
    return True


def is_due(model: type[W], *, at: datetime) -> bool:
    """Whether a lease would find something; a look that locks nothing, for a worker that asks every second."""
    return model.objects.filter(_waiting(at) | _lost(at)).exists()


def _waiting(at: datetime) -> Q:
    return Q(state=Work.State.WAITING) & (Q(not_before__isnull=True) | Q(not_before__lte=at))


def _lost(at: datetime) -> Q:
    return Q(state=Work.State.RUNNING, leased_until__lt=at)


@transaction.atomic
def lease(model: type[W], *, at: datetime, seconds: int) -> W | None:
    """Take the oldest work that is due, or whose lease ran out; None where there is none.

    A work whose lease ran out too often is given up here, so that one file cannot kill the worker for ever.
    """
    waiting, lost = _waiting(at), _lost(at)
    worn = {"state": Work.State.FAILED, "leased_until": None, "reason": f"处理了 {MOST_ATTEMPTS} 次都中断了"}
    model.objects.filter(lost, attempts__gte=MOST_ATTEMPTS).update(**worn)
    found = model.objects.filter(waiting | lost).order_by("changed_at", "pk").first()
    if found is None:
        return None
    taken = model.objects.filter(waiting | lost, pk=found.pk, attempts=found.attempts).update(
        state=Work.State.RUNNING,
        attempts=F("attempts") + 1,
        leased_until=at + timedelta(seconds=seconds),
        not_before=None,
        reason="",
    )
    if not taken:
        return None
    return model.objects.select_related("blob").get(pk=found.pk)


@transaction.atomic
def keep_words(*, work: BlobWords, passages: Sequence[Sequence[str]], is_cut: bool) -> bool:
    """Store what was read and say so; False when the lease has gone to somebody else."""
    kept = _mine(work).update(
        state=Work.State.DONE, leased_until=None, passages=[list(p) for p in passages], is_cut=is_cut, reason=""
    )
    if kept:
        words_ready.send(sender=BlobWords, blob_id=work.blob_id)
    return bool(kept)


@transaction.atomic
def keep_twin(*, work: PdfTwin, pdf: bytes) -> bool:
    """Attach the PDF to every file of these bytes that has none; False when the lease has gone to somebody else.

    Raises:
        UnsafeFile: what LibreOffice wrote is not taken as a PDF.
    """
    if not _mine(work).update(state=Work.State.DONE, leased_until=None, reason=""):
        return False
    for file in File.objects.filter(blob_id=work.blob_id, pdf_twin__isnull=True).select_related("uploaded_by"):
        store_bytes(content=pdf, name=f"{PurePath(file.name).stem}.pdf", by=file.uploaded_by, twin_of=file)
    return True


def has_twins(*, work: PdfTwin) -> bool:
    """Every file of these bytes has a preview already, brought with it: the work is done."""
    if File.objects.filter(blob_id=work.blob_id, pdf_twin__isnull=True).exists():
        return False
    if not File.objects.filter(blob_id=work.blob_id).exists():
        return False
    return bool(_mine(work).update(state=Work.State.DONE, leased_until=None, reason=""))


def give_up(*, work: BlobWords | PdfTwin, reason: str, at: datetime, again: bool) -> None:
    """The work did not succeed; with `again` it comes back after a pause, until it has been tried often enough."""
    later = again and work.attempts < MOST_ATTEMPTS
    _mine(work).update(
        state=Work.State.WAITING if later else Work.State.FAILED,
        not_before=at + PAUSE * work.attempts if later else None,
        leased_until=None,
        reason=reason[:300],
    )


def mark_unavailable(*, reason: str) -> int:
    """This machine makes no previews: what waits is told why, and taken up again where that changes."""
    waiting = PdfTwin.objects.filter(state__in=(Work.State.WAITING, Work.State.UNAVAILABLE)).exclude(
        state=Work.State.UNAVAILABLE, reason=reason
    )
    if not waiting.exists():
        return 0
    return waiting.update(state=Work.State.UNAVAILABLE, reason=reason[:300], leased_until=None)


def take_up_again(works: Iterable[Work] = ()) -> int:
    """Queue what could not be done on this machine, and the given works whatever became of them."""
    fresh = {"state": Work.State.WAITING, "attempts": 0, "not_before": None, "leased_until": None, "reason": ""}
    for work in works:
        type(work)._default_manager.filter(pk=work.pk).exclude(state=Work.State.RUNNING).update(**fresh)
    return PdfTwin.objects.filter(state=Work.State.UNAVAILABLE).update(**fresh)


def _mine(work: BlobWords | PdfTwin) -> Any:
    return type(work)._default_manager.filter(pk=work.pk, state=Work.State.RUNNING, attempts=work.attempts)
