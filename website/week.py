"""A teacher's week: the timetable's periods filled with the lessons that the pacing puts into this week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.db.models import Prefetch, QuerySet
from django.urls import reverse

from catalogue.models import Node, Subject, Textbook
from groups import calendar
from groups.models import Organisation, Person, Term, TimetableEntry
from groups.selectors import textbook_for
from lessons.adaptations.models import TaughtLesson
from lessons.adaptations.status import adaptation_of, status_of
from lessons.adaptations.timetable import Lesson, lessons_of_week, spread
from lessons.designs.models import LessonDesign
from library.documents import walk
from library.resources.models import Placement
from library.resources.services.writing import document_of

WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Planned:
    """One period of the week: when, which class, which lesson, how far my preparation is.

    `design` is None while nothing is prepared; `percent` is its completeness; `taught` this class's record. The
    properties are the words that the week's component prints.
    """

    entry: TimetableEntry
    lesson: Lesson | None
    design: LessonDesign | None = None
    percent: int = 0
    taught: TaughtLesson | None = None

    @property
    def title(self) -> str:
        return self.lesson.node.title if self.lesson else "机动"

    @property
    def url(self) -> str:
        if self.design is not None:
            return (adaptation_of(self.design) or self.design).get_absolute_url()
        return self.lesson.node.get_absolute_url() if self.lesson else reverse("my")

    @property
    def period(self) -> str:
        return f"第{self.entry.period}节"

    @property
    def class_name(self) -> str:
        return self.entry.class_name

    @property
    def note(self) -> str:
        if self.lesson is None:
            return "复习、讲评或补上落下的课"
        kind = f"，{self.design.get_lesson_type_display()}" if self.design else ""
        return f"第{self.lesson.period}课时{kind}"

    @property
    def state(self) -> str:
        if self.lesson is None:
            return "free"
        return status_of(self.design, self.percent, self.taught).state if self.design else "gap"

    @property
    def state_label(self) -> str:
        if self.lesson is None:
            return ""
        return status_of(self.design, self.percent, self.taught).label if self.design else "还没备"


@dataclass(frozen=True, slots=True)
class Day:
    """One school day; a holiday has its name and no periods."""

    on: date
    today: bool
    lessons: tuple[Planned, ...]
    holiday: str = ""

    @property
    def name(self) -> str:
        return f"周{WEEKDAYS[self.on.weekday()]}"

    @property
    def number(self) -> int:
        return self.on.day

    @property
    def date(self) -> str:
        return f"{self.on.month}月{self.on.day}日"


@dataclass(frozen=True, slots=True)
class Week:
    """What the home page shows of one teaching week."""

    term: Term
    number: int
    days: tuple[Day, ...]
    textbook: Textbook | None
    subject: Subject | None
    grade: int | None

    @property
    def periods(self) -> list[Planned]:
        return [p for day in self.days for p in day.lessons]

    @property
    def print_url(self) -> str:
        """打印本周教案: the week's designs in the order of their periods; empty while there is none."""
        uids = dict.fromkeys(p.design.uid for p in self.periods if p.design)
        return f"{reverse('designs:print')}?{urlencode({'of': list(uids)}, doseq=True)}" if uids else ""


def week_of_teacher(person: Person, school: Organisation, *, day: date, at: datetime, shift: int = 0) -> Week | None:
    """The teacher's week around `day`, moved by `shift` weeks; None outside of terms or without a timetable."""
    term = calendar.term_at(day, school)
    if term is None:
        return None
    number = max(1, calendar.week_of(term, day) + shift)
    entries = list(TimetableEntry.objects.filter(term=term, person=person).select_related("subject"))
    if not entries:
        return None
    book = textbook_for(person, entries[0].subject, entries[0].grade, at)
    lessons = _lessons(book, term, school, number)
    mine = _designs(person, [lesson.node for lesson in lessons])
    placed = spread(entries, lessons)
    days = tuple(
        _day(term, on, today=on == day, periods=_periods(entries, on, placed, mine))
        for on in calendar.week_days(term, number)
    )
    return Week(term, number, days, book, entries[0].subject, entries[0].grade)


def _day(term: Term, on: date, *, today: bool, periods: tuple[Planned, ...]) -> Day:
    holiday = calendar.holiday_on(term, on)
    return Day(on, today, () if holiday else periods, holiday.name if holiday else "")


def _lessons(book: Textbook | None, term: Term, school: Organisation, number: int) -> list[Lesson]:
    if book is None or book.outline is None:
        return []
    weeks = calendar.pacing(book.outline, term, school)
    nodes = Node.objects.filter(pk__in=[pk for pk, week in weeks.items() if week == number]).select_related("outline")
    return lessons_of_week(nodes.order_by("order"), weeks, number)


def _designs(person: Person, nodes: Sequence[Node]) -> dict[tuple[int, int], tuple[LessonDesign, int]]:
    """(node, period) → my newest design and its completeness."""
    found: dict[tuple[int, int], tuple[LessonDesign, int]] = {}
    own = own_designs(person).filter(placements__node__in=nodes).prefetch_related("adaptation__taught_lessons")
    for design in own.order_by("pk").distinct():
        percent = walk.completeness(document_of(design, design.working_copy.document))
        for placement in design.placements.all():
            found[(placement.node_id, design.period)] = (design, percent)
    return found


def own_designs(person: Person) -> QuerySet[LessonDesign]:
    """A teacher's own lesson designs with their working copy and places."""
    places = Prefetch("placements", queryset=Placement.objects.select_related("node__outline"))
    return (
        LessonDesign.objects.filter(owner=person)
        .exclude(state="binned")
        .select_related("working_copy", "derived_from__source__owner", "derived_from__source_version", "adaptation")
        .prefetch_related(places)
    )


def _periods(
    entries: Sequence[TimetableEntry],
    on: date,
    placed: dict[int, Lesson | None],
    mine: dict[tuple[int, int], tuple[LessonDesign, int]],
) -> tuple[Planned, ...]:
    today = sorted((e for e in entries if e.weekday == on.isoweekday()), key=lambda e: e.period)
    periods = []
    for entry in today:
        lesson = placed[entry.pk]
        design, percent = mine.get((lesson.node.pk, lesson.period), (None, 0)) if lesson else (None, 0)
        periods.append(Planned(entry, lesson, design, percent, _taught(design, entry.class_name, on)))
    return tuple(periods)


def _taught(design: LessonDesign | None, class_name: str, on: date) -> TaughtLesson | None:
    """The record of this class on this day."""
    own = adaptation_of(design) if design else None
    rows = own.taught_lessons.all() if own else ()
    return next((row for row in rows if (row.class_name, row.date) == (class_name, on)), None)
