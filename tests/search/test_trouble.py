"""Whatever happens to the search server, a page comes within two seconds, and the index catches up by itself."""

import time
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from search import engines, indexer, worker
from search.engines.elasticsearch import ElasticsearchEngine
from search.models import OutboxRow
from search.ports import Engine
from tests.search.faults import READING, WRITING, Proxy, faulty
from tests.search.test_page import found
from tests.search.world import Shelf

FIRST_ANSWER = 2.0

pytestmark = [
    pytest.mark.elasticsearch,
    pytest.mark.django_db,
    pytest.mark.usefixtures("thing_templates"),
]


@pytest.fixture
def proxy(elasticsearch_url: str, settings: Settings) -> Iterator[Proxy]:
    with faulty(elasticsearch_url) as proxy:
        settings.SEARCH_ENGINE, settings.ELASTICSEARCH_URL = "elasticsearch", proxy.url
        engines.forget()
        yield proxy
        proxy.be("well")
        engines.current().drop()
        engines.forget()


@pytest.fixture
def server(proxy: Proxy) -> Engine:
    return engines.current()


@pytest.fixture
def filled(shelf: Shelf, server: Engine) -> Shelf:
    server.drop()
    shelf.put("trapezium", "梯形的面积")
    worker.drain()
    return shelf


def page(client: Client) -> str:
    began = time.monotonic()
    answer = client.get("/search/?q=梯形的面积")
    assert time.monotonic() - began <= FIRST_ANSWER
    assert answer.status_code == 200
    return unescape(answer.content.decode())


@pytest.mark.parametrize("illness", READING)
def test_while_the_server_is_ill_titles_come_from_the_database_in_time(
    illness: str, client: Client, filled: Shelf, proxy: Proxy
) -> None:
    assert "简化搜索" not in client.get("/search/?q=梯形的面积").content.decode()
    proxy.be(illness)
    for _ in range(3):
        ill = page(client)
        assert "简化搜索" in ill
        assert found(ill) == ["trapezium"]
    assert client.get("/search/suggest/?q=梯").json() == {"groups": []}
    proxy.be("well")
    engines.breaker.closed_again_at = 0.0
    back = page(client)
    assert "简化搜索" not in back
    assert found(back) == ["trapezium"]


@pytest.mark.parametrize("illness", WRITING)
def test_what_was_saved_while_the_server_was_ill_is_written_when_it_is_back(
    illness: str, client: Client, filled: Shelf, proxy: Proxy, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.engines.elasticsearch.WRITING_SECONDS", 0.3)
    engines.forget()
    proxy.be(illness)
    filled.put("new", "梯形的面积（二）")
    filled.remove("trapezium")
    at = timezone.now()
    counts = indexer.drain_once(engines.current(), at)
    assert counts
    assert counts.failed == 2
    assert OutboxRow.objects.filter(pending=True, parked=False).count() == 2
    proxy.be("well")
    indexer.drain_once(engines.current(), at + timedelta(hours=1))
    engines.current().refresh()
    assert not OutboxRow.objects.filter(pending=True).exists()
    assert found(page(client)) == ["new"]


def test_a_read_only_index_is_an_alarm_of_its_own(client: Client, filled: Shelf, server: Engine) -> None:
    assert isinstance(server, ElasticsearchEngine)
    signs = client.get("/health/", headers={"accept": "application/json"}).json()["checks"]
    assert signs["ailments"]["ok"]
    server.client.indices.put_settings(index=server.index, settings={"index.blocks.read_only_allow_delete": True})
    signs = client.get("/health/", headers={"accept": "application/json"}).json()["checks"]
    assert "只读" in signs["ailments"]["value"]
    assert not signs["ailments"]["ok"]
    assert signs["engine"]["ok"]
    server.client.indices.put_settings(index=server.index, settings={"index.blocks.read_only_allow_delete": None})


def test_a_silent_engine_is_an_alarm_within_seconds(client: Client, filled: Shelf, proxy: Proxy) -> None:
    proxy.be("black hole")
    began = time.monotonic()
    answer = client.get("/health/", headers={"accept": "application/json"}).json()
    assert time.monotonic() - began < 6
    assert answer["status"] == "attention"
    assert answer["checks"]["engine"] == {"ok": False, "label": "检索引擎", "value": "没有回应"}
