"""回流: proposing, discussing, adopting, declining; and what the lead sees of everybody's adaptations."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from groups import access
from groups.access import Action, Refused
from groups.middleware import ViewerRequest
from lessons.adaptations import services
from lessons.adaptations.answering import button, person_of, refused
from lessons.adaptations.models import Adaptation, Proposal, TaughtLesson
from lessons.adaptations.selectors import back, proposals, reading
from lessons.prep.models import Preparation
from library.documents.merge import Conflict
from library.documents.shown import Shown
from library.resources.keeping import kept, signed_in, typed_text
from ui.toasts import toast


@signed_in
def propose(request: ViewerRequest, uid: str) -> HttpResponse:
    """`/adaptations/<uid>/propose/`: choose own changes, and say why."""
    try:
        found = reading.find(uid, request.viewer)
    except Adaptation.DoesNotExist:
        raise Http404("没有这份个案") from None
    access.require(request.viewer, Action.EDIT, found)
    typed = request.POST if request.method == "POST" else kept(request)
    error, keys, words = "", typed.getlist("change") if typed else [], typed_text(typed.get("words")) if typed else ""
    if request.method == "POST":
        try:
            made = services.propose_changes(
                adaptation=found, by=person_of(request), keys=keys, words=words, at=timezone.now()
            )
        except Refused as refusal:
            error = refusal.verdict.reason
        else:
            toast(request, "已提给共案，主备人会答复你")
            return redirect(made.address)
    page = reading.page(found, request.viewer)
    context = {"adaptation": found, "page": page, "keys": keys, "words": words, "error": error}
    return render(request, "adaptations/propose.html", context, status=422 if error else 200)


@button
def propose_lesson(request: ViewerRequest, uid: str) -> HttpResponse:
    row = get_object_or_404(TaughtLesson.objects.select_related("adaptation"), uid=uid)
    access.require(request.viewer, Action.EDIT, row.adaptation)
    try:
        made = services.propose_reflection(
            lesson=row, by=person_of(request), words=typed_text(request.POST.get("words")), at=timezone.now()
        )
    except Refused as refusal:
        return refused(request, refusal, row.adaptation.get_absolute_url())
    toast(request, "已提给共案，主备人会答复你")
    return redirect(made.address)


@signed_in
def back_page(request: ViewerRequest, uid: str) -> HttpResponse:
    """`/adaptations/back/<preparation>/`: which stages many teachers changed, and how."""
    preparation = get_object_or_404(Preparation.objects.select_related("settled_version", "lead"), uid=uid)
    access.require(request.viewer, Action.READ, preparation)
    return render(request, "adaptations/back.html", {"back": back.back(preparation, request.viewer)})


@signed_in
def proposal(request: ViewerRequest, uid: str) -> HttpResponse:
    """`/adaptations/proposals/<uid>/`: what is proposed, what was said, the answer."""
    found = _find(request, uid)
    return render(request, "adaptations/proposal.html", _context(request, found))


@button
def remark(request: ViewerRequest, uid: str) -> HttpResponse:
    found = _find(request, uid)
    try:
        services.remark(
            proposal=found, by=person_of(request), words=typed_text(request.POST.get("words")), at=timezone.now()
        )
    except Refused as refusal:
        return refused(request, refusal, found.address)
    toast(request, "已发出")
    return redirect(found.address)


@button
def adopt(request: ViewerRequest, uid: str) -> HttpResponse:
    """采纳: where the shared plan changed in the same places, the page asks for each."""
    found = _find(request, uid)
    words = typed_text(request.POST.get("words"))
    try:
        conflicts = proposals.conflicts_of(found)
        choices = {one.path: value for one in conflicts if (value := _chosen(request, one)) is not _LEFT}
        services.adopt(proposal=found, by=person_of(request), choices=choices, words=words, at=timezone.now())
    except services.NeedsChoice as left:
        context = _context(request, found) | {"conflicts": proposals.shown_conflicts(left.conflicts), "words": words}
        return render(request, "adaptations/proposal.html", context, status=409)
    except Refused as refusal:
        return refused(request, refusal, found.address)
    toast(request, "已采纳，写进了共案的工作稿；修订共案后，用它的老师会看到更新")
    return redirect(found.address)


@button
def decline(request: ViewerRequest, uid: str) -> HttpResponse:
    found = _find(request, uid)
    try:
        services.decline(
            proposal=found, by=person_of(request), words=typed_text(request.POST.get("words")), at=timezone.now()
        )
    except Refused as refusal:
        return refused(request, refusal, found.address)
    toast(request, "已答复")
    return redirect(found.address)


_LEFT = object()


def _chosen(request: ViewerRequest, conflict: Conflict) -> Any:
    side = request.POST.get(f"side-{'/'.join(conflict.path)}", "")
    return {"shared": conflict.mine, "proposed": conflict.theirs}.get(side, _LEFT)


def _find(request: ViewerRequest, uid: str) -> Proposal:
    rows: QuerySet[Proposal] = Proposal.objects.select_related(
        "preparation__lead",
        "preparation__resource",
        "base",
        "proposed_by",
        "school_then",
        "decided_by",
        "lesson__adaptation__teacher",
        "lesson__version",
        "adaptation",
    )
    found = get_object_or_404(rows, uid=uid)
    access.require(request.viewer, Action.READ, found.preparation)
    return found


def _context(request: ViewerRequest, found: Proposal) -> dict[str, Any]:
    changes: Sequence[Shown] = proposals.changes_of(found)
    return {
        "proposal": found,
        "preparation": found.preparation,
        "changes": changes,
        "lesson": reading.shown_lesson(found.lesson) if found.lesson is not None else None,
        "remarks": list(found.remarks.select_related("author")),
        "may_decide": found.state == Proposal.State.OPEN
        and bool(access.may(request.viewer, Action.REVISE, found.preparation)),
        "may_talk": any(
            access.may(request.viewer, action, found.preparation) for action in (Action.PROPOSE_CHANGE, Action.REVISE)
        ),
    }
