"""The plain form of a lesson design: a section a page, saved by compare-and-set, whole without JavaScript."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from groups.access import Action, Refused, require
from groups.middleware import ViewerRequest
from lessons.designs.models import LessonDesign
from lessons.designs.printing import printed_designs
from lessons.designs.selectors import next_section, section_links, section_names
from library.documents import schema, walk
from library.documents.fields import Holds, ordered, specs
from library.documents.lesson_design import DEFAULT_MINUTES, LessonDesignDocument, advice
from library.resources import document_forms, services
from library.resources.forms import TitleForm
from library.resources.keeping import kept, signed_in, typed_ids
from library.resources.models import WorkingCopy
from library.resources.selectors.differences import changes
from ui.toasts import toast

MOVES = frozenset({"add", "remove", "up", "down"})


@signed_in
def index(request: ViewerRequest) -> HttpResponse:
    """`/my/designs/`: my lists stand in one place."""
    return redirect("library:mine")


@signed_in
def print_several(request: ViewerRequest) -> HttpResponse:
    """`/my/designs/print/?of=…&of=…`: lesson designs for paper, those that this person may take home."""
    uids = typed_ids(request.GET.getlist("of"))
    return render(request, "designs/print.html", {"designs": printed_designs(uids, request.viewer)})


@signed_in
def edit(request: ViewerRequest, uid: str) -> HttpResponse:
    """`/my/designs/<uid>/`: go on where something is missing."""
    design = get_object_or_404(LessonDesign.objects.select_related("working_copy"), uid=uid)
    try:
        require(request.viewer, Action.EDIT, design)
    except Refused as refusal:
        return _refused(request, design, refusal)
    document = schema.load(LessonDesignDocument, design.working_copy.document)
    missing = walk.missing(document)
    name = next((name for name, spec in specs(LessonDesignDocument) if spec.label in missing), "basics")
    return redirect("designs:section", uid, name)


@signed_in
def section(request: ViewerRequest, uid: str, name: str) -> HttpResponse:
    """`/my/designs/<uid>/<section>/`."""
    if name not in section_names():
        raise Http404("教学设计没有这一节")
    design = get_object_or_404(LessonDesign.objects.select_related("owner", "home_school"), uid=uid)
    try:
        require(request.viewer, Action.EDIT, design)
    except Refused as refusal:
        return _refused(request, design, refusal)
    copy = design.working_copy
    typed = request.POST if request.method == "POST" else kept(request)
    form = SectionForm(name, copy, typed)
    if request.method == "POST" and form.is_valid:
        return _save(request, design, form)
    return render(request, "designs/section.html", form.context(design))


def _refused(request: ViewerRequest, design: LessonDesign, refusal: Refused) -> HttpResponse:
    return render(request, "designs/refused.html", {"reason": refusal.verdict.reason, "design": design}, status=403)


class SectionForm:
    """One section while it is filled: what is stored, what was typed, what is wrong with it."""

    def __init__(self, name: str, copy: WorkingCopy, typed: QueryDict | None) -> None:
        self.name, self.copy, self.typed = name, copy, typed
        self.stored = schema.load(LessonDesignDocument, copy.document)
        self.reading = document_forms.read(self.stored, name, typed) if typed is not None else None
        has_title = typed is not None and "title" in typed
        self.title_form = TitleForm(typed) if has_title else TitleForm(initial={"title": copy.title})
        if self.reading and self.deed in MOVES:
            self.reading.value = self._moved(self.reading.value)

    @property
    def deed(self) -> str:
        return self.typed.get("do", "save").partition(":")[0] if self.typed is not None else ""

    def _moved(self, rows: Any) -> Any:
        spec = dict(specs(LessonDesignDocument))[self.name]
        if spec.holds is not Holds.ROWS or spec.of is None or self.typed is None:
            return rows
        return document_forms.act(rows, spec.of, self.deed, self.typed.get("do", "").partition(":")[2])

    @property
    def is_valid(self) -> bool:
        titled = not self.title_form.is_bound or self.title_form.is_valid()
        return bool(self.reading) and not (self.reading and self.reading.errors) and titled

    @property
    def document(self) -> LessonDesignDocument:
        """The stored document with what was typed into this section."""
        return replace(self.stored, **{self.name: self.reading.value}) if self.reading else self.stored

    @property
    def lock_version(self) -> int:
        sent = self.typed.get("lock_version", "") if self.typed is not None else str(self.copy.lock_version)
        return int(sent) if sent.isdecimal() and len(sent) < 9 else 0

    @property
    def draft(self) -> services.Draft:
        title = self.title_form.cleaned_data["title"] if self.title_form.is_bound else self.copy.title
        attachments = self.copy.attachments.select_related("file")
        return services.Draft(title, self.document, tuple((a.file, a.purpose) for a in attachments))

    def context(self, design: LessonDesign) -> dict[str, Any]:
        document = self.document
        return {
            "design": design,
            "copy": self.copy,
            "section": document_forms.section_of(document, self.name, self.reading),
            "title_form": self.title_form if self.name == "basics" else None,
            "lock_version": self.lock_version,
            "links": section_links(document, self.name),
            "advice": advice(document),
            "missing": walk.missing(document),
            "percent": walk.completeness(document),
            "stages": [row for _, row in ordered(document.stages)],
            "planned": int(document.basics.minutes or DEFAULT_MINUTES),
            "errors": self.reading.errors if self.reading else {},
        }


def _save(request: ViewerRequest, design: LessonDesign, form: SectionForm) -> HttpResponse:
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
    return redirect("designs:section", design.uid, next_section(form.name) if form.deed == "next" else form.name)


def _conflict(
    request: ViewerRequest, design: LessonDesign, form: SectionForm, conflict: services.Conflict
) -> HttpResponse:
    """并排看看: what is stored now and what was typed; saving again writes this section over the stored one."""
    theirs = schema.load(LessonDesignDocument, conflict.theirs.document)
    mine = replace(theirs, **{form.name: getattr(form.document, form.name)})
    context = form.context(design) | {
        "conflict": conflict,
        "changes": changes(theirs, mine),
        "their_title": conflict.theirs.title,
        "lock_version": conflict.theirs.lock_version,
    }
    return render(request, "designs/section.html", context, status=409)
