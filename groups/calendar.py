"""The school's time: which term, which teaching week, and which lesson belongs to it.

Weeks begin on Monday; week 1 is the one that holds the first day of the term.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from catalogue.models import Node, Outline
from catalogue.selectors import lessons_of, pacing_of
from groups.models import Holiday, Organisation, Pacing, Term

WEEK = 7
SCHOOL_DAYS = 5


def term_at(day: date, school: Organisation | None = None) -> Term | None:
    """The term that holds the day: the school's own, else the city's; between terms the next one, for preparing ahead."""
    for owner in [school, None] if school else [None]:
        ahead = (
            Term.objects.filter(school=owner, last_day__gte=day)
            .order_by("first_day")
            .prefetch_related("holidays")
            .first()
        )
        if ahead is not None:
            return ahead
    return None


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def week_of(term: Term, day: date) -> int:
    """The number of the week that holds the day; 1 before the term begins."""
    return max(1, (_monday(day) - _monday(term.first_day)).days // WEEK + 1)


def weeks_in(term: Term) -> int:
    """How many weeks the term spans, the holidays' included."""
    return week_of(term, term.last_day)


def week_days(term: Term, week: int) -> list[date]:
    """Monday to Friday of a week."""
    monday = _monday(term.first_day) + timedelta(weeks=week - 1)
    return [monday + timedelta(days=n) for n in range(SCHOOL_DAYS)]


def holiday_on(term: Term, day: date) -> Holiday | None:
    return next((h for h in term.holidays.all() if h.first_day <= day <= h.last_day), None)


def is_teaching_day(term: Term, day: date) -> bool:
    """A weekday inside the term that is no holiday."""
    return term.first_day <= day <= term.last_day and day.weekday() < SCHOOL_DAYS and holiday_on(term, day) is None


def teaching_weeks(term: Term) -> list[int]:
    """The weeks that have at least one teaching day."""
    return [n for n in range(1, weeks_in(term) + 1) if any(is_teaching_day(term, day) for day in week_days(term, n))]


def pacing(outline: Outline, term: Term, organisation: Organisation | None) -> dict[int, int]:
    """Node id → week: the even spread over the term's teaching weeks, moved where the school or prep group moved it."""
    placed = paced(lessons_of(outline), term)
    if organisation is not None:
        moved = Pacing.objects.filter(organisation=organisation, term=term, node__outline=outline)
        placed.update(moved.values_list("node_id", "week"))
    return placed


def paced(lessons: Iterable[Node], term: Term) -> dict[int, int]:
    """Node id → week of a book's lessons, spread evenly over the term's teaching weeks."""
    weeks = teaching_weeks(term)
    if not weeks:
        return {}
    return {node: weeks[min(nth, len(weeks)) - 1] for node, nth in pacing_of(lessons, len(weeks)).items()}
