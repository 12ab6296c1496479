"""The pages of preparing together: what each shows to whom, what each button does, and how many queries it takes."""

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document as Word
from openpyxl import load_workbook

from groups.inbox import todos
from groups.viewer import viewer_for
from lessons.prep.models import Preparation, State
from library.resources.models import Version
from tests.factories.preps import Circle
from tests.factories.shelf import signed_in

pytestmark = pytest.mark.django_db

MOST_QUERIES = 15


def _as(circle: Circle, name: str) -> Client:
    return signed_in(circle.people[name])


def _step(row: Preparation, name: str) -> str:
    return reverse("prep:step", args=[row.uid, name])


def _queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(url).status_code == 200, url
    return len(caught)


def test_the_list_shows_each_where_it_stands_and_only_to_whom_it_concerns(circle: Circle) -> None:
    circle.discussing()
    circle.plan(title="组合图形的面积", node=circle.shelf.lessons[2])
    member, outsider = _as(circle, "member"), _as(circle, "outsider")
    assert "梯形的面积" in member.get("/prep/").content.decode()
    assert "组合图形的面积" in member.get("/prep/?tab=planned").content.decode()
    assert "梯形的面积" not in outsider.get("/prep/").content.decode()


def test_the_list_takes_as_many_queries_for_ten_as_for_one(circle: Circle) -> None:
    first = circle.discussing()
    client = _as(circle, "member")
    one = _queries(client, "/prep/")
    rows = [
        Preparation(
            title=f"第{n}课",
            body=first.body,
            circle=first.circle,
            subject=first.subject,
            grade=5,
            organiser=first.organiser,
            lead=first.lead,
            state="discussing",
            kind="topic",
            state_changed_at=circle.now,
            created_at=circle.now,
        )
        for n in range(11)
    ]
    for row in Preparation.objects.bulk_create(rows):
        row.participants.create(person=circle.people["member"], role="member", joined_at=circle.now)
    assert _queries(client, "/prep/") == one <= MOST_QUERIES


def test_every_page_of_a_preparation_opens_in_every_state_within_its_queries(circle: Circle) -> None:
    client = _as(circle, "organiser")
    for state in State.values:
        row = circle.in_state(state)
        for url in (row.get_absolute_url(), *(reverse(f"prep:{n}", args=[row.uid]) for n in ("people", "history"))):
            taken = _queries(client, url)
            most = 20 if url == row.get_absolute_url() or url.endswith("/people/") else MOST_QUERIES
            assert taken <= most, (state, url, taken)


def test_a_visitor_is_asked_to_sign_in_and_a_stranger_is_told_whom_to_ask(circle: Circle, client: Client) -> None:
    row = circle.discussing()
    assert client.get(row.get_absolute_url()).status_code == 302
    refused = _as(circle, "outsider").get(reverse("prep:people", args=[row.uid]))
    assert refused.status_code == 403
    assert "联系组织者" in refused.content.decode()


def _plan_form(circle: Circle, client: Client, **more: Any) -> dict[str, Any]:
    page = client.get("/prep/new/")
    assert page.status_code == 200
    return {
        "body": circle.shelf.town.prep_group.uid,
        "ticket": page.context["ticket"],
        "kind": "shared_plan",
        "node": circle.shelf.lesson.uid,
        "title": "",
        "period": 1,
        "periods": 2,
        "quorum": 60,
        "schools": [circle.shelf.town.lead.uid, circle.shelf.town.member.uid],
        "approver": circle.people["approver"].uid,
        "experts": "方远航",
        **more,
    }


def test_another_preparation_of_the_lesson_is_named_to_who_may_list_it_alone(circle: Circle) -> None:
    row, hidden = circle.plan(), circle.drafting()
    Preparation.objects.filter(pk=hidden.pk).update(title="还没有公开的备课")
    assert "还没有公开的备课" in _as(circle, "organiser").get(row.get_absolute_url()).content.decode()
    page = _as(circle, "member").get(row.get_absolute_url())
    assert page.status_code == 200
    assert "还没有公开的备课" not in page.content.decode()


