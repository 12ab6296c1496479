"""What the homes show: to a visitor what the city has, to a teacher this week and what waits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from catalogue.models import Subject, Textbook
from groups import access
from groups.access import Action
from groups.inbox import selectors as inbox
from groups.inbox.models import Message
from groups.memberships.policies import waiting_for
from groups.models import Appointment, Organisation, OrganisationKind, Person, Role
from groups.selectors import school_of
from groups.viewer import SCHOOL_LIKE, Viewer
from library.documents import walk
from library.resources.models import Kind, Resource, ReviewStep, Submission
from library.resources.selectors.cards import Card, cards
from library.resources.services.writing import document_of
from library.together.models import Appeal
from studios.models import StudioIndexPage
from studios.selectors import StudioCard, studio_cards
from website.week import Week, own_designs, week_of_teacher

NEWEST = 6
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


@dataclass(frozen=True, slots=True)
class Todo:
    """Something that waits for this person: icon, sentence, where, since when."""

    icon: str
    title: str
    note: str
    url: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TeacherHome:
    school: Organisation | None
    week: Week | None
    preparations: tuple[Preparation, ...]
    preparation_count: int
    todos: tuple[Todo, ...]
    newest: tuple[Card, ...]


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
    return TeacherHome(
        school=school,
        week=week,
        preparations=tuple(preparations(own[:5])),
        preparation_count=own.count(),
        todos=tuple(todos(viewer)),
        newest=tuple(_new_in_groups(viewer, person)),
    )


def preparations(designs: Iterable[Any]) -> list[Preparation]:
    return [Preparation(d, walk.completeness(document_of(d, d.working_copy.document))) for d in designs]


def _new_in_groups(viewer: Viewer, person: Person) -> list[Card]:
    others = published(viewer).exclude(owner=person).exclude(kind=Kind.PACKAGE)
    if person.preferred_subject_id:
        own = others.filter(subjects=person.preferred_subject_id)
        others = own if own.exists() else others
    return cards(others.order_by("-published_at", "-pk")[:5], viewer)


def todos(viewer: Viewer) -> list[Todo]:
    """What waits: submissions to review, returned drafts, appeals and proposals to answer, news not read yet."""
    found = [*_reviews(viewer), *_returned(viewer), *_appeals(viewer), *_proposals(viewer), *_news(viewer)]
    return sorted(found, key=lambda todo: todo.at)


def _news(viewer: Viewer) -> list[Todo]:
    """The newest messages that were not read, but those whose deed stands in this list already."""
    new = list(inbox.unread(viewer).exclude(about=Message.About.REVIEW)[:NEWEST])
    return [
        Todo(one.icon, one.words, one.label, one.url or reverse("inbox:messages"), one.at)
        for one in inbox.shown(new, viewer)
    ]


def _proposals(viewer: Viewer) -> list[Todo]:
    """Schools that are to enter or leave a group, as far as this person answers."""
    if not (viewer.administers or viewer.area_schools):
        return []
    return [
        Todo("school", str(one), f"{one.proposed_by.name} 提议，等你答复", one.get_absolute_url(), one.proposed_at)
        for one in waiting_for(viewer)[:20]
    ]


def _appeals(viewer: Viewer) -> list[Todo]:
    """Appeals that this person may answer."""
    if not (viewer.administers or viewer.runs or viewer.area_schools or viewer.is_system_admin):
        return []
    mine = access.narrow(Resource.objects.all(), viewer, Action.RESTORE)
    waiting = Appeal.objects.filter(status=Appeal.Status.OPEN, resource__in=mine).select_related("resource", "by")
    return [
        Todo(
            "scroll-text",
            f"答复《{one.resource.title}》的申诉",
            f"{one.by.name} 申诉",
            reverse("together:appeals"),
            one.at,
        )
        for one in waiting.order_by("at")[:NEWEST]
    ]


def _reviews(viewer: Viewer) -> list[Todo]:
    """Open submissions whose next step is this viewer's."""
    if not viewer.reviewing:
        return []
    mine = Q(organisation__in=viewer.reviewing) | Q(delegated_to__in=viewer.in_role(Role.REVIEWER))
    waiting = (
        ReviewStep.objects.filter(mine, decision="", submission__status=Submission.Status.OPEN)
        .exclude(submission__resource__owner=viewer.person_id)
        .select_related("submission__resource", "submission__submitted_by")
        .prefetch_related("submission__steps")
        .order_by("submission__submitted_at")[:20]
    )
    return [
        Todo(
            "clipboard-check",
            f"审《{step.submission.resource.title}》",
            f"{step.get_level_display()}，{step.submission.submitted_by.name} 送审",
            f"/review/{step.submission_id}/",
            step.submission.submitted_at,
        )
        for step in waiting
        if _is_next(step)
    ]


def _is_next(step: ReviewStep) -> bool:
    return all(other.decision or other.order >= step.order for other in step.submission.steps.all())


def _returned(viewer: Viewer) -> list[Todo]:
    returned = Submission.objects.filter(
        status=Submission.Status.RETURNED, submitted_by=viewer.person_id, resource__state="draft"
    ).select_related("resource")
    newest: dict[int, Submission] = {}
    for submission in returned.order_by("closed_at"):
        newest[submission.resource_id] = submission
    return [
        Todo(
            "undo-2",
            f"改《{s.resource.title}》",
            "退回修改，看看审核人的意见",
            s.resource.get_absolute_url(),
            s.closed_at or s.submitted_at,
        )
        for s in newest.values()
    ]
