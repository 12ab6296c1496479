"""Saved searches tell what is new, under the rights of the day; gaps are counted without names."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from groups.inbox.models import Message
from library.searches import gaps, services
from library.searches.models import Asker, Question, SavedSearch
from search import engines, worker
from search.asking import Answer
from search.ports import Page, Query
from search.understanding import understand
from tests.factories import people as make
from tests.factories.shelf import build, signed_in
from tests.factories.town import Town

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def places_of_their_own(settings: Any, tmp_path: Any) -> Any:
    settings.SEARCH_ENGINE, settings.VAR_DIR = "memory", tmp_path
    engines.forget()
    yield
    engines.forget()


def hear(words: str, person: Any, at: Any, *, found: int = 0) -> None:
    answer = Answer(Page(total=found), Query(), placed=True)
    gaps.hear(understand(words, {}), answer, SimpleNamespace(person=person), at)


def test_a_saved_search_tells_once_what_was_published_since(town: Town) -> None:
    shelf, keeper = build(town), town.person("colleague")
    services.save(person=keeper, address="q=梯形", at=town.now - timedelta(hours=1))
    assert services.tell_news(town.now) == 0
    shelf.published(shelf.draft())
    worker.drain()
    later = town.now + timedelta(hours=1)
    assert services.tell_news(later) == 1
    assert services.tell_news(later) == 0
    message = Message.objects.get(recipient=keeper)
    assert message.words == "你存下的搜索“梯形”有 1 份新的"
    assert signed_in(keeper).get(message.url).headers["Location"] == "/search/?q=%E6%A2%AF%E5%BD%A2"


def test_a_keeper_hears_nothing_of_what_they_may_not_see(town: Town) -> None:
    from library.resources.services import Audience

    shelf, stranger = build(town), town.person("stranger")
    services.save(person=stranger, address="q=梯形", at=town.now - timedelta(hours=1))
    shelf.published(shelf.draft(), Audience(organisation=town.member))
    worker.drain()
    assert services.tell_news(town.now + timedelta(hours=1)) == 0


def test_a_search_is_kept_once_and_only_by_its_keeper(town: Town) -> None:
    keeper, other = town.person("teacher"), signed_in(town.person("colleague"))
    client = signed_in(keeper)
    for _ in range(2):
        client.post("/searches/save/", {"address": "/search/?q=梯形&page=3"})
    saved = SavedSearch.objects.get()
    assert "page" not in saved.address
    assert "梯形" in client.get("/searches/").content.decode()
    assert other.get(f"/searches/{saved.pk}/").status_code == 404
    assert other.post(f"/searches/{saved.pk}/delete/").status_code == 404
    client.post(f"/searches/{saved.pk}/subscribe/", {"wanted": "0"})
    assert not SavedSearch.objects.get().subscribed
    client.post(f"/searches/{saved.pk}/delete/")
    assert not SavedSearch.objects.exists()


def test_a_search_without_conditions_is_not_kept(town: Town) -> None:
    with pytest.raises(services.NotPossible, match="没有可以存下的条件"):
        services.save(person=town.person("teacher"), address="", at=town.now)


@pytest.mark.parametrize("kept", [10, 19])
def test_the_list_asks_the_same_whatever_is_kept(town: Town, kept: int, django_assert_max_num_queries: Any) -> None:
    person = town.person("teacher")
    for number in range(kept):
        services.save(person=person, address=f"q=课{number}", at=town.now)
    client = signed_in(person)
    with django_assert_max_num_queries(15):
        client.get("/searches/")


def test_words_are_shown_when_three_people_missed_them(town: Town) -> None:
    for number in range(3):
        hear("火星文", make.person(f"甲{number}"), town.now)
    hear("小明的检讨", make.person("乙"), town.now)
    hear("梯形", make.person("丙"), town.now, found=4)
    assert gaps.fold(town.now) == 5
    report = gaps.report(gaps.monday(town.now))
    assert [(row["words"], row["missed"]) for row in report] == [("火星文", 3), ("", 1)]
    assert gaps.totals(gaps.monday(town.now)) == {"asked": 5, "missed": 4}


def test_one_person_asking_often_is_one_person(town: Town) -> None:
    person = make.person("甲")
    for _ in range(5):
        hear("火星文", person, town.now)
    gaps.fold(town.now)
    assert [row["words"] for row in gaps.report(gaps.monday(town.now))] == [""]


def test_rare_words_and_digests_are_forgotten_with_their_week(town: Town, settings: Any) -> None:
    hear("小明的检讨", make.person("乙"), town.now)
    for number in range(3):
        hear("火星文", make.person(f"甲{number}"), town.now)
    gaps.fold(town.now)
    gaps.fold(town.now + timedelta(days=8))
    assert set(Question.objects.values_list("words", "missed")) == {("", 1), ("火星文", 3)}
    assert not Asker.objects.exists()
    assert not list((settings.VAR_DIR / "asked").glob("*.key"))
    assert gaps.fold(town.now + timedelta(days=8)) == 0


@pytest.mark.parametrize("typed", ["作者:周敏", "“小明”"])
def test_names_of_authors_and_quoted_words_are_not_noted(town: Town, typed: str) -> None:
    hear(typed, make.person("甲"), town.now)
    assert gaps.fold(town.now) == 0


def test_the_report_is_for_the_system_administrator(town: Town) -> None:
    assert Client().get("/searches/gaps/").status_code == 403
    assert signed_in(town.person("teacher")).get("/searches/gaps/").status_code == 403
    page = signed_in(town.person("system_admin")).get("/searches/gaps/")
    assert page.status_code == 200
    assert "不到 3 个人用过的说法只计数，不显示" in page.content.decode()


def test_how_a_question_is_ranked_is_explained_to_the_system_administrator(town: Town) -> None:
    shelf = build(town)
    shelf.published(shelf.draft())
    worker.drain()
    assert signed_in(town.person("teacher")).get("/search/explain/?q=梯形").status_code == 403
    page = signed_in(town.person("system_admin")).get("/search/explain/?q=五年级 梯形的面积").content.decode()
    assert "年级 五年级" in page
    assert "题目或知识点里有" in page
    assert "梯形的面积" in page


def test_similar_things_are_shown_to_whoever_may_see_the_thing(town: Town) -> None:
    from library.resources.services import Audience

    shelf = build(town)
    hidden = shelf.published(shelf.draft(), Audience(organisation=town.member))
    shown = shelf.published(shelf.draft(title="梯形的面积练习"))
    worker.drain()
    teacher, visitor = signed_in(town.person("teacher")), Client()
    assert shown.uid in teacher.get(f"/search/similar/?key=resource:{hidden.uid}").content.decode()
    assert visitor.get(f"/search/similar/?key=resource:{hidden.uid}").status_code == 404
    assert hidden.uid not in visitor.get(f"/search/similar/?key=resource:{shown.uid}").content.decode()


def test_suggestions_stand_in_groups(town: Town) -> None:
    shelf = build(town)
    shelf.published(shelf.draft())
    worker.drain()
    groups = {
        g["label"]: [i["label"] for i in g["items"]] for g in Client().get("/search/suggest/?q=tx").json()["groups"]
    }
    assert any(label.startswith("梯形的面积") for label in groups["课"])
    people = Client().get("/search/suggest/?q=林晓").json()["groups"]
    assert [(group["label"], group["items"][0]["label"]) for group in people] == [("老师", "林晓雯")]