def test_planning_by_the_form_once_however_often_it_is_sent(circle: Circle) -> None:
    client = _as(circle, "organiser")
    told = _plan_form(circle, client)
    for _ in range(2):
        assert client.post("/prep/new/", told).status_code == 302
    row = Preparation.objects.get()
    assert (row.title, row.approver) == ("梯形的面积", circle.people["approver"])
    assert row.participants.get().role == "expert"


def test_an_expert_whom_nobody_knows_is_named_on_the_form(circle: Circle) -> None:
    client = _as(circle, "organiser")
    answer = client.post("/prep/new/", _plan_form(circle, client, experts="没有这人"))
    assert answer.status_code == 422
    assert "没有找到“没有这人”" in answer.content.decode()


def test_the_whole_way_by_posts(circle: Circle) -> None:
    row = circle.plan(quorum=0)
    steps: tuple[tuple[str, str, dict[str, Any], str], ...] = (
        ("lead", "claim", {}, "drafting"),
        ("lead", "submit", {"note": ""}, "discussing"),
        ("organiser", "extend", {"discussing": (circle.now + timedelta(days=9)).date()}, "discussing"),
        ("organiser", "add", {"role": "observer", "who": "邓秋"}, "discussing"),
        ("lead", "send", {}, "for_approval"),
        ("approver", "return", {"reason": "板书再想想"}, "discussing"),
        ("organiser", "lead", {"lead": "colleague", "reason": "林老师外出学习"}, "discussing"),
        ("colleague", "send", {}, "for_approval"),
        ("approver", "approve", {"opinion": "很好"}, "settled"),
        ("organiser", "hand-down", {"schools": [circle.shelf.town.member.uid], "people": "邓秋"}, "in_use"),
        ("organiser", "recap", {"summary": "分层有效", "next_time": "早点给学具"}, "recapping"),
        ("organiser", "archive", {"audience": "circle"}, "archived"),
    )
    for who, name, told, state in steps:
        if name == "submit":
            circle.write(row)
        if "lead" in told:
            told = {**told, "lead": circle.people["colleague"].uid}
        client = _as(circle, who)
        assert client.get(_step(row, name)).status_code == 200, name
        answer = client.post(_step(row, name), {"seen": row.moves, **told})
        row.refresh_from_db()
        assert (answer.status_code, row.state) == (302, state), (name, answer.content.decode()[:2000])


def test_a_tab_left_open_is_told_and_nothing_happens(circle: Circle) -> None:
    row = circle.discussing()
    organiser = _as(circle, "organiser")
    organiser.post(_step(row, "cancel"), {"seen": row.moves, "reason": "停课"})
    answer = organiser.post(_step(row, "add"), {"seen": row.moves, "role": "observer", "who": "邓秋"})
    assert answer.status_code == 409
    assert "现在是“已作废”" in answer.content.decode()
    again = organiser.post(_step(row, "cancel"), {"seen": row.moves, "reason": "停课"})
    assert again.status_code == 302
    assert row.transitions.filter(action="cancel").count() == 1


def test_the_approver_is_no_choice_for_lead(circle: Circle) -> None:
    page = _as(circle, "organiser").get(_step(circle.plan(), "assign")).content.decode()
    assert "周敏（清源实验小学）" in page
    assert "苏文澜（" not in page


def test_a_first_text_is_offered_from_the_library(circle: Circle) -> None:
    source = circle.shelf.published(circle.shelf.draft(title="老教案"))
    row, client = circle.plan(), _as(circle, "lead")
    assert "老教案" in client.get(_step(row, "claim")).content.decode()
    assert source.published_version
    client.post(_step(row, "claim"), {"seen": row.moves, "source": source.published_version.pk})
    row.refresh_from_db()
    assert row.resource
    assert row.resource.derived_from.source.title == "老教案"


