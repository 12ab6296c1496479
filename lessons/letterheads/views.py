"""信头与模板 of a school, for whoever runs it: the letterhead, a template for each kind, and a template to begin with."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header

from groups.access import Action, Refused, require
from groups.middleware import ViewerRequest
from groups.models import Organisation, Person
from lessons.letterheads import sample, selectors, services
from lessons.letterheads.forms import LetterheadForm, TemplateForm
from lessons.letterheads.models import TEMPLATED, Letterhead
from library.documents.word.template import BadTemplate
from library.resources.keeping import signed_in, typed_text
from library.resources.models import Kind
from media.models import File
from media.safety import UnsafeFile
from media.services import store_upload
from ui.toasts import toast

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _school(request: ViewerRequest, slug: str) -> Organisation:
    school = get_object_or_404(Organisation, slug=slug)
    require(request.viewer, Action.EDIT, school)
    return school


def _person(request: ViewerRequest) -> Person:
    person = request.viewer.person
    if person is None:
        raise LookupError("a view behind signed_in has a person")
    return person


@signed_in
def edit(request: ViewerRequest, slug: str) -> HttpResponse:
    """`/g/<school>/letterhead/`."""
    try:
        school = _school(request, slug)
    except Refused as refusal:
        return render(request, "letterheads/refused.html", {"reason": refusal.verdict.reason}, status=403)
    head = selectors.letterhead_of(school)
    problems: dict[str, str] = {}
    form = LetterheadForm(request.POST or None, request.FILES or None, initial=_initial(school, head))
    if request.method == "POST":
        saved = _saved(request, school, head, form, problems)
        if saved:
            return saved
    context: dict[str, Any] = {
        "school": school,
        "head": head,
        "form": form if request.POST.get("do") == "letterhead" else LetterheadForm(initial=_initial(school, head)),
        "kinds": _kinds(school, problems),
        "places": [(kind.label, selectors.known_places(kind)) for kind in TEMPLATED],
    }
    return render(request, "letterheads/edit.html", context, status=422 if request.method == "POST" else 200)


def _initial(school: Organisation, head: Letterhead | None) -> dict[str, Any]:
    return {"name": head.name if head else school.name, "footer": head.footer if head else ""}


def _kinds(school: Organisation, problems: dict[str, str]) -> list[dict[str, Any]]:
    held = selectors.templates_of(school)
    return [
        {
            "kind": kind,
            "template": held.get(kind),
            "form": TemplateForm(kind=kind),
            "problem": problems.get(kind, ""),
            "needed": services.needed_places(kind),
        }
        for kind in TEMPLATED
    ]


def _saved(
    request: ViewerRequest,
    school: Organisation,
    head: Letterhead | None,
    form: LetterheadForm,
    problems: dict[str, str],
) -> HttpResponse | None:
    """Do what the pressed button says; None where something has to be corrected first."""
    deed, _, wanted = typed_text(request.POST.get("do", "")).partition(":")
    if deed == "letterhead":
        return _letterhead(request, school, head, form) if form.is_valid() else None
    if wanted not in TEMPLATED:
        raise Http404("没有这一种模板")
    kind = Kind(wanted)
    try:
        file = _uploaded(request, kind) if deed == "template" else None
        services.set_template(school=school, kind=kind, file=file, by=_person(request), at=timezone.now())
    except (BadTemplate, UnsafeFile) as problem:
        problems[kind] = problem.sentence
        return None
    toast(request, f"{kind.label}模板已换上，老师下次下载就用它" if file else f"{kind.label}改用平台的版式")
    return redirect("letterheads:edit", school.slug)


def _uploaded(request: ViewerRequest, kind: Kind) -> File:
    form = TemplateForm(request.POST, request.FILES, kind=kind)
    if not form.is_valid():
        raise BadTemplate("；".join(str(error) for errors in form.errors.values() for error in errors))
    return store_upload(uploaded=form.cleaned_data["template"], by=_person(request))


def _letterhead(
    request: ViewerRequest, school: Organisation, head: Letterhead | None, form: LetterheadForm
) -> HttpResponse | None:
    logo = None if form.cleaned_data["without_logo"] else head.logo if head else None
    if form.cleaned_data["logo"]:
        try:
            logo = store_upload(uploaded=form.cleaned_data["logo"], by=_person(request))
        except UnsafeFile as refusal:
            form.add_error("logo", refusal.sentence)
            return None
    services.set_letterhead(
        school=school,
        by=_person(request),
        name=form.cleaned_data["name"],
        footer=form.cleaned_data["footer"],
        logo=logo,
        at=timezone.now(),
    )
    toast(request, "信头已保存，老师下次打印和下载就用它")
    return redirect("letterheads:edit", school.slug)


@signed_in
def begin(request: ViewerRequest, slug: str, kind: str) -> HttpResponse:
    """`/g/<school>/letterhead/<kind>.docx`: a template with every place, to be changed in Word."""
    try:
        _school(request, slug)
    except Refused as refusal:
        return render(request, "letterheads/refused.html", {"reason": refusal.verdict.reason}, status=403)
    if kind not in TEMPLATED:
        raise Http404("没有这一种模板")
    response = HttpResponse(sample.template(Kind(kind)), content_type=DOCX)
    response.headers["Content-Disposition"] = content_disposition_header(True, f"{Kind(kind).label}模板.docx") or ""
    return response
