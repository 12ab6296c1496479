"""The plans that a school's teachers need in some weeks, with how each stands: a fixed number of questions for any school.

A plan is found by its teacher, lesson and lesson period; a teacher who has several for one lesson is judged by the first
that was ready.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from catalogue.models import Node, Subject, Textbook
from catalogue.pacing import current_volume
from groups import access, calendar
from groups.access import Action
from groups.models import Adoption, Appointment, Organisation, Pacing, Person, Term, TimetableEntry
from groups.models.dated import valid
from groups.viewer import Viewer
from lessons.adaptations.models import Adaptation
from lessons.adaptations.timetable import Due, Slot, dues
from lessons.inspections.models import Inspection
from lessons.inspections.standing import Standing, standing

EARLY = timedelta(days=60)
"""A plan that was ready longer before the term is one of another year."""

Course = tuple[int, int]
"""(subject, grade)."""


@dataclass(frozen=True, slots=True)
class Ready:
    """An adaptation as far as its status goes; its address only where the viewer may read it."""

    pk: int
    address: str
    ready_at: datetime | None
    grade: str
    words: str


@dataclass(frozen=True, slots=True)
class Plan:
    """One plan that a teacher needs in a week."""

    week: int
    due: Due
    teacher: Person
    subject: Subject
    school_grade: int
    standing: Standing
    ready: Ready | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked: a school's term, some of its weeks, of all courses or those of one subject or grade."""

    school: Organisation
    term: Term
    weeks: Sequence[int]
    subject: int | None = None
    grade: int | None = None


def plans(wanted: Wanted, viewer: Viewer) -> list[Plan]:
    """Every plan that is needed, by teacher, week and first class."""
    entries = _entries(wanted, viewer)
    by_course: dict[Course, list[TimetableEntry]] = defaultdict(list)
    for entry in entries:
        by_course[(entry.subject_id, entry.grade)].append(entry)
    books = _books(wanted.school, by_course, viewer.at)
    nodes, moved = _nodes(books.values(), wanted)
    ready = _ready({entry.person_id for entry in entries}, wanted.term, viewer)
    teachers = {entry.person_id: entry.person for entry in entries}
    found: list[Plan] = []
    for course, own in by_course.items():
        lessons = nodes.get(books.get(course, 0), [])
        weeks = calendar.paced(lessons, wanted.term)
        weeks |= {node.pk: moved[node.pk] for node in lessons if node.pk in moved}
        for week in wanted.weeks:
            for due in dues(own, lessons, weeks, wanted.term, week):
                plan = ready.get((due.teacher, due.lesson.slot))
                stands = standing(due, plan.ready_at if plan else None, viewer.at)
                shown = plan if stands in (Standing.ON_TIME, Standing.LATE) else None
                found.append(Plan(week, due, teachers[due.teacher], own[0].subject, course[1], stands, shown))
    return sorted(found, key=lambda p: (p.teacher.name, p.teacher.pk, p.week, p.due.first, p.due.period))


def _entries(wanted: Wanted, viewer: Viewer) -> list[TimetableEntry]:
    """Periods of teachers who work at the school now."""
    there = Appointment.objects.filter(valid(viewer.at), person=OuterRef("person"), organisation=wanted.school)
    rows = TimetableEntry.objects.filter(Exists(there), term=wanted.term, school=wanted.school)
    if wanted.subject:
        rows = rows.filter(subject=wanted.subject)
    if wanted.grade:
        rows = rows.filter(grade=wanted.grade)
    return list(rows.select_related("person", "subject"))


def _books(school: Organisation, courses: Iterable[Course], at: datetime) -> dict[Course, int]:
    """Course → outline of the school's textbook in this term; of courses without an adoption, of the book in force."""
    wanted = set(courses)
    order = (current_volume(at.month), Textbook.Volume.WHOLE)
    adopted = Adoption.objects.filter(valid(at), school=school, textbook__outline__isnull=False)
    rows = [
        ((subject, grade), volume, pk, outline)
        for subject, grade, volume, pk, outline in adopted.values_list(
            "textbook__subject", "grade", "textbook__volume", "textbook", "textbook__outline"
        )
    ]
    left = wanted - {course for course, *_ in rows}
    if left:
        active = Textbook.objects.filter(
            is_active=True, outline__isnull=False, subject__in={subject for subject, _ in left}
        )
        rows += [
            (course, volume, pk, outline)
            for subject, first, last, volume, pk, outline in active.values_list(
                "subject", "grade_from", "grade_to", "volume", "pk", "outline"
            )
            for course in left
            if course[0] == subject and first is not None and first <= course[1] <= (last or first)
        ]
    ranked = sorted(rows, key=lambda r: (order.index(r[1]) if r[1] in order else len(order), r[2]))
    found: dict[Course, int] = {}
    for course, _, _, outline in ranked:
        if course in wanted:
            found.setdefault(course, outline)
    return found


def _nodes(outlines: Iterable[int], wanted: Wanted) -> tuple[dict[int, list[Node]], dict[int, int]]:
    """Outline → what is taught, in reading order; and the weeks that the school moved."""
    moved = Pacing.objects.filter(organisation=wanted.school, term=wanted.term, node=OuterRef("pk"))
    rows = (
        Node.objects.filter(outline__in=set(outlines), status=Node.Status.ACTIVE, periods__isnull=False)
        .annotate(moved_to=Subquery(moved.values("week")[:1]))
        .order_by("outline", "order")
    )
    found: dict[int, list[Node]] = defaultdict(list)
    weeks: dict[int, int] = {}
    for node in rows:
        found[node.outline_id].append(node)
        if node.moved_to is not None:
            weeks[node.pk] = node.moved_to
    return found, weeks


def _ready(teachers: set[int], term: Term, viewer: Viewer) -> dict[tuple[int, Slot], Ready]:
    """(teacher, slot) → the adaptation that was ready first, of those whose status the viewer may see."""
    begins = timezone.make_aware(datetime.combine(term.first_day, time.min)) - EARLY
    last = Inspection.objects.filter(adaptation=OuterRef("pk")).order_by("-at", "-pk")
    seen = access.narrow(Adaptation.objects.filter(teacher__in=teachers), viewer, Action.SEE_STATUS)
    rows = (
        seen.filter(~Q(resource__state="binned"), ready_at__gte=begins)
        .annotate(grade=Subquery(last.values("grade")[:1]), words=Subquery(last.values("words")[:1]))
        .order_by("-ready_at")
        .values_list(
            "teacher",
            "resource__placements__node",
            "resource__lessondesign__period",
            "pk",
            "uid",
            "ready_at",
            "grade",
            "words",
        )
    )
    found: dict[tuple[int, Slot], Ready] = {}
    for teacher, node, period, pk, uid, ready_at, grade, words in rows:
        if node is not None:
            label = Inspection.Grade(grade).label if grade else ""
            found[(teacher, (node, period))] = Ready(
                pk, reverse("adaptations:adaptation", args=[uid]), ready_at, label, words or ""
            )
    return found
