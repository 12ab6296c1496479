"""催办、申诉、质量标识."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from groups import access
from groups.access import Action, require
from groups.middleware import ViewerRequest
from groups.models import Organisation
from library.resources.keeping import typed_text
from library.resources.models import Resource, Submission
from library.resources.views.finding import find
from library.together.models import Appeal, QualityMark
from library.together.services import reviews
from library.together.services.talk import NotPossible
from library.together.views.answering import back, button, number, page, person_of
from ui.toasts import toast

PAGE_SIZE = 20


@button
def remind(request: ViewerRequest, uid: str) -> HttpResponse:
    resource = find(uid)
    submission = resource.submissions.filter(status=Submission.Status.OPEN).first()
    if submission is None:
        raise NotPossible("这份资料没有在审，不用催")
    told = reviews.remind(submission=submission, by=person_of(request), at=timezone.now())
    toast(request, f"已提醒 {told} 位审核人，明天可以再催")
    return back(request, resource.get_absolute_url())


@page
def appeal(request: ViewerRequest, uid: str) -> HttpResponse:
    """`/r/<uid>/appeal/`: the owner says why the thing should come back."""
    resource = find(uid)
    require(request.viewer, Action.APPEAL, resource)
    words, error = typed_text(request.POST.get("words")), ""
    if request.method == "POST":
        try:
            reviews.appeal(resource=resource, by=person_of(request), words=words, at=timezone.now())
        except NotPossible as problem:
            error = str(problem)
        else:
            toast(request, "申诉已送出，答复会到你的消息里")
            return redirect(resource.get_absolute_url())
    return render(request, "together/appeal.html", {"resource": resource, "words": words, "error": error})


@page
def appeals(request: ViewerRequest) -> HttpResponse:
    """`/review/appeals/`: what I may bring back or not, the oldest first."""
    mine = access.narrow(Resource.objects.all(), request.viewer, Action.RESTORE)
    waiting = Appeal.objects.filter(status=Appeal.Status.OPEN, resource__in=mine).select_related("resource", "by")
    found = Paginator(waiting.order_by("at"), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "together/appeals.html", {"page": found, "appeals": list(found.object_list)})


@button
def answer_appeal(request: ViewerRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Appeal.objects.select_related("resource"), pk=pk)
    if not access.may(request.viewer, Action.READ, found.resource) and not access.may(
        request.viewer, Action.RESTORE, found.resource
    ):
        raise Http404("没有这份申诉")
    reviews.answer_appeal(
        appeal=found,
        by=person_of(request),
        uphold=request.POST.get("answer") == "uphold",
        words=typed_text(request.POST.get("words")),
        at=timezone.now(),
    )
    toast(request, "已答复，作者会看到")
    return redirect("together:appeals")


@page
def mark(request: ViewerRequest, uid: str) -> HttpResponse:
    """`/r/<uid>/mark/`: give a mark of one's own level, or take it back."""
    resource = find(uid)
    require(request.viewer, Action.AWARD_MARK, resource)
    by, at, error = person_of(request), timezone.now(), ""
    bodies = reviews.bodies_to_award(resource, by, at)
    certificate = typed_text(request.POST.get("certificate"))
    if request.method == "POST":
        try:
            _mark(request, resource, certificate)
        except NotPossible as problem:
            error = str(problem)
        else:
            return redirect("together:mark", uid)
    own = {body.pk for _, body in bodies}
    marks = [(m, m.organisation_id in own) for m in resource.marks.select_related("organisation", "version")]
    context = {"resource": resource, "bodies": bodies, "marks": marks, "certificate": certificate, "error": error}
    return render(request, "together/mark.html", context)


def _mark(request: ViewerRequest, resource: Resource, certificate: str) -> None:
    by, at = person_of(request), timezone.now()
    revoked = typed_text(request.POST.get("revoke"))
    if revoked:
        found = get_object_or_404(QualityMark, pk=number(revoked), resource=resource)
        reviews.revoke_mark(mark=found, by=by, at=at)
        toast(request, "标识已撤销")
        return
    body = Organisation.objects.filter(uid=typed_text(request.POST.get("body"))).first()
    if body is None:
        raise NotPossible("授予机构：请选一个")
    given = reviews.award_mark(resource=resource, by=by, organisation=body, certificate=certificate, at=at)
    toast(request, f"已授予{given.get_level_display()}")
