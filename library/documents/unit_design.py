"""单元整体教学设计: a unit as a whole, its objectives, and the lesson periods that carry them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from library.documents import rich as rich_text
from library.documents.fields import (
    Document,
    RichText,
    Row,
    group,
    names,
    number,
    ordered,
    refs,
    rich,
    rows,
    text,
)
from library.documents.lesson_design import Advice, Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitBasics:
    """基本信息 that the record does not hold already."""

    unit_title: str = text("单元名称", required=True, hint="如 第6单元 多边形的面积")
    periods: int | None = number("单元课时数", required=True, unit="课时")
    edition: str = text("教材版本")
    designer: str = text("设计者")
    adviser: str = text("指导教师")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitStandard(Row):
    """课程标准依据."""

    standard: tuple[str, ...] = refs("课标条目", "standard")
    excerpt: RichText = rich("摘录")
    reading: RichText = rich("解读")


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """单元主题与要素分析."""

    concepts: RichText = rich("核心概念", required=True)
    structure: RichText = rich("内容结构")
    value: RichText = rich("育人价值")


@dataclass(frozen=True, slots=True, kw_only=True)
class Learners:
    """学情分析."""

    foundation: RichText = rich("已有基础", required=True)
    difficulties: RichText = rich("学习困难")
    differences: RichText = rich("差异")


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """学习条件分析."""

    physical: RichText = rich("物理环境")
    virtual: RichText = rich("虚拟环境")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitObjective(Row):
    """单元学习目标及素养要求, with how one sees that it is reached."""

    statement: RichText = rich("表述", required=True)
    competencies: tuple[str, ...] = names("核心素养")
    performance: RichText = rich("达成表现")
    assessment: str = text("评价方式")


@dataclass(frozen=True, slots=True, kw_only=True)
class BigTask:
    """单元大任务."""

    situation: RichText = rich("情境")
    task: RichText = rich("大任务", required=True)
    series: RichText = rich("任务群")


@dataclass(frozen=True, slots=True, kw_only=True)
class Period(Row):
    """One row of the 课时划分表; `count` more than one for a lesson of several periods."""

    title: str = text("课题", required=True)
    count: int | None = number("课时", unit="课时", hint="默认 1")
    goals: RichText = rich("课时目标")
    activities: RichText = rich("关键活动")
    assessment: RichText = rich("评价")
    objectives: tuple[str, ...] = refs("对应单元目标", "#objectives")
    designs: tuple[str, ...] = refs("教学设计", "resource")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitDesignDocument(Document):
    """The whole unit design (单元整体教学设计)."""

    basics: UnitBasics = group("基本信息", UnitBasics)
    standards: Mapping[str, UnitStandard] = rows("课程标准依据", UnitStandard, noun="课标")
    theme: Theme = group("单元主题与要素分析", Theme)
    learners: Learners = group("学情分析", Learners)
    conditions: Conditions = group("学习条件分析", Conditions)
    objectives: Mapping[str, UnitObjective] = rows("单元学习目标", UnitObjective, noun="目标", required=True)
    big_task: BigTask = group("单元大任务", BigTask)
    periods: Mapping[str, Period] = rows("课时划分表", Period, noun="第{}行", required=True)
    assessment: RichText = rich("单元评价方案", required=True)
    homework: RichText = rich("单元作业设计")
    diagram: RichText = rich("单元结构图", hint="一行一个内容，用 - 表示下一层")
    reflection: RichText = rich("单元反思")
    references: Mapping[str, Reference] = rows("附件与参考", Reference, noun="参考")


def planned_periods(document: UnitDesignDocument) -> int:
    """Periods that the table adds up to."""
    return sum(period_count(row) for row in document.periods.values())


def period_count(row: Period) -> int:
    return int(row.count or 1)


def uncovered(document: UnitDesignDocument) -> list[int]:
    """Numbers of the objectives that no period serves."""
    served = {key for row in document.periods.values() for key in row.objectives}
    return [at for at, (key, _) in enumerate(ordered(document.objectives), 1) if key not in served]


def checks(document: UnitDesignDocument) -> Iterator[Advice]:
    """单元一致性检查: every objective has a period, and the table adds up to what was planned."""
    if document.periods:
        for at in uncovered(document):
            yield Advice(("objectives",), f"目标 {at} 还没有课时去落实")
        total, planned = planned_periods(document), int(document.basics.periods or 0)
        if planned and total != planned:
            more = f"多 {total - planned}" if total > planned else f"少 {planned - total}"
            yield Advice(("periods",), f"课时划分表合计 {total} 课时，比计划的 {planned} 课时{more} 课时")
    for at, (_, row) in enumerate(ordered(document.objectives), 1):
        if rich_text.is_empty(row.performance):
            yield Advice(("objectives",), f"目标 {at} 还没写达成表现")


def advice(document: UnitDesignDocument) -> list[str]:
    return [one.sentence for one in checks(document)]
