"""The preparation room's page and everything that is written, answered and decided in its margin."""

from collections.abc import Callable
from functools import wraps
from secrets import token_urlsafe
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from groups.access import Action, Refused, may, relations_of, require, verdict_of
from groups.middleware import ViewerRequest
from groups.models import Person
from groups.services import NotPossible
from lessons.prep.heads import head_of
from lessons.prep.models import Draft, Preparation, Remark, Reply, Vote
from lessons.prep.remarks import comparing, disposing, writing
from lessons.prep.remarks.room import FILTERS, rights_of, room_of
from lessons.prep.remarks.sheet import place_words
from lessons.prep.remarks.writing import Place, Said
from lessons.prep.selectors import with_people
from lessons.prep.views.listing import overview
from library.documents.anchors import Texts, as_path, in_words
from library.documents.walk import walk
from library.resources.keeping import kept, signed_in, typed_text
from library.resources.services.writing import document_of
from library.resources.views.finding import refused
from ui.toasts import toast

View = Callable[..., HttpResponse]
DONE = {
    "adopted": "已采纳",
    "partly": "已标为部分采纳",
    "declined": "已标为不采纳，理由写批注的老师看得到",
    "resolved": "已标为已解决",
}


def page(view: View) -> View:
    """For somebody signed in; the rule's refusal is answered in words."""

    @wraps(view)
    def shown(request: ViewerRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refused as refusal:
            return refused(request, refusal)

    return signed_in(shown)


def button(view: View) -> View:
    """A POST of one button in the room; what is not possible stands as a note on the room's page."""

    @wraps(view)
    def pressed(request: ViewerRequest, uid: str, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return redirect("remarks:room", uid)
        try:
            return view(request, uid, *args, **kwargs)
        except NotPossible as problem:
            messages.error(request, str(problem))
            return redirect("remarks:room", uid)

    return page(pressed)


def _person(request: ViewerRequest) -> Person:
    if request.viewer.person is None:
        raise LookupError("a view behind signed_in has a person")
    return request.viewer.person


def _preparation(request: ViewerRequest, uid: str) -> Preparation:
    found: Preparation = get_object_or_404(with_people(), uid=uid)
    require(request.viewer, Action.READ, found)
    return found


def _remark(request: ViewerRequest, uid: str, pk: int) -> Remark:
    """A remark of a preparation that the viewer reads; another one is as if it were not there."""
    rows = Remark.objects.select_related("preparation__lead", "preparation__organiser", "author", "draft")
    return _readable(request, get_object_or_404(rows, pk=pk, preparation__uid=uid))


def _reply(request: ViewerRequest, uid: str, pk: int) -> Reply:
    rows = Reply.objects.select_related("remark__preparation__lead", "remark__preparation__organiser", "author")
    return _readable(request, get_object_or_404(rows, pk=pk, remark__preparation__uid=uid))


def _readable(request: ViewerRequest, found: Any) -> Any:
    if not may(request.viewer, Action.READ, found):
        raise Http404("没有这条批注")
    return found


@page
def room(request: ViewerRequest, uid: str) -> HttpResponse:
    """`/prep/<uid>/`: the draft with its margin; `draft` shows an earlier one, `only` narrows the remarks."""
    preparation: Preparation = get_object_or_404(with_people(), uid=uid)
    held = relations_of(request.viewer, preparation)
    if not (verdict := verdict_of(held, request.viewer, Action.READ, preparation)):
        raise Refused(verdict)
    asked, only = request.GET.get("draft", ""), request.GET.get("only", "")
    number = int(asked) if asked.isdecimal() and len(asked) < 5 else None
    shown = room_of(preparation, request.viewer, held, draft=number, only=only if only in FILTERS else "")
    if shown is None:
        return overview(request, preparation)
    context = {"room": shown, "preparation": preparation, "ticket": token_urlsafe(16), "composer": _composer(shown)}
    context["head"] = head_of(preparation, request.viewer, held=held)
    return render(request, "prep/room.html", context)


@page
def compare(request: ViewerRequest, uid: str) -> HttpResponse:
    """`/prep/<uid>/compare/?old=1&new=2`: what changed between two drafts; `now` for who edits the text."""
    preparation = _preparation(request, uid)
    old, new = request.GET.get("old", ""), request.GET.get("new", "")
    if comparing.NOW in (old, new):
        require(request.viewer, Action.EDIT_DRAFT, preparation)
    changes = comparing.compared(preparation, old, new)
    if changes is None:
        raise Http404("没有这一稿")
    names = {one: "现在的文字" if one == comparing.NOW else f"第{one}稿" for one in (old, new)}
    context = {"preparation": preparation, "changes": changes, "old": names[old], "new": names[new]}
    return render(request, "prep/room/compare.html", context)


def _composer(shown: Any) -> dict[str, Any]:
    return {"kinds": shown.rights.kinds(), "draft": shown.draft, "kind": "note"}


@page
def write(request: ViewerRequest, uid: str) -> HttpResponse:
    """`/prep/<uid>/remarks/new/?at=<path>`: a remark on one field, on a section, or on the whole."""
    preparation = _preparation(request, uid)
    require(request.viewer, Action.COMMENT, preparation)
    typed = request.POST if request.method == "POST" else (kept(request) or request.GET)
    draft = _draft(preparation, typed_text(typed.get("draft")))
    error = ""
    if request.method == "POST":
        try:
            written = writing.remark(
                preparation=preparation,
                draft=draft,
                by=_person(request),
                place=_place(request),
                said=_said(request),
                at=timezone.now(),
            )
        except NotPossible as problem:
            error = str(problem)
        else:
            toast(request, "批注已写下")
            return _to_remark(written)
    return render(request, "prep/room/write.html", _form(preparation, draft, typed, error, request))


def _draft(preparation: Preparation, number: str) -> Draft | None:
    """The draft that the form was opened on, or the last."""
    rows = preparation.drafts.select_related("version__resource", "preparation").order_by("-number")
    named = rows.filter(number=int(number)) if number.isdecimal() and len(number) < 5 else rows
    return named.first() or rows.first()


def _place(request: ViewerRequest) -> Place:
    start = typed_text(request.POST.get("start"))
    return Place(
        as_path(typed_text(request.POST.get("at"))),
        typed_text(request.POST.get("quote")).replace("\r\n", "\n"),
        int(start) if start.isdecimal() and len(start) < 8 else None,
    )


def _said(request: ViewerRequest) -> Said:
    kind = typed_text(request.POST.get("kind"))
    return Said(
        kind=kind if kind in Remark.Kind.values else Remark.Kind.NOTE,
        words=typed_text(request.POST.get("words")),
        replacement=typed_text(request.POST.get("replacement")).replace("\r\n", "\n"),
        ticket=typed_text(request.POST.get("ticket"))[:40] or None,
    )


def _form(
    preparation: Preparation, draft: Draft | None, typed: Any, error: str, request: ViewerRequest
) -> dict[str, Any]:
    path = as_path(typed_text(typed.get("at")))
    text, place = "", "整份教案"
    if draft is not None and path:
        document = document_of(draft.version.resource, draft.version.document)
        texts = Texts(document)
        if path not in texts.places:
            raise Http404("稿子里没有这一处")
        text = texts.by_path.get(path, "")
        leaf = next((leaf for leaf in walk(document) if leaf.path == path), None)
        place = place_words(leaf) if leaf else texts.places[path]
    return {
        "preparation": preparation,
        "draft": draft,
        "at": in_words(path),
        "place": place,
        "text": text,
        "error": error,
        "kinds": rights_of(preparation, request.viewer, relations_of(request.viewer, preparation)).kinds(),
        "kind": typed_text(typed.get("kind")) or "note",
        "quote": typed_text(typed.get("quote")),
        "start": typed_text(typed.get("start")),
        "words": typed_text(typed.get("words")),
        "replacement": typed_text(typed.get("replacement")),
        "ticket": typed_text(typed.get("ticket")) or token_urlsafe(16),
    }


def _to_remark(remark: Remark) -> HttpResponseRedirect:
    return redirect(f"{reverse('remarks:room', args=[remark.preparation.uid])}#remark-{remark.pk}")


@page
def reply(request: ViewerRequest, uid: str, pk: int) -> HttpResponse:
    """`/prep/<uid>/remarks/<pk>/reply/`: answer; the form also stands in the remark's card."""
    remark = _remark(request, uid, pk)
    require(request.viewer, Action.COMMENT, remark.preparation)
    ticket = typed_text(request.POST.get("ticket"))[:40] or None

    def say(words: str) -> None:
        writing.reply(remark=remark, by=_person(request), words=words, at=timezone.now(), ticket=ticket)

    return _words(request, remark, "", say, Asked("回复", "回复", "已回复", "@ 后面写名字，就会告诉那位老师。"))


class Asked:
    """What a small page asks for: its title, the label of its box, what is said when it is done, a hint."""

    def __init__(self, title: str, label: str, done: str, hint: str, *, danger: bool = False, most: int = 1000) -> None:
        self.title, self.label, self.done, self.hint = title, label, done, hint
        self.danger, self.most = danger, most


def _words(
    request: ViewerRequest, remark: Remark, before: str, say: Callable[[str], object], asked: Asked
) -> HttpResponse:
    """One box of words about a remark; what is not possible stands beside the box with what was typed."""
    words, error = typed_text(request.POST.get("words", before)), ""
    if request.method == "POST":
        try:
            say(words)
        except NotPossible as problem:
            error = str(problem)
        else:
            toast(request, asked.done)
            return _to_remark(remark)
    context = {"remark": remark, "words": words, "error": error, "asked": asked, "ticket": token_urlsafe(16)}
    return render(request, "prep/room/words.html", context)


@page
def edit(request: ViewerRequest, uid: str, pk: int, of: str) -> HttpResponse:
    """`/prep/<uid>/remarks/<pk>/edit/` and of an answer: one's own words, until someone answers."""
    written = _written(request, uid, pk, of)
    require(request.viewer, Action.EDIT, written)

    def say(words: str) -> None:
        writing.edit(written=written, by=_person(request), words=words, at=timezone.now())

    asked = Asked("改批注", "批注", "批注已改", "有人回复或处理以后就不能再改。")
    return _words(request, writing.remark_of(written), written.words, say, asked)


def _written(request: ViewerRequest, uid: str, pk: int, of: str) -> Any:
    return _reply(request, uid, pk) if of == "reply" else _remark(request, uid, pk)


@page
def report(request: ViewerRequest, uid: str, pk: int, of: str) -> HttpResponse:
    """`/prep/<uid>/remarks/<pk>/report/` and of an answer: say what is wrong with it."""
    written = _written(request, uid, pk, of)
    require(request.viewer, Action.REPORT, written)

    def say(words: str) -> None:
        writing.report(written=written, by=_person(request), reason=words, at=timezone.now())

    asked = Asked("举报", "哪里不合适", "已告诉主备人", "主备人会看到这句话。", danger=True, most=200)
    return _words(request, writing.remark_of(written), "", say, asked)


@button
def delete(request: ViewerRequest, uid: str, pk: int, of: str) -> HttpResponse:
    written = _written(request, uid, pk, of)
    writing.delete(written=written, by=_person(request), at=timezone.now())
    toast(request, "已删除，原处留有记录")
    return _to_remark(writing.remark_of(written))


@button
def dispose(request: ViewerRequest, uid: str, pk: int) -> HttpResponse:
    remark = _remark(request, uid, pk)
    disposition = typed_text(request.POST.get("disposition"))
    reason = typed_text(request.POST.get("reason"))
    done = disposing.dispose(
        remark=remark, by=_person(request), disposition=disposition, reason=reason, at=timezone.now()
    )
    said = "已采纳，改好的话写进了教案" if done.taken_over else DONE[disposition]
    toast(request, said, undo=reverse("remarks:reopen", args=[uid, pk]))
    return _to_remark(remark)


@button
def reopen(request: ViewerRequest, uid: str, pk: int) -> HttpResponse:
    remark = _remark(request, uid, pk)
    was_in_the_text = remark.taken_over
    disposing.reopen(remark=remark, by=_person(request), at=timezone.now())
    toast(request, "已撤销，教案里的话也改回来了" if was_in_the_text else "已撤销，这条批注又是未处理")
    return _to_remark(remark)


@button
def vote(request: ViewerRequest, uid: str, pk: int) -> HttpResponse:
    remark = _remark(request, uid, pk)
    given = writing.vote(
        remark=remark, by=_person(request), voice=typed_text(request.POST.get("voice")), at=timezone.now()
    )
    toast(request, f"你投了“{Vote.Voice(given.voice).label}”，表决结束前可以改")
    return _to_remark(remark)
