"""Around a prep group: the group or school that it is part of, the schools that prepare in it, their terms and books."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from catalogue.models import Textbook
from groups import calendar
from groups.models import Adoption, Appointment, Organisation, Person, Term
from groups.models.dated import valid
from lessons.prep.circles import circle_of, schools_in


def schools_of(body: Organisation, at: datetime) -> list[Organisation]:
    """The schools whose teachers prepare here: the group's members at a moment, or the one school."""
    circle = circle_of(body, at)
    if circle is None:
        return []
    return schools_in(circle, at)


def members_of(body: Organisation, at: datetime) -> "QuerySet[Person]":
    """Who may lead a lesson: everybody with a seat in the prep group at a moment."""
    held = Appointment.objects.filter(valid(at), organisation=body)
    return Person.objects.filter(pk__in=held.values("person"), is_active=True).order_by("name", "pk")


def terms_for(body: Organisation, at: datetime) -> list[Term]:
    """The running or coming term and the one after it: the city's."""
    today = timezone.localdate(at)
    terms = Term.objects.filter(school__isnull=True, last_day__gte=today).order_by("first_day")
    return list(terms.prefetch_related("holidays")[:2])


def books_for(body: Organisation, at: datetime) -> list[Textbook]:
    """The books that its schools adopted for the prep group's subject and grade, the most used first."""
    schools = [school.pk for school in schools_of(body, at)]
    adopted = Adoption.objects.filter(valid(at), school__in=schools)
    if body.subject_id is None or body.grade is None:
        return []
    adopted = adopted.filter(textbook__subject=body.subject_id, grade=body.grade)
    counts: dict[int, int] = {}
    for book in adopted.values_list("textbook", flat=True):
        counts[book] = counts.get(book, 0) + 1
    books = Textbook.objects.filter(pk__in=counts, outline__isnull=False).select_related(
        "edition", "outline", "subject"
    )
    return sorted(books, key=lambda book: (-counts[book.pk], book.volume, book.pk))


@dataclass(frozen=True, slots=True)
class DayOff:
    """A school without lessons in a whole week of the plan, and why."""

    school: str
    week: int
    why: str


def days_off(term: Term, schools: list[Organisation]) -> list[DayOff]:
    """Weeks in which one of the schools, by its own calendar, has no lesson though the plan's term has; two queries."""
    own = {
        t.school_id: t
        for t in Term.objects.filter(school__in=schools, year=term.year, half=term.half).prefetch_related("holidays")
    }
    found = []
    for school in schools:
        theirs = own.get(school.pk)
        if theirs is None:
            continue
        for week in calendar.teaching_weeks(term):
            days = calendar.week_days(term, week)
            if not any(calendar.is_teaching_day(theirs, day) for day in days):
                found.append(DayOff(school.display_name, week, _why(theirs, days)))
    return found


def _why(term: Term, days: list[date]) -> str:
    holidays = (calendar.holiday_on(term, day) for day in days)
    return next((holiday.name for holiday in holidays if holiday), "不上课")
