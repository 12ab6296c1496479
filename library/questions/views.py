"""Writing a question; putting questions into a homework or a paper; printing its sheets."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from catalogue.models import Node
from groups.access import Action, Refused, require
from groups.middleware import ViewerRequest
from library.documents import question, schema
from library.documents.question import QuestionDocument
from library.questions import forms
from library.resources import services
from library.resources.forms import MetadataForm, PlacementForm
from library.resources.keeping import kept, signed_in, typed_text
from library.resources.kinds import spec_of
from library.resources.models import Kind
from library.resources.selectors.differences import changes
from library.resources.views.create import create_resource, from_node
from library.resources.views.edit import lock_of
from library.resources.views.finding import find, refused
from ui.toasts import toast

TYPE_NOTES = {
    question.SINGLE: "几个选项里一个正确",
    question.MULTIPLE: "几个选项里不止一个正确",
    question.JUDGE: "一句话，判断对错",
    question.BLANKS: "题干里留空，可以有几个空",
    question.MATCH: "左右两列，对应着连",
    question.ORDER: "几项内容，排出顺序",
    question.SOLVE: "应用题、操作题、问答题",
    question.MENTAL: "一组算式，直接写得数",
    question.READING: "一段材料，几道小题，小题各有题型和知识点",
}


@signed_in
def new(request: ViewerRequest) -> HttpResponse:
    """`/my/questions/new/?type=单选&node=`: the type first, then the whole question on one page."""
    person = request.viewer.person
    assert person is not None
    typed = request.POST if request.method == "POST" else kept(request)
    kind = typed_text((typed or request.GET).get("type"))
    node = Node.objects.with_place().filter(uid=typed_text(request.GET.get("node"))).first()
    if kind not in question.TYPES:
        return render(request, "questions/types.html", {"types": TYPE_NOTES.items(), "node": node})
    document = QuestionDocument(type=kind)
    form = forms.sent(document, None, typed, request, person) if typed else forms.opened(document)
    metadata = MetadataForm(typed, initial=from_node(node))
    place = PlacementForm(typed, initial={"node": [node.uid] if node else []})
    if _is_final(request) and form.is_valid and metadata.is_valid() and place.is_valid():
        nodes = list(place.cleaned_data["node"])
        resource = create_resource(request, spec_of(Kind.QUESTION), person, form.draft, metadata, nodes)
        again = urlencode({"type": form.document.type, **({"node": nodes[0].uid} if nodes else {})})
        _said(request, form, f"{reverse('questions:new')}?{again}", f"再写一道{form.document.type}题")
        return redirect(resource if not form.problems else "questions:edit", *([resource.uid] if form.problems else []))
    context = _context(form) | {
        "metadata": metadata,
        "place": place,
        "found": place.found(),
        "chosen": place.chosen_uids(),
    }
    return render(request, "questions/edit.html", context)


def _is_final(request: ViewerRequest) -> bool:
    return request.method == "POST" and request.POST.get("do", "").partition(":")[0] not in forms.STILL_FILLING


def _said(request: ViewerRequest, form: forms.QuestionForm, next_url: str, next_label: str) -> None:
    """It is stored, whatever is still missing; what is missing is said."""
    problems = form.problems
    words = f"已存成草稿。{problems[0]}" if problems else "题目已保存"
    toast(request, words, next_url=next_url, next_label=next_label)


def _context(form: forms.QuestionForm) -> dict[str, Any]:
    return {
        "form": form,
        "document": form.document,
        "errors": form.errors,
        "typed": form.typed,
        "types": question.TYPES,
        "part_types": question.PART_TYPES,
        "difficulties": question.DIFFICULTIES,
        "levels": question.LEVELS,
        "origins": question.ORIGINS,
        "advice": question.advice(forms.without_empty_rows(form.document)),
    }


@signed_in
def edit(request: ViewerRequest, uid: str) -> HttpResponse:
    """`/my/questions/<uid>/`."""
    resource = find(uid)
    try:
        require(request.viewer, Action.EDIT, resource)
    except Refused as refusal:
        return refused(request, refusal)
    if resource.kind != Kind.QUESTION:
        raise Http404("这不是一道试题，请从资料页点“修改”")
    person = request.viewer.person
    assert person is not None
    copy = resource.working_copy
    stored = schema.load(QuestionDocument, copy.document)
    typed = request.POST if request.method == "POST" else kept(request)
    form = forms.sent(stored, copy, typed, request, person) if typed else forms.opened(stored, copy)
    context = _context(form) | {"resource": resource, "lock_version": lock_of(typed) if typed else copy.lock_version}
    if not (_is_final(request) and form.is_valid):
        return render(request, "questions/edit.html", context)
    try:
        services.save(
            resource=resource, by=person, draft=form.draft, lock_version=lock_of(request.POST), at=timezone.now()
        )
    except services.Conflict as conflict:
        return render(request, "questions/edit.html", context | _conflict(conflict), status=409)
    _said(request, form, f"{resource.get_absolute_url()}publish/", "分享与送审")
    return redirect("questions:edit", uid) if form.problems else redirect(resource)


def _conflict(conflict: services.Conflict) -> dict[str, Any]:
    theirs = schema.load(QuestionDocument, conflict.theirs.document)
    return {
        "conflict": conflict,
        "changes": changes(theirs, conflict.mine.document),
        "their_title": conflict.theirs.title,
        "lock_version": conflict.theirs.lock_version,
    }
