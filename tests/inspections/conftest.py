"""A school whose teacher has two maths periods a week, in the second of a term's three weeks; a leader, a maths researcher."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from groups.models import Adoption, Person, Role, Term, TimetableEntry
from groups.viewer import Viewer, viewer_for
from lessons.adaptations import services
from lessons.adaptations.models import Adaptation
from lessons.designs.models import LessonDesign
from library.resources import services as library
from library.resources.models import Placement
from tests.factories import adapting, people, shelf
from tests.factories.adapting import Shared
from tests.factories.shelf import Shelf
from tests.factories.town import Town


@dataclass
class School:
    """Everything a leader of the member school sees."""

    town: Town
    shelf: Shelf
    shared: Shared
    term: Term
    monday: date

    @property
    def leader(self) -> Person:
        return self.town.person("leader")

    @property
    def today(self) -> date:
        return timezone.localdate(self.town.now)

    def viewer(self, who: str = "leader") -> Viewer:
        return viewer_for(self.town.person(who), self.town.now)

    def moment(self, day: date) -> datetime:
        return timezone.make_aware(datetime.combine(day, time(12)))

    def teaches(self, who: Person, weekday: int = 3, class_name: str = "五(2)班", period: int = 2) -> TimetableEntry:
        return TimetableEntry.objects.create(
            term=self.term,
            person=who,
            school=self.town.member,
            weekday=weekday,
            period=period,
            class_name=class_name,
            subject=self.shelf.subject,
            grade=5,
        )

    def teacher(self, name: str) -> Person:
        """One more teacher of the school with one period a week."""
        made = people.person(name)
        people.post(made, self.town.member, Role.TEACHER)
        self.teaches(made)
        return made

    def plan(self, who: Person, week: int, ready: datetime | None) -> Adaptation:
        """A plan of one's own for the lesson of a week, ready at a moment, or a draft."""
        design = library.create(
            kind="lesson_design",
            owner=who,
            school=self.town.member,
            draft=library.Draft("面积", adapting.document()),
            nodes=(self.shelf.lessons[week - 1],),
            at=self.town.now,
        )
        now = self.town.now
        own = services.keep_own(design=LessonDesign.objects.get(pk=design.pk), by=who, at=now)
        if ready is None:
            return own
        made = services.mark_ready(adaptation=own, by=who, at=now)
        Adaptation.objects.filter(pk=made.pk).update(ready_at=ready)
        return made


@pytest.fixture
def school(town: Town) -> School:
    book = shelf.build(town)
    shared = adapting.build(town, book.subject)
    Placement.objects.create(resource=shared.resource, node=book.lessons[1])
    today = timezone.localdate(town.now)
    monday = today - timedelta(days=today.weekday())
    term = Term.objects.create(
        school=town.member,
        year=2020,
        half=1,
        first_day=monday - timedelta(days=7),
        last_day=monday + timedelta(days=11),
    )
    Adoption.objects.create(school=town.member, grade=5, textbook=book.book, starts_at=town.now - timedelta(days=90))
    found = School(town, book, shared, term, monday)
    town.people["researcher"] = people.person("数学教研组长")
    people.post(town.people["researcher"], town.member, Role.RESEARCH_LEADER, subject=book.subject)
    town.people["stranger_leader"] = people.person("外校校长")
    people.post(town.people["stranger_leader"], town.lead, Role.SCHOOL_LEADER)
    found.teaches(town.person("teacher"), weekday=1, period=1)
    return found
