"""Beginning a plan from the textbook, and what stands in it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import prefetch_related_objects

from catalogue.models import Node, Outline, Textbook
from catalogue.pacing import Paced
from catalogue.selectors import lessons_of
from groups import access, audit, calendar
from groups.access import Action
from groups.models import Organisation, OrganisationKind, Person, Term
from groups.services import NotPossible
from lessons.plans.drawing import Drawn, draw, of_units
from lessons.plans.models import PlanRow, TermPlan
from lessons.plans.services.linking import link_known
from lessons.plans.services.weeks import ChangedMeanwhile, Seen, end_of, inside, locked, overtaken, write


@transaction.atomic
def draw_plan(
    *,
    body: Organisation,
    term: Term,
    textbook: Textbook,
    by: Person,
    at: datetime,
    first_week: int = 1,
    last_week: int | None = None,
    by_unit: bool = False,
) -> TermPlan:
    """Begin a term plan (排定计划): the book's lessons over the teaching days between two weeks, nobody leading yet.

    Raises:
        Refused: the rule says no.
        NotPossible: there is such a plan already, the book has no lessons, or no day of the weeks has lessons.
    """
    plan = begin(body=body, term=term, textbook=textbook, by=by, at=at)
    drawn = drawn_rows(outline_of(textbook), term, first_week, last_week or calendar.weeks_in(term), by_unit=by_unit)
    write_rows(plan, drawn, by, at)
    link_known(plan)
    audit.record(by, "plan.drawn", plan, rows=len(drawn), first_week=first_week, last_week=last_week or "")
    return plan


def begin(*, body: Organisation, term: Term, textbook: Textbook, by: Person, at: datetime) -> TermPlan:
    """The empty plan, judged by the rule."""
    if body.kind != OrganisationKind.PREP_GROUP:
        raise NotPossible("备课计划要建在备课组下面，请先选一个备课组")
    Organisation.objects.select_for_update().get(pk=body.pk)
    if TermPlan.objects.filter(body=body, term=term, textbook=textbook).exists():
        raise NotPossible(f"{body.display_name}这个学期用这本教材的计划已经有了，请打开那一份接着排")
    plan = TermPlan.objects.create(body=body, term=term, textbook=textbook, created_by=by, created_at=at)
    access.require(by, Action.EDIT, plan, at=at)
    return plan


def outline_of(textbook: Textbook) -> Outline:
    """The book's contents.

    Raises:
        NotPossible: it has none.
    """
    if textbook.outline is None:
        raise NotPossible(f"《{textbook.title}》还没有目录，排不出计划。请换一本，或请学科管理员补上目录")
    return textbook.outline


def drawn_rows(outline: Outline, term: Term, first_week: int, last_week: int, *, by_unit: bool = False) -> list[Drawn]:
    """The book over the term, as `drawing` lays it; two queries.

    Raises:
        NotPossible: no lessons, or no teaching day in these weeks.
    """
    prefetch_related_objects([term], "holidays")
    lessons = lessons_of(outline)
    inside(term, first_week, last_week)
    days = [
        week
        for week in range(first_week, last_week + 1)
        for day in calendar.week_days(term, week)
        if calendar.is_teaching_day(term, day)
    ]
    if not lessons:
        raise NotPossible(f"“{outline.title}”里没有标课时的课，排不出计划。请学科管理员在目录里补上建议课时")
    if not days:
        raise NotPossible("选的这几周都不上课，请看看校历，换一个起止周")
    drawn = draw((Paced(node.pk, node.periods or 1) for node in lessons), days)
    return of_units(_by_unit(outline, lessons), drawn) if by_unit else drawn


def _by_unit(outline: Outline, lessons: Iterable[Node]) -> list[tuple[int, list[int]]]:
    """(top entry, its lessons) in the book's order."""
    parents = dict(outline.nodes.values_list("pk", "parent_id"))
    units: dict[int, list[int]] = {}
    for lesson in lessons:
        top = lesson.pk
        while (above := parents.get(top)) is not None:
            top = above
        units.setdefault(top, []).append(lesson.pk)
    return list(units.items())


def write_rows(plan: TermPlan, drawn: Sequence[Drawn], by: Person, at: datetime, start: int = 1) -> None:
    PlanRow.objects.bulk_create(
        PlanRow(
            plan=plan,
            node_id=one.node_id,
            first_week=one.first_week,
            last_week=one.last_week,
            order=number,
            changed_by=by,
            changed_at=at,
        )
        for number, one in enumerate(drawn, start)
    )


@transaction.atomic
def add_row(*, plan: TermPlan, node: Node, first_week: int, last_week: int, by: Person, at: datetime) -> PlanRow:
    """Plan one more lesson (加一课), also one that stands in the plan already: the page then shows the conflict.

    Raises:
        Refused: the rule says no.
        NotPossible: another book's lesson, or no such week.
    """
    access.require(by, Action.EDIT, plan, at=at)
    if node.outline_id != plan.textbook.outline_id:
        raise NotPossible(f"《{node.heading}》不在这份计划的教材里，请选这本书里的课")
    inside(plan.term, first_week, last_week)
    row = PlanRow.objects.create(
        plan=plan,
        node=node,
        first_week=first_week,
        last_week=last_week,
        order=end_of(plan, first_week),
        changed_by=by,
        changed_at=at,
    )
    audit.record(by, "plan.row_added", plan, row=row.uid, node=node.uid)
    return row


@transaction.atomic
def remove_row(*, row: PlanRow, seen: Seen, by: Person, at: datetime) -> None:
    """Take a lesson out of the plan (拿掉). The other parts of a split one close up.

    Raises:
        Refused: the rule says no.
        ChangedMeanwhile: somebody else changed it first.
        NotPossible: its work has begun.
    """
    row = locked(row, by, at)
    if row.version != seen.version:
        raise ChangedMeanwhile(overtaken(row, seen, "拿掉"))
    if row.work:
        raise NotPossible(f"《{row.title}》已经开始备课，不能从计划里拿掉。不备了，请先在备课页作废")
    row.delete()
    audit.record(by, "plan.row_removed", row.plan, row=row.uid, node=row.node.uid)
    others = list(PlanRow.objects.select_for_update().filter(plan=row.plan, node=row.node, part__gt=0).order_by("part"))
    for number, other in enumerate(others, 1):
        part = number if len(others) > 1 else 0
        if other.part != part:
            write(other, by, at, part=part)
