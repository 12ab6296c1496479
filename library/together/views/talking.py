"""评论、感谢、关注, and one's own list of what one follows."""

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from groups.access import Action, may, require
from groups.middleware import ViewerRequest
from groups.models import Organisation, OrganisationKind, Person
from library.resources.keeping import typed_text
from library.resources.models import Resource
from library.resources.selectors.cards import cards
from library.resources.views.finding import find
from library.together.models import Comment, Follow
from library.together.services import talk
from library.together.views.answering import back, button, number, page, person_of
from ui.toasts import toast

PAGE_SIZE = 20


@button
def comment(request: ViewerRequest, uid: str) -> HttpResponse:
    resource = find(uid)
    to = typed_text(request.POST.get("answering"))
    answering = Comment.objects.filter(pk=number(to), resource=resource).first()
    talk.comment(
        resource=resource,
        by=person_of(request),
        words=typed_text(request.POST.get("words")),
        at=timezone.now(),
        answering=answering,
    )
    toast(request, "已发出")
    return redirect(f"{resource.get_absolute_url()}#talk")


def _comment(request: ViewerRequest, pk: int) -> Comment:
    """A comment under a resource that the viewer may read; another one is as if it were not there."""
    found = get_object_or_404(Comment.objects.select_related("resource", "author"), pk=pk)
    if not may(request.viewer, Action.READ, found):
        raise Http404("没有这条评论")
    return found


@page
def edit_comment(request: ViewerRequest, pk: int) -> HttpResponse:
    """`/comments/<pk>/edit/`: one's own words, until someone answers."""
    written = _comment(request, pk)
    require(request.viewer, Action.EDIT, written)
    words, error = typed_text(request.POST.get("words", written.words)), ""
    if request.method == "POST":
        try:
            talk.edit_comment(written=written, by=person_of(request), words=words, at=timezone.now())
        except talk.NotPossible as problem:
            error = str(problem)
        else:
            toast(request, "评论已改")
            return redirect(f"{written.resource.get_absolute_url()}#talk")
    context = {"written": written, "words": words, "error": error}
    return render(request, "together/edit_comment.html", context)


@button
def delete_comment(request: ViewerRequest, pk: int) -> HttpResponse:
    written = _comment(request, pk)
    talk.delete_comment(written=written, by=person_of(request), at=timezone.now())
    toast(request, "评论已删除，原处留有记录")
    return redirect(f"{written.resource.get_absolute_url()}#talk")


@page
def report_comment(request: ViewerRequest, pk: int) -> HttpResponse:
    """`/comments/<pk>/report/`: say what is wrong with it."""
    written = _comment(request, pk)
    require(request.viewer, Action.REPORT, written)
    reason, error = typed_text(request.POST.get("reason")), ""
    if request.method == "POST":
        try:
            talk.report_comment(written=written, by=person_of(request), reason=reason, at=timezone.now())
        except talk.NotPossible as problem:
            error = str(problem)
        else:
            toast(request, "已告诉管这份资料的人")
            return redirect(f"{written.resource.get_absolute_url()}#talk")
    return render(request, "together/report_comment.html", {"written": written, "reason": reason, "error": error})


@button
def thank(request: ViewerRequest, uid: str) -> HttpResponse:
    resource = find(uid)
    stands = talk.toggle_thanks(resource=resource, by=person_of(request), at=timezone.now())
    toast(request, f"已向{resource.owner.name}老师道谢" if stands else "已收回感谢")
    return back(request, resource.get_absolute_url())


@button
def follow(request: ViewerRequest, kind: str, uid: str) -> HttpResponse:
    """Follow, or no longer, a studio, a person or a resource."""
    by, at = person_of(request), timezone.now()
    if kind == "studio":
        studio = get_object_or_404(Organisation, uid=uid, kind=OrganisationKind.STUDIO)
        followed, name = talk.toggle_follow(by=by, at=at, studio=studio), studio.name
    elif kind == "person":
        person = get_object_or_404(Person, uid=uid)
        followed, name = talk.toggle_follow(by=by, at=at, person=person), f"{person.name}老师"
    else:
        resource = find(uid)
        followed, name = talk.toggle_follow(by=by, at=at, resource=resource), f"《{resource.title}》"
    toast(request, f"已关注{name}，有更新会告诉你" if followed else f"不再关注{name}")
    return back(request, "/my/following/")


@page
def following(request: ViewerRequest) -> HttpResponse:
    """`/my/following/`: whom and what I follow, and what is new from them that I may see."""
    own = Follow.objects.filter(follower=request.viewer.person_id)
    news = Resource.objects.filter(
        Q(studio__followers__follower=request.viewer.person_id)
        | Q(owner__followers__follower=request.viewer.person_id)
        | Q(followers__follower=request.viewer.person_id),
        state="published",
        primary=True,
    )
    shown = news.exclude(owner=request.viewer.person_id).visible_to(request.viewer).distinct()
    found = Paginator(shown.order_by("-published_at", "-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    visible = Resource.objects.filter(followers__follower=request.viewer.person_id).visible_to(request.viewer)
    context = {
        "page": found,
        "cards": cards(
            Resource.objects.filter(pk__in=[r.pk for r in found]).order_by("-published_at", "-pk"), request.viewer
        ),
        "studios": [f.studio for f in own.filter(studio__isnull=False).select_related("studio")],
        "people": [f.person for f in own.filter(person__isnull=False).select_related("person")],
        "resources": list(visible.order_by("title")),
    }
    return render(request, "together/following.html", context)
