"""`/my/updates/`: what the shared plans changed, and the page on which a teacher decides place by place."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from groups.access import Action, Refused, require
from groups.middleware import ViewerRequest
from lessons.adaptations.answering import person_of, refused
from lessons.adaptations.models import Adaptation
from lessons.updates import selectors, services
from lessons.updates.models import Choice, Update
from library.documents.schema import DocumentProblem
from library.resources.keeping import signed_in, typed_text
from ui.toasts import toast

PER_PAGE = 20
RELATED = ("resource", "base", "preparation__settled_version__resource", "preparation__settled_version__cut_by")
Way = Choice.Way


@signed_in
def index(request: ViewerRequest) -> HttpResponse:
    """`/my/updates/`: adaptations whose shared plan moved on, then what was merged."""
    silent = selectors.refused_ones(request.viewer)
    waiting = list(selectors.waiting(request.viewer)[: PER_PAGE * 5])
    done = Paginator(selectors.merged_by(request.viewer), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "waiting": [one for one in waiting if one.pk not in silent],
        "silent": [one for one in waiting if one.pk in silent],
        "page": done,
    }
    return render(request, "updates/index.html", context)


@signed_in
def merge(request: ViewerRequest, uid: str) -> HttpResponse:
    """`/my/updates/<adaptation>/`: the newer shared plan beside the teacher's own version."""
    adaptation = get_object_or_404(Adaptation.objects.select_related(*RELATED), uid=uid)
    require(request.viewer, Action.EDIT, adaptation)
    try:
        update = selectors.opened(adaptation, request.viewer) or _begun(request, adaptation)
    except Refused as refusal:
        return refused(request, refusal, adaptation.get_absolute_url())
    if request.method == "POST":
        return _answer(request, update)
    return _page(request, update)


def _begun(request: ViewerRequest, adaptation: Adaptation) -> Update:
    """A button begins the update; looking at its page writes nothing."""
    if request.method == "POST":
        return services.open_update(adaptation=adaptation, by=person_of(request), at=timezone.now())
    return services.unopened(adaptation=adaptation, by=request.viewer, at=timezone.now())


def _page(request: ViewerRequest, update: Update, problem: str = "") -> HttpResponse:
    asked = typed_text(request.POST.get("number") or request.GET.get("p"))
    page = selectors.page(update, int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0)
    context = {"page": page, "update": update, "adaptation": update.adaptation, "problem": problem}
    return render(request, "updates/merge.html", context, status=422 if problem else 200)


def _answer(request: ViewerRequest, update: Update) -> HttpResponse:
    """One button of the page."""
    deeds = {"decide": _decide, "take_all": _take_all, "finish": _finish, "never": _never, "again": _never}
    deed = deeds.get(typed_text(request.POST.get("do")))
    if deed is None:
        raise Http404
    try:
        return deed(request, update)
    except Refused as refusal:
        return refused(request, refusal, _address(update))
    except (services.Undecided, DocumentProblem) as problem:
        return _page(request, update, str(problem))


def _decide(request: ViewerRequest, update: Update) -> HttpResponse:
    key, way = typed_text(request.POST.get("key")), typed_text(request.POST.get("way"))
    value, weave = None, services.weave_of(update)
    place = next((one for one in weave.places if one.key == key), None)
    if way == Way.OWN and place is not None and place.is_text:
        before = services.choices_of(update, weave.places).get(key)
        value = selectors.own_value(
            place, type(weave.mine), typed_text(request.POST.get("own")), before.value if before else None
        )
    services.decide(update=update, by=person_of(request), key=key, way=way, value=value, at=timezone.now())
    page = selectors.page(update)
    if place is not None and not place.is_conflict:
        return redirect(f"{_address(update)}#ready")
    following = page.current.number if page.current is not None and not page.current.is_decided else 0
    return redirect(f"{_address(update)}{f'?p={following}' if following else ''}#{'now' if following else 'ready'}")


def _take_all(request: ViewerRequest, update: Update) -> HttpResponse:
    count = services.take_all(update=update, by=person_of(request), at=timezone.now())
    toast(request, f"已带入 {count} 处，完成合并后写进你的个案")
    return redirect(f"{_address(update)}#ready")


def _finish(request: ViewerRequest, update: Update) -> HttpResponse:
    done = services.finish(update=update, by=person_of(request), at=timezone.now())
    toast(
        request,
        f"已合并到共案{done.theirs.label}，你自己的改动都在",
        next_url=done.address,
        next_label="看合并记录，可以撤销",
    )
    return redirect(done.adaptation.get_absolute_url())


def _never(request: ViewerRequest, update: Update) -> HttpResponse:
    on = request.POST.get("do") == "never"
    services.never(update=update, by=person_of(request), on=on, at=timezone.now())
    if on:
        toast(request, f"共案{update.theirs.label}不再提醒，想合并时从“共案更新”打开")
        return redirect("updates:index")
    return redirect(_address(update))


def _address(update: Update) -> str:
    return reverse("updates:merge", args=[update.adaptation.uid])


@signed_in
def record(request: ViewerRequest, uid: str) -> HttpResponse:
    """`/my/updates/records/<uid>/`: what a merge did, the words it left out, and 撤销."""
    related = Update.objects.select_related("adaptation__resource", "adaptation__base", "base", "theirs")
    update = get_object_or_404(related, uid=uid)
    require(request.viewer, Action.EDIT, update.adaptation)
    if update.closed_at is None:
        return redirect(_address(update))
    if request.method == "POST":
        return _undo(request, update)
    context = {
        "update": update,
        "adaptation": update.adaptation,
        "left_out": selectors.left_out(update),
        "line": selectors.line_of(update.adaptation),
        "can_undo": update.state == Update.State.DONE and update.adaptation.base_id == update.theirs_id,
    }
    return render(request, "updates/record.html", context)


def _undo(request: ViewerRequest, update: Update) -> HttpResponse:
    try:
        services.undo(update=update, by=person_of(request), at=timezone.now())
    except Refused as refusal:
        return refused(request, refusal, update.address)
    toast(request, f"已撤销合并，个案回到共案{update.base.label}时的样子")
    return redirect(update.adaptation.get_absolute_url())
