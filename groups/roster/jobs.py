"""Imports in the background: a row says how far one is; the worker takes a second of it at each turn.

A worker that dies leaves the row as it was after the last chunk; the next one goes on from there.
"""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction

from groups import audit
from groups.access import Refused
from groups.models import Person
from groups.roster import reading
from groups.roster.importing import Tally, carry_out, look
from groups.roster.models import ImportJob, ImportPayload
from groups.services import NotPossible

State = ImportJob.State
SLICE_SECONDS = 1.0
KEPT = timedelta(days=30)
FAILURE = "导入时出了意外，停在第 {done} 行，前面的都已导入。请再导入一次同一个文件：已经导入的会显示为不变"

_running: dict[int, Iterator[object]] = {}
"""The job at work in this process, between two turns."""


class Overtaken(Exception):
    """Another worker has gone on with this import; this one leaves it alone."""


@transaction.atomic
def start(*, content: bytes, name: str, by: Person | None, at: datetime) -> ImportJob:
    """Take a workbook in (上传). Its preview is made by the worker.

    Raises:
        UnreadableFile: it is clear at once that it is no workbook.
    """
    reading.inspect(content, name)
    job = ImportJob.objects.create(file_name=name[:200], started_by=by, created_at=at)
    ImportPayload.objects.create(job=job, workbook=content)
    return job


@transaction.atomic
def confirm(*, job: ImportJob, by: Person, at: datetime) -> ImportJob:
    """Have it carried out (确认导入), as the preview showed it.

    Raises:
        NotPossible: it was confirmed or dropped already.
    """
    job = _own(job, by)
    if job.state != State.READY:
        raise NotPossible(f"这次导入现在是“{job.get_state_display()}”，不能再确认")
    _set(job, state=State.CONFIRMED, confirmed_at=at, done=0, chunks_done=0, counts={})
    ImportPayload.objects.filter(job=job).update(bad_rows=[], sample=[])
    return job


@transaction.atomic
def drop(*, job: ImportJob, by: Person, at: datetime) -> ImportJob:
    """Think better of it (放弃): nothing was written and nothing will be.

    Raises:
        NotPossible: it is running or over.
    """
    job = _own(job, by)
    if job.state not in (State.READY, State.QUEUED):
        raise NotPossible(f"这次导入现在是“{job.get_state_display()}”，不能放弃")
    _set(job, state=State.DROPPED, finished_at=at)
    ImportPayload.objects.filter(job=job).update(workbook=b"")
    return job


def _own(job: ImportJob, by: Person) -> ImportJob:
    return ImportJob.objects.select_for_update().get(pk=job.pk, started_by=by)


def tick(now: datetime) -> None:
    """The worker's turn: go on with the oldest import for a second."""
    job = ImportJob.objects.filter(state__in=ImportJob.WAITING).order_by("pk").first()
    if job is None:
        _running.clear()
        return
    work = _running.setdefault(job.pk, _steps(job, now))
    deadline = time.monotonic() + SLICE_SECONDS
    paused = False
    try:
        for _ in work:
            if time.monotonic() >= deadline:
                paused = True
                return
    finally:
        if not paused:
            _running.pop(job.pk, None)


def finish(job: ImportJob, now: datetime) -> ImportJob:
    """The whole of what waits for the worker, here and now."""
    for _ in _steps(job, now):
        pass
    job.refresh_from_db()
    return job


def _steps(job: ImportJob, now: datetime) -> Iterator[object]:
    """The work of a job in small pieces; whatever goes wrong ends in the row, where its owner looks."""
    try:
        if job.state in (State.QUEUED, State.CHECKING):
            yield from _check(job, now)
        else:
            yield from _run(job, now)
    except Overtaken:
        return
    except (reading.UnreadableFile, Refused) as problem:
        _set(job, state=State.FAILED, notes=[*job.notes, str(problem)], finished_at=now)
    except Exception:
        job.refresh_from_db()
        _set(job, state=State.FAILED, notes=[*job.notes, FAILURE.format(done=job.done)], finished_at=now)
        raise


def _check(job: ImportJob, now: datetime) -> Iterator[object]:
    _set(job, state=State.CHECKING)
    workbook = reading.read(bytes(job.payload.workbook), job.file_name)
    _set(job, rows=workbook.total, notes=list(workbook.notes))
    yield job
    tally = Tally()
    for tally in look(workbook, job.started_by, now):
        _set(job, done=tally.done)
        yield job
    with transaction.atomic():
        _keep(job, tally, basis=True)
        _set(job, state=State.READY, done=0)


def _run(job: ImportJob, now: datetime) -> Iterator[object]:
    payload = job.payload
    if job.state == State.CONFIRMED:
        _set(job, state=State.RUNNING)
    workbook = reading.read(bytes(payload.workbook), job.file_name)
    yield job
    tally = Tally(job.counts, payload.sample, {}, payload.bad_rows, job.done, job.chunks_done)
    yield from carry_out(
        workbook,
        job.started_by,
        now,
        tally=tally,
        basis=payload.basis,
        enter=lambda tally: _still_ours(job, tally),
        keep=lambda tally: _keep(job, tally),
    )
    with transaction.atomic():
        ImportPayload.objects.filter(job=job).update(workbook=b"", basis={})
        _set(job, state=State.DONE, finished_at=now)
        audit.record(job.started_by, "people.imported", job, counts=job.counts, file=job.file_name)


def _still_ours(job: ImportJob, tally: Tally) -> None:
    """Hold the job's row for this chunk, so that two workers never write the same one.

    Raises:
        Overtaken: the row is further than we are.
    """
    row = ImportJob.objects.select_for_update().get(pk=job.pk)
    if row.state != State.RUNNING or row.chunks_done != tally.chunks:
        raise Overtaken


def _keep(job: ImportJob, tally: Tally, basis: bool = False) -> None:
    _set(job, counts=tally.counts, done=tally.done, chunks_done=tally.chunks)
    kept = {"sample": tally.sample, "bad_rows": tally.bad_rows} | ({"basis": tally.basis} if basis else {})
    ImportPayload.objects.filter(job=job).update(**kept)


def _set(job: ImportJob, **values: object) -> None:
    for name, value in values.items():
        setattr(job, name, value)
    job.save(update_fields=list(values))


def forget_old(now: datetime) -> None:
    """Names and numbers of an import are not kept longer than it is useful to look at them."""
    ImportPayload.objects.filter(job__created_at__lt=now - KEPT).exclude(job__state__in=ImportJob.WAITING).delete()
