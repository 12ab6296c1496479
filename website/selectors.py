"""What the homes show: to a visitor what the city has, to a teacher this week and what waits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count

from catalogue.models import Subject, Textbook
from groups import access
from groups.access import Action
from groups.inbox import todos
from groups.inbox.todos import Shown as ShownTodo
from groups.models import Appointment, Organisation, OrganisationKind, Person
from groups.selectors import school_of
from groups.viewer import SCHOOL_LIKE, Viewer
from lessons.adaptations.status import Status, adaptation_of, whole_status
from lessons.plans.week import PlannedLesson, of_week
from library.documents import walk
from library.resources.models import Kind, Resource
from library.resources.selectors.cards import Card, cards
from library.resources.services.writing import document_of
from studios.models import StudioIndexPage
from studios.selectors import StudioCard, studio_cards
from website.week import Week, own_designs, week_of_teacher

NEWEST = 6
MOST_TODOS = 8
SHELF_EDITIONS = 8


@dataclass(frozen=True, slots=True)
class SubjectShelf:
    """A subject with what the viewer may see of it and the textbooks whose contents we have."""

    subject: Subject
    count: int
    textbooks: tuple[Textbook, ...]

    @property
    def by_edition(self) -> list[tuple[str, list[Textbook]]]:
        """Edition name → its books in the order of grade and volume."""
        found: dict[str, list[Textbook]] = {}
        for book in sorted(self.textbooks, key=lambda b: (b.grade_from or 0, b.volume, b.revision)):
            found.setdefault(str(book.edition or ""), []).append(book)
        return list(found.items())[:SHELF_EDITIONS]


@dataclass(frozen=True, slots=True)
class VisitorHome:
    """Counted live: groups, schools, teachers and public resources."""

    shelves: tuple[SubjectShelf, ...]
    newest: tuple[Card, ...]
    studios: tuple[StudioCard, ...]
    news: tuple[Any, ...]
    schools: int
    rural_schools: int
    groups: int
    teachers: int
    resources: int


@dataclass(frozen=True, slots=True)
class Preparation:
    """One line of 我的备课."""

    design: Any
    percent: int

    @property
    def status(self) -> Status:
        return whole_status(self.design, self.percent)

    @property
    def url(self) -> str:
        return str((adaptation_of(self.design) or self.design).get_absolute_url())


@dataclass(frozen=True, slots=True)
class TeacherHome:
    school: Organisation | None
    week: Week | None
    preparations: tuple[Preparation, ...]
    preparation_count: int
    todos: tuple[ShownTodo, ...]
    todo_count: int
    newest: tuple[Card, ...]
    planned: tuple[PlannedLesson, ...]


def published(viewer: Viewer) -> Any:
    return access.narrow(Resource.objects.filter(state="published", primary=True), viewer, Action.LIST)


def shelves(viewer: Viewer) -> tuple[SubjectShelf, ...]:
    """Every primary subject with its books, in three queries."""
    counts = dict(published(viewer).order_by().values_list("subjects").annotate(n=Count("pk", distinct=True)))
    books: dict[int, list[Textbook]] = {}
    for book in Textbook.objects.active().with_nodes().select_related("edition", "outline", "subject"):
        books.setdefault(book.subject_id, []).append(book)
    return tuple(
        SubjectShelf(s, counts.get(s.pk, 0), tuple(books.get(s.pk, ())))
        for s in Subject.objects.filter(is_primary=True)
    )


def visitor_home(viewer: Viewer) -> VisitorHome:
    """What the city has, for somebody who has not signed in."""
    from website.models import NewsPage

    index = StudioIndexPage.objects.live().first()
    schools = Organisation.objects.filter(kind__in=SCHOOL_LIKE, closed_at__isnull=True)
    rural = schools.filter(is_rural=True).count()
    teachers = Appointment.objects.valid_at(viewer.at).filter(
        organisation__kind__in=SCHOOL_LIKE, person__is_active=True
    )
    open_resources = published(viewer)
    return VisitorHome(
        shelves=shelves(viewer),
        newest=tuple(
            cards(open_resources.filter(kind=Kind.LESSON_DESIGN).order_by("-published_at", "-pk")[:NEWEST], viewer)
        ),
        studios=tuple(studio_cards(index)) if index else (),
        news=tuple(NewsPage.objects.live().order_by("-date", "-pk")[:3]),
        schools=schools.count(),
        rural_schools=rural,
        groups=Organisation.objects.filter(kind=OrganisationKind.GROUP, closed_at__isnull=True).count(),
        teachers=teachers.values("person").distinct().count(),
        resources=open_resources.count(),
    )


def teacher_home(viewer: Viewer, *, day: date, shift: int = 0) -> TeacherHome:
    """This week, what goes on, what waits, what is new in the group."""
    person = viewer.person
    assert person is not None
    school = school_of(person, viewer.at)
    week = week_of_teacher(person, school, day=day, at=viewer.at, shift=shift) if school else None
    own = own_designs(person).order_by("-working_copy__updated_at")
    waiting = todos.waiting(viewer, most=MOST_TODOS)
    return TeacherHome(
        school=school,
        week=week,
        preparations=tuple(preparations(own[:5])),
        preparation_count=own.count(),
        todos=tuple(todos.shown(waiting, viewer.at)),
        todo_count=waiting.count,
        newest=tuple(_new_in_groups(viewer, person)),
        planned=of_week(viewer, day, shift),
    )


def preparations(designs: Iterable[Any]) -> list[Preparation]:
    return [Preparation(d, walk.completeness(document_of(d, d.working_copy.document))) for d in designs]


def _new_in_groups(viewer: Viewer, person: Person) -> list[Card]:
    others = published(viewer).exclude(owner=person).exclude(kind=Kind.PACKAGE)
    if person.preferred_subject_id:
        own = others.filter(subjects=person.preferred_subject_id)
        others = own if own.exists() else others
    return cards(others.order_by("-published_at", "-pk")[:5], viewer)
