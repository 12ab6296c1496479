"""Search under the reader's rights: hits, totals, facets and suggestions hold what the policy lists, on every engine."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from groups import access
from groups.access import Action
from library.resources import search_documents
from library.resources.models import Kind, Resource
from search.engines.memory import MemoryEngine
from search.engines.tantivy import TantivyEngine
from search.ports import Engine, Entry, Query
from tests.access import oracle
from tests.access.facts import VIEWERS
from tests.access.report import report
from tests.access.things import THINGS
from tests.access.world import World

pytestmark = pytest.mark.django_db

EVERYTHING = 500
CARD = {"kind": "material", "restriction": {}}
numbers = count()
PREFIX = "published"


@pytest.fixture(
    scope="module", params=["memory", "tantivy", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)]
)
def engine(
    request: pytest.FixtureRequest, world: World, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: object
) -> Iterator[Engine]:
    """One engine with every resource of the world that search may see."""
    made = _make(request, tmp_path_factory.mktemp("index"))
    made.create()
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        made.write(search_documents.load(list(search_documents.uids())))
    made.refresh()
    yield made
    made.drop()


def _make(request: pytest.FixtureRequest, folder: Path) -> Engine:
    if request.param == "memory":
        return MemoryEngine()
    if request.param == "tantivy":
        return TantivyEngine(folder)
    from search.engines.elasticsearch import ElasticsearchEngine, connect

    return ElasticsearchEngine(connect(request.getfixturevalue("elasticsearch_url")), f"access-{next(numbers)}")


def _listed(name: str, state: str) -> set[str]:
    return {thing.name for thing in THINGS if thing.state == state and oracle.may(thing, name, "list")}


@pytest.mark.parametrize("state", ["published", "archived"])
def test_hits_totals_and_facets_are_what_the_viewer_may_list(engine: Engine, world: World, state: str) -> None:
    wrong, cases = [], 0
    for name in VIEWERS:
        viewer = world.viewers[name]
        tokens = viewer.archived_tokens() if state == "archived" else viewer.tokens()
        page = engine.search(Query(tokens=tokens, include_adaptations=True, facets=("kind",), limit=EVERYTHING))
        found, expected = {hit.entry.title for hit in page.hits}, _listed(name, state)
        cases += len(THINGS) + 2
        wrong += [f"{name}: {title} is a hit: {title in found}" for title in sorted(found ^ expected)]
        if page.total != len(expected):
            wrong.append(f"{name}: total {page.total}, may list {len(expected)}")
        counted = page.facets.get("kind", {}).get(Kind.MATERIAL.label, 0)
        if counted != len(expected):
            wrong.append(f"{name}: facet counts {counted}, may list {len(expected)}")
    report(f"search, {state}, {type(engine).__name__}", cases, wrong)


def test_suggestions_are_what_the_viewer_may_list(engine: Engine, world: World) -> None:
    wrong, cases = [], 0
    for name in VIEWERS:
        hits = engine.suggest(PREFIX, world.viewers[name].tokens(), EVERYTHING)
        found, expected = {hit.entry.title for hit in hits}, _listed(name, "published")
        cases += len(THINGS)
        wrong += [f"{name}: {title} is suggested: {title in found}" for title in sorted(found ^ expected)]
    report(f"suggestions, {type(engine).__name__}", cases, wrong)


def test_an_account_that_is_switched_off_finds_nothing(engine: Engine, world: World) -> None:
    page = engine.search(Query(tokens=world.viewers["disabled"].tokens(), facets=("kind",)))
    assert page.total == 0
    assert not any(page.facets.get("kind", {}).values())


def test_a_card_is_checked_once_more_in_the_database(world: World) -> None:
    """An index that is behind shows nothing that the rule refuses now."""
    every = [resource.uid for resource in world.resources.values()]
    source = search_documents.SOURCE
    for name in VIEWERS[::6]:
        expected = {world.resources[thing.name].uid for thing in THINGS if oracle.may(thing, name, "list")}
        assert set(source.cards(every, world.viewers[name])) == expected, name


def test_a_hit_is_checked_in_the_database_for_every_viewer(world: World) -> None:
    """Printed from the index, but only what the rule allows now; the rule's kept SQL says what the rule says."""
    entries = [Entry(f"resource:{one.uid}", "resource", one.title, card=CARD) for one in world.resources.values()]
    source = search_documents.SOURCE
    for name in VIEWERS:
        for viewer in (
            world.viewers[name],
            replace(world.viewers[name], at=world.viewers[name].at + timedelta(seconds=1)),
        ):
            expected = {world.resources[thing.name].uid for thing in THINGS if oracle.may(thing, name, "list")}
            assert set(source.items(entries, viewer)) == expected, name
            assert set(source.allowed([entry.uid for entry in entries], viewer)) == expected, name
            forks = {uid for uid, row in source.items(entries, viewer).items() if row.may_fork}
            asked = access.narrow(Resource.objects.filter(uid__in=expected), viewer, Action.FORK)
            assert forks == (set(asked.values_list("uid", flat=True)) if viewer.person else set()), name


def test_the_rules_kept_sql_is_asked_at_the_moment_of_each_question(world: World) -> None:
    """A grant that ends or begins between two questions of one person: the memberships, and so the SQL, are the same."""
    ends, begins = "published-G1-ends-now", "published-G1-tomorrow"
    uids = [world.resources[name].uid for name in (ends, begins)]
    entries = [Entry(f"resource:{uid}", "resource", uid, card=CARD) for uid in uids]
    source = search_documents.SOURCE
    for at, seen in (
        (world.now - timedelta(microseconds=1), {uids[0]}),
        (world.now, set()),
        (world.moment(1), {uids[1]}),
    ):
        viewer = replace(world.viewers["teacher-T"], at=at)
        assert set(source.items(entries, viewer)) == seen
        assert set(source.allowed(uids, viewer)) == seen
