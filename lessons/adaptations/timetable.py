"""Which lesson each class has in which week, and by when its plan is to be ready: timetable and pacing brought together."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from catalogue.models import Node
from groups.calendar import WEEK, week_days
from groups.models import Term, TimetableEntry

Slot = tuple[int, int]
"""(node, lesson period): what one lesson plan is for."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson period of a node (第几课时)."""

    node: Node
    period: int
    periods: int

    @property
    def slot(self) -> Slot:
        return (self.node.pk, self.period)


@dataclass(frozen=True, slots=True)
class Due:
    """A plan that a teacher needs in a week: for which lesson, the first class that has it, the moment it is late."""

    teacher: int
    lesson: Lesson
    first: date
    period: int
    class_name: str

    @property
    def before(self) -> datetime:
        """A plan is on time when it is ready before the day of its first class begins."""
        return timezone.make_aware(datetime.combine(self.first, time.min))


def spread(entries: Sequence[TimetableEntry], lessons: Sequence[Lesson]) -> dict[int, Lesson | None]:
    """Entry id → lesson: each class meets the week's lessons in order; periods beyond them stay free."""
    by_class: dict[str, list[TimetableEntry]] = defaultdict(list)
    for entry in sorted(entries, key=lambda e: (e.weekday, e.period)):
        by_class[entry.class_name].append(entry)
    return {
        entry.pk: lessons[n] if n < len(lessons) else None for own in by_class.values() for n, entry in enumerate(own)
    }


def lessons_of_week(nodes: Iterable[Node], weeks: Mapping[int, int], week: int) -> list[Lesson]:
    """The lesson periods that fall into one week, in the book's order."""
    return [
        Lesson(node, n, node.periods or 1)
        for node in nodes
        if weeks.get(node.pk) == week
        for n in range(1, (node.periods or 1) + 1)
    ]


def dues(
    entries: Sequence[TimetableEntry], nodes: Sequence[Node], weeks: Mapping[int, int], term: Term, week: int
) -> list[Due]:
    """The plans that the teachers of one subject and grade need in a week, by teacher and in the order of their classes.

    A period that falls on a holiday asks for no plan.
    """
    monday = week_days(term, week)[0]
    free = {
        monday + timedelta(days=n)
        for n in range(WEEK)
        if any(h.first_day <= monday + timedelta(days=n) <= h.last_day for h in term.holidays.all())
    }
    lessons = lessons_of_week(nodes, weeks, week)
    by_teacher: dict[int, list[TimetableEntry]] = defaultdict(list)
    for entry in entries:
        by_teacher[entry.person_id].append(entry)
    return [due for own in by_teacher.values() for due in _dues_of(own, spread(own, lessons), monday, free)]


def _dues_of(
    entries: Sequence[TimetableEntry], placed: Mapping[int, Lesson | None], monday: date, free: set[date]
) -> list[Due]:
    first: dict[Slot, Due] = {}
    for entry in sorted(entries, key=lambda e: (e.weekday, e.period)):
        lesson, day = placed[entry.pk], monday + timedelta(days=entry.weekday - 1)
        if lesson is not None and day not in free:
            first.setdefault(lesson.slot, Due(entry.person_id, lesson, day, entry.period, entry.class_name))
    return list(first.values())