def test_what_waits_for_somebody_stands_in_the_inbox(circle: Circle) -> None:
    def waits(name: str) -> list[str]:
        found = todos.waiting(viewer_for(circle.people[name], circle.now), most=10)
        return [todo.title for todo in found.todos if todo.note == "集体备课"]

    row = circle.discussing()
    assert waits("member") == ["参加研讨《梯形的面积》"]
    assert waits("lead") == ["处理批注，整理新稿《梯形的面积》"]
    circle.say(row, by="member")
    assert waits("member") == []
    assert waits("outsider") == []


class TestOutputs:
    def test_minutes_tell_who_said_what_and_what_was_decided(self, circle: Circle) -> None:
        row = circle.archived()
        answer = _as(circle, "member").get(reverse("prep:minutes", args=[row.uid]))
        paper = Word(io.BytesIO(answer.content))
        text = "\n".join(p.text for p in paper.paragraphs) + "".join(c.text for t in paper.tables for c in t._cells)
        for words in ("林晓雯（西溪小学）", "导入可以再短一些", "已采纳", "分层练习有效", "审定"):
            assert words in text

    def test_the_list_of_participants_opens_and_carries_no_formula(self, circle: Circle) -> None:
        row = circle.discussing()
        circle.people["member"].name = "=1+1"
        circle.people["member"].save()
        answer = _as(circle, "lead").get(reverse("prep:participants", args=[row.uid]))
        rows = list(load_workbook(io.BytesIO(answer.content)).active.values)
        assert rows[0][:3] == ("姓名", "学校", "角色")
        assert any(r[0] == "'=1+1" for r in rows)
        assert len(rows) == 7

    def test_the_package_holds_every_draft_remark_and_decision(self, circle: Circle) -> None:
        row = circle.archived()
        answer = _as(circle, "organiser").get(reverse("prep:package", args=[row.uid]))
        names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
        assert {"活动纪要.docx", "参与名单.xlsx", "批注与处理.json", "经过.json"} <= set(names)
        assert "稿次/第1稿/梯形的面积.json" in names
        assert any(name.startswith("共案 v1.0/") for name in names)

    def test_a_character_that_no_paper_can_hold_stops_no_export(self, circle: Circle) -> None:
        row = circle.discussing()
        remark = circle.say(row, words="导入\x0b再短\ufffe一些")
        type(remark).objects.filter(pk=remark.pk).update(reason="采纳\x0c了", quote="看\x01图")
        Preparation.objects.filter(pk=row.pk).update(
            title="梯形\x0b的面积", conclusion="都\x07同意", requirements="\x0b"
        )
        circle.people["member"].name = "林\x0b晓雯"
        circle.people["member"].save()
        answer = _as(circle, "organiser").get(reverse("prep:package", args=[row.uid]))
        held = zipfile.ZipFile(io.BytesIO(answer.content))
        paper = Word(io.BytesIO(held.read("活动纪要.docx")))
        text = "\n".join(p.text for p in paper.paragraphs) + "".join(c.text for t in paper.tables for c in t._cells)
        for words in ("梯形的面积 集体备课活动纪要", "“看图”：导入再短一些", "采纳了", "都同意", "林晓雯"):
            assert words in text
        rows = load_workbook(io.BytesIO(held.read("参与名单.xlsx"))).active.values
        assert "林晓雯" in [r[0] for r in rows]

    def test_a_title_is_never_a_path_in_the_package(self, circle: Circle) -> None:
        row = circle.discussing()
        Version.objects.filter(pk__in=row.drafts.values("version")).update(title="../../../x")
        Preparation.objects.filter(pk=row.pk).update(title="a/../\r\nb")
        answer = _as(circle, "organiser").get(reverse("prep:package", args=[row.uid]))
        names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
        in_draft = [name for name in names if name.startswith("稿次/")]
        assert "稿次/第1稿/_.._.._x.json" in in_draft
        assert {name.count("/") for name in in_draft} == {2}
        assert "a_..___b%20%E8%BF%87" in answer.headers["Content-Disposition"]

    @pytest.mark.parametrize("name", ["minutes", "participants", "package"])
    def test_nobody_else_takes_them(self, circle: Circle, name: str) -> None:
        row = circle.discussing()
        assert _as(circle, "outsider").get(reverse(f"prep:{name}", args=[row.uid])).status_code == 403
