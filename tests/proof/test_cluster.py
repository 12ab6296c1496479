"""Any one of three nodes may die while teachers search and save: no search fails, no change is lost. And the site needs
no more rights on a cluster than its own indices."""

import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.conf import settings
from elasticsearch import ApiError

from search.engines import cluster, server
from search.engines.cluster import Cluster
from search.engines.elasticsearch import ElasticsearchEngine, connect
from search.engines.guard import BUDGET
from search.ports import EngineDown, Entry, Query

SEARCHES_A_SECOND, WRITES_A_SECOND = 20, 5
DOCUMENTS = 500
TRIES = 3
SECONDS = 120
"""How long the load goes on at full size, split among the nodes that are killed."""


@pytest.fixture(scope="module")
def three() -> Iterator[Cluster]:
    with cluster.running(settings.CACHE_DIR or server.default_cache()) as found:
        yield found


@dataclass
class Load:
    """Searches and writes until told to end, each through the doors that the site uses."""

    engine: ElasticsearchEngine
    searches: int = 0
    retried: int = 0
    beyond_a_page: int = 0
    """Searches for which a page would not have waited: it would have shown 简化搜索."""
    failed: list[str] = field(default_factory=list)
    written: dict[str, int] = field(default_factory=dict)
    slowest: float = 0.0
    over: threading.Event = field(default_factory=threading.Event)

    def search(self) -> None:
        while not self.over.wait(1 / SEARCHES_A_SECOND):
            began = time.monotonic()
            if not any(self._answered() for _ in range(TRIES)):
                self.failed.append(f"after {self.searches} searches")
            self.searches += 1
            seconds = time.monotonic() - began
            self.slowest = max(self.slowest, seconds)
            self.beyond_a_page += seconds > BUDGET

    def _answered(self) -> bool:
        """Asked once, with the client's own retries on the other nodes; a wrong answer is no answer."""
        try:
            return self.engine.search(Query(text="口算", facets=("grade",))).total == DOCUMENTS
        except EngineDown:
            self.retried += 1
            return False

    def write(self) -> None:
        """As the worker does: what the engine did not take is written again until it does."""
        dice = random.Random(5)
        version = 1
        while not self.over.wait(1 / WRITES_A_SECOND):
            version += 1
            some = [entry(dice.randrange(DOCUMENTS), version) for _ in range(3)]
            while True:
                try:
                    assert self.engine.write(some) == {}
                    break
                except EngineDown:
                    time.sleep(0.2)
            self.written |= {one.key: version for one in some}


def entry(number: int, version: int = 1) -> Entry:
    return Entry(
        key=f"resource:{number}",
        source="resource",
        title=f"口算练习 {number} 第{version}版",
        facets={"grade": ("三年级",)},
        tokens=frozenset({"public"}),
        version=version,
    )


def test_killing_any_node_under_load_loses_no_search_and_no_write(three: Cluster, scale: float) -> None:
    engine = ElasticsearchEngine(connect(three.urls))
    engine.create()
    assert engine.write([entry(number) for number in range(DOCUMENTS)]) == {}
    engine.refresh()
    three.wait(3)
    load = Load(engine)
    threads = [threading.Thread(target=load.search), threading.Thread(target=load.write)]
    for thread in threads:
        thread.start()
    try:
        for victim in range(3):
            time.sleep(max(2.0, SECONDS * scale / 3))
            three.kill(victim)
            three.wait(2, "yellow")
            time.sleep(1)
            three.revive(victim)
            three.wait(3)
    finally:
        load.over.set()
        for thread in threads:
            thread.join()
    engine.refresh()
    kept = {
        hit.key: hit.entry.version
        for start in range(0, 600, 100)
        for hit in engine.search(Query(offset=start, limit=100)).hits
    }
    lost = {key: version for key, version in load.written.items() if kept.get(key, 0) < version}
    print(
        f"{load.searches} searches, {load.retried} asked again, {load.beyond_a_page} longer than a page waits, "
        f"slowest {load.slowest:.2f} s; {len(load.written)} documents written, 3 nodes killed"
    )
    assert load.failed == []
    assert lost == {}
    assert len(kept) == DOCUMENTS


def test_over_tls_as_a_user_of_its_own_the_site_may_do_its_work_and_nothing_else() -> None:
    with cluster.guarded(settings.CACHE_DIR or server.default_cache(), "a-password-of-the-test") as node:
        engine = ElasticsearchEngine(connect(node.url, str(node.ca)))
        _wait_for(engine)
        engine.create()
        assert engine.write([entry(number) for number in range(20)]) == {}
        assert engine.delete({"resource:3": 2}) == {}
        engine.refresh()
        assert engine.search(Query(text="口算", facets=("grade",))).total == 19
        assert len(engine.suggest("口算", frozenset({"public"}), 5)) == 5
        staged = engine.at("000000000000-000009")
        engine.drop()
        assert not staged.exists()

        for forbidden in (
            lambda: engine.client.indices.create(index="somebody-elses"),
            lambda: engine.client.indices.delete(index="somebody-elses"),
            lambda: engine.client.cluster.put_settings(persistent={"cluster.max_shards_per_node": 1}),
        ):
            with pytest.raises(ApiError) as refusal:
                forbidden()
            assert refusal.value.status_code == 403
        stranger = ElasticsearchEngine(connect(node.url.replace("a-password", "another"), str(node.ca)))
        with pytest.raises(EngineDown):
            stranger.exists()
        with pytest.raises(EngineDown):
            ElasticsearchEngine(connect(node.url)).exists()


def _wait_for(engine: ElasticsearchEngine) -> None:
    until = time.monotonic() + server.PATIENCE
    while time.monotonic() < until:
        try:
            engine.exists()
            return
        except EngineDown:
            time.sleep(0.5)
    raise AssertionError("the guarded node did not come up")
