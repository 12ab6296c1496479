"""Starting something new: choose the kind, then title, place, files."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from catalogue.models import Node, Subject
from groups.middleware import ViewerRequest
from groups.models import Person
from library.resources import editing, kinds, services
from library.resources.forms import MetadataForm, PlacementForm, TitleForm
from library.resources.keeping import kept, signed_in, typed_ids, typed_text
from library.resources.models import Resource
from library.resources.selectors import choosing
from library.resources.services.packages import document_with
from library.resources.views.finding import school_of
from ui.toasts import toast

FILE_FORM = "library:edit"
"""A kind with this form is written whole when it is created; others go on section by section."""

STILL_FILLING = frozenset({"find", "upload"})
"""Buttons that only look something up or send files; the form comes back as it was."""


@signed_in
def new(request: ViewerRequest) -> HttpResponse:
    """`/my/new/`: which kind."""
    node = request.GET.get("node", "")
    return render(request, "library/new.html", {"kinds": kinds.registered(), "node": node})


@signed_in
def new_kind(request: ViewerRequest, kind: str) -> HttpResponse:
    """`/my/new/<kind>/`."""
    try:
        spec = kinds.spec_of(kind)
    except LookupError:
        raise Http404("没有这种类型，请回到“新建”里选") from None
    if spec.new_url:
        return redirect(f"{reverse(spec.new_url)}?{request.GET.urlencode()}")
    person = request.viewer.person
    assert person is not None
    typed = request.POST if request.method == "POST" else kept(request)
    node = Node.objects.with_place().filter(uid=typed_text(request.GET.get("node"))).first()
    form = MetadataForm(typed, initial=from_node(node))
    place = PlacementForm(typed, initial={"node": [node.uid] if node else []})
    context: dict[str, Any] = {
        "spec": spec,
        "form": form,
        "place": place,
        "found": place.found(),
        "chosen": place.chosen_uids(),
    }
    if kind == "package":
        return _new_package(request, spec, person, typed, context)
    title = node.title if node else ""
    editor = editing.sent(spec, None, typed, request, person) if typed else editing.opened(spec, None, title)
    is_final = request.method == "POST" and request.POST.get("do") not in STILL_FILLING
    if is_final and editor.is_valid and form.is_valid() and place.is_valid():
        resource = create_resource(request, spec, person, editor.draft, form, list(place.cleaned_data["node"]))
        toast(
            request,
            f"{spec.label}已建好，是你的草稿",
            next_url=f"{resource.get_absolute_url()}publish/",
            next_label="分享与送审",
        )
        return redirect(resource) if spec.edit_url == FILE_FORM else redirect(spec.edit_url, resource.uid)
    return render(request, "library/new_kind.html", context | {"editor": editor})


def from_node(node: Node | None) -> dict[str, Any]:
    textbook = getattr(node.outline, "textbook", None) if node else None
    if textbook is None:
        return {}
    return {
        "subject": textbook.subject,
        "grade_from": textbook.grade_from,
        "grade_to": textbook.grade_to if textbook.grade_to != textbook.grade_from else "",
    }


def create_resource(
    request: ViewerRequest,
    spec: kinds.KindSpec,
    person: Person,
    draft: services.Draft,
    form: MetadataForm,
    nodes: Sequence[Node],
    columns: dict[str, Any] | None = None,
) -> Resource:
    """Create with the subjects and grades of the chosen places where the form leaves them open."""
    places = list(Node.objects.with_place().filter(pk__in=[n.pk for n in nodes]))
    books = [n.outline.textbook for n in places if hasattr(n.outline, "textbook")]
    told = form.cleaned_data
    if books and not told["grade_from"]:
        told["grade_from"], told["grade_to"] = books[0].grade_from, books[0].grade_to
    extra: list[Subject] = [] if told["subject"] else [book.subject for book in books]
    return services.create(
        kind=spec.kind,
        owner=person,
        school=school_of(request.viewer),
        draft=draft,
        metadata=form.metadata(extra),
        nodes=nodes,
        columns=columns,
        at=timezone.now(),
    )


def _new_package(
    request: ViewerRequest, spec: kinds.KindSpec, person: Person, typed: QueryDict | None, context: dict[str, Any]
) -> HttpResponse:
    """课时包: the lesson first, then its parts."""
    place: PlacementForm = context["place"]
    form: MetadataForm = context["form"]
    title_form = TitleForm(typed)
    chosen_node = Node.objects.filter(uid__in=place.chosen_uids()).first()
    chosen = typed_ids(typed.getlist("part")) if typed else []
    context |= {
        "title_form": title_form
        if typed
        else TitleForm(initial={"title": f"{chosen_node.title} 课时包" if chosen_node else ""}),
        "choices": choosing.part_choices([chosen_node.pk] if chosen_node else [], chosen, request.viewer),
    }
    final = request.method == "POST" and request.POST.get("do") not in STILL_FILLING
    if final and title_form.is_valid() and form.is_valid() and place.is_valid():
        if chosen_node is None:
            context["node_error"] = "挂在哪一课：课时包要对着一课，请找到位置并勾选"
        else:
            document = document_with(choosing.chosen_parts(chosen, request.viewer))
            draft = services.Draft(title_form.cleaned_data["title"], document)
            resource = create_resource(request, spec, person, draft, form, [chosen_node], {"node": chosen_node})
            toast(request, "课时包已建好，是你的草稿")
            return redirect(resource.get_absolute_url())
    return render(request, "library/new_package.html", context)
