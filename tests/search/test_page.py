"""The search page as a reader sees it: found, filtered, marked, counted, and a page whatever happens."""

import json
import logging
import re
from datetime import UTC, datetime
from html import unescape

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from search import registry, worker
from search.models import Defect
from search.ports import Engine, Passage
from tests.search.world import Shelf

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("thing_templates", "engine")]


@pytest.fixture
def filled(shelf: Shelf, engine: Engine) -> Shelf:
    maths = {"subject": ("数学",), "grade": ("五年级",), "volume": ("上册",), "kind": ("教学设计",)}
    shelf.put(
        "trapezium",
        "梯形的面积",
        facets=maths | {"school": ("清源实验小学",)},
        passages=(Passage("环节2", "用两个完全一样的梯形拼成平行四边形。"),),
        fold="thing:trapezium",
        published_at=datetime(2026, 3, 1, tzinfo=UTC),
        uses=3,
    )
    shelf.put("adapted", "梯形的面积（大班）", facets=maths, primary=False, fold="thing:trapezium")
    shelf.put("triangle", "三角形的面积", facets=maths | {"kind": ("微课",)}, uses=9)
    shelf.put("bridge", "赵州桥", facets={"subject": ("语文",), "grade": ("三年级",), "kind": ("教学设计",)})
    shelf.put("secret", "梯形的秘密", tokens="org:1", facets=maths)
    worker.drain()
    return shelf


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def found(page: str) -> list[str]:
    return re.findall(r'<h3><a href="/thing/(\w+)/">', page)


def test_a_visitor_finds_what_is_public_with_marks_and_places(client: Client, filled: Shelf) -> None:
    page = read(client, "/search/?q=梯形的面积")
    assert found(page) == ["trapezium"]
    assert "<mark>梯形的面积</mark>" in page
    assert "环节2｜用两个完全一样的<mark>梯形</mark>拼成平行四边形。" in page
    assert "<b>1 份</b>" in page
    assert "梯形的秘密" not in page


def test_the_page_has_one_heading_that_names_the_question(client: Client, filled: Shelf) -> None:
    page = read(client, "/search/?q=梯形的面积")
    assert re.findall(r"<h1[^>]*>([^<]*)", page) == ["“梯形的面积”的搜索结果"]
    assert "<title>梯形的面积 的搜索结果" in page


def test_without_a_question_the_newest_come_first(client: Client, filled: Shelf) -> None:
    assert found(read(client, "/search/"))[0] == "trapezium"


def test_filters_are_read_from_the_address_and_shown_as_chips(client: Client, filled: Shelf) -> None:
    page = read(client, "/search/?q=面积&kind=微课")
    assert found(page) == ["triangle"]
    assert re.search(r'<a class="chip on" href="/search/\?q=[^"&]*"><span class="sr">去掉：</span>类型 微课', page)


def test_two_values_of_a_facet_widen_and_counts_ignore_their_own_filter(client: Client, filled: Shelf) -> None:
    assert found(read(client, "/search/?q=面积&kind=微课&kind=教学设计")) == ["trapezium", "triangle"]
    page = read(client, "/search/?q=面积&kind=微课")
    assert option(page, "教学设计") == (1, False)
    assert option(page, "微课") == (1, True)


def option(page: str, value: str) -> tuple[int, bool]:
    match = re.search(rf'<a class="opt( on)?"[^>]*>(?:(?!</a>).)*?{value}<span class="n num">(\d+)', page, re.S)
    assert match, value
    return int(match[2]), bool(match[1])


def test_a_typed_place_becomes_removable_chips(client: Client, filled: Shelf) -> None:
    page = read(client, "/search/?q=五上 梯形的面积")
    assert found(page) == ["trapezium"]
    assert "年级 五年级" in page
    assert "册次 上册" in page
    assert 'href="/search/?q=%E4%B8%8A%E5%86%8C%20%E6%A2%AF%E5%BD%A2%E7%9A%84%E9%9D%A2%E7%A7%AF"' in page
    assert "册次 上册" in read(client, "/search/?q=上册 梯形的面积")


def test_a_wrong_place_is_let_go_and_said(client: Client, filled: Shelf) -> None:
    page = read(client, "/search/?q=三下 梯形的面积")
    assert found(page) == ["trapezium"]
    assert "里没有找到，下面是全部范围的结果。" in page


def test_a_chosen_filter_is_kept_when_the_typed_place_is_let_go(client: Client, filled: Shelf) -> None:
    assert found(read(client, "/search/?q=三下 面积&kind=微课")) == ["triangle"]


def test_a_misspelt_question_finds_the_nearest_and_says_so(client: Client, filled: Shelf) -> None:
    page = read(client, "/search/?q=梯型的面鸡")
    assert found(page)[0] == "trapezium"
    assert "没有找到“梯型的面鸡”，已为您查“梯形的面积”。" in page
    assert "仍查“梯型的面鸡”" in page


def test_adaptations_are_counted_under_their_plan_and_appear_when_asked(client: Client, filled: Shelf) -> None:
    page = read(client, "/search/?q=梯形的面积")
    assert "另有 1 个个案" in page
    address = re.search(r'<a href="([^"]+)">另有', page)
    assert address
    assert set(found(read(client, address[1]))) == {"trapezium", "adapted"}


