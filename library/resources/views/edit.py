"""Changing what is there: a file kind's words and files, a package's parts, and what the record says beside its text."""

from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone

from catalogue.models import Node
from groups.access import Action, Refused, require
from groups.middleware import ViewerRequest
from groups.models import Person
from library.documents import schema
from library.documents.package import PackageDocument
from library.resources import editing, kinds, services
from library.resources.forms import MetadataForm, PlacementForm, TitleForm
from library.resources.keeping import kept, signed_in, typed_ids
from library.resources.licensing import LicenceTooWide
from library.resources.models import Resource
from library.resources.selectors import choosing
from library.resources.selectors.differences import changes
from library.resources.services.packages import document_with
from library.resources.views.finding import find, refused
from ui.toasts import toast


def _editable(request: ViewerRequest, uid: str) -> tuple[Resource, Person]:
    """The resource that this person may edit.

    Raises:
        Refused: the rule says no.
    """
    resource = find(uid)
    require(request.viewer, Action.EDIT, resource)
    person = request.viewer.person
    assert person is not None
    return resource, person


def lock_of(posted: QueryDict) -> int:
    """The lock version that a form was made from; a garbled one conflicts, which loses nothing."""
    sent = posted.get("lock_version", "")
    return int(sent) if sent.isdecimal() and len(sent) < 9 else 0


@signed_in
def edit(request: ViewerRequest, uid: str) -> HttpResponse:
    """`/r/<uid>/edit/`: 课件, 微课, 任务单, 作业, 素材."""
    try:
        resource, person = _editable(request, uid)
    except Refused as refusal:
        return refused(request, refusal)
    spec = kinds.spec_of(resource.kind)
    if spec.edit_url != "library:edit":
        return redirect(spec.edit_url, uid)
    copy = resource.working_copy
    typed = request.POST if request.method == "POST" else kept(request)
    editor = editing.sent(spec, copy, typed, request, person) if typed else editing.opened(spec, copy)
    context = {"resource": resource, "editor": editor, "lock_version": lock_of(typed) if typed else copy.lock_version}
    if request.method == "POST" and editor.is_valid and request.POST.get("do") != "upload":
        try:
            services.save(
                resource=resource, by=person, draft=editor.draft, lock_version=lock_of(request.POST), at=timezone.now()
            )
        except services.Conflict as conflict:
            context |= _conflict(conflict, spec)
            return render(request, "library/edit.html", context, status=409)
        toast(request, "已保存", next_url=f"{resource.get_absolute_url()}publish/", next_label="分享与送审")
        return redirect(resource.get_absolute_url())
    return render(request, "library/edit.html", context)


def _conflict(conflict: services.Conflict, spec: kinds.KindSpec) -> dict[str, object]:
    """Both texts, and the lock with which one's own can be saved after looking."""
    theirs = schema.load(spec.document, conflict.theirs.document)
    return {
        "conflict": conflict,
        "changes": changes(theirs, conflict.mine.document),
        "their_title": conflict.theirs.title,
        "lock_version": conflict.theirs.lock_version,
    }


@signed_in
def edit_package(request: ViewerRequest, uid: str) -> HttpResponse:
    """`/r/<uid>/edit-package/`: which parts, in which order."""
    try:
        resource, person = _editable(request, uid)
    except Refused as refusal:
        return refused(request, refusal)
    if resource.kind != "package":
        return redirect(kinds.spec_of(resource.kind).edit_url, uid)
    copy = resource.working_copy
    typed = request.POST if request.method == "POST" else kept(request)
    title_form = TitleForm(typed) if typed else TitleForm(initial={"title": copy.title})
    document = schema.load(PackageDocument, copy.document)
    nodes = list(resource.placements.values_list("node_id", flat=True))
    chosen = typed_ids(typed.getlist("part")) if typed else [part.resource for part in document.parts.values()]
    context: dict[str, object] = {
        "resource": resource,
        "title_form": title_form,
        "choices": choosing.part_choices(nodes, chosen, request.viewer),
        "lock_version": lock_of(typed) if typed else copy.lock_version,
    }
    if request.method == "POST" and title_form.is_valid():
        draft = services.Draft(
            title_form.cleaned_data["title"], document_with(choosing.chosen_parts(chosen, request.viewer))
        )
        try:
            services.save(
                resource=resource, by=person, draft=draft, lock_version=lock_of(request.POST), at=timezone.now()
            )
        except services.Conflict as conflict:
            context |= _conflict(conflict, kinds.spec_of("package"))
            return render(request, "library/edit_package.html", context, status=409)
        toast(request, "课时包已保存", next_url=f"{resource.get_absolute_url()}publish/", next_label="分享与送审")
        return redirect(resource.get_absolute_url())
    return render(request, "library/edit_package.html", context)


@signed_in
def describe(request: ViewerRequest, uid: str) -> HttpResponse:
    """`/r/<uid>/describe/`: 资料信息 and 目录位置."""
    try:
        resource, person = _editable(request, uid)
    except Refused as refusal:
        return refused(request, refusal)
    typed = request.POST if request.method == "POST" else kept(request)
    form = MetadataForm(typed, initial=_told(resource))
    place = PlacementForm(typed, initial={"node": list(resource.placements.values_list("node__uid", flat=True))})
    is_whole = request.method == "POST" and request.POST.get("do") != "find" and form.is_valid() and place.is_valid()
    if is_whole and _describe(resource, person, form, list(place.cleaned_data["node"])):
        toast(request, "资料信息已保存")
        return redirect(resource.get_absolute_url())
    context = {
        "resource": resource,
        "form": form,
        "place": place,
        "found": place.found(),
        "chosen": place.chosen_uids(),
    }
    return render(request, "library/describe.html", context)


@transaction.atomic
def _describe(resource: Resource, person: Person, form: MetadataForm, nodes: list[Node]) -> bool:
    """Write both, or put the licence's refusal on its field and write nothing."""
    others = list(resource.subjects.all())[1:]
    try:
        services.describe(resource=resource, by=person, metadata=form.metadata(others), at=timezone.now())
    except LicenceTooWide as problem:
        form.add_error("licence", f"许可：{problem}")
        return False
    services.place(resource=resource, by=person, nodes=nodes, at=timezone.now())
    return True


def _told(resource: Resource) -> dict[str, object]:
    return {
        "subtitle": resource.subtitle,
        "summary": resource.summary,
        "keywords": "、".join(resource.keywords),
        "subject": next(iter(resource.subjects.all()), None),
        "grade_from": resource.grade_from,
        "grade_to": resource.grade_to if resource.grade_to != resource.grade_from else "",
        "for_pupils": resource.for_pupils,
        "source_type": resource.source_type,
        "licence": resource.licence,
    }
