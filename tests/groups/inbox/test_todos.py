"""What waits for a person: asked of every source, the most urgent first, cheap however much there is."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from groups.inbox import todos
from groups.inbox.todos import Todo, Waiting
from groups.viewer import Viewer, viewer_for
from tests.factories.town import Town

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = date(2026, 11, 18)  # a Wednesday


@pytest.fixture
def only_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(todos, "_sources", {})


def todo(title: str, due: date | None = None, at: datetime = NOON) -> Todo:
    return Todo("bell", title, "备课组", "/", at, due)


def test_a_last_day_goes_before_none_and_the_nearer_before_the_later(town: Town, only_ours: None) -> None:
    later, sooner = todo("审定", TODAY + timedelta(days=5)), todo("批注", TODAY)
    old, new = todo("旧", at=NOON - timedelta(days=9)), todo("新")
    todos.register("one", lambda viewer, most: Waiting([later, new][:most], 2))
    todos.register("other", lambda viewer, most: Waiting([sooner, old][:most], 2))
    found = todos.waiting(viewer_for(town.person("teacher"), town.now), most=3)
    assert [one.title for one in found.todos] == ["批注", "审定", "旧"]
    assert found.count == 4


def test_the_second_page_goes_on_where_the_first_ended(town: Town, only_ours: None) -> None:
    rows = [todo(str(n), TODAY + timedelta(days=n)) for n in range(7)]
    todos.register("one", lambda viewer, most: Waiting(rows[::2][:most], 4))
    todos.register("other", lambda viewer, most: Waiting(rows[1::2][:most], 3))
    found = todos.waiting(viewer_for(town.person("teacher"), town.now), most=3, skip=3)
    assert [one.title for one in found.todos] == ["3", "4", "5"]


def test_nothing_waits_for_a_visitor_or_a_disabled_account(town: Town, only_ours: None) -> None:
    def must_not_be_asked(viewer: Viewer, most: int) -> Waiting:
        raise AssertionError("nobody is here")

    todos.register("one", must_not_be_asked)
    person = town.person("teacher")
    person.is_active = False
    assert todos.waiting(viewer_for(None, town.now), most=3) == Waiting()
    assert todos.waiting(viewer_for(person, town.now), most=3) == Waiting()


@pytest.mark.parametrize(
    ("days", "words", "tone"),
    [
        (-2, "过期 2 天", "late"),
        (0, "今天", "today"),
        (1, "明天", "soon"),
        (2, "周五", "soon"),
        (4, "周日", ""),
        (5, "11月23日", ""),
        (30, "12月18日", ""),
    ],
)
def test_a_last_day_is_told_in_words(days: int, words: str, tone: str) -> None:
    due = todos.due_of(todo("批注", TODAY + timedelta(days=days)), TODAY)
    assert due == todos.Due(words, tone)


def test_the_page_lists_what_waits_with_its_last_day(client: Client, town: Town, only_ours: None) -> None:
    late = todo("提交《梯形的面积》初稿", date(2020, 1, 1))
    todos.register("one", lambda viewer, most: Waiting([late][:most], 41))
    client.force_login(town.person("teacher"))
    page = client.get(reverse("inbox:todos")).content.decode()
    assert "提交《梯形的面积》初稿" in page
    assert "过期" in page
    assert "41 件" in page
    assert "?page=3" in page
    assert client.get(reverse("inbox:todos"), {"page": "x"}).status_code == 200
