"""Bringing people in by workbook: upload, look at the difference, confirm, watch it happen, take the bad rows along."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from groups.middleware import ViewerRequest
from groups.models import Person
from groups.roster import jobs, selectors, writing
from groups.roster.models import ImportJob, ImportPayload
from groups.roster.planning import LABELS, Outcome
from groups.roster.reading import MOST_BYTES, UnreadableFile
from groups.roster.reports import report
from groups.roster.sheets import ORDER
from groups.services import NotPossible
from website.people_forms import UploadForm
from website.views.people import NOT_MANAGING, workbook

PER_PAGE = 20
ERRORS_PER_PAGE = 100


def _admit(request: HttpRequest) -> Person:
    """Whoever runs the people of at least one school."""
    if not selectors.managed(cast(ViewerRequest, request).viewer).exists():
        raise PermissionDenied(NOT_MANAGING)
    return cast(Person, request.user)


def _own(request: HttpRequest, uid: str) -> ImportJob:
    return get_object_or_404(ImportJob, uid=uid, started_by=_admit(request))


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """The form, and one's own imports."""
    by = _admit(request)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        try:
            job = _start(form, by)
        except UnreadableFile as problem:
            form.add_error("workbook", str(problem))
        else:
            return redirect(job.address)
    own = ImportJob.objects.filter(started_by=by)
    page = Paginator(own, PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "rules": writing.RULES}
    return render(request, "website/people/imports.html", context, status=422 if form.errors else 200)


def _start(form: UploadForm, by: Person) -> ImportJob:
    sent = form.cleaned_data["workbook"]
    if sent.size > MOST_BYTES:
        raise UnreadableFile(f"《{sent.name}》超过 {MOST_BYTES >> 20} MB，请按县（区）或学校分成几个文件")
    return jobs.start(content=sent.read(), name=sent.name, by=by, at=timezone.now())


@login_required
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    _admit(request)
    return workbook(writing.template(), "人员导入模板.xlsx")


@login_required
@never_cache
@require_safe
def import_job(request: HttpRequest, uid: str) -> HttpResponse:
    """How far it is, what it changes, which rows are wrong. Left and opened again, it is the same."""
    job = _own(request, uid)
    payload = ImportPayload.objects.filter(job=job).defer("workbook", "basis").first()
    told = [problem for row in (payload.bad_rows if payload else []) for problem in row["problems"]]
    page = Paginator(told, ERRORS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "job": job,
        "payload": payload,
        "table": _table(job),
        "changes": [
            (LABELS[Outcome(row["outcome"])], row["sheet"], row["told"]) for row in (payload.sample if payload else [])
        ],
        "page": page,
        "writes": sum(_of(job, sheet, o) for sheet in job.counts for o in (Outcome.NEW, Outcome.UPDATED)),
        "bad": sum(_of(job, sheet, Outcome.BAD) for sheet in job.counts),
        "is_preview": job.state in (ImportJob.State.READY, ImportJob.State.DROPPED),
    }
    return render(request, "website/people/import.html", context)


def _of(job: ImportJob, sheet: str, outcome: Outcome) -> int:
    return int(job.counts.get(sheet, {}).get(str(outcome), 0))


def _table(job: ImportJob) -> list[tuple[str, list[int]]]:
    return [(sheet, [_of(job, sheet, outcome) for outcome in Outcome]) for sheet in ORDER if sheet in job.counts]


@login_required
@require_POST
def confirm(request: HttpRequest, uid: str) -> HttpResponse:
    job = _own(request, uid)
    try:
        jobs.confirm(job=job, by=cast(Person, request.user), at=timezone.now())
    except NotPossible as problem:
        messages.error(request, str(problem))
    return redirect(job.address)


@login_required
@require_POST
def drop(request: HttpRequest, uid: str) -> HttpResponse:
    job = _own(request, uid)
    try:
        jobs.drop(job=job, by=cast(Person, request.user), at=timezone.now())
    except NotPossible as problem:
        messages.error(request, str(problem))
    return redirect(job.address)


@login_required
@require_safe
def bad_rows(request: HttpRequest, uid: str) -> HttpResponse:
    """The rows that did not go in, with the reason beside each; corrected, the same file is sent again."""
    job = _own(request, uid)
    payload = ImportPayload.objects.filter(job=job).only("bad_rows").first()
    if payload is None or not payload.bad_rows:
        raise Http404("这次导入没有有误的行，或已超过 30 天")
    return workbook(report(payload.bad_rows), f"有误的行_{job.file_name}")
