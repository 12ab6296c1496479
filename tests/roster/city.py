"""A city's workbook of any size with rows spoilt in known places; every name and number in it is made up."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from catalogue.models import Edition, Subject, Textbook
from groups.models import Organisation, OrganisationKind, OrganisationLink
from groups.roster.sheets import SHEETS

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = "敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建国文辉力斌"
SPOILS = (
    ("姓名", ""),
    ("工号", ""),
    ("手机号", "138"),
    ("学校", "不存在的小学"),
    ("年级", "九年级"),
    ("学科", "占星"),
    ("入校日期", "2026-13-40"),
    ("邮箱", "不是邮箱"),
    ("姓名", "长" * 40),
    ("手机号", "=A1"),
)


@dataclass(frozen=True, slots=True)
class Made:
    """What was written, and where it is spoilt: (sheet, row)."""

    rows: int
    spoilt: frozenset[tuple[str, int]]


def found() -> None:
    """A city with ten counties and a book, as the site has them before people come."""
    city = Organisation.objects.create(kind=OrganisationKind.CITY, name="量尺市", slug="量尺市")
    start = timezone.now() - timedelta(days=30)
    for number in range(10):
        county = Organisation.objects.create(kind=OrganisationKind.COUNTY, name=f"第{number}县", slug=f"c{number}")
        OrganisationLink.objects.create(member=county, parent=city, role="area", starts_at=start)
    subject = Subject.objects.create(code="bench", name="量学", block="量", colour="maths")
    edition = Edition.objects.create(subject=subject, name="量尺版")
    for grade in range(1, 7):
        Textbook.objects.create(
            title=f"量学{grade}", subject=subject, edition=edition, grade_from=grade, grade_to=grade, volume="first"
        )


def write(path: Path, *, schools: int, teachers: int, bad: int, seed: int = 7) -> Made:
    """Schools, their teachers, a role for every twentieth, a book and a calendar for each school."""
    from openpyxl import Workbook

    dice = random.Random(seed)
    spoilt = set(dice.sample(range(teachers), bad))
    book = Workbook(write_only=True)
    rows = 0
    sheets = {
        "学校": _schools(schools),
        "教师": _teachers(schools, teachers, spoilt, dice),
        "任职": _posts(schools, teachers, spoilt),
        "教材选用": _adoptions(schools),
        "校历": _calendars(schools),
    }
    for name, lines in sheets.items():
        worksheet = book.create_sheet(name)
        worksheet.append(list(SHEETS[name].names))
        for line in lines:
            worksheet.append([line.get(column) for column in SHEETS[name].names])
            rows += 1
    book.save(path)
    return Made(rows, frozenset(("教师", number + 2) for number in spoilt))


def _school(number: int) -> str:
    return f"量尺第{number}小学"


def _schools(schools: int) -> Iterator[dict[str, Any]]:
    for n in range(schools):
        yield {
            "学校名称": _school(n),
            "机构代码": f"S{n:05}",
            "所属县区": f"第{n % 10}县",
            "乡村学校": "是" if n % 3 else "否",
        }


def _teachers(schools: int, teachers: int, spoilt: set[int], dice: random.Random) -> Iterator[dict[str, Any]]:
    kinds = sorted(spoilt)
    for n in range(teachers):
        line: dict[str, Any] = {
            "学校": _school(n % schools),
            "工号": f"{n // schools:04}",
            "姓名": dice.choice(SURNAMES) + dice.choice(GIVEN) + dice.choice(GIVEN),
            "手机号": f"139{n:08}",
            "职称": dice.choice(["一级教师", "二级教师", "高级教师"]),
            "学科": "量学",
            "年级": n % 6 + 1,
            "入校日期": date(2015 + n % 10, 9, 1),
        }
        if n in spoilt:
            column, value = SPOILS[kinds.index(n) % len(SPOILS)]
            line[column] = value
        yield line


def _posts(schools: int, teachers: int, spoilt: set[int]) -> Iterator[dict[str, Any]]:
    for n in range(0, teachers, 20):
        if n not in spoilt:
            yield {
                "学校": f"S{n % schools:05}",
                "工号": f"{n // schools:04}",
                "任职单位": f"S{n % schools:05}",
                "职责": "教研组长",
                "起": "2026-09-01",
                "止": "2027-08-31",
            }


def _adoptions(schools: int) -> Iterator[dict[str, Any]]:
    for n in range(schools):
        yield {
            "学校": _school(n),
            "年级": n % 6 + 1,
            "学科": "量学",
            "版本": "量尺版",
            "册次": "上册",
            "起": "2026-09-01",
        }


def _calendars(schools: int) -> Iterator[dict[str, Any]]:
    for n in range(0, schools, 10):
        term = {"学校": _school(n), "学年": 2026, "学期": "第一学期"}
        yield term | {"类型": "学期", "起": "2026-09-01", "止": "2027-01-20"}
        yield term | {"类型": "节假日", "名称": "国庆节", "起": "2026-10-01", "止": "2026-10-08"}
