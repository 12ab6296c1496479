"""Workbooks that leave the site: the template, an export, the list of bad rows. No cell of them is ever a formula."""

import io
from collections.abc import Iterable, Mapping
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from groups.roster.reading import DANGEROUS
from groups.roster.sheets import GUIDE, ORDER, REASON, SHEETS, Column, Sheet

HEAD = PatternFill("solid", fgColor="EDF3F1")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RULES = (
    "列名后有 * 的必须填；列的先后可以换，不要改列名和工作表名。",
    "只填要导入的工作表，用不上的可以删掉。",
    "空着的格表示不改，导入不会清空已有的内容，也不会删除任何人。",
    "老师按“学校和工号”认：同一工号再导入一次是更新，不会多出一个人。",
    "日期写成 2026-09-01；手机号和工号的单元格设为“文本”，开头的 0 才不会丢。",
    "单元格里不要用公式。",
    "没有错的行会导入，有误的行不导入，全部列在“有误的行”里，改好后再传那一份就行。",
    "导入不设密码。学校管理员打印登录码，老师用工号和登录码登录后自己设定密码。",
)


def safe(text: str) -> str:
    """The text as a cell that a workbook can hold and no spreadsheet program carries out."""
    held = ILLEGAL_CHARACTERS_RE.sub("", text)
    return f"'{held}" if held[:1] in DANGEROUS else held


def template() -> bytes:
    """An empty workbook with its guide."""
    book = Workbook(write_only=True)
    guide = book.create_sheet(GUIDE)
    guide.column_dimensions["A"].width, guide.column_dimensions["B"].width = 16, 16
    guide.column_dimensions["C"].width = 60
    for rule in RULES:
        guide.append([rule])
    guide.append([])
    guide.append(["工作表", "列", "怎么填"])
    for sheet in SHEETS.values():
        for column in sheet.columns:
            guide.append([sheet.name, f"{column.name}{' *' if column.required else ''}", safe(column.hint)])
    for name in ORDER:
        _begin(book, name, SHEETS[name].columns)
    return _bytes(book)


def filled(
    rows: Mapping[str, Iterable[Mapping[str, str]]], reasons: bool = False, sheets: Mapping[str, Sheet] = SHEETS
) -> bytes:
    """A workbook with these rows, sheet by sheet; with `reasons` it has the column 原因 as well."""
    book = Workbook(write_only=True)
    for name, sheet in sheets.items():
        if name not in rows:
            continue
        columns = sheet.columns
        if reasons:
            columns = (*columns, Column(REASON, "", width=50))
        worksheet = _begin(book, name, columns)
        for row in rows[name]:
            worksheet.append([_cell(worksheet, row.get(column.name, "")) for column in columns])
    if not book.worksheets:
        first = next(iter(sheets.values()))
        _begin(book, first.name, first.columns)
    return _bytes(book)


def _begin(book: Workbook, name: str, columns: Iterable[Column]) -> Any:
    worksheet = book.create_sheet(name)
    worksheet.freeze_panes = "A2"
    head = []
    for at, column in enumerate(columns, 1):
        letter = get_column_letter(at)
        worksheet.column_dimensions[letter].width = column.width
        worksheet.column_dimensions[letter].number_format = "@"
        cell = WriteOnlyCell(worksheet, f"{column.name}{' *' if column.required else ''}")
        cell.font, cell.fill = Font(bold=True), HEAD
        cell.alignment = Alignment(vertical="center")
        head.append(cell)
    worksheet.append(head)
    return worksheet


def _cell(worksheet: Any, text: str) -> Any:
    if not text:
        return None
    cell = WriteOnlyCell(worksheet, safe(text))
    cell.data_type, cell.number_format = "s", "@"
    return cell


def _bytes(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