def test_the_order_can_be_chosen(client: Client, filled: Shelf) -> None:
    assert found(read(client, "/search/?q=面积&sort=most_used")) == ["triangle", "trapezium"]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/search/?q=梯形&colour=红", "没有叫“colour”的筛选，已忽略"),
        ("/search/?q=梯形&sort=beauty", "没有叫“beauty”的排序，已按综合排"),
        ("/search/?q=梯形&page=-1", "没有第“-1”页，已回到第 1 页"),
        ("/search/?q=梯形&page=x", "没有第“x”页，已回到第 1 页"),
        ("/search/?q=梯形&preview=thing:nobody", "要预览的那一份不在这一页，已忽略"),
        ('/search/?q=梯形"', "引号只有一半，已当作普通文字"),
    ],
)
def test_what_cannot_be_understood_is_ignored_and_said(client: Client, filled: Shelf, address: str, said: str) -> None:
    page = read(client, address)
    assert said in page
    assert "trapezium" in found(page)


@pytest.mark.parametrize(
    "address",
    [
        "/search/?q=%00",
        "/search/?q=" + "面" * 2000,
        "/search/?kind=" + "&kind=".join(map(str, range(300))),
        "/search/?q=%ff%fe",
        "/search/?grade=%00",
        "/search/?page=999999999999999999999",
        "/search/?page=99999",
        "/search/?q[]=1&__proto__=2",
        "/search/?preview=:::",
        "/search/?q=<script>alert(1)</script>",
    ],
)
def test_no_address_breaks_the_page(client: Client, filled: Shelf, address: str) -> None:
    assert "<script>alert" not in client.get(address).content.decode()
    read(client, address)


def test_nothing_found_offers_a_way_on(client: Client, filled: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_ways", {})
    registry.register_way_on(registry.WayOn("按教材目录找", lambda: "/k/"))
    page = read(client, "/search/?q=梯形的面积&subject=语文")
    assert "没有找到“梯形的面积”" in page
    assert "去掉筛选，还有 1 份" in page
    assert '<a class="btn btn-line" href="/k/">按教材目录找</a>' in page


def test_a_chosen_value_without_entries_stays_in_its_facet(client: Client, filled: Shelf) -> None:
    assert option(read(client, "/search/?q=梯形的面积&subject=语文"), "语文") == (0, True)


def test_the_preview_stands_beside_the_results_without_script(client: Client, filled: Shelf) -> None:
    page = read(client, "/search/?q=梯形的面积&preview=thing:trapezium")
    assert "先看一眼：梯形的面积" in page
    assert found(page) == ["trapezium"]


def test_pages_follow_each_other_and_keep_the_question(client: Client, shelf: Shelf) -> None:
    for number in range(45):
        shelf.put(f"n{number}", f"口算 {number}")
    worker.drain()
    pages = [found(read(client, f"/search/?q=口算&page={number}")) for number in (1, 2, 3)]
    assert [len(page) for page in pages] == [20, 20, 5]
    assert len({uid for page in pages for uid in page}) == 45
    assert re.search(r'href="\?q=[^"]*page=2"', client.get("/search/?q=口算").content.decode().replace("&amp;", "&"))


def test_a_facet_shows_four_values_and_folds_the_rest(client: Client, shelf: Shelf) -> None:
    for number in range(7):
        shelf.put(f"n{number}", "口算", facets={"school": (f"第{number}小学",)})
    worker.drain()
    assert re.search(r"<summary[^>]*>另外 3 所", read(client, "/search/?q=口算"))


def test_a_hit_that_the_database_refuses_is_not_shown_and_is_counted_as_a_defect(
    client: Client, filled: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    filled.refused.add("trapezium")
    with caplog.at_level(logging.ERROR, "search.defect"):
        assert found(read(client, "/search/?q=梯形的面积")) == []
        read(client, "/search/?q=梯形的面积")
    assert "thing:trapezium is in the index for a viewer who may not see it" in caplog.text
    assert Defect.objects.get().count == 2


def test_an_index_that_lags_behind_a_change_of_this_moment_is_no_defect(client: Client, filled: Shelf) -> None:
    filled.remove("trapezium")
    assert found(read(client, "/search/?q=梯形的面积")) == []
    assert not Defect.objects.exists()


def test_suggestions_come_by_source_under_the_rights(client: Client, filled: Shelf) -> None:
    answer = client.get("/search/suggest/?q=tx")
    assert json.loads(answer.content) == {
        "groups": [{"label": "东西", "items": [{"label": "梯形的面积", "url": "/thing/trapezium/"}]}]
    }


def test_a_suggestion_that_the_database_refuses_is_not_made(client: Client, filled: Shelf) -> None:
    filled.refused.add("trapezium")
    assert client.get("/search/suggest/?q=tx").json() == {"groups": []}


def test_the_page_only_reads(client: Client, filled: Shelf) -> None:
    assert client.post("/search/", {"q": "梯形"}).status_code == 405


@pytest.mark.parametrize("entries", [10, 200])
def test_the_page_asks_the_database_nothing_of_its_own(
    client: Client, shelf: Shelf, entries: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(entries):
        shelf.put(f"n{number}", f"口算 {number}", facets={"school": (f"第{number % 9}小学",), "kind": ("微课",)})
    worker.drain()
    read(client, "/search/?q=口算")
    with django_assert_max_num_queries(0):
        read(client, "/search/?q=口算&kind=微课&page=1")


def test_the_page_is_light(client: Client, shelf: Shelf, settings: Settings) -> None:
    for number in range(40):
        shelf.put(
            f"n{number}", f"口算 {number}", facets={"school": (f"第{number}小学",), "knowledge": (f"知识 {number}",)}
        )
    worker.drain()
    answer = client.get("/search/?q=口算", headers={"accept-encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert len(answer.content) < 20_000
