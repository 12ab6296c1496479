"""The plan as a workbook: out and in again changes nothing; a bad row is named; what others changed stays."""

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from groups.access import Refused
from groups.roster.reading import UnreadableFile
from groups.services import NotPossible
from lessons.plans import services, sheets
from lessons.plans.models import SheetUpload
from tests.plans.conftest import Desk


def edited(content: bytes, **cells: Any) -> bytes:
    """The workbook with cells like `B2=9` changed."""
    book = load_workbook(io.BytesIO(content))
    for place, value in cells.items():
        book[sheets.NAME][place] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def look(desk: Desk, plan: Any, content: bytes) -> SheetUpload:
    return sheets.look(plan=plan, content=content, name="计划.xlsx", by=desk.leader, at=desk.at)


def test_an_export_read_back_in_changes_nothing(desk: Desk) -> None:
    plan = desk.plan()
    services.claim(row=desk.row(plan), by=desk.member, at=desk.at)
    found = look(desk, plan, sheets.write(plan))
    assert (found.changes, found.problems) == ([], [])


def test_a_workbook_moves_assigns_and_adds_after_the_yes_and_not_before(desk: Desk) -> None:
    plan = desk.plan()
    content = edited(sheets.write(plan), B2=9, C2=9, G2=desk.member.name, B5=12, E5="梯形的面积", G5=desk.leader.name)
    found = look(desk, plan, content)
    assert plan.rows.count() == 3
    assert len(found.changes) == 2
    done = sheets.carry_out(upload=found, by=desk.leader, at=desk.at)
    assert (done.count, done.problems) == (2, ())
    rows = list(plan.rows.order_by("first_week").values_list("node__title", "first_week", "lead__name"))
    assert ("平行四边形的面积", 9, desk.member.name) in rows
    assert ("梯形的面积", 12, desk.leader.name) in rows


def test_every_bad_row_is_named_with_its_column_and_the_good_ones_go_in(desk: Desk) -> None:
    plan = desk.plan()
    content = edited(sheets.write(plan), B2=99, G3="查无此人", B4=10, C4=10, A5="zzzzzzzzzz", B5=3, E5="没有的课")
    found = look(desk, plan, content)
    assert [row["number"] for row in found.changes] == [4]
    words = "\n".join(found.problems)
    for said in (
        "第 2 行 起始周：不认识“99”",
        "第 3 行 主备人：备课组里没有“查无此人”",
        "第 5 行 编号：这份计划里没有",
    ):
        assert said in words


def test_a_row_that_somebody_moved_after_the_look_stays_and_is_named(desk: Desk) -> None:
    plan = desk.plan()
    found = look(desk, plan, edited(sheets.write(plan), B2=9, C2=9))
    row = desk.row(plan)
    services.move(row=row, first_week=11, last_week=11, seen=desk.seen(row), by=desk.second, at=desk.at)
    done = sheets.carry_out(upload=found, by=desk.leader, at=desk.at)
    row.refresh_from_db()
    assert row.first_week == 11
    assert done.count == 0
    assert "备课计划表 第 2 行" in done.problems[0]
    assert desk.second.name in done.problems[0]


def test_a_look_is_carried_out_once_and_by_its_sender(desk: Desk) -> None:
    plan = desk.plan()
    found = look(desk, plan, edited(sheets.write(plan), B2=9, C2=9))
    with pytest.raises(NotPossible):
        sheets.carry_out(upload=found, by=desk.second, at=desk.at)
    sheets.carry_out(upload=found, by=desk.leader, at=desk.at)
    with pytest.raises(NotPossible, match="已经办完"):
        sheets.carry_out(upload=found, by=desk.leader, at=desk.at)


def test_what_is_no_workbook_is_refused_in_words_and_a_member_imports_nothing(desk: Desk) -> None:
    plan = desk.plan()
    with pytest.raises(UnreadableFile):
        look(desk, plan, b"not a workbook")
    with pytest.raises(Refused):
        sheets.look(plan=plan, content=sheets.write(plan), name="x.xlsx", by=desk.member, at=desk.at)


def test_the_pages_show_the_look_and_carry_it_out(client: Client, desk: Desk) -> None:
    plan = desk.plan()
    client.force_login(desk.leader)
    content = client.get(reverse("plans:sheet", args=[plan.uid])).content
    file = io.BytesIO(edited(content, B2=9, C2=9, G3="查无此人"))
    file.name = "计划.xlsx"
    preview = client.post(reverse("plans:import", args=[plan.uid]), {"file": file}, follow=True)
    page = preview.content.decode()
    assert "改到第9周" in page
    assert "查无此人" in page
    done = client.post(preview.redirect_chain[-1][0], follow=True)
    assert "导入了 1 行" in done.content.decode()
    broken = io.BytesIO(b"nothing")
    broken.name = "计划.xlsx"
    assert client.post(reverse("plans:import", args=[plan.uid]), {"file": broken}).status_code == 422
