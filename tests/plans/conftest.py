"""A prep group of two schools with a term of sixteen weeks, a holiday week in it, and a book of three lessons."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from catalogue.models import Node
from groups.models import Adoption, Holiday, Organisation, Person, Role, Term
from lessons.plans import services
from lessons.plans.models import PlanRow, TermPlan
from lessons.plans.services.weeks import Seen, seen_of
from tests.factories import people, shelf
from tests.factories.shelf import Shelf
from tests.factories.town import Town

HOLIDAY_WEEK = 5
WEEKS = 16


@dataclass
class Desk:
    """A prep group at work: leader of the lead school, a member of the member school, a second leader."""

    town: Town
    shelf: Shelf
    body: Organisation
    term: Term
    leader: Person
    second: Person
    member: Person
    at: datetime

    def plan(self, **more: Any) -> TermPlan:
        return services.draw_plan(
            body=self.body, term=self.term, textbook=self.shelf.book, by=self.leader, at=self.at, **more
        )

    def row(self, plan: TermPlan, place: int = 0) -> PlanRow:
        return list(plan.rows.select_related("node").order_by("node__order", "part"))[place]

    def seen(self, row: PlanRow) -> Seen:
        row.refresh_from_db()
        return seen_of(row)

    def more_lessons(self, count: int, periods: int = 2) -> list[Node]:
        """A second unit of so many lessons."""
        last = self.shelf.outline.nodes.order_by("-order")[0].order
        unit = Node.objects.create(
            outline=self.shelf.outline, kind="unit", number="7", title="数学广角", order=last + 1
        )
        return [
            Node.objects.create(
                outline=self.shelf.outline, parent=unit, kind="lesson", title=f"植树问题{n}", order=last + 1 + n,
                depth=2, periods=periods,
            )
            for n in range(1, count + 1)
        ]  # fmt: skip


@pytest.fixture
def desk(town: Town) -> Desk:
    books = shelf.build(town)
    body = town.prep_group
    body.subject, body.grade = books.subject, 5
    body.save()
    people.link(body, town.group, "part")
    leader, second, member = town.person("colleague"), people.person("陈立言"), town.person("teacher")
    people.post(leader, body, Role.PREP_LEADER, "seat")
    people.post(second, town.lead)
    people.post(second, body, Role.PREP_LEADER, "seat")
    people.post(member, body, Role.MEMBER, "seat")
    for school in (town.lead, town.member):
        Adoption.objects.create(school=school, grade=5, textbook=books.book, starts_at=town.now - timedelta(days=300))
    return Desk(town, books, body, term_around(town.now), leader, second, member, town.now)


def term_around(now: datetime) -> Term:
    """Eight weeks ago until eight weeks from now, from a Monday to a Friday."""
    today = timezone.localdate(now)
    monday = today - timedelta(days=today.weekday()) - timedelta(weeks=8)
    year = monday.year if monday.month >= 8 else monday.year - 1
    last = monday + timedelta(weeks=WEEKS - 1, days=4)
    term = Term.objects.create(year=year, half=1, first_day=monday, last_day=last)
    free = monday + timedelta(weeks=HOLIDAY_WEEK - 1)
    Holiday.objects.create(term=term, name="国庆节", first_day=free, last_day=free + timedelta(days=6))
    return term
