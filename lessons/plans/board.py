"""The plan as its page, its sheet of paper and its workbook show it: weeks with their lessons, and what does not fit."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet, prefetch_related_objects
from django.utils import timezone

from catalogue.models import Node, Textbook
from groups import access, calendar
from groups.access import Action
from groups.models import Adoption, Organisation, Person, Term
from groups.models.dated import valid
from groups.viewer import Viewer
from lessons.plans import circles, conflicts
from lessons.plans.conflicts import Conflict, Surroundings
from lessons.plans.models import PlanRow, TermPlan
from lessons.plans.services.weeks import fingerprint
from lessons.prep.models import Preparation, State

DONE = (State.SETTLED, State.IN_USE, State.RECAPPING, State.ARCHIVED)
OVER = (State.ARCHIVED, State.CANCELLED)


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A lesson of the plan with everything that its card shows.

    `tone`: `gap` nobody leads it, `due` its week is here and it is not settled, `wip` at work, `ok` settled, `past`
    its week went by without any work.
    """

    row: PlanRow
    unit: str
    state: str
    tone: str
    url: str
    is_mine: bool
    has_conflict: bool

    @property
    def can_start(self) -> bool:
        return self.row.work is None and self.row.lead_id is not None

    @property
    def is_long(self) -> bool:
        return self.row.last_week > self.row.first_week


@dataclass(frozen=True, slots=True)
class BoardWeek:
    """One week: its days, whether lessons are given in it, what begins in it and what goes on from before."""

    number: int
    days: str
    holidays: str
    is_teaching: bool
    is_now: bool
    print_: str
    rows: tuple[BoardRow, ...]
    going_on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Board:
    plan: TermPlan
    weeks: tuple[BoardWeek, ...]
    conflicts: tuple[Conflict, ...]
    schools: tuple[Organisation, ...]
    members: tuple[Person, ...]
    units: tuple[tuple[str, tuple[Node, ...]], ...]
    can_edit: bool
    can_claim: bool

    @property
    def rows(self) -> list[BoardRow]:
        return [row for week in self.weeks for row in week.rows]

    @property
    def unclaimed(self) -> int:
        return sum(row.tone == "gap" for row in self.rows)

    @property
    def settled(self) -> int:
        return sum(row.tone == "ok" for row in self.rows)


def plans_for(viewer: Viewer) -> "QuerySet[TermPlan]":
    found = access.narrow(TermPlan.objects.all(), viewer, Action.LIST)
    return found.select_related("body", "term", "textbook__edition", "textbook__subject", "textbook__outline")


def rows_of(plan: TermPlan) -> list[PlanRow]:
    rows = plan.rows.select_related("node", "lead", "preparation__lead", "changed_by")
    return list(rows.order_by("first_week", "order", "pk"))


def board_of(plan: TermPlan, viewer: Viewer) -> Board:
    """Everything for the page; its queries do not grow with the rows."""
    prefetch_related_objects([plan.term], "holidays")
    rows = rows_of(plan)
    held = access.relations_of(viewer, plan)
    nodes = list(plan.textbook.outline.nodes.order_by("order")) if plan.textbook.outline else []
    units = _units(nodes)
    schools = circles.schools_of(plan.body, viewer.at)
    members = tuple(circles.members_of(plan.body, viewer.at))
    around = _surroundings(plan, rows, viewer, schools, members, units)
    found = tuple(conflicts.find(rows, around))
    readable = _readable(rows, viewer)
    marked = {uid for conflict in found for uid in conflict.rows}
    today = timezone.localdate(viewer.at)
    now = calendar.week_of(plan.term, today) if plan.term.first_day <= today <= plan.term.last_day else 0
    names = {node.pk: node.heading for node in nodes}
    shown = [_shown(row, names.get(units.get(row.node_id, 0), ""), viewer, readable, marked, now) for row in rows]
    may = {action: bool(access.verdict_of(held, viewer, action, plan)) for action in (Action.EDIT, Action.CLAIM)}
    return Board(
        plan=plan,
        weeks=_weeks(plan.term, shown, now),
        conflicts=found,
        schools=tuple(schools),
        members=members,
        units=_choices(nodes, units),
        can_edit=may[Action.EDIT],
        can_claim=may[Action.CLAIM],
    )


def _units(nodes: Sequence[Node]) -> dict[int, int]:
    """Node → the top entry of its book above it."""
    parents = {node.pk: node.parent_id for node in nodes}

    def top(pk: int) -> int:
        above = parents.get(pk)
        return pk if above is None else top(above)

    return {pk: top(pk) for pk in parents}


def _choices(nodes: Sequence[Node], units: dict[int, int]) -> tuple[tuple[str, tuple[Node, ...]], ...]:
    """Units with what may be planned of them, for the list of "加一课"."""
    grouped: dict[int, list[Node]] = defaultdict(list)
    for node in nodes:
        if node.status == Node.Status.ACTIVE and (node.periods is not None or units[node.pk] == node.pk):
            grouped[units[node.pk]].append(node)
    names = {node.pk: node.heading for node in nodes}
    return tuple((names[unit], tuple(found)) for unit, found in grouped.items())


