"""批量上传: send a folder or a zip, look at what each name says, make drafts."""

import json

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from groups.middleware import ViewerRequest
from groups.models import Person
from library.batches import forms, intake, services
from library.batches.models import Batch, Row
from library.resources.keeping import signed_in
from library.resources.views.finding import school_of
from media.safety import UnsafeFile
from ui.toasts import toast

SHOWN = 10


def _person(request: ViewerRequest) -> Person:
    person = request.viewer.person
    assert person is not None
    return person


@signed_in
def index(request: ViewerRequest) -> HttpResponse:
    """`/my/batch/`: the form, and what was sent lately."""
    problem = ""
    if request.method == "POST":
        try:
            return _open(request)
        except UnsafeFile as refusal:
            problem = refusal.sentence
        except services.TooMany as refusal:
            problem = str(refusal)
    recent = Batch.objects.filter(owner=_person(request))[:SHOWN]
    context = {"recent": recent, "problem": problem, "most": intake.MOST_FILES}
    return render(request, "batches/index.html", context, status=422 if problem else 200)


def _open(request: ViewerRequest) -> HttpResponse:
    person = _person(request)
    uploads = request.FILES.getlist("files")
    if not uploads:
        raise services.TooMany("还没有选文件。请选一个文件夹、几个文件，或者一个 zip 压缩包")
    if len(uploads) > intake.MOST_FILES * 2:
        raise services.TooMany(f"一次最多 {intake.MOST_FILES} 个文件，请分几次传")
    if len(uploads) == 1 and (uploads[0].name or "").lower().endswith(".zip"):
        name, taken = uploads[0].name or "", list(intake.from_zip(uploads[0], person))
    else:
        paths = _paths(request)
        name, taken = _name(uploads, paths), list(intake.from_uploads(uploads, paths, person))
    batch = services.open_batch(
        owner=person, school=school_of(request.viewer), name=name, taken=taken, at=timezone.now()
    )
    return redirect("batches:batch", batch.uid)


def _paths(request: ViewerRequest) -> list[str]:
    """Where each file lay in the folder, as the script of the page tells it; without the script, nothing."""
    try:
        told = json.loads(request.POST.get("paths", "[]"))
    except ValueError:
        return []
    return [_storable(str(path)) for path in told] if isinstance(told, list) else []


def _storable(path: str) -> str:
    """Without halves of characters and the zero character, which JSON can say and no database keeps."""
    return path.encode(errors="ignore").decode().replace("\x00", "")


def _name(uploads: list[UploadedFile], paths: list[str]) -> str:
    folder = paths[0].partition("/")[0] if paths and "/" in paths[0] else ""
    return folder or f"{uploads[0].name} 等 {len(uploads)} 个文件"


@signed_in
def batch(request: ViewerRequest, uid: str) -> HttpResponse:
    """`/my/batch/<uid>/`: the review table before, the report after."""
    person = _person(request)
    found = get_object_or_404(Batch.objects.select_related("school"), uid=uid, owner=person)
    rows = list(
        Row.objects.filter(batch=found).select_related(
            "file__blob",
            "resource",
            "node__parent",
            "node__outline__textbook__subject",
            "node__outline__textbook__edition",
        )
    )
    lines = forms.stored(rows)
    if request.method == "POST":
        at = timezone.now()
        lines = forms.typed(found, rows, request.POST, at)
        sound = {line.row.pk: line.correction for line in lines if not line.error}
        services.correct(batch=found, by=person, corrections=sound)
        if not any(line.error for line in lines):
            if request.POST.get("do") == "create":
                made = services.create_drafts(batch=found, by=person, at=at)
                toast(request, f"建好 {made} 份草稿" if made else "没有新的草稿要建")
            else:
                toast(request, "已保存")
            return redirect("batches:batch", uid)
    return render(request, "batches/batch.html", _context(found, lines))


def _context(found: Batch, lines: list[forms.Line]) -> dict[str, object]:
    return {
        "batch": found,
        "open": [line for line in lines if line.row.file and not line.row.done_at],
        "done": [line for line in lines if line.row.done_at],
        "refused": [line for line in lines if not line.row.file],
        "errors": [line for line in lines if line.error],
    }
