"""Terms, weeks, holidays, and which lesson belongs to which week."""

from datetime import date

import pytest

from catalogue.models import Node, Outline
from groups import calendar
from groups.models import Holiday, Pacing, Term
from tests.factories import people as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def term() -> Term:
    """Begins on a Tuesday; the national holiday takes the whole of week 5."""
    made = Term.objects.create(year=2026, half=1, first_day=date(2026, 9, 1), last_day=date(2027, 1, 22))
    Holiday.objects.create(term=made, name="国庆节", first_day=date(2026, 9, 28), last_day=date(2026, 10, 4))
    return made


def test_weeks_begin_on_monday_whatever_day_the_term_begins(term: Term) -> None:
    assert calendar.week_of(term, date(2026, 9, 1)) == 1
    assert calendar.week_of(term, date(2026, 9, 6)) == 1
    assert calendar.week_of(term, date(2026, 9, 7)) == 2
    assert calendar.week_days(term, 1)[0] == date(2026, 8, 31)
    assert len(calendar.week_days(term, 2)) == 5


def test_a_holiday_week_is_counted_and_not_taught(term: Term) -> None:
    assert calendar.week_of(term, date(2026, 10, 5)) == 6
    assert 5 not in calendar.teaching_weeks(term)
    assert not calendar.is_teaching_day(term, date(2026, 9, 30))
    assert not calendar.is_teaching_day(term, date(2026, 8, 31)), "before the first day"
    assert calendar.is_teaching_day(term, date(2026, 9, 1))


def test_a_school_with_a_term_of_its_own_follows_it(term: Term) -> None:
    school = make.organisation("school")
    own = Term.objects.create(school=school, year=2026, half=1, first_day=date(2026, 9, 7), last_day=date(2027, 1, 29))
    assert calendar.term_at(date(2026, 10, 1), school) == own
    assert calendar.term_at(date(2026, 10, 1), make.organisation("school")) == term
    assert calendar.term_at(date(2026, 8, 1)) == term, "in the holidays the next term is prepared"
    assert calendar.term_at(date(2027, 3, 1)) is None


def test_lessons_are_spread_over_teaching_weeks_and_moved_where_the_school_moved_them(term: Term) -> None:
    outline = Outline.objects.create(title="测试目录")
    nodes = [
        Node.objects.create(outline=outline, kind="lesson", title=f"第{n}课", periods=2, order=n) for n in range(1, 41)
    ]
    school = make.organisation("school")
    weeks = calendar.pacing(outline, term, school)
    assert set(weeks) == {node.pk for node in nodes}
    assert 5 not in weeks.values()
    assert [weeks[n.pk] for n in nodes] == sorted(weeks.values())
    Pacing.objects.create(organisation=school, term=term, node=nodes[0], week=9)
    assert calendar.pacing(outline, term, school)[nodes[0].pk] == 9
    assert calendar.pacing(outline, term, None)[nodes[0].pk] == 1
