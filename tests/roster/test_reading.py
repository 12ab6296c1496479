"""Files that people send: what is no workbook is answered in words, what is odd is passed over and said."""

import io
import zipfile
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from groups.roster import reading, writing
from groups.roster.reports import report
from groups.roster.sheets import ORDER, SHEETS
from tests.roster.books import book, teacher


def _zip(**entries: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return buffer.getvalue()


def _headed(*titles: str, sheet: str = "教师", rows: tuple[tuple[Any, ...], ...] = ()) -> bytes:
    made = Workbook()
    made.active.title = sheet
    made.active.append(titles)
    for row in rows:
        made.active.append(row)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "是空文件"),
        ("学校,工号\n".encode(), "不是 .xlsx 工作簿"),
        (b"%PDF-1.7", "不是 .xlsx 工作簿"),
        (b"\xd0\xcf\x11\xe0" + b"0" * 100, "旧的 .xls 格式或加了打开密码"),
        (_zip(**{"word/document.xml": b"<x/>"}), "不是 .xlsx 工作簿"),
        (_zip(**{"xl/workbook.xml": b"<x"}), "打不开，可能已损坏"),
        (book(教师=[teacher()])[:-200], "已损坏或没有传完"),
        (_headed("学校", "工号", "姓名", sheet="Sheet1"), "没有认识的工作表。要有学校、教师"),
        (_headed("学校", "名字"), "教师表第 1 行缺少列：工号、姓名"),
        (_headed("学校", "工号", "姓名", "工号"), "教师表的列工号出现了两次"),
        (_headed("学校", "工号", "姓名"), "没有要导入的行"),
    ],
)
def test_what_cannot_be_taken_is_answered_in_words(content: bytes, told: str) -> None:
    with pytest.raises(reading.UnreadableFile, match=told):
        reading.read(content, "人员.xlsx")


def test_a_bomb_is_refused_before_it_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "load_workbook", lambda *a, **k: pytest.fail("opened"))
    bomb = _zip(**{"xl/workbook.xml": b"<x/>", "xl/sharedStrings.xml": b"0" * (reading.MOST_UNPACKED + 1)})
    assert len(bomb) < reading.MOST_BYTES
    with pytest.raises(reading.UnreadableFile, match="解开后太大"):
        reading.read(bomb, "人员.xlsx")


def test_an_entity_bomb_in_a_sheet_is_refused() -> None:
    entities = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    source, buffer = zipfile.ZipFile(io.BytesIO(book(教师=[teacher()]))), io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name in source.namelist():
            content = source.read(name)
            made.writestr(name, entities + content if name == "xl/worksheets/sheet1.xml" else content)
    with pytest.raises(reading.UnreadableFile):
        reading.read(buffer.getvalue(), "人员.xlsx")


def test_columns_in_another_order_and_strange_ones_are_taken_as_they_come() -> None:
    content = _headed(
        "姓名 *", "备注", "工号", "学校", rows=(("李敏", "好", 17, "西溪小学"), (None,) * 4, ("", "x", None, ""))
    )
    workbook = reading.read(content, "人员.xlsx")
    assert [row.cells for row in workbook.rows["教师"]] == [{"姓名": "李敏", "工号": "17", "学校": "西溪小学"}]
    assert workbook.notes == ("教师表没有导入的列：备注",)


def test_the_template_has_every_sheet_and_is_read_as_empty() -> None:
    made = load_workbook(io.BytesIO(writing.template()))
    assert [name for name in made.sheetnames if name in SHEETS] == list(ORDER)
    with pytest.raises(reading.UnreadableFile, match="没有要导入的行"):
        reading.read(writing.template(), "模板.xlsx")


@pytest.mark.parametrize(
    "text", ["=1+1", "+86", "-1", "@SUM(A1)", "|x", "\tx", "'=1", "'x", '=HYPERLINK("http://x","y")']
)
def test_no_cell_that_leaves_is_a_formula_and_it_comes_back_as_it_was(text: str) -> None:
    content = writing.filled({"教师": [{"学校": "西溪小学", "工号": "1", "姓名": text}]})
    cell = load_workbook(io.BytesIO(content))["教师"]["C2"]
    assert cell.data_type == "s"
    assert str(cell.value).startswith("'")
    assert reading.read(content, "导出.xlsx").rows["教师"][0].cells["姓名"] == text


def test_bad_rows_come_back_with_their_reasons_and_can_be_sent_again() -> None:
    content = report(
        [{"sheet": "教师", "row": 9, "problems": ["教师表 第 9 行 姓名：没有填，请补上"], "cells": {"工号": "=1"}}]
    )
    worksheet = load_workbook(io.BytesIO(content))["教师"]
    titles = [cell.value for cell in worksheet[1]]
    assert worksheet.cell(2, titles.index("原因") + 1).value == "教师表 第 9 行 姓名：没有填，请补上"
    assert reading.read(content, "有误的行.xlsx").notes == ()


def test_a_name_inside_that_is_no_text_is_damage() -> None:
    """The zip says that its names are UTF-8, and one is not."""
    whole = _zip(**{"xl/workbook.xml": b"", "é": b""})
    with pytest.raises(reading.UnreadableFile, match="已损坏"):
        reading.inspect(whole.replace("é".encode(), b"\xff\xff"), "人员.xlsx")
