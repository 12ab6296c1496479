"""What the workbook looks like: sheets and columns, the same for template, import, export and the list of bad rows."""

from dataclasses import dataclass

from groups.models import Nature, Role

SCHOOLS, TEACHERS, PLACES, ADOPTIONS, CALENDAR = "学校", "教师", "任职", "教材选用", "校历"
GUIDE = "填写说明"
REASON = "原因"
"""The column that a list of bad rows has more; an import passes over it."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column with what to write into it; `width` in characters."""

    name: str
    hint: str
    required: bool = False
    width: int = 14


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.required)


ROLES = {role.label: role for role in Role}
NATURES = {nature.label: nature for nature in Nature}
INSTALLED_ROLES = frozenset({Role.SYSTEM_ADMIN, Role.AUDITOR, Role.SITE_EDITOR})
"""Roles over the whole site: given by the installation, not by a workbook that somebody uploads."""

_DAY = "如 2026-09-01"
_SUBJECT = Column("学科", "如 数学", width=10)
_GRADE = Column("年级", "如 三年级 或 3", width=10)

SHEETS: dict[str, Sheet] = {
    sheet.name: sheet
    for sheet in (
        Sheet(
            SCHOOLS,
            (
                Column("学校名称", "全称", required=True, width=26),
                Column("机构代码", "学校标识码；有重名学校时必填"),
                Column("简称", ""),
                Column("所属县区", "县（区）教育局的名称，与网站上一致", required=True, width=20),
                Column("乡村学校", "是 或 否", width=10),
            ),
        ),
        Sheet(
            TEACHERS,
            (
                Column("学校", "学校名称或机构代码", required=True, width=26),
                Column("工号", "在本校不重复；登录时要用", required=True),
                Column("姓名", "", required=True, width=12),
                Column("手机号", "11 位；可用来登录", width=16),
                Column("邮箱", "", width=22),
                Column("职称", "如 一级教师"),
                _SUBJECT,
                _GRADE,
                Column("入校日期", f"{_DAY}；新教师不填就从导入那天起"),
                Column("离校日期", f"{_DAY}；最后在校的一天"),
            ),
        ),
        Sheet(
            PLACES,
            (
                Column("学校", "这位老师的编制学校", required=True, width=26),
                Column("工号", "", required=True),
                Column("任职单位", "学校、备课组、集团等的名称或代码", required=True, width=26),
                Column("职责", "、".join(ROLES), required=True),
                Column("性质", "、".join(NATURES) + "；不填是席位，在学校是在编"),
                _SUBJECT,
                _GRADE,
                Column("起", _DAY, required=True),
                Column("止", f"{_DAY}；最后一天，不填就是至今"),
                Column("事由", "", width=24),
            ),
        ),
        Sheet(
            ADOPTIONS,
            (
                Column("学校", "学校名称或机构代码", required=True, width=26),
                Column("年级", "如 三年级 或 3", required=True, width=10),
                Column("学科", "如 数学", required=True, width=10),
                Column("版本", "如 人教版", required=True),
                Column("册次", "上册、下册 或 全一册", required=True, width=10),
                Column("教材编号", "同册有几种书时要填，在导出的表里能找到"),
                Column("起", f"{_DAY}；不填就从导入那天起"),
                Column("止", f"{_DAY}；最后一天"),
            ),
        ),
        Sheet(
            CALENDAR,
            (
                Column("学校", "不填就是全市的校历", width=26),
                Column("学年", "开始的公历年份，如 2026", required=True, width=10),
                Column("学期", "第一学期 或 第二学期", required=True, width=12),
                Column("类型", "学期 或 节假日", required=True, width=10),
                Column("名称", "节假日的名称，如 国庆节"),
                Column("起", f"{_DAY}；开学日或放假第一天", required=True),
                Column("止", f"{_DAY}；放假日或假期最后一天", required=True),
            ),
        ),
    )
}
ORDER = tuple(SHEETS)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a sheet with its number as Excel shows it; the cells are texts, days written 2026-09-01."""

    sheet: str
    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row, where, and what to do. `column` is empty when it is the row as a whole."""

    sheet: str
    row: int
    column: str
    what: str

    def __str__(self) -> str:
        return f"{self.sheet}表 第 {self.row} 行{f' {self.column}' if self.column else ''}：{self.what}"
