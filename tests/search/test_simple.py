"""简化搜索: what a reader gets while the engine is down."""

from collections.abc import Mapping
from html import unescape
from typing import Any

import pytest
from django.test import Client

from search import engines, registry, worker
from search.ports import Engine, EngineDown
from tests.search.test_page import found
from tests.search.world import Shelf

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("thing_templates", "engine")]


@pytest.fixture
def ill(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*args: Any) -> None:
        raise EngineDown("no server")

    monkeypatch.setattr(type(engine), "search", down)
    monkeypatch.setattr(type(engine), "suggest", down)


@pytest.fixture
def filled(shelf: Shelf, engine: Engine) -> Shelf:
    shelf.put("trapezium", "梯形的面积", facets={"kind": ("教学设计",)})
    shelf.put("triangle", "三角形的面积", facets={"kind": ("微课",)})
    shelf.put("bridge", "赵州桥")
    worker.drain()
    return shelf


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


@pytest.mark.usefixtures("ill")
class TestWhileTheEngineIsDown:
    def test_the_page_says_so_and_finds_titles_in_the_database(self, client: Client, filled: Shelf) -> None:
        page = read(client, "/search/?q=梯形的面积")
        assert "简化搜索" in page
        assert "现在只按标题找" in page
        assert found(page) == ["trapezium"]
        assert "<mark>梯形的面积</mark>" in page

    def test_every_word_must_be_in_the_title(self, client: Client, filled: Shelf) -> None:
        assert found(read(client, "/search/?q=三角形 面积")) == ["triangle"]
        assert found(read(client, "/search/?q=面积 -三角形")) == ["trapezium"]
        assert "标题里没有“折线”" in read(client, "/search/?q=折线")

    def test_without_a_question_everything_is_there_to_browse(self, client: Client, filled: Shelf) -> None:
        assert set(found(read(client, "/search/"))) == {"trapezium", "triangle", "bridge"}

    def test_a_filter_that_the_database_can_apply_holds_and_another_is_named(
        self, client: Client, filled: Shelf
    ) -> None:
        page = read(client, "/search/?q=面积&kind=微课&duration=5分钟")
        assert found(page) == ["triangle"]
        assert "“时长”的筛选也不起作用" in page

    def test_what_the_access_check_refuses_is_not_shown(self, client: Client, filled: Shelf) -> None:
        filled.refused.add("trapezium")
        assert found(read(client, "/search/?q=面积")) == ["triangle"]

    def test_one_can_leaf_forth_and_back(self, client: Client, shelf: Shelf) -> None:
        for number in range(45):
            shelf.put(f"n{number}", f"口算 {number}")
        pages = [read(client, f"/search/?q=口算&page={number}") for number in (1, 2, 3)]
        assert [len(found(page)) for page in pages] == [20, 20, 5]
        assert len({uid for page in pages for uid in found(page)}) == 45
        assert 'rel="next"' in pages[1]
        assert 'rel="prev"' in pages[1]
        assert 'rel="next"' not in pages[2]

    def test_it_points_to_the_tree_and_suggests_nothing(
        self, client: Client, filled: Shelf, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(registry, "_ways", {})
        registry.register_way_on(registry.WayOn("按教材目录找", lambda: "/k/"))
        assert 'href="/k/">按教材目录找' in read(client, "/search/?q=梯形的面积")
        assert client.get("/search/suggest/?q=梯").json() == {"groups": []}

    @pytest.mark.parametrize(
        "address",
        [
            "/search/?q=%00",
            "/search/?q=" + "面" * 2000,
            "/search/?page=99999",
            "/search/?archived=1",
            '/search/?q=%25_\\"',
        ],
    )
    def test_no_address_breaks_it(self, client: Client, filled: Shelf, address: str) -> None:
        read(client, address)

    def test_a_source_that_cannot_be_asked_for_titles_is_silent(self, client: Client, filled: Shelf) -> None:
        filled.answers_titles = False
        registry.register(filled.source())
        assert found(read(client, "/search/?q=面积")) == []


def test_when_the_engine_is_back_the_page_is_whole_again(
    client: Client, filled: Shelf, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:

        def down(*args: Any) -> Mapping[str, str]:
            raise EngineDown("no server")

        broken.setattr(type(engine), "search", down)
        for _ in range(3):
            assert "简化搜索" in read(client, "/search/?q=面积")
        assert engines.breaker.is_open
    engines.breaker.closed_again_at = 0.0
    assert "简化搜索" not in read(client, "/search/?q=面积")
