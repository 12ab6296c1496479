"""Whatever happens in whatever order, the rule, its twin and the index tokens say what the dates say, now and for the past."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from groups import access, services
from groups.access import Action
from groups.models import Appointment, Organisation, Person
from groups.viewer import viewer_for
from library.resources.models import Grant, Resource, Version
from library.resources.policies import index_tokens
from tests.factories import people as make

pytestmark = pytest.mark.django_db

HISTORIES = 60
DEEDS = 40
PAST_MOMENTS = 12


@dataclass
class Span:
    """Something that holds from a moment until another: a membership, an appointment, a grant."""

    what: tuple[object, object]
    start: datetime
    end: datetime | None = None

    def holds(self, at: datetime) -> bool:
        return self.start <= at and (self.end is None or at < self.end)


@dataclass
class History:
    """One small city, what is done in it, and the plain spans that must follow."""

    dice: random.Random
    now: datetime
    schools: list[Organisation] = field(default_factory=list)
    groups: list[Organisation] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    resources: list[Resource] = field(default_factory=list)
    memberships: list[Span] = field(default_factory=list)
    appointments: list[Span] = field(default_factory=list)
    rows: dict[int, Appointment] = field(default_factory=dict)
    grants: list[Span] = field(default_factory=list)

    def begin(self) -> None:
        self.schools = [make.organisation("school") for _ in range(3)]
        self.groups = [make.organisation("group") for _ in range(2)]
        self.people = [make.person() for _ in range(4)]
        author = make.person()
        for number in range(4):
            resource = Resource.objects.create(kind="material", owner=author, title=f"资料{number}", state="draft")
            version = Version.objects.create(
                resource=resource,
                number=1,
                title="资料",
                sha256="0" * 64,
                label="第1版",
                cut_by=author,
                cut_at=self.now,
            )
            Resource.objects.filter(pk=resource.pk).update(state="published", published_version=version)
            self.resources.append(Resource.objects.get(pk=resource.pk))

    def step(self) -> None:
        self.now += timedelta(hours=self.dice.randint(1, 400))
        deeds: list[Callable[[], None]] = [self.join, self.leave, self.appoint, self.dismiss, self.grant, self.close]
        self.dice.choice(deeds)()

    def _one(self, spans: list[Span]) -> Span | None:
        current = [span for span in spans if span.holds(self.now)]
        return self.dice.choice(current) if current else None

    def join(self) -> None:
        school, group = self.dice.choice(self.schools), self.dice.choice(self.groups)
        if any(m.what == (school, group) and m.holds(self.now) for m in self.memberships):
            return
        services.join_group(school=school, group=group, by=None, accepted_by=None, at=self.now)
        self.memberships.append(Span((school, group), self.now))

    def leave(self) -> None:
        if (span := self._one(self.memberships)) is None:
            return
        school, group = span.what
        services.leave_group(school=school, group=group, by=None, approved_by=None, at=self.now, reason="退出")  # type: ignore[arg-type]
        span.end = self.now

    def appoint(self) -> None:
        person, school = self.dice.choice(self.people), self.dice.choice(self.schools)
        ends = self.dice.choice([None, self.now + timedelta(days=self.dice.randint(0, 40))])
        row = services.appoint(person=person, organisation=school, by=None, at=self.now, ends_at=ends)
        span = Span((person, school), self.now, ends)
        self.appointments.append(span)
        self.rows[id(span)] = row

    def dismiss(self) -> None:
        if (span := self._one(self.appointments)) is None:
            return
        services.end_appointment(appointment=self.rows[id(span)], by=None, at=self.now)
        span.end = self.now

    def grant(self) -> None:
        resource = self.dice.choice(self.resources)
        starts = self.now + timedelta(days=self.dice.choice([0, 0, 3]))
        ends = self.dice.choice([None, starts + timedelta(days=self.dice.randint(0, 60))])
        to = self.dice.choice([*self.schools, *self.groups, *self.people])
        audience = {"person": to} if isinstance(to, Person) else {"organisation": to}
        Grant.objects.create(resource=resource, starts_at=starts, ends_at=ends, **audience)
        self.grants.append(Span((resource, to), starts, ends))

    def close(self) -> None:
        if (span := self._one(self.grants)) is None:
            return
        resource, to = span.what
        assert isinstance(resource, Resource)
        audience = {"person": to} if isinstance(to, Person) else {"organisation": to}
        row = Grant.objects.filter(resource=resource, starts_at=span.start, ends_at=span.end, **audience).first()
        assert row is not None
        row.ends_at = span.end = self.now
        row.save()

    def expected(self, person: Person, at: datetime) -> set[str]:
        at_schools = {a.what[1] for a in self.appointments if a.what[0] == person and a.holds(at)}
        carried = {m.what[1] for m in self.memberships if m.what[0] in at_schools and m.holds(at)}
        reached = {person, *at_schools, *carried}
        return {g.what[0].title for g in self.grants if g.what[1] in reached and g.holds(at)}  # type: ignore[attr-defined]

    def check(self, at: datetime) -> int:
        """Compare every person's view at a moment, through three doors. Returns the number of comparisons."""
        tokens = {r.title: index_tokens(Resource.objects.get(pk=r.pk), at) for r in self.resources}
        for person in self.people:
            viewer, right = viewer_for(person, at), self.expected(person, at)
            twin = set(access.narrow(Resource.objects.all(), viewer, Action.LIST).values_list("title", flat=True))
            said = {r.title for r in self.resources if access.may(viewer, Action.LIST, r)}
            found = {title for title, own in tokens.items() if own & viewer.tokens()}
            assert twin == said == found == right, (person.pk, at)
        return 3 * len(self.people) * len(self.resources)


def test_random_histories_keep_the_rule(scale: float) -> None:
    compared = 0
    for seed in range(max(1, round(HISTORIES * scale))):
        with transaction.atomic():
            history = History(random.Random(seed), timezone.now() - timedelta(days=900))
            history.begin()
            first = history.now
            for _ in range(DEEDS):
                history.step()
                compared += history.check(history.now)
            for _ in range(PAST_MOMENTS):
                moment = first + (history.now - first) * history.dice.random()
                compared += history.check(moment)
            transaction.set_rollback(True)
    assert compared > 0
