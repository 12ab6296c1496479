"""The prep groups' term plans of the demo: drawn, moved near this week, led."""

from typing import Any

from django.utils import timezone

from groups import calendar
from groups.selectors import textbook_for
from lessons.plans import services
from lessons.plans.models import PlanRow, TermPlan
from lessons.plans.services.weeks import seen_of
from website.demo.reading import DemoProblem, Facts, moment, read
from website.demo.town import Town, plain


def load_plans(town: Town) -> None:
    """After the prep groups' preparations or before them: a lesson finds its preparation either way."""
    for told in read("plans.yaml")["plans"]:
        _load(town, told)


def _load(town: Town, told: Facts) -> None:
    body, by, at = town.organisation(told["body"]), town.person(told["by"]), moment(told, town.now)
    term = calendar.term_at(timezone.localdate(town.now))
    school = town.school_of(by, town.now)
    if term is None or school is None or body.subject is None or body.grade is None:
        raise DemoProblem(f"plans.yaml：{body.name}没有学期、学校、学科或年级")
    book = textbook_for(school, body.subject, body.grade, town.now)
    if book is None:
        raise DemoProblem(f"plans.yaml：{school.name}没有选{body.subject.name}教材")
    last = min(int(told["last_week"]), calendar.weeks_in(term))
    plan = services.draw_plan(
        body=body, term=term, textbook=book, by=by, at=at, first_week=int(told["first_week"]), last_week=last
    )
    _move(town, plan, told)
    _lead(town, plan, told)


def _rows(plan: TermPlan) -> list[PlanRow]:
    return list(plan.rows.select_related("node__parent", "lead", "preparation__lead").order_by("node__order"))


def _place(row: PlanRow) -> tuple[int, str]:
    """(unit, lesson) as the content names it."""
    unit = row.node.parent or row.node
    return int(unit.number) if unit.number.isdigit() else 0, plain(row.node.title)


def _told(told: Facts, part: str) -> dict[tuple[int, str], Any]:
    return {(int(unit), plain(lesson)): what for unit, lesson, what in told[part]}


def _move(town: Town, plan: TermPlan, told: Facts) -> None:
    """Lessons near this week; what the book of this term does not have stays out."""
    now, last = calendar.week_of(plan.term, timezone.localdate(town.now)), calendar.weeks_in(plan.term)
    wanted, by, at = _told(told, "near"), town.person(told["by"]), moment(told, town.now)
    for row in _rows(plan):
        if _place(row) in wanted:
            week = min(max(now + int(wanted[_place(row)]), 1), last)
            services.move(row=row, first_week=week, last_week=week, seen=seen_of(row), by=by, at=at)


def _lead(town: Town, plan: TermPlan, told: Facts) -> None:
    """By themselves, then single lessons by the organiser, then what is left of each unit at once."""
    claims, lessons = _told(told, "claims"), _told(told, "lessons")
    by, at = town.person(told["by"]), moment(told, town.now)
    free = [row for row in _rows(plan) if row.preparation is None]
    for row in free:
        if _place(row) in claims:
            services.claim(row=row, by=town.person(claims[_place(row)]), at=at)
        elif _place(row) in lessons:
            services.assign(row=row, lead=town.person(lessons[_place(row)]), version=row.version, by=by, at=at)
    for unit, name in told["leads"].items():
        lead = town.person(name)
        for row in [one for one in _rows(plan) if _place(one)[0] == unit and not one.leader][:1]:
            services.assign(row=row, lead=lead, version=row.version, by=by, at=at, whole_unit=True)
