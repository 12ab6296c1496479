"""A thousand lives of small towns: whatever happens in whatever order, five ways to ask give the answer of the plain dates.

Schools join and leave groups; people are appointed, rotate, are seated and dismissed; things are shared, expire, are
withdrawn, published again, archived, taken down. At twenty moments of each life `may`, its queryset twin, search on both
engines and `access_explain` must agree with `Life.expected`, which knows spans of time and the policy, and nothing of
the code; and at every fifth of them once more about a moment that is long past by then.

Lives go in batches, side by side in one database and one index, so that an index is refreshed once for many.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from groups import access, services
from groups.access import Action, Refused
from groups.models import Appointment, Organisation, Person
from groups.viewer import Viewer, viewer_for
from library.explaining.explain import explain
from library.resources import jobs, search_documents
from library.resources import services as library
from library.resources.models import Grant, Kind, Resource
from library.resources.policies import RANKS
from search.engines.elasticsearch import ElasticsearchEngine, connect
from search.engines.tantivy import TantivyEngine
from search.models import OutboxRow
from search.ports import Engine, Query
from tests.factories import people as make
from tests.factories.town import whole_design

pytestmark = pytest.mark.django_db

LIVES = 1_000
MOMENTS = 20
BATCH = 50
DEEDS_A_MOMENT = 2
LOOKING_BACK = 5
EVERYTHING = 1_000
PUBLIC = "public"
numbers = count()
START = timezone.now() - timedelta(days=2_000)


@dataclass
class Span:
    """Something that holds from a moment until another: a membership, an appointment, a grant, a state."""

    what: tuple[Any, ...]
    start: datetime
    end: datetime | None = None

    def holds(self, at: datetime) -> bool:
        return self.start <= at and (self.end is None or at < self.end)


@dataclass
class Life:
    """One town, what is done in it, and the plain spans that follow."""

    dice: random.Random
    now: datetime
    county: Organisation
    schools: list[Organisation]
    groups: list[Organisation]
    prep: Organisation
    people: list[Person]
    author: Person
    resources: list[Resource] = field(default_factory=list)
    members: list[Span] = field(default_factory=list)
    posts: list[Span] = field(default_factory=list)
    grants: list[Span] = field(default_factory=list)
    states: list[Span] = field(default_factory=list)
    rows: dict[int, Any] = field(default_factory=dict)

    # What is done.

    def appoint_as(self, person: Person, place: Organisation, role: str = "teacher", **more: Any) -> None:
        row = services.appoint(person=person, organisation=place, by=None, at=self.now, role=role, **more)  # type: ignore[arg-type]
        span = Span((person, place, role), self.now, more.get("ends_at"))
        self.posts.append(span)
        self.rows[id(span)] = row

    def begin(self) -> None:
        officer, admin = self.people[-1], self.people[-2]
        self.appoint_as(officer, self.county, "officer", nature="seat")
        self.appoint_as(admin, self.schools[0], "admin")
        self.appoint_as(self.author, self.schools[0])
        for number in range(3):
            draft = library.Draft(title=f"教案{number}", document=whole_design())
            resource = library.create(
                kind=Kind.LESSON_DESIGN, owner=self.author, school=self.schools[0], draft=draft, at=self.now
            )
            self.resources.append(resource)
            self.states.append(Span((resource, "draft"), self.now))
            self.publish(resource)

    def step(self) -> None:
        deeds: tuple[Callable[[], None], ...] = (
            self.join,
            self.leave,
            self.appoint,
            self.rotate,
            self.seat,
            self.dismiss,
            self.grant,
            self.grant,
            self.stop,
            self.change,
        )
        self.dice.choice(deeds)()

    def _one(self, spans: list[Span]) -> Span | None:
        current = [span for span in spans if span.holds(self.now)]
        return self.dice.choice(current) if current else None

    def join(self) -> None:
        school, group = self.dice.choice(self.schools), self.dice.choice(self.groups)
        if any(m.what == (school, group) and m.holds(self.now) for m in self.members):
            return
        services.join_group(school=school, group=group, by=None, accepted_by=None, at=self.now)
        self.members.append(Span((school, group), self.now))

    def leave(self) -> None:
        if (span := self._one(self.members)) is None:
            return
        school, group = span.what
        services.leave_group(school=school, group=group, by=None, approved_by=None, at=self.now, reason="到期")
        span.end = self.now

    def _until(self) -> datetime | None:
        return self.dice.choice([None, self.now + timedelta(days=self.dice.randint(1, 150))])

    def appoint(self) -> None:
        self.appoint_as(self.dice.choice(self.people[:3]), self.dice.choice(self.schools), ends_at=self._until())

    def rotate(self) -> None:
        nature = self.dice.choice(["rotation", "support", "part_time", "shadowing"])
        ends = self.now + timedelta(days=self.dice.randint(1, 200))
        self.appoint_as(self.dice.choice(self.people[:3]), self.dice.choice(self.schools), nature=nature, ends_at=ends)

    def seat(self) -> None:
        self.appoint_as(self.dice.choice(self.people[:3]), self.prep, "member", nature="seat", ends_at=self._until())

    def dismiss(self) -> None:
        if (span := self._one(self.posts)) is None:
            return
        row: Appointment = self.rows[id(span)]
        services.end_appointment(appointment=row, by=None, at=self.now)
        span.end = self.now

    def grant(self) -> None:
        resource = self.dice.choice(self.resources)
        if self.state(resource, self.now) not in ("published", "archived"):
            return
        begins = self.now + timedelta(days=self.dice.choice([0, 0, 0, 20]))
        ends = self.dice.choice([None, begins + timedelta(days=self.dice.randint(1, 200))])
        to = self.dice.choice([*self.schools, *self.groups, self.prep, self.county, *self.people[:3], PUBLIC])
        self.open_grant(resource, to, begins, ends)

    def open_grant(self, resource: Resource, to: Any, begins: datetime, ends: datetime | None) -> None:
        audience = {"is_public": True} if to == PUBLIC else {"person" if isinstance(to, Person) else "organisation": to}
        row = Grant.objects.create(resource=resource, starts_at=begins, ends_at=ends, **audience)
        span = Span((resource, to), begins, ends)
        self.grants.append(span)
        self.rows[id(span)] = row

    def stop(self) -> None:
        span = self._one(self.grants)
        if span is None or self.state(span.what[0], self.now) != "published" or self.left(self.author, self.now):
            return
        library.end_grant(grant=self.rows[id(span)], by=self.author, at=self.now)
        span.end = self.now

    def publish(self, resource: Resource) -> None:
        """Named persons need no review: submitting is publishing."""
        person = self.dice.choice(self.people[:3])
        library.submit(resource=resource, by=self.author, audiences=[library.Audience(person=person)], at=self.now)
        if not any(g.what == (resource, person) and g.end is None and g.start <= self.now for g in self.grants):
            row = Grant.objects.filter(resource=resource, person=person).latest("pk")
            span = Span((resource, person), self.now)
            self.grants.append(span)
            self.rows[id(span)] = row
        self.enter(resource, "published")

    def enter(self, resource: Resource, state: str) -> None:
        for span in self.states:
            if span.what[0] == resource and span.end is None:
                span.end = self.now
        self.states.append(Span((resource, state), self.now))

    def change(self) -> None:
        """One change of state, by whoever is in office for it; a refusal changes nothing."""
        resource = self.dice.choice(self.resources)
        admin = self.people[-2]
        deeds: dict[str, list[tuple[str, Callable[[], object]]]] = {
            "published": [
                ("draft", lambda: library.withdraw(resource=resource, by=self.author, at=self.now)),
                ("archived", lambda: library.archive(resource=resource, by=self.author, at=self.now)),
                ("taken_down", lambda: library.take_down(resource=resource, by=admin, reason="核实", at=self.now)),
            ],
            "taken_down": [("published", lambda: library.restore(resource=resource, by=admin, at=self.now))],
        }
        state = self.state(resource, self.now)
        if state == "draft" and not self.left(self.author, self.now):
            self.publish(resource)
            return
        if state not in deeds:
            return
        following, deed = self.dice.choice(deeds[state])
        try:
            deed()
        except Refused:
            return
        if following == "draft":
            for span in self.grants:
                if span.what[0] == resource and span.holds(self.now):
                    span.end = self.now
        self.enter(resource, following)

    # What must follow.

    def state(self, resource: Resource, at: datetime) -> str:
        return next((span.what[1] for span in self.states if span.what[0] == resource and span.holds(at)), "")

    def left(self, person: Person, at: datetime) -> bool:
        """The last appointment at the home school has ended."""
        here = [p for p in self.posts if p.what[:2] == (person, self.schools[0])]
        return any(p.end is not None and p.end <= at for p in here) and not any(p.holds(at) for p in here)

    def belongs(self, person: Person, at: datetime) -> set[Any]:
        """Schools and seats of one's own, the groups that a school is in, and the county of every school."""
        own = {p.what[1] for p in self.posts if p.what[0] == person and p.holds(at)}
        at_schools = own & set(self.schools)
        carried = {m.what[1] for m in self.members if m.what[0] in at_schools and m.holds(at)}
        return at_schools | (own & {self.prep}) | carried | ({self.county} if at_schools else set())

    def granted(self, person: Person, resource: Resource, at: datetime) -> bool:
        reached = {person, PUBLIC} | self.belongs(person, at)
        return any(g.what[0] == resource and g.what[1] in reached and g.holds(at) for g in self.grants)

    def wide(self, resource: Resource, at: datetime) -> bool:
        """A grant as wide as a school."""
        wide = {PUBLIC, self.county, *self.schools, *self.groups}
        return any(g.what[0] == resource and g.what[1] in wide and g.holds(at) for g in self.grants)

    def in_office(self, person: Person, place: Organisation, role: str, at: datetime) -> bool:
        return any(p.what == (person, place, role) and p.holds(at) for p in self.posts)

    def expected(self, person: Person, action: str, at: datetime) -> set[str]:
        """Titles that the policy lets the person list or read."""
        return {r.title for r in self.resources if self.allows(person, r, action, at)}

    def allows(self, person: Person, resource: Resource, action: str, at: datetime) -> bool:
        state = self.state(resource, at)
        if not state:
            return False
        if person == self.author:
            return True
        admin = self.in_office(person, self.schools[0], "admin", at)
        officer = self.in_office(person, self.county, "officer", at)
        if state in ("published", "archived"):
            supervises = admin or (officer and (state == "published" or action == "read"))
            return self.granted(person, resource, at) or (supervises and self.wide(resource, at))
        if state == "taken_down":
            down = next(s.start for s in self.states if s.what[0] == resource and s.holds(at))
            return admin or (officer and action == "read" and self.wide(resource, down))
        return False


