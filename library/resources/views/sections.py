"""The plain form of any typed document: a section a page, saved by compare-and-set, whole without JavaScript."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from groups.access import Action, Refused, require
from groups.middleware import ViewerRequest
from groups.models import Person
from library.documents import schema, walk
from library.resources import editing, kinds, services
from library.resources.keeping import kept, signed_in
from library.resources.kinds import KindSpec
from library.resources.models import Resource
from library.resources.section_forms import MOVES, SectionForm
from library.resources.selectors import sections as shown
from library.resources.selectors.differences import changes
from library.resources.services.reviewing import missing_sections
from library.resources.views.edit import lock_of
from library.resources.views.finding import find, refused
from ui.toasts import toast


def _names(spec: KindSpec) -> list[str]:
    names = shown.section_names(spec.document, editing.SKIPPED)
    return [*names, shown.FILES] if spec.families else names


@signed_in
def sections(request: ViewerRequest, uid: str) -> HttpResponse:
    """`/r/<uid>/write/`: the editor, which leads on to the forms below where no script runs."""
    return redirect("library:editor", uid)


@signed_in
def section(request: ViewerRequest, uid: str, name: str) -> HttpResponse:
    """`/r/<uid>/write/<section>/`."""
    resource = find(uid)
    try:
        require(request.viewer, Action.EDIT, resource)
    except Refused as refusal:
        return refused(request, refusal)
    spec = kinds.spec_of(resource.kind)
    if spec.edit_url != "library:sections":
        return redirect(spec.edit_url, uid)
    if name not in _names(spec):
        raise Http404(f"{spec.label}没有这一节")
    if name in spec.forms:
        return redirect(spec.forms[name], uid)
    person = request.viewer.person
    assert person is not None
    if name == shown.FILES:
        return _files(request, resource, spec, person)
    typed = request.POST if request.method == "POST" else kept(request)
    form = SectionForm(spec.document, name, resource.working_copy, typed)
    context = _context(resource, spec, form.document, name) | _of_form(form, _names(spec))
    if request.method == "POST" and form.is_valid:
        return _save(request, resource, spec, person, form, context)
    return render(request, "library/section.html", context)


def _of_form(form: SectionForm, names: list[str]) -> dict[str, Any]:
    return {
        "section": form.section,
        "title_form": form.title_form if form.name == names[0] else None,
        "lock_version": form.lock_version,
        "errors": form.errors,
    }


def _context(resource: Resource, spec: KindSpec, document: Any, name: str) -> dict[str, Any]:
    copy = resource.working_copy
    links = shown.section_links(document, name, editing.SKIPPED)
    if spec.families:
        links.append(shown.files_link(copy.attachments.count(), name))
    return {
        "resource": resource,
        "spec": spec,
        "copy": copy,
        "links": links,
        "advice": list(spec.advice(document)),
        "missing": missing_sections(resource) and walk.missing(document),
        "percent": walk.completeness(document),
    }


def _save(
    request: ViewerRequest,
    resource: Resource,
    spec: KindSpec,
    person: Person,
    form: SectionForm,
    context: dict[str, Any],
) -> HttpResponse:
    try:
        services.save(resource=resource, by=person, draft=form.draft, lock_version=form.lock_version, at=timezone.now())
    except services.Conflict as conflict:
        theirs = schema.load(spec.document, conflict.theirs.document)
        context |= _conflict(conflict, changes(theirs, form.over(theirs)))
        return render(request, "library/section.html", context, status=409)
    if form.deed in MOVES:
        return redirect(f"{request.path}#rows")
    toast(request, "已保存", next_url=resource.get_absolute_url(), next_label=f"看{spec.label}")
    name = shown.next_section(_names(spec), form.name) if form.deed == "next" else form.name
    return redirect("library:section", resource.uid, name)


def _conflict(conflict: services.Conflict, found: Any) -> dict[str, Any]:
    return {
        "conflict": conflict,
        "changes": found,
        "their_title": conflict.theirs.title,
        "lock_version": conflict.theirs.lock_version,
    }


def _files(request: ViewerRequest, resource: Resource, spec: KindSpec, person: Person) -> HttpResponse:
    """The files that belong to the text, or stand for it."""
    copy = resource.working_copy
    typed = request.POST if request.method == "POST" else None
    editor = editing.files_sent(spec, copy, typed, request, person) if typed else editing.files_opened(spec, copy)
    context = _context(resource, spec, editor.document, shown.FILES) | {
        "editor": editor,
        "lock_version": lock_of(typed) if typed else copy.lock_version,
    }
    if typed and editor.is_valid and typed.get("do") != "upload":
        try:
            services.save(
                resource=resource, by=person, draft=editor.draft, lock_version=lock_of(typed), at=timezone.now()
            )
        except services.Conflict as conflict:
            theirs = schema.load(spec.document, conflict.theirs.document)
            context |= _conflict(conflict, changes(theirs, editor.document))
            return render(request, "library/section.html", context, status=409)
        toast(request, "已保存", next_url=resource.get_absolute_url(), next_label=f"看{spec.label}")
        return redirect("library:section", resource.uid, shown.FILES)
    return render(request, "library/section.html", context)
