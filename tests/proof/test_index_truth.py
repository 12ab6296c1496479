"""Whatever is done and whatever fails: after quiet the index holds exactly what the tables say, on both engines."""

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from groups import services as organising
from groups.access import Refused
from library.resources import services
from library.resources.models import Resource
from search import indexer, registry
from search.documents import from_json
from search.engines.elasticsearch import ElasticsearchEngine, connect
from search.engines.tantivy import TantivyEngine
from search.models import OutboxRow
from search.ports import Engine, EngineDown, Entry
from tests.factories import many, shelf, town
from tests.proof.second_projector import expected

pytestmark = pytest.mark.django_db
OPERATIONS = 10_000
"""On each of the two engines."""
FAULTS = 0.3
RACES = 0.1


class PanicException(BaseException):
    """What an extension in Rust raises when it breaks, by the name it has."""


class RolledBack(Exception):
    """The author's transaction ends without a trace."""


@dataclass
class Faulty:
    """An engine that fails before, in the middle of and after a write, and lets an edit slip in while it writes."""

    engine: Engine
    dice: random.Random
    slip_in: Any
    is_well: bool = False
    faults: int = 0

    def write(self, entries: Iterable[Entry]) -> Mapping[str, str]:
        found = list(entries)
        self._trouble(lambda: self.engine.write(found[: len(found) // 2]))
        answer = self.engine.write(found)
        self._trouble(lambda: None)
        return answer

    def delete(self, keys: Mapping[str, int]) -> Mapping[str, str]:
        self._trouble(lambda: None)
        return self.engine.delete(keys)

    def _trouble(self, half: Any) -> None:
        if self.is_well:
            return
        if self.dice.random() < RACES:
            self.slip_in()
        if self.dice.random() < FAULTS:
            self.faults += 1
            half()
            if self.dice.random() < 0.05:
                raise PanicException("called `Option::unwrap()` on a `None` value")
            raise EngineDown("injected")


@dataclass
class City:
    """The town, its shelf, and what may be done in it."""

    dice: random.Random
    town: town.Town
    shelf: shelf.Shelf
    resources: list[Resource] = field(default_factory=list)
    done: int = 0

    @property
    def now(self) -> datetime:
        return timezone.now()

    def one(self) -> Resource:
        return Resource.objects.get(pk=self.dice.choice(self.resources).pk)

    def step(self) -> None:
        """One deed; what the rule refuses is refused, and a tenth of all is rolled back."""
        deed = self.dice.choice(DEEDS)
        self.done += 1
        before = len(self.resources)
        try:
            with transaction.atomic():
                getattr(self, deed)()
                if self.dice.random() < 0.1:
                    raise RolledBack
        except (Refused, RolledBack, ValueError):
            del self.resources[before:]

    def create(self) -> None:
        first = self.resources[0]
        if len(self.resources) < 400:
            first.refresh_from_db()
            if first.state == "published":
                uids = many.multiply(first, 1, seed=self.dice.randrange(10**9))
                made = Resource.objects.get(uid=uids[0])
                self.resources.append(made)
                services.describe(resource=made, by=made.owner, metadata=self.words(), at=self.now)

    def words(self) -> services.Metadata:
        return services.Metadata(summary=many.words(self.dice, 20), subjects=(self.shelf.subject,), grade_from=5)

    def edit(self) -> None:
        resource = self.one()
        services.describe(resource=resource, by=resource.owner, metadata=self.words(), at=self.now)

    def move(self) -> None:
        resource = self.one()
        places = self.dice.sample(self.shelf.lessons, self.dice.randint(1, 2))
        services.place(resource=resource, by=resource.owner, nodes=places, at=self.now)

    def publish(self) -> None:
        resource = self.one()
        audience = self.dice.choice([services.Audience(), services.Audience(organisation=self.town.member)])
        submission = services.submit(resource=resource, by=resource.owner, audiences=(audience,), at=self.now)
        self.town.approve_all(submission)

    def unpublish(self) -> None:
        resource = self.one()
        services.withdraw(resource=resource, by=resource.owner, at=self.now)

    def archive(self) -> None:
        resource = self.one()
        services.archive(resource=resource, by=resource.owner, at=self.now)

    def take_down(self) -> None:
        services.take_down(resource=self.one(), by=self.town.person("city_officer"), reason="重复", at=self.now)

    def restore(self) -> None:
        services.restore(resource=self.one(), by=self.town.person("city_officer"), at=self.now)

    def delete(self) -> None:
        resource = self.one()
        services.bin_draft(resource=resource, by=resource.owner, at=self.now)

    def rename_node(self) -> None:
        node = self.dice.choice([self.shelf.unit, *self.shelf.lessons])
        node.title = many.words(self.dice, 5)
        node.save()

    def narrow(self) -> None:
        resource = self.one()
        grant = resource.grants.valid_at(self.now).first()
        if grant is not None:
            services.end_grant(grant=grant, by=resource.owner, at=self.now)

    def leave_group(self) -> None:
        school, group = self.town.member, self.town.group
        if school.links_up.valid_at(self.now).filter(parent=group).exists():
            organising.leave_group(school=school, group=group, by=None, approved_by=None, at=self.now, reason="退出")
        else:
            organising.join_group(school=school, group=group, by=None, accepted_by=None, at=self.now)


DEEDS = (
    *("create", "edit", "edit", "edit", "move", "move", "publish", "unpublish", "archive", "take_down", "restore"),
    *("delete", "rename_node", "narrow", "leave_group"),
)


@pytest.fixture
def city() -> Iterator[City]:
    built = town.build()
    built_shelf = shelf.build(built)
    first = built_shelf.published(built_shelf.draft())
    before = dict(registry._sources)
    for name in set(before) - {"resource"}:
        del registry._sources[name]
    made = City(random.Random(20261124), built, built_shelf, [first])
    for uid in many.multiply(first, 60):
        made.resources.append(Resource.objects.get(uid=uid))
    indexer.mark_everything()
    yield made
    registry._sources.update(before)


def test_after_quiet_the_embedded_index_is_the_truth(city: City, tmp_path: Path, scale: float) -> None:
    _live_and_compare(TantivyEngine(tmp_path), city, round(OPERATIONS * scale))


@pytest.mark.elasticsearch
def test_after_quiet_elasticsearch_is_the_truth(city: City, elasticsearch_url: str, scale: float) -> None:
    engine = ElasticsearchEngine(connect(elasticsearch_url), "proof-truth")
    engine.drop()
    try:
        _live_and_compare(engine, city, round(OPERATIONS * scale))
    finally:
        engine.drop()


def _live_and_compare(engine: Engine, city: City, operations: int) -> None:
    engine.create()
    faulty: Any = Faulty(engine, city.dice, city.step)
    clock = timezone.now()
    while city.done < operations:
        city.step()
        if city.dice.random() < 0.2:
            clock += timedelta(minutes=city.dice.randint(0, 15))
            indexer.spread_once()
            indexer.drain_once(faulty, clock, limit=city.dice.choice([1, 5, 50]))
    faulty.is_well = True
    while indexer.spread_once():
        pass
    clock += timedelta(hours=1)
    while indexer.drain_once(faulty, clock) is not None:
        clock += timedelta(hours=1)
    engine.refresh()
    parked = OutboxRow.objects.filter(parked=True).count()
    wrong = _differences(engine)
    print(f"{city.done} operations, {faulty.faults} faults, {engine.count()} documents: {wrong}, parked {parked}")
    assert faulty.faults > operations / 100
    assert (wrong, parked) == ({"missing": [], "ghost": [], "stale": []}, 0)


def _differences(engine: Engine) -> dict[str, list[str]]:
    truth = expected(timezone.now())
    held = {one.key: one for one in engine.held() if one.stored}
    stale = []
    for key in truth.keys() & held.keys():
        entry = from_json(held[key].stored)
        units = " ".join(entry.facets.get("unit", ()))
        want = truth[key]
        if (
            (entry.title, entry.summary, held[key].tokens) != (want.title, want.summary, want.tokens)
            or set(entry.facets.get("node", ())) != want.nodes
            or not all(title in units for title in want.lessons)
        ):
            stale.append(key)
    return {
        "missing": sorted(truth.keys() - held.keys()),
        "ghost": sorted(held.keys() - truth.keys()),
        "stale": sorted(stale),
    }