@dataclass
class Batch:
    """Lives side by side, and the two indexes that follow them."""

    lives: list[Life]
    engines: tuple[Engine, ...]
    wrong: list[str] = field(default_factory=list)
    cases: int = 0

    def moment(self, now: datetime, turn: int) -> None:
        """Two deeds in each life, the index follows, one person of each is looked at through every door."""
        for life in self.lives:
            life.now = now
            for _ in range(DEEDS_A_MOMENT):
                life.step()
        self.follow(now)
        for number, life in enumerate(self.lives):
            person = life.dice.choice([*life.people, life.author])
            viewer = viewer_for(person, now)
            asked = self.look(number, life, person, viewer)
            self.search(f"{number} {person.pk}", life, viewer, asked)
            if number % LOOKING_BACK == turn % LOOKING_BACK:
                past = START + (now - START) * life.dice.random()
                self.look(number, life, person, viewer_for(person, past), Action.READ)

    def follow(self, now: datetime) -> None:
        """What the worker does: boundaries of grants, then every document that was touched."""
        jobs.touch_boundaries(now)
        due = dict(OutboxRow.objects.filter(source="resource", pending=True).values_list("uid", "version"))
        entries = {entry.uid: entry for entry in search_documents.load(list(due))}
        for engine in self.engines:
            engine.write([replace(entry, version=due[uid]) for uid, entry in entries.items()])
            engine.delete({f"resource:{uid}": due[uid] for uid in due.keys() - entries.keys()})
            engine.refresh()
        OutboxRow.objects.filter(pending=True).update(pending=False)

    def look(self, number: int, life: Life, person: Person, viewer: Viewer, twin: Action = Action.LIST) -> set[str]:
        """`may` for listing and reading, the twin for one of them, and the explanation. Returns what may be listed."""
        where = f"{number} {person.pk} {viewer.at}"
        rows = Resource.objects.filter(pk__in=[r.pk for r in life.resources])
        fresh = list(rows)
        held = access.relations_over(viewer, rows)
        right = {action: life.expected(person, action.value, viewer.at) for action in (Action.LIST, Action.READ)}
        for action, titles in right.items():
            said = {r.title for r in fresh if access.verdict_of(held.get(r.pk, frozenset()), viewer, action, r)}
            self.note(f"{where} {action}", titles, may=said)
        kept = set(access.narrow(rows, viewer, twin).values_list("title", flat=True))
        self.note(f"{where} {twin}", right[twin], narrow=kept)
        asked = life.dice.choice(fresh)
        answer = explain(person, asked, Action.READ, viewer.at)
        told = {asked.title} if answer.allowed else set()
        self.note(f"{where} {asked.title}", right[Action.READ] & {asked.title}, explain=told)
        if answer.allowed and not (answer.chain and all(fact.holds(viewer.at) for fact in answer.chain)):
            self.wrong.append(f"{where} {asked.title}: the chain {answer.chain}")
        return right[Action.LIST]

    def search(self, where: str, life: Life, viewer: Viewer, listed: set[str]) -> None:
        """Published things by their tokens, archived ones by the filter for them, on each engine."""
        titles = {r.uid: r.title for r in life.resources}
        for state, tokens in (("published", viewer.tokens()), ("archived", viewer.archived_tokens())):
            right = {r.title for r in life.resources if r.title in listed and life.state(r, viewer.at) == state}
            for engine in self.engines:
                page = engine.search(Query(tokens=tokens, include_adaptations=True, limit=EVERYTHING))
                found = {titles[hit.entry.uid] for hit in page.hits if hit.entry.uid in titles}
                self.note(f"{where} {state} {viewer.at}", right, **{type(engine).__name__: found})

    def note(self, where: str, right: set[str], **doors: set[str]) -> None:
        for door, found in doors.items():
            self.cases += 1
            if found != right:
                self.wrong.append(f"life {where}: {door} {sorted(found)}, must be {sorted(right)}")


