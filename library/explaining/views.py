"""谁在什么时候能看，为什么: for one resource; and everything that one person could see on a day."""

from datetime import datetime

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from groups import access
from groups.access import Action, Refused
from groups.middleware import ViewerRequest
from groups.models import Person
from library.explaining import selectors
from library.explaining.asking import NotUnderstood, moment_of
from library.explaining.explain import explain
from library.explaining.models import Explained
from library.explaining.policies import require_asking_about
from library.resources.keeping import signed_in, typed_text
from library.resources.views.finding import find, refused

PER_PAGE = 20
NAMESAKES = 8
ACTIONS = {
    Action.READ: "查看",
    Action.LIST: "在列表和搜索里看到",
    Action.DOWNLOAD: "下载",
    Action.FORK: "收入备课",
    Action.EDIT: "修改",
}


def _moment(request: ViewerRequest) -> tuple[datetime, str]:
    """The day asked for and what is wrong with it; now, when nothing is asked."""
    wanted = request.GET.get("on", "").strip()
    if not wanted:
        return request.viewer.at, ""
    try:
        return moment_of(wanted), ""
    except NotUnderstood as problem:
        return request.viewer.at, str(problem)


def _action(request: ViewerRequest) -> Action:
    wanted = request.GET.get("action", "")
    return Action(wanted) if wanted in ACTIONS else Action.READ


@require_safe
@signed_in
def resource(request: ViewerRequest, uid: str) -> HttpResponse:
    """`/why/<uid>/`: whom it reached on a day; with `?who=`, whether that person could, and the chain of rules."""
    found = find(uid)
    try:
        access.require(request.viewer, Action.READ, Explained.objects.get(pk=found.pk))
    except Refused as refusal:
        return refused(request, refusal)
    at, error = _moment(request)
    who = typed_text(request.GET.get("who")).strip()[:30]
    people = list(Person.objects.filter(Q(uid=who) | Q(name=who))[:NAMESAKES]) if who else []
    answers = [explain(person, found, _action(request), at) for person in people] if len(people) == 1 else []
    reach = selectors.reach(found, at)
    context = {
        "resource": found,
        "at": at,
        "on": request.GET.get("on", "") if not error else "",
        "error": error or (f"姓名：没有找到“{who}”，请核对姓名" if who and not people else ""),
        "who": who,
        "answers": answers,
        "namesakes": people if len(people) > 1 else [],
        "reach": reach,
        "page": Paginator(reach.people, PER_PAGE).get_page(request.GET.get("page")),
        "actions": ACTIONS.items(),
        "action": _action(request),
    }
    return render(request, "explaining/resource.html", context)


@require_safe
@signed_in
def person(request: ViewerRequest, uid: str) -> HttpResponse:
    """`/why/person/<uid>/`: everything that this person could see on a day."""
    found = get_object_or_404(Person, uid=uid)
    try:
        require_asking_about(request.viewer, found)
    except Refused as refusal:
        return refused(request, refusal)
    at, error = _moment(request)
    page = Paginator(selectors.seen_by(found, at, request.viewer), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "person": found,
        "at": at,
        "today": timezone.localdate(request.viewer.at),
        "on": request.GET.get("on", "") if not error else "",
        "error": error,
        "page": page,
        "is_self": request.viewer.person_id == found.pk,
    }
    return render(request, "explaining/person.html", context)


@require_safe
@signed_in
def kept(request: ViewerRequest) -> HttpResponse:
    """`/my/kept/`: the versions that this person or their school has received and keeps (我的留存)."""
    page = Paginator(selectors.receipts(request.viewer), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": selectors.kept_rows(list(page.object_list), request.viewer)}
    return render(request, "explaining/kept.html", context)
