"""A real Elasticsearch keeps the contract; and what happens when there is none."""

from itertools import count

import pytest

from search.engines.elasticsearch import ElasticsearchEngine, connect
from search.engines.server import free_port
from search.ports import EngineDown, Query
from tests.contract.behaviour import Asking, Make, Writing
from tests.contract.world import entry

numbers = count()


@pytest.fixture(scope="class")
def elasticsearch(elasticsearch_url: str) -> Make:
    client = connect(elasticsearch_url)
    return lambda: ElasticsearchEngine(client, f"contract-{next(numbers)}")


@pytest.mark.elasticsearch
class TestAsking(Asking):
    @pytest.fixture(scope="class")
    def make(self, elasticsearch: Make) -> Make:
        return elasticsearch


@pytest.mark.elasticsearch
class TestWriting(Writing):
    @pytest.fixture(scope="class")
    def make(self, elasticsearch: Make) -> Make:
        return elasticsearch


@pytest.mark.elasticsearch
def test_an_index_that_is_not_there_is_a_down_engine(elasticsearch_url: str) -> None:
    engine = ElasticsearchEngine(connect(elasticsearch_url), "nobody")
    assert not engine.exists()
    for call in (lambda: engine.search(Query()), lambda: engine.write([entry("resource:a", "秋天")]), engine.count):
        with pytest.raises(EngineDown):
            call()


def test_a_server_that_is_not_there_is_a_down_engine() -> None:
    engine = ElasticsearchEngine(connect(f"http://127.0.0.1:{free_port()}"))
    with pytest.raises(EngineDown):
        engine.search(Query())
