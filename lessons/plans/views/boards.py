"""The list of plans, a new one, the board and its sheet of paper."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from catalogue.models import Node
from groups.access import Action, Refused, Verdict
from groups.models import Organisation, OrganisationKind, Role
from groups.services import NotPossible
from lessons.plans import board as boards
from lessons.plans import services
from lessons.plans.forms import PlanForm
from lessons.plans.models import TermPlan
from lessons.plans.services import Carried
from lessons.plans.views.finding import number, person_of, plan_for, viewer_of
from library.resources.keeping import typed_text
from ui.toasts import toast

PER_PAGE = 20
NOT_YOURS = "备课计划由备课组长来排，请联系你们的组长"


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """`/prep/plans/`: the plans that one may see, and the prep groups for which one plans."""
    viewer = viewer_of(request)
    page = Paginator(boards.plans_for(viewer), PER_PAGE).get_page(request.GET.get("page"))
    led = Organisation.objects.filter(pk__in=viewer.in_role(Role.PREP_LEADER), kind=OrganisationKind.PREP_GROUP)
    return render(request, "plans/index.html", {"page": page, "led": led.order_by("name"), "now": viewer.at})


@login_required
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """`/prep/plans/new/<prep group>/`: drawn from the book and the calendar, or carried over."""
    viewer = viewer_of(request)
    body = get_object_or_404(Organisation, slug=slug, kind=OrganisationKind.PREP_GROUP)
    if body.pk not in viewer.in_role(Role.PREP_LEADER):
        raise Refused(Verdict(False, NOT_YOURS))
    form = PlanForm(request.POST or None, body=body, at=viewer.at)
    if request.method == "POST" and form.is_valid():
        try:
            plan, words = _begin(request, form, body)
        except NotPossible as problem:
            form.add_error(None, str(problem))
        else:
            toast(request, words)
            return redirect(plan)
    status = 422 if form.errors else 200
    return render(request, "plans/new.html", {"form": form, "body": body}, status=status)


def _begin(request: HttpRequest, form: PlanForm, body: Organisation) -> tuple[TermPlan, str]:
    told, by, at = form.cleaned_data, person_of(request), timezone.now()
    if told["carry_from"] is not None:
        done = services.carry_over(old=told["carry_from"], term=told["term"], textbook=told["textbook"], by=by, at=at)
        return done.plan, _carried(done)
    plan = services.draw_plan(
        body=body,
        term=told["term"],
        textbook=told["textbook"],
        by=by,
        at=at,
        first_week=told["first_week"],
        last_week=told["last_week"],
        by_unit=bool(told["by_unit"]),
    )
    return plan, f"已排好 {plan.rows.count()} 课，可以认领和调整了"


def _carried(done: Carried) -> str:
    words = f"已从去年的计划带过来 {done.plan.rows.count() - len(done.added)} 课"
    if done.added:
        words += f"，新教材多出的 {len(done.added)} 课按进度补上"
    if done.left:
        words += f"；{'、'.join(done.left[:3])}{'等' if len(done.left) > 3 else ''}在新教材里没有，没有带"
    return words


@login_required
@require_safe
def board(request: HttpRequest, uid: str) -> HttpResponse:
    plan = plan_for(request, uid)
    return render(request, "plans/board.html", {"board": boards.board_of(plan, viewer_of(request)), "plan": plan})


@login_required
@require_safe
def print_(request: HttpRequest, uid: str) -> HttpResponse:
    """The plan for paper: one table, A4."""
    plan = plan_for(request, uid)
    return render(request, "plans/print.html", {"board": boards.board_of(plan, viewer_of(request)), "plan": plan})


def _deed(request: HttpRequest, uid: str, do: Callable[[TermPlan], str]) -> HttpResponse:
    """One change of the plan: its sentence as a toast, what is not possible as a note."""
    plan = plan_for(request, uid, Action.EDIT)
    try:
        toast(request, do(plan))
    except NotPossible as problem:
        messages.error(request, str(problem))
    return redirect(plan)


@login_required
@require_POST
def add(request: HttpRequest, uid: str) -> HttpResponse:
    def do(plan: TermPlan) -> str:
        node = Node.objects.filter(uid=typed_text(request.POST.get("node"))[:20]).select_related("outline").first()
        if node is None:
            raise NotPossible("课题：没有选，请在目录里选一课")
        week = number(request.POST.get("week"))
        row = services.add_row(
            plan=plan, node=node, first_week=week, last_week=week, by=person_of(request), at=timezone.now()
        )
        return f"《{row.title}》加到了第 {week} 周"

    return _deed(request, uid, do)


@login_required
@require_POST
def swap(request: HttpRequest, uid: str) -> HttpResponse:
    """Both weeks are named with the fingerprint that the page showed: `9.1f3a22c0`."""

    def do(plan: TermPlan) -> str:
        (one, seen_one), (other, seen_other) = (_week(request.POST.get(name, "")) for name in ("one", "other"))
        if one == other:
            raise NotPossible("对调要选两个不同的周")
        count = services.swap(
            plan=plan,
            one=one,
            other=other,
            seen=(seen_one, seen_other),
            by=person_of(request),
            at=timezone.now(),
        )
        return f"第 {one} 周和第 {other} 周对调了，动了 {count} 课"

    return _deed(request, uid, do)


def _week(told: str) -> tuple[int, str]:
    week, _, seen = told.partition(".")
    return number(week), seen