def born(seed: int) -> Life:
    city, county = make.organisation("city"), make.organisation("county")
    make.link(county, city, "area", START)
    schools = [make.organisation("school") for _ in range(3)]
    for school in schools:
        make.link(school, county, "area", START)
    groups = [make.organisation("group") for _ in range(2)]
    persons = [make.person(f"某{number}") for number in range(5)]
    life = Life(
        random.Random(seed), START, county, schools, groups, make.organisation("prep_group"), persons, make.person()
    )
    life.begin()
    return life


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> dict[str, datetime]:
    """The site's clock, set by the test."""
    hands = {"now": START}
    monkeypatch.setattr("django.utils.timezone.now", lambda: hands["now"])
    return hands


@pytest.mark.elasticsearch
def test_every_door_says_what_the_dates_say(
    scale: float, clock: dict[str, datetime], elasticsearch_url: str, tmp_path: Path
) -> None:
    assert RANKS[0] == "home_school_admin", "the model knows who takes down"
    lives, cases = max(1, round(LIVES * scale)), 0
    wrong: list[str] = []
    for first in range(0, lives, BATCH):
        with transaction.atomic():
            clock["now"] = START
            indexes: tuple[Any, ...] = (
                TantivyEngine(tmp_path / str(first)),
                ElasticsearchEngine(connect(elasticsearch_url), f"lives-{next(numbers)}"),
            )
            for engine in indexes:
                engine.create()
            batch = Batch([born(seed) for seed in range(first, min(first + BATCH, lives))], indexes)
            steps = random.Random(first)
            for turn in range(MOMENTS):
                clock["now"] += timedelta(hours=steps.randint(24, 24 * 60))
                batch.moment(clock["now"], turn)
            for engine in indexes:
                engine.drop()
            transaction.set_rollback(True)
        wrong, cases = wrong + batch.wrong, cases + batch.cases
    print(f"{lives} lives, {cases} answers compared, {len(wrong)} wrong")
    assert not wrong, "\n".join(wrong[:20])
