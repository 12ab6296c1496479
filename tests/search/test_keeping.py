"""A kept page is shown again only while nothing about it changed, and only what the viewer may still see."""

from types import SimpleNamespace

import pytest
from django.test import Client

from search import keeping, page, registry, worker
from search.ports import Engine
from tests.search.test_page import found, read
from tests.search.world import Shelf

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("thing_templates", "engine")]


@pytest.fixture(autouse=True)
def empty(monkeypatch: pytest.MonkeyPatch) -> keeping.Shelf:
    fresh = keeping.Shelf()
    monkeypatch.setattr(keeping, "shelf", fresh)
    return fresh


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The questions for which a page was made."""
    made: list[str] = []
    make = page.build

    def counted(asked, *rest):  # type: ignore[no-untyped-def]
        made.append(asked.q)
        return make(asked, *rest)

    monkeypatch.setattr(page, "build", counted)
    return made


@pytest.fixture
def filled(shelf: Shelf) -> Shelf:
    shelf.put("trapezium", "梯形的面积")
    shelf.put("triangle", "三角形的面积")
    worker.drain()
    return shelf


def test_the_same_question_of_another_visitor_is_answered_without_work(filled: Shelf, built: list[str]) -> None:
    first, second = Client(), Client()
    assert read(first, "/search/?q=面积") == read(second, "/search/?q=面积")
    assert built == ["面积"]
    read(first, "/search/?q=梯形")
    assert built == ["面积", "梯形"]


def test_a_change_of_the_index_makes_the_page_anew(client: Client, filled: Shelf) -> None:
    assert set(found(read(client, "/search/?q=面积"))) == {"trapezium", "triangle"}
    filled.put("circle", "圆的面积")
    worker.drain()
    assert set(found(read(client, "/search/?q=面积"))) == {"trapezium", "triangle", "circle"}


def test_what_the_rule_refuses_from_now_on_is_gone_before_the_index_knows(client: Client, filled: Shelf) -> None:
    assert len(found(read(client, "/search/?q=面积"))) == 2
    filled.refused.add("trapezium")
    assert found(read(client, "/search/?q=面积")) == ["triangle"]


def test_nothing_is_kept_for_a_minute_and_longer(
    client: Client, filled: Shelf, built: list[str], empty: keeping.Shelf
) -> None:
    now = 1000.0
    empty.clock = lambda: now
    read(client, "/search/?q=面积")
    now += keeping.SECONDS
    read(client, "/search/?q=面积")
    assert len(built) == 2


def test_a_page_is_kept_for_its_rights_alone(rf, engine: Engine) -> None:  # type: ignore[no-untyped-def]
    request = rf.get("/search/?q=面积")
    viewers = [SimpleNamespace(person=None, tokens=lambda own=own: frozenset(own)) for own in (["public"], [])]
    visitor, nobody = (keeping.key_of(request, viewer, engine) for viewer in viewers)
    assert visitor
    assert nobody
    assert visitor != nobody


def test_the_page_of_a_person_is_nobody_elses(rf, engine: Engine) -> None:  # type: ignore[no-untyped-def]
    teacher = SimpleNamespace(person=object(), tokens=lambda: frozenset({"public"}))
    assert keeping.key_of(rf.get("/search/"), teacher, engine) is None


def test_a_browser_with_a_session_gets_a_page_of_its_own(rf, engine: Engine) -> None:  # type: ignore[no-untyped-def]
    request = rf.get("/search/")
    request.COOKIES["sessionid"] = "x"
    visitor = SimpleNamespace(person=None, tokens=lambda: frozenset({"public"}))
    assert keeping.key_of(request, visitor, engine) is None


def test_only_so_many_pages_are_kept(
    client: Client, filled: Shelf, built: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "MOST", 2)
    for question in ("面积", "梯形", "三角形", "三角形", "梯形", "面积"):
        read(client, f"/search/?q={question}")
    assert built == ["面积", "梯形", "三角形", "面积"]


def test_a_question_is_heard_each_time_its_page_is_shown(
    filled: Shelf, built: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[tuple[str, int]] = []
    monkeypatch.setattr(
        registry, "_ears", {"test": lambda asked, answer, *_: heard.append((asked.text, answer.page.total))}
    )
    for _ in range(3):
        read(Client(), "/search/?q=面积")
    read(Client(), "/search/?q=面积&page=1&sort=newest")
    assert built == ["面积", "面积"]
    assert heard == [("面积", 2)] * 4
