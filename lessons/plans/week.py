"""What the prep groups of a teacher planned for one week: for the home page, with the way to each lesson's shared work."""

from dataclasses import dataclass
from datetime import date, timedelta

from groups import access, calendar
from groups.access import Action
from groups.viewer import Viewer
from lessons.adaptations.models import Adaptation
from lessons.plans.board import state_of
from lessons.plans.models import PlanRow, TermPlan
from lessons.prep.models import Preparation

MOST = 12
WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class PlannedLesson:
    """A lesson of this week's plan: its words, and the address of what is nearest to the teacher.

    That is one's own adaptation, else the preparation where one may read it, else its place in the plan.
    """

    row: PlanRow
    state: str
    tone: str
    url: str
    is_own: bool

    @property
    def label(self) -> str:
        return "我的个案" if self.is_own else self.state


def of_week(viewer: Viewer, day: date, shift: int = 0) -> tuple[PlannedLesson, ...]:
    """The lessons of the week that holds `day`, moved by `shift` weeks; five queries at most."""
    if viewer.person is None or not viewer.belongs:
        return ()
    there = day + WEEK * shift
    plans = access.narrow(TermPlan.objects.all(), viewer, Action.CLAIM)
    running = plans.filter(term__first_day__lte=there + WEEK, term__last_day__gte=there - WEEK)
    weeks = {plan.pk: calendar.week_of(plan.term, there) for plan in running.select_related("term")}
    rows = PlanRow.objects.filter(plan__in=weeks).select_related("node", "lead", "preparation__lead", "plan")
    here = [
        row
        for row in rows.order_by("plan", "first_week", "order")
        if row.first_week <= weeks[row.plan_id] <= row.last_week
    ]
    return _shown(here[:MOST], viewer, weeks)


def _shown(rows: list[PlanRow], viewer: Viewer, weeks: dict[int, int]) -> tuple[PlannedLesson, ...]:
    begun = [row.work.pk for row in rows if row.work]
    readable = Preparation.objects.none()
    own: dict[int, Adaptation] = {}
    if begun:
        readable = access.narrow(Preparation.objects.filter(pk__in=begun), viewer, Action.READ)
        mine = Adaptation.objects.filter(teacher=viewer.person_id, preparation__in=begun)
        own = {one.preparation_id: one for one in mine if one.preparation_id}
    open_to_me = set(readable.values_list("pk", flat=True)) if begun else set()
    shown = []
    for row in rows:
        state, tone = state_of(row, weeks[row.plan_id])
        adaptation = own.get(row.preparation_id or 0)
        shown.append(PlannedLesson(row, state, tone, _url(row, adaptation, open_to_me), adaptation is not None))
    return tuple(shown)


def _url(row: PlanRow, adaptation: Adaptation | None, open_to_me: set[int]) -> str:
    if adaptation is not None:
        return adaptation.get_absolute_url()
    if row.work is not None and row.work.pk in open_to_me:
        return row.work.get_absolute_url()
    return f"{row.plan.get_absolute_url()}#r-{row.uid}"
