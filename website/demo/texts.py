"""The demo's unit designs, teaching cases, recordings and task sheets as typed documents, from their Chinese keys."""

from collections.abc import Callable, Sequence
from typing import Any

from library.documents import rich
from library.documents.fields import Row
from library.documents.files import Chapter, Line
from library.documents.lesson_design import Reference
from library.documents.order import spread
from library.documents.recording import RecordingDocument
from library.documents.teaching_case import Result, TeachingCaseDocument
from library.documents.unit_design import (
    BigTask,
    Conditions,
    Learners,
    Period,
    Theme,
    UnitBasics,
    UnitDesignDocument,
    UnitObjective,
    UnitStandard,
)
from library.documents.worksheet import PupilTask, SelfCheck, WorksheetDocument
from website.demo.reading import Facts


def _text(facts: Facts, *names: str) -> Any:
    """The named texts joined as rich text."""
    return rich.from_markup("\n".join(str(facts[name]).strip() for name in names if facts.get(name)))


def _word(facts: Facts, name: str) -> str:
    return str(facts.get(name) or "")


def _rows(prefix: str, told: Sequence[Facts] | None, make: Callable[[Facts, str], Row]) -> dict[str, Any]:
    facts = list(told or ())
    keys = spread(len(facts))
    return {f"{prefix}{n}": make(fact, key) for n, (fact, key) in enumerate(zip(facts, keys, strict=True), 1)}


def unit_design(facts: Facts) -> UnitDesignDocument:
    """`unit:` of the content. Objectives keep their 编号 as row ids `o1`, `o2` …"""
    theme, learners = facts.get("单元主题") or {}, facts.get("学情分析") or {}
    around, task = facts.get("学习条件") or {}, facts.get("大任务") or {}
    objectives = {f"o{o.get('编号', n)}": o for n, o in enumerate(facts.get("单元目标") or (), 1)}
    keys = spread(len(objectives))
    return UnitDesignDocument(
        basics=UnitBasics(
            unit_title=_word(facts, "单元名称"),
            periods=int(facts["课时数"]),
            edition=_word(facts, "教材版本"),
            designer=_word(facts, "设计者"),
            adviser=_word(facts, "指导教师"),
        ),
        standards=_rows(
            "k",
            facts.get("课标依据"),
            lambda k, o: UnitStandard(order=o, excerpt=_text(k, "摘录"), reading=_text(k, "解读")),
        ),
        theme=Theme(
            concepts=_text(theme, "核心概念"), structure=_text(theme, "内容结构"), value=_text(theme, "育人价值")
        ),
        learners=Learners(
            foundation=_text(learners, "已有基础"),
            difficulties=_text(learners, "学习困难"),
            differences=_text(learners, "差异"),
        ),
        conditions=Conditions(physical=_text(around, "物理环境"), virtual=_text(around, "虚拟环境")),
        objectives={key: _unit_objective(o, order) for (key, o), order in zip(objectives.items(), keys, strict=True)},
        big_task=BigTask(situation=_text(task, "情境"), task=_text(task, "任务"), series=_text(task, "任务群")),
        periods=_rows("p", facts.get("课时划分"), _period),
        assessment=_text(facts, "评价方案"),
        homework=_text(facts, "作业设计"),
        diagram=_text(facts, "结构图"),
        reflection=_text(facts, "反思"),
        references=_rows(
            "r",
            facts.get("参考"),
            lambda r, o: Reference(order=o, title=_word(r, "标题"), source=_word(r, "说明"), licence=_word(r, "许可")),
        ),
    )


def _unit_objective(facts: Facts, order: str) -> UnitObjective:
    return UnitObjective(
        order=order,
        statement=_text(facts, "表述"),
        competencies=tuple(facts.get("素养") or ()),
        performance=_text(facts, "达成表现"),
        assessment=_word(facts, "评价方式"),
    )


def _period(facts: Facts, order: str) -> Period:
    return Period(
        order=order,
        title=_word(facts, "课题"),
        count=int(facts.get("课时", 1)),
        goals=_text(facts, "课时目标"),
        activities=_text(facts, "关键活动"),
        assessment=_text(facts, "评价"),
        objectives=tuple(f"o{number}" for number in facts.get("目标") or ()),
        designs=tuple(facts.get("designs") or ()),
    )


def teaching_case(facts: Facts) -> TeachingCaseDocument:
    """`case:` of the content."""
    return TeachingCaseDocument(
        background=_text(facts, "案例背景"),
        problem=_text(facts, "问题"),
        process=_text(facts, "情境与过程"),
        strategy=_text(facts, "策略与证据"),
        results=_rows("d", facts.get("成效数据"), _result),
        reflection=_text(facts, "反思与启示"),
        conditions=_text(facts, "适用条件"),
    )


def _result(facts: Facts, order: str) -> Result:
    return Result(
        order=order,
        measure=_word(facts, "看什么"),
        before=_word(facts, "之前"),
        after=_word(facts, "之后"),
        source=_word(facts, "来源"),
    )


def recording(facts: Facts) -> RecordingDocument:
    """`recording:` of the content, with `chapters:` and `transcript:` as of a micro lesson."""
    told = facts["recording"]
    return RecordingDocument(
        introduction=_text(facts, "summary"),
        chapters=_rows(
            "c", facts.get("chapters"), lambda c, o: Chapter(order=o, start=int(c["start"]), title=_word(c, "title"))
        ),
        transcript=_rows(
            "l", facts.get("transcript"), lambda x, o: Line(order=o, start=int(x["start"]), words=_word(x, "text"))
        ),
        usage=_text(told, "使用建议"),
        teacher=_word(told, "执教"),
        class_name=_word(told, "班级"),
        date=_word(told, "日期"),
        occasion=_word(told, "性质"),
        consent=_word(told, "授权"),
        consent_note=_word(told, "授权说明"),
        watch=_text(told, "观课要点"),
    )


def task_sheet(facts: Facts) -> WorksheetDocument:
    """`tasks:` of the content: a task sheet that is written, not a file."""
    told = facts["tasks"]
    return WorksheetDocument(
        introduction=_text(facts, "summary"),
        goals=_text(told, "学习目标"),
        preparation=_text(told, "课前准备"),
        tasks=_rows("t", told.get("任务"), _task),
        checks=_rows(
            "e",
            [{"评一评": line} for line in told.get("自我评价") or ()],
            lambda c, o: SelfCheck(order=o, statement=_word(c, "评一评")),
        ),
        usage=_text(told, "使用建议"),
        answers=_text(told, "答案"),
    )


def _task(facts: Facts, order: str) -> PupilTask:
    return PupilTask(
        order=order,
        title=_word(facts, "任务名"),
        way=_word(facts, "方式"),
        minutes=int(facts["时长"]) if facts.get("时长") else None,
        instructions=_text(facts, "做什么"),
        support=_text(facts, "小提示"),
        lines=int(facts["留行"]) if facts.get("留行") else None,
        answers=_text(facts, "答案"),
    )
