"""The term's table as a workbook (学期查阅表): teacher × week, and every opinion. What a teacher wrote is never a formula."""

from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from groups.roster.writing import safe
from lessons.inspections.selectors import TermTable

TABLE, OPINIONS = "按周", "查阅意见"


def workbook(table: TermTable) -> bytes:
    """Two sheets: the table with the on-time share, and one line for every plan that was due."""
    book = Workbook(write_only=True)
    _table(book, table)
    _opinions(book, table)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _table(book: Workbook, table: TermTable) -> None:
    sheet = book.create_sheet(TABLE)
    sheet.freeze_panes = "B2"
    sheet.column_dimensions["A"].width = 12
    for at in range(len(table.weeks)):
        sheet.column_dimensions[get_column_letter(at + 2)].width = 14
    _line(
        sheet,
        ["教师", *(f"第{week}周" for week in table.weeks), "应备", "按时", "晚", "缺", "按时率%", "意见"],
        head=True,
    )
    for row in table.rows:
        counted = row.share
        _line(
            sheet,
            [
                row.teacher.name,
                *(cell.words for cell in row.cells),
                counted.due,
                counted.on_time,
                counted.late,
                counted.missing,
                counted.percent if counted.percent is not None else "",
                "，".join(f"{label} {count}" for label, count in row.grades),
            ],
        )


def _opinions(book: Workbook, table: TermTable) -> None:
    sheet = book.create_sheet(OPINIONS)
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABCDEFGH", (12, 8, 14, 28, 8, 10, 8, 50), strict=True):
        sheet.column_dimensions[letter].width = width
    _line(sheet, ["教师", "周次", "学科年级", "课题", "课时", "状态", "等第", "查阅意见"], head=True)
    for plan in table.plans:
        _line(
            sheet,
            [
                plan.teacher.name,
                plan.week,
                f"{plan.school_grade} 年级{plan.subject.name}",
                plan.due.lesson.node.title,
                plan.due.lesson.period,
                plan.standing.label,
                plan.ready.grade if plan.ready else "",
                plan.ready.words if plan.ready else "",
            ],
        )


def _line(sheet: Any, values: list[Any], *, head: bool = False) -> None:
    cells = [WriteOnlyCell(sheet, value=safe(value) if isinstance(value, str) else value) for value in values]
    for cell in cells:
        if isinstance(cell.value, str):
            cell.data_type = "s"
        if head:
            cell.font = Font(bold=True)
    sheet.append(cells)
