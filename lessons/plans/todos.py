"""What a term plan asks of people (待办): lessons that nobody leads, and own lessons whose work should begin."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from groups import access, calendar
from groups.access import Action
from groups.inbox import things, todos
from groups.inbox.todos import Todo, Waiting
from groups.viewer import Viewer
from lessons.plans.models import PlanRow, TermPlan
from lessons.prep.models import State

AHEAD = 3
"""A lesson should have its lead, and its first draft begun, so many weeks before it is taught."""


def register() -> None:
    todos.register("plan rows to claim", _to_claim)
    todos.register("plan rows to begin", _to_begin)
    things.register("prep_plan", _names)


def _rows(viewer: Viewer) -> "QuerySet[PlanRow]":
    """Rows without a preparation, of the running and coming terms."""
    today = timezone.localdate(viewer.at)
    idle = Q(preparation__isnull=True) | Q(preparation__state=State.CANCELLED)
    rows = PlanRow.objects.filter(idle, plan__term__last_day__gte=today)
    return rows.select_related("node", "plan__term", "plan__body")


def _to_claim(viewer: Viewer, most: int) -> Waiting:
    """For each plan one line: its lessons of the next weeks that nobody leads."""
    if not viewer.belongs:
        return Waiting()
    mine = access.narrow(TermPlan.objects.all(), viewer, Action.CLAIM)
    found: dict[int, list[PlanRow]] = {}
    for row in _rows(viewer).filter(lead__isnull=True, plan__in=mine).order_by("first_week", "order")[:200]:
        now = calendar.week_of(row.plan.term, timezone.localdate(viewer.at))
        if now <= row.first_week <= now + AHEAD:
            found.setdefault(row.plan_id, []).append(row)
    shown = [_claim(rows) for rows in found.values()]
    return Waiting(shown[:most], len(shown))


def _claim(rows: list[PlanRow]) -> Todo:
    first = rows[0]
    title = f"认领{first.weeks}的《{first.title}》" + (f"等 {len(rows)} 课" if len(rows) > 1 else "")
    return Todo(
        "hand", title, f"{first.plan.body.display_name}，还没有主备人", first.plan.get_absolute_url(),
        first.changed_at, _monday(first, back=AHEAD - 1),
    )  # fmt: skip


def _to_begin(viewer: Viewer, most: int) -> Waiting:
    """Lessons that one leads and has not begun, from some weeks before."""
    if viewer.person is None:
        return Waiting()
    mine = access.narrow(TermPlan.objects.all(), viewer, Action.READ)
    today = timezone.localdate(viewer.at)
    found = [
        row
        for row in _rows(viewer).filter(lead=viewer.person_id, plan__in=mine).order_by("first_week", "order")[:200]
        if row.first_week - AHEAD <= calendar.week_of(row.plan.term, today) <= row.last_week
    ]
    shown = [
        Todo(
            "pen-line",
            f"开始初备《{row.title}》",
            f"{row.plan.body.display_name}，你主备，{row.weeks}上",
            f"{row.plan.get_absolute_url()}#r-{row.uid}",
            row.changed_at,
            _monday(row, back=1),
        )
        for row in found[:most]
    ]
    return Waiting(shown, len(found))


def _monday(row: PlanRow, *, back: int) -> date:
    """The Monday so many weeks before the lesson's first week."""
    return calendar.week_days(row.plan.term, row.first_week)[0] - timedelta(weeks=back)


def _names(uids: Sequence[str], viewer: Viewer) -> dict[str, things.Named]:
    plans = access.narrow(TermPlan.objects.filter(uid__in=uids), viewer, Action.READ)
    return {plan.uid: things.Named(str(plan), plan.get_absolute_url()) for plan in plans.select_related("body", "term")}
