"""The plain form of a lesson design: a section a page, saved by compare-and-set, whole without JavaScript."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header

from groups.access import Action, Refused, require
from groups.middleware import ViewerRequest
from lessons.designs import printing
from lessons.designs.models import LessonDesign
from lessons.designs.printing import printed_designs
from library.documents import schema, walk
from library.documents.fields import ordered
from library.documents.lesson_design import DEFAULT_MINUTES, LessonDesignDocument, advice
from library.resources import services
from library.resources.keeping import kept, signed_in, typed_ids
from library.resources.models import WorkingCopy
from library.resources.section_forms import MOVES, SectionForm
from library.resources.selectors.differences import changes
from library.resources.selectors.sections import next_section, section_links, section_names
from ui.toasts import toast

SECTIONS = section_names(LessonDesignDocument)


@signed_in
def index(request: ViewerRequest) -> HttpResponse:
    """`/my/designs/`: my lists stand in one place."""
    return redirect("library:mine")


@signed_in
def print_several(request: ViewerRequest) -> HttpResponse:
    """`/my/designs/print/?of=…&of=…`: lesson designs for paper or as one PDF, those that this person may take home."""
    designs = printed_designs(typed_ids(request.GET.getlist("of")), request.viewer)
    wide = request.GET.get("paper") == "landscape"
    if request.GET.get("as") == "pdf" and designs:
        return _pdf(request, designs, wide=wide)
    query = urlencode({"of": [text.design.uid for text in designs]}, doseq=True)
    return render(request, "designs/print.html", {"designs": designs, "wide": wide, "query": query})


def _pdf(request: ViewerRequest, designs: list[printing.PrintedDesign], *, wide: bool) -> HttpResponse:
    written = printing.pdf(designs, request.viewer, wide=wide)
    name = f"{designs[0].title}等{len(designs)}份教案.pdf" if len(designs) > 1 else f"{designs[0].title} 教案.pdf"
    response = HttpResponse(written.content, content_type="application/pdf")
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


@signed_in
def edit(request: ViewerRequest, uid: str) -> HttpResponse:
    """`/my/designs/<uid>/`: the editor, which leads on to the forms below where no script runs."""
    design = get_object_or_404(LessonDesign, uid=uid)
    try:
        require(request.viewer, Action.EDIT, design)
    except Refused as refusal:
        return _refused(request, design, refusal)
    return redirect("library:editor", uid)


@signed_in
def section(request: ViewerRequest, uid: str, name: str) -> HttpResponse:
    """`/my/designs/<uid>/<section>/`."""
    if name not in SECTIONS:
        raise Http404("教学设计没有这一节")
    design = get_object_or_404(LessonDesign.objects.select_related("owner", "home_school"), uid=uid)
    try:
        require(request.viewer, Action.EDIT, design)
    except Refused as refusal:
        return _refused(request, design, refusal)
    copy = design.working_copy
    typed = request.POST if request.method == "POST" else kept(request)
    form = DesignForm(name, copy, typed)
    if request.method == "POST" and form.is_valid:
        return _save(request, design, form)
    return render(request, "designs/section.html", form.context(design))


def _refused(request: ViewerRequest, design: LessonDesign, refusal: Refused) -> HttpResponse:
    return render(request, "designs/refused.html", {"reason": refusal.verdict.reason, "design": design}, status=403)


class DesignForm(SectionForm):
    """One section of a lesson design, with its minutes and checks beside it."""

    def __init__(self, name: str, copy: WorkingCopy, typed: QueryDict | None) -> None:
        super().__init__(LessonDesignDocument, name, copy, typed)

    def context(self, design: LessonDesign) -> dict[str, Any]:
        document = self.document
        return {
            "design": design,
            "copy": self.copy,
            "section": self.section,
            "title_form": self.title_form if self.name == "basics" else None,
            "lock_version": self.lock_version,
            "links": section_links(document, self.name),
            "advice": advice(document),
            "missing": walk.missing(document),
            "percent": walk.completeness(document),
            "stages": [row for _, row in ordered(document.stages)],
            "planned": int(document.basics.minutes or DEFAULT_MINUTES),
            "errors": self.errors,
        }


def _save(request: ViewerRequest, design: LessonDesign, form: DesignForm) -> HttpResponse:
    person = request.viewer.person
    if person is None:
        raise LookupError("a view behind signed_in has a person")
    try:
        services.save(resource=design, by=person, draft=form.draft, lock_version=form.lock_version, at=timezone.now())
    except services.Conflict as conflict:
        return _conflict(request, design, form, conflict)
    if form.deed in MOVES:
        return redirect(f"{request.path}#rows")
    toast(request, "已保存", next_url=design.get_absolute_url(), next_label="看教案")
    return redirect(
        "designs:section", design.uid, next_section(SECTIONS, form.name) if form.deed == "next" else form.name
    )


def _conflict(
    request: ViewerRequest, design: LessonDesign, form: DesignForm, conflict: services.Conflict
) -> HttpResponse:
    """并排看看: what is stored now and what was typed; saving again writes this section over the stored one."""
    theirs = schema.load(LessonDesignDocument, conflict.theirs.document)
    mine = form.over(theirs)
    context = form.context(design) | {
        "conflict": conflict,
        "changes": changes(theirs, mine),
        "their_title": conflict.theirs.title,
        "lock_version": conflict.theirs.lock_version,
    }
    return render(request, "designs/section.html", context, status=409)
