"""教学设计: the sections of a lesson design in the order of primary schools' printed plans."""

from collections.abc import Mapping
from dataclasses import dataclass

from library.documents.fields import (
    Document,
    RichText,
    Row,
    choice,
    group,
    names,
    number,
    ordered,
    refs,
    rich,
    rows,
    text,
)

LESSON_TYPES = ("新授", "练习", "复习", "实验", "习作", "口语交际", "阅读", "识字写字", "综合与实践", "项目式", "讲评")
DEFAULT_MINUTES = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Basics:
    """基本信息: what the record does not hold already (title, nodes and authors are the record's)."""

    lesson_type: str = choice("课型", LESSON_TYPES, required=True)
    period: int | None = number("第几课时", required=True)
    periods: int | None = number("共几课时", required=True)
    minutes: int | None = number("时长", unit="分钟", hint="默认 40 分钟")
    class_name: str = text("授课班级")
    date: str = text("授课日期", hint="如 2026-11-24")


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardUse(Row):
    """课标要求."""

    standard: tuple[str, ...] = refs("课标条目", "standard")
    excerpt: RichText = rich("摘录")
    reading: RichText = rich("解读")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextbookAnalysis:
    """教材分析."""

    position: RichText = rich("地位与作用", required=True)
    connections: RichText = rich("前后联系")
    connected: tuple[str, ...] = refs("联系的课", "node")
    intent: RichText = rich("编排意图")


@dataclass(frozen=True, slots=True, kw_only=True)
class PupilAnalysis:
    """学情分析."""

    foundation: RichText = rich("已有基础", required=True)
    difficulties: RichText = rich("学习困难")
    differences: RichText = rich("差异")
    pretest: RichText = rich("前测数据")


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective(Row):
    """核心素养目标."""

    statement: RichText = rich("表述", required=True)
    competencies: tuple[str, ...] = names("核心素养")
    standards: tuple[str, ...] = refs("课标条目", "standard")
    knowledge: tuple[str, ...] = names("知识点")
    assessment: str = text("评价方式")
    level: str = text("水平", hint="如 理解、掌握、运用、体会")


@dataclass(frozen=True, slots=True, kw_only=True)
class Focus:
    """教学重点 or 教学难点 with the way through."""

    what: RichText = rich("内容", required=True)
    strategy: RichText = rich("突破策略")


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """教学方法与准备."""

    methods: RichText = rich("教学方法")
    teacher: RichText = rich("教师准备")
    pupils: RichText = rich("学生准备")
    resources: tuple[str, ...] = refs("资源引用", "resource")
    venue: RichText = rich("场地与设备")


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Row):
    """评价任务."""

    task: RichText = rich("任务", required=True)
    objectives: tuple[str, ...] = refs("对应目标", "#objectives")
    criteria: RichText = rich("表现标准")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage(Row):
    """教学过程的一个环节."""

    title: str = text("环节名", required=True)
    minutes: int | None = number("时长", unit="分钟", required=True)
    teacher: RichText = rich("教师活动")
    pupils: RichText = rich("学生活动")
    intent: RichText = rich("设计意图")
    checkpoints: RichText = rich("评价要点")
    question: RichText = rich("核心问题")
    objectives: tuple[str, ...] = refs("对应目标", "#objectives")
    resources: tuple[str, ...] = refs("资源", "resource")
    questions: tuple[str, ...] = refs("题目", "question")
    second_preparation: RichText = rich("二次备课")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference(Row):
    """附件与参考."""

    title: str = text("名称", required=True)
    source: str = text("出处")
    licence: str = text("许可")


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonDesignDocument(Document):
    """The whole lesson design (教学设计). Reflections are records of their own, one a class taught."""

    basics: Basics = group("基本信息", Basics)
    standards: Mapping[str, StandardUse] = rows("课标要求", StandardUse, noun="课标")
    textbook: TextbookAnalysis = group("教材分析", TextbookAnalysis)
    pupils: PupilAnalysis = group("学情分析", PupilAnalysis)
    objectives: Mapping[str, Objective] = rows("核心素养目标", Objective, noun="目标", required=True)
    key_point: Focus = group("教学重点", Focus)
    difficulty: Focus = group("教学难点", Focus)
    preparation: Preparation = group("教学方法与准备", Preparation)
    tasks: Mapping[str, Task] = rows("评价任务", Task, noun="任务", required=True)
    stages: Mapping[str, Stage] = rows("教学过程", Stage, noun="环节", required=True)
    board: RichText = rich("板书设计", required=True)
    homework: RichText = rich("作业设计", required=True)
    reflection: RichText = rich("教学反思")
    references: Mapping[str, Reference] = rows("附件与参考", Reference, noun="参考")


@dataclass(frozen=True, slots=True)
class Advice:
    """Something to look at, beside the place; never in the way of saving. `path` leads to the field."""

    path: tuple[str, ...]
    sentence: str


def planned_minutes(document: LessonDesignDocument) -> int:
    return sum(int(stage.minutes or 0) for stage in document.stages.values())


def advice(document: LessonDesignDocument) -> list[Advice]:
    """教—学—评一致性检查: minutes against the lesson's length, every objective served by a stage and a task."""
    found = _minutes_advice(document)
    for number_, (key, _) in enumerate(ordered(document.objectives), 1):
        if document.stages and not any(key in stage.objectives for stage in document.stages.values()):
            found.append(Advice(("objectives", key), f"目标 {number_} 还没有环节去落实"))
        if document.tasks and not any(key in task.objectives for task in document.tasks.values()):
            found.append(Advice(("objectives", key), f"目标 {number_} 还没有评价任务"))
    return found


def _minutes_advice(document: LessonDesignDocument) -> list[Advice]:
    if not document.stages:
        return []
    found = [
        Advice(("stages", key), f"环节 {number_}“{stage.title}”还没写时长")
        for number_, (key, stage) in enumerate(ordered(document.stages), 1)
        if not stage.minutes
    ]
    total, length = planned_minutes(document), int(document.basics.minutes or DEFAULT_MINUTES)
    if total > length:
        found.append(Advice(("stages",), f"各环节合计 {total} 分钟，比 {length} 分钟多 {total - length} 分钟"))
    elif total < length and not found:
        found.append(Advice(("stages",), f"各环节合计 {total} 分钟，离 {length} 分钟还差 {length - total} 分钟"))
    return found
