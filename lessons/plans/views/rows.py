"""One lesson of the plan: its page with every change by forms, the same deeds for the board's script, and its lead."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from groups import calendar
from groups.access import Action
from groups.models import Person
from groups.services import NotPossible
from lessons.plans import circles, services
from lessons.plans.models import PlanRow
from lessons.plans.services import ChangedMeanwhile
from lessons.plans.views.finding import number, person_of, plan_for, row_of, seen_in, viewer_of
from library.resources.keeping import typed_text
from ui.toasts import toast

Deed = Callable[[HttpRequest, PlanRow], str]


@login_required
def row_page(request: HttpRequest, uid: str, row: str) -> HttpResponse:
    """`/prep/plans/<plan>/<row>/`: move, split, assign, take out. The board's script posts here too and gets JSON."""
    plan = plan_for(request, uid, Action.EDIT)
    found = row_of(plan, row)
    if request.method == "POST":
        return _answer(request, found, DEEDS.get(request.POST.get("do", ""), _nothing))
    context = {
        "row": found,
        "plan": plan,
        "members": circles.members_of(plan.body, viewer_of(request).at),
        "weeks": range(1, calendar.weeks_in(plan.term) + 1),
    }
    return render(request, "plans/row.html", context)


def _answer(request: HttpRequest, row: PlanRow, deed: Deed) -> HttpResponse:
    is_script = request.headers.get("X-Requested-With") == "fetch"
    try:
        words = deed(request, row)
    except NotPossible as problem:
        if is_script:
            status = 409 if isinstance(problem, ChangedMeanwhile) else 422
            return JsonResponse({"words": str(problem)}, status=status)
        messages.error(request, str(problem))
        return redirect(f"{row.plan.get_absolute_url()}#r-{row.uid}")
    if is_script:
        return JsonResponse({"words": words})
    toast(request, words)
    return redirect(f"{row.plan.get_absolute_url()}#r-{row.uid}")


def _nothing(request: HttpRequest, row: PlanRow) -> str:
    raise NotPossible("没有说要做什么，请用页面上的按钮")


def _move(request: HttpRequest, row: PlanRow) -> str:
    first = number(request.POST.get("first"))
    last = number(request.POST.get("last")) or first
    moved = services.move(
        row=row, first_week=first, last_week=last, seen=seen_in(request), by=person_of(request), at=timezone.now()
    )
    return f"《{moved.title}》移到了{moved.weeks}"


def _split(request: HttpRequest, row: PlanRow) -> str:
    second = services.split(row=row, seen=seen_in(request), by=person_of(request), at=timezone.now())
    return f"《{second.node.heading}》拆成了两段，后一段在{second.weeks}"


def _remove(request: HttpRequest, row: PlanRow) -> str:
    services.remove_row(row=row, seen=seen_in(request), by=person_of(request), at=timezone.now())
    return f"《{row.title}》从计划里拿掉了"


def _assign(request: HttpRequest, row: PlanRow) -> str:
    uid = typed_text(request.POST.get("lead"))[:20]
    lead = Person.objects.filter(uid=uid).first() if uid else None
    if uid and lead is None:
        raise NotPossible("主备人：找不到这个人，请在名单里选")
    count = services.assign(
        row=row,
        lead=lead,
        version=seen_in(request).version,
        by=person_of(request),
        at=timezone.now(),
        whole_unit=bool(request.POST.get("whole_unit")),
    )
    if lead is None:
        return f"《{row.title}》现在没有主备人，等大家认领"
    return f"《{row.title}》{f'等 {count} 课' if count > 1 else ''}由{lead.name}主备"


DEEDS: dict[str, Deed] = {"move": _move, "split": _split, "remove": _remove, "assign": _assign}


@login_required
@require_POST
def lead(request: HttpRequest, uid: str, row: str) -> HttpResponse:
    """Claim a lesson, give it back, or begin its work."""
    plan = plan_for(request, uid)
    return _answer(request, row_of(plan, row), LEADING.get(request.POST.get("do", ""), _nothing))


def _claim(request: HttpRequest, row: PlanRow) -> str:
    services.claim(row=row, by=person_of(request), at=timezone.now())
    return f"《{row.title}》归你主备了，{row.weeks}要用"


def _release(request: HttpRequest, row: PlanRow) -> str:
    services.release(row=row, by=person_of(request), at=timezone.now())
    return f"《{row.title}》退回了，等大家认领"


def _start(request: HttpRequest, row: PlanRow) -> str:
    services.start(row=row, by=person_of(request), at=timezone.now())
    return f"《{row.title}》开始备了，初稿已经建好"


LEADING: dict[str, Deed] = {"claim": _claim, "release": _release, "start": _start}
