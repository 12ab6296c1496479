"""Last year's plan as this year's beginning: same book by node, revised book by the mapping that is in force."""

from datetime import timedelta

import pytest

from catalogue.models import Node, Outline, Textbook
from groups import calendar
from groups.models import Term
from groups.services import NotPossible
from lessons.plans import services
from library.outlines.models import Mapping, MappingLine
from tests.plans.conftest import HOLIDAY_WEEK, Desk


def next_year(desk: Desk) -> Term:
    """The same sixteen weeks a year later, without a holiday."""
    later = timedelta(weeks=52)
    return Term.objects.create(
        year=desk.term.year + 1, half=1, first_day=desk.term.first_day + later, last_day=desk.term.last_day + later
    )


def test_the_same_book_keeps_weeks_counted_in_teaching_weeks_and_leads_who_still_sit_here(desk: Desk) -> None:
    old, term = desk.plan(), next_year(desk)
    first, second, third = (desk.row(old, place) for place in range(3))
    for row, week in ((first, 2), (second, 9), (third, 14)):
        services.move(row=row, first_week=week, last_week=week, seen=desk.seen(row), by=desk.leader, at=desk.at)
    services.claim(row=first, by=desk.member, at=desk.at)
    services.claim(row=second, by=desk.leader, at=desk.at)
    desk.body.appointments.filter(person=desk.member).update(ends_at=desk.at)
    done = services.carry_over(old=old, term=term, textbook=desk.shelf.book, by=desk.leader, at=desk.at)
    rows = [(row.first_week, row.lead) for row in done.plan.rows.order_by("node__order")]
    assert rows == [(2, None), (8, desk.leader), (13, None)], f"week {HOLIDAY_WEEK} was a holiday then"
    assert (done.left, done.added) == ((), ())
    done.plan.refresh_from_db()
    assert done.plan.carried_from == old
    assert set(calendar.teaching_weeks(term)) >= {week for week, _ in rows}


def revised(desk: Desk, *, state: str = "applied") -> Textbook:
    """The new revision: the first lesson is two now, the last one is gone, one is new."""
    outline = Outline.objects.create(title="新教材")
    book = Textbook.objects.create(
        title="数学五年级上册（新）", subject=desk.shelf.subject, edition=desk.shelf.book.edition, grade_from=5,
        grade_to=5, volume="first", revision="new", is_active=True, outline=outline,
    )  # fmt: skip
    nodes = [
        Node.objects.create(outline=outline, kind="lesson", title=title, order=n, periods=2)
        for n, title in enumerate(("底和高", "平行四边形", "梯形", "认识多边形"), 1)
    ]
    mapping = Mapping.objects.create(
        old=desk.shelf.outline, new=outline, reason="换新教材", state=state, proposed_by=desk.leader,
        proposed_at=desk.at, decided_by=desk.second, decided_at=desk.at,
    )  # fmt: skip
    parallelogram, trapezoid, composite = desk.shelf.lessons
    for order, (old, new, kind) in enumerate(
        (
            (parallelogram, nodes[0], "split"),
            (parallelogram, nodes[1], "split"),
            (trapezoid, nodes[2], "renamed"),
            (composite, None, "deleted"),
            (None, nodes[3], "added"),
        )
    ):
        MappingLine.objects.create(mapping=mapping, old=old, new=new, kind=kind, order=order)
    return book


def test_a_revised_book_is_filled_by_the_mapping_and_what_is_left_or_new_is_told(desk: Desk) -> None:
    old, book = desk.plan(), revised(desk)
    first = desk.row(old)
    services.claim(row=first, by=desk.member, at=desk.at)
    done = services.carry_over(old=old, term=next_year(desk), textbook=book, by=desk.leader, at=desk.at)
    leads = {row.node.title: row.lead for row in done.plan.rows.select_related("node", "lead")}
    assert leads == {"底和高": desk.member, "平行四边形": desk.member, "梯形": None, "认识多边形": None}
    assert done.left == ("组合图形的面积",)
    assert done.added == ("认识多边形",)


def test_a_mapping_that_nobody_confirmed_carries_nothing(desk: Desk) -> None:
    old, book = desk.plan(), revised(desk, state="waiting")
    with pytest.raises(NotPossible, match="新旧教材对照"):
        services.carry_over(old=old, term=next_year(desk), textbook=book, by=desk.leader, at=desk.at)


def test_a_plan_by_units_is_carried_by_units_without_their_lessons(desk: Desk) -> None:
    desk.more_lessons(3)
    old = desk.plan(by_unit=True)
    done = services.carry_over(old=old, term=next_year(desk), textbook=desk.shelf.book, by=desk.leader, at=desk.at)
    assert sorted(done.plan.rows.values_list("node__title", flat=True)) == ["多边形的面积", "数学广角"]
