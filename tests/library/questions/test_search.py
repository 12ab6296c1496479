"""The bank is a tab of search with facets of its own, and a hit offers to be put into a homework."""

from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django import Settings

from library.documents import rich
from library.documents.question import Picture
from search import engines, worker
from tests.library.questions.conftest import Bank, choice

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def an_empty_engine(settings: Settings) -> Iterator[None]:
    settings.SEARCH_ENGINE = "memory"
    engines.forget()
    yield
    engines.forget()


@pytest.fixture
def filled(bank: Bank) -> Bank:
    bank.published(document=choice(stem="梯形有几条高？"))
    bank.published(document=choice(stem="画出梯形的高", difficulty="困难", knowledge=("画高",)))
    bank.shelf.published(bank.shelf.draft(title="梯形的高 教学设计"))
    worker.drain()
    return bank


def test_questions_stand_in_a_tab_of_their_own(client: Client, filled: Bank) -> None:
    main = client.get("/search/", {"q": "梯形的高"}).context["page"]
    assert [hit.entry.title for hit in main.shown] == ["梯形的高 教学设计"]
    assert [(tab.label, tab.count, tab.is_current) for tab in main.tabs] == [("资源", 1, True), ("试题", 2, False)]
    bank = client.get(main.tabs[1].url).context["page"]
    assert {hit.entry.title for hit in bank.shown} == {"梯形有几条高？", "画出梯形的高"}


def test_the_tab_has_type_difficulty_knowledge_and_picture_as_facets(client: Client, filled: Bank) -> None:
    page = client.get("/search/", {"tab": "试题"}).context["page"]
    counts = {facet.label: {o.value: o.count for o in (*facet.first, *facet.rest)} for facet in page.facets}
    assert counts["题型"] == {"单选": 2}
    assert counts["难度"] == {"较易": 1, "困难": 1}
    assert counts["知识点"] == {"梯形的认识": 1, "画高": 1}
    assert counts["附图"] == {"无图": 2}
    assert "类型" not in counts
    hard = client.get("/search/", {"tab": "试题", "difficulty": "困难"}).context["page"]
    assert [hit.entry.title for hit in hard.shown] == ["画出梯形的高"]


def test_asking_for_the_kind_leads_to_the_tab(client: Client, filled: Bank) -> None:
    page = client.get("/search/", {"kind": "试题"}).context["page"]
    assert page.total == 2
    assert [tab.is_current for tab in page.tabs] == [False, True]


def test_a_teacher_is_offered_to_put_a_hit_into_a_homework_and_a_visitor_is_not(client: Client, filled: Bank) -> None:
    assert "选入作业" not in client.get("/search/", {"tab": "试题"}).content.decode()
    client.force_login(filled.town.person("colleague"))
    assert client.get("/search/", {"tab": "试题"}).content.decode().count("选入作业：") == 2


def test_stems_are_no_suggestions(client: Client, filled: Bank) -> None:
    labels = [
        i["label"] for group in client.get("/search/suggest/", {"q": "梯形"}).json()["groups"] for i in group["items"]
    ]
    assert "梯形的高 教学设计" in labels
    assert "梯形有几条高？" not in labels


def test_a_question_with_a_picture_is_found_by_it(bank: Bank, client: Client) -> None:
    picture = Picture(order="V", file=("abc",), alt="梯形")
    bank.published(document=choice(pictures={"abc": picture}))
    worker.drain()
    page = client.get("/search/", {"tab": "试题", "picture": "有图"}).context["page"]
    assert page.total == 1
    assert rich.to_text(choice().stem) in page.shown[0].entry.title