def _surroundings(
    plan: TermPlan,
    rows: Sequence[PlanRow],
    viewer: Viewer,
    schools: list[Organisation],
    members: Sequence[Person],
    units: dict[int, int],
) -> Surroundings:
    return Surroundings(
        teaching=frozenset(calendar.teaching_weeks(plan.term)),
        unit_of=units,
        seated={person.pk for person in members},
        other_books=_other_books(plan, schools, viewer.at),
        days_off=circles.days_off(plan.term, schools),
        elsewhere=_elsewhere(plan, rows, viewer),
    )


def _other_books(plan: TermPlan, schools: list[Organisation], at: datetime) -> dict[str, str]:
    """Schools that adopted another book of the same subject, grade and volume, and not the plan's."""
    book = plan.textbook
    adopted = Adoption.objects.filter(valid(at), school__in=schools, textbook__subject=book.subject_id)
    if plan.body.grade is not None:
        adopted = adopted.filter(grade=plan.body.grade)
    by_school: dict[int, list[Textbook]] = defaultdict(list)
    for one in adopted.select_related("textbook__edition"):
        by_school[one.school_id].append(one.textbook)
    found = {}
    for school in schools:
        theirs = [b for b in by_school[school.pk] if b.volume in (book.volume, Textbook.Volume.WHOLE)]
        if theirs and book.pk not in {b.pk for b in theirs}:
            found[school.display_name] = f"{theirs[0].edition or ''}{theirs[0].grade_volume}"
            if theirs[0].revision != book.revision and theirs[0].edition_id == book.edition_id:
                found[school.display_name] += f"（{theirs[0].get_revision_display()}）"
    return found


def _elsewhere(plan: TermPlan, rows: Sequence[PlanRow], viewer: Viewer) -> dict[int, str]:
    """The same lessons in other preparations that the viewer may read: node → whose."""
    own = {row.preparation_id for row in rows}
    others = access.narrow(Preparation.objects.exclude(state__in=OVER), viewer, Action.READ)
    found = others.filter(node__in={row.node_id for row in rows}, term=plan.term).select_related("body")
    return {one.node_id: one.body.display_name for one in found if one.pk not in own and one.node_id}


def _readable(rows: Sequence[PlanRow], viewer: Viewer) -> frozenset[int]:
    """The preparations that the viewer may open."""
    begun = [row.preparation_id for row in rows if row.preparation_id]
    if not begun:
        return frozenset()
    found = access.narrow(Preparation.objects.filter(pk__in=begun), viewer, Action.READ)
    return frozenset(found.values_list("pk", flat=True))


def _shown(row: PlanRow, unit: str, viewer: Viewer, readable: frozenset[int], marked: set[str], now: int) -> BoardRow:
    state, tone = state_of(row, now)
    preparation, leader = row.work, row.leader
    return BoardRow(
        row=row,
        unit="" if unit == row.node.heading else unit,
        state=state,
        tone=tone,
        url=preparation.get_absolute_url() if preparation and preparation.pk in readable else "",
        is_mine=leader is not None and leader.pk == viewer.person_id,
        has_conflict=row.uid in marked,
    )


def state_of(row: PlanRow, now: int) -> tuple[str, str]:
    """The word of a row's state, and its tone: what is not settled when its week has come is due."""
    if row.work is not None:
        if row.work.state in DONE:
            return row.work.get_state_display(), "ok"
        return row.work.get_state_display(), "due" if now and row.first_week <= now else "wip"
    if row.last_week < now:
        return "没有集体备", "past"
    if row.lead_id is None:
        return "待认领", "gap"
    return "未开始", "due" if now and row.first_week <= now else "wip"


def _weeks(term: Term, rows: Sequence[BoardRow], now: int) -> tuple[BoardWeek, ...]:
    teaching = set(calendar.teaching_weeks(term))
    last = max([calendar.weeks_in(term), *(row.row.last_week for row in rows)])
    return tuple(_week(term, number, rows, number in teaching, number == now) for number in range(1, last + 1))


def _week(term: Term, number: int, rows: Sequence[BoardRow], is_teaching: bool, is_now: bool) -> BoardWeek:
    days = calendar.week_days(term, number)
    off = {holiday.name: None for day in days if (holiday := calendar.holiday_on(term, day))}
    here = tuple(row for row in rows if row.row.first_week == number)
    return BoardWeek(
        number=number,
        days=f"{_day(days[0])}—{_day(days[-1])}",
        holidays="、".join(off),
        is_teaching=is_teaching,
        is_now=is_now,
        print_=fingerprint(row.row for row in here),
        rows=here,
        going_on=tuple(r.row.title for r in rows if r.row.first_week < number <= r.row.last_week),
    )


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"
