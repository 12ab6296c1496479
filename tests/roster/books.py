"""Workbooks for tests: sheets as lists of rows, one of them spoilt where a test wants it."""

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

from groups.roster.sheets import SHEETS


def book(**sheets: Sequence[dict[str, Any]]) -> bytes:
    """A workbook with these sheets; columns in the template's order."""
    made = Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        worksheet = made.create_sheet(name)
        names = SHEETS[name].names
        worksheet.append([f"{column}{' *' if column in SHEETS[name].required else ''}" for column in names])
        for row in rows:
            worksheet.append([row.get(column) for column in names])
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def teacher(number: str = "001", **more: Any) -> dict[str, Any]:
    return {"学校": "西溪小学", "工号": number, "姓名": f"老师{number}"} | more
