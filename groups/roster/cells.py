"""Reading the cells of one row: each value, or a sentence about what is wrong with it."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.utils import timezone

from catalogue.models import GRADE_NAMES
from groups.days import EARLIEST, LATEST
from groups.roster.sheets import Problem, Row

FORMULA = "\x00formula"
"""Stands in a cell that holds a formula: its value is nobody's word."""

ERROR = "\x00error"
"""Stands in a cell that shows #N/A and the like."""

PHONE = re.compile(r"1\d{10}")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]00:00(?::00)?)?")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
GRADES = {name: n for n, name in GRADE_NAMES.items() if n <= 6} | {str(n): n for n in range(1, 7)}
YES_NO = {"是": True, "否": False}

T = TypeVar("T")


class Cells:
    """The cells of a row and the problems found while reading them. An empty cell is None: it changes nothing."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.problems: list[Problem] = []

    def bad(self, column: str, what: str) -> None:
        self.problems.append(Problem(self.row.sheet, self.row.number, column, what))

    def text(self, column: str, most: int, required: bool = False) -> str | None:
        value = self.row.cells.get(column, "")
        if value in (FORMULA, ERROR):
            self.bad(column, "是公式或出错的值，请复制后用“选择性粘贴，数值”贴回来")
            return None
        if CONTROL.search(value):
            self.bad(column, "有看不见的控制字符，请重新输入这一格")
            return None
        if len(value) > most:
            self.bad(column, f"超过 {most} 个字，请写短一些")
            return None
        if required and not value:
            self.bad(column, "没有填，请补上")
        return value or None

    def choice(self, column: str, choices: Mapping[str, T], required: bool = False, say: str = "") -> T | None:
        value = self.text(column, 40, required)
        if value is None:
            return None
        if value not in choices:
            self.bad(column, f"不认识“{value}”，请填{say or '、'.join(choices)}")
            return None
        return choices[value]

    def grade(self, column: str = "年级", required: bool = False) -> int | None:
        return self.choice(column, GRADES, required, "一年级到六年级")

    def phone(self, column: str = "手机号") -> str | None:
        """Eleven digits. A masked number, as an export writes it for whom may not read it, changes nothing."""
        value = self.text(column, 30)
        if value is None or "*" in value:
            return None
        digits = re.sub(r"[\s-]", "", value).removeprefix("+86")
        if not PHONE.fullmatch(digits):
            self.bad(column, f"“{value}”不是 11 位手机号，请核对")
            return None
        return digits

    def email(self, column: str = "邮箱") -> str | None:
        value = self.text(column, 100)
        if value is not None and not EMAIL.fullmatch(value):
            self.bad(column, f"“{value}”不是邮箱地址，请核对或留空")
            return None
        return value

    def day(self, column: str, required: bool = False) -> date | None:
        value = self.text(column, 30, required)
        if value is None:
            return None
        found = DAY.fullmatch(value)
        try:
            day = date(*(int(part) for part in found.groups())) if found else None
        except ValueError:
            day = None
        if day is None or not EARLIEST <= day <= LATEST:
            self.bad(column, f"“{value}”不是日期，请写成 2026-09-01")
            return None
        return day

    def in_order(self, first: date | None, last: date | None, column: str = "止") -> None:
        if first is not None and last is not None and last < first:
            self.bad(column, "早于起的日期，请核对")


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=timezone.get_current_timezone())


def end_of(day: date) -> datetime:
    """The moment at which something ends whose last day this is."""
    return midnight(day + timedelta(days=1))


def day_of(moment: datetime) -> date:
    return timezone.localdate(moment)


def last_day(ends_at: datetime | None) -> date | None:
    """The twin of `end_of`: the last day, also of what ended in the middle of a day."""
    return day_of(ends_at - timedelta(microseconds=1)) if ends_at else None


def plain(value: Any) -> str:
    """A cell's value as text: whole numbers without a point, days as 2026-09-01."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if not (value.hour or value.minute or value.second) else str(value)
    return str(value).strip()
