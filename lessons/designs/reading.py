"""A lesson design as it is read: numbered objectives, stages that name what they serve, sections that hold something.

The page, the print, the board and the download are all made of one `Plan`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from catalogue.models import Node, Standard
from library.documents import rich
from library.documents.fields import RichText, ordered
from library.documents.lesson_design import (
    DEFAULT_MINUTES,
    Advice,
    LessonDesignDocument,
    Objective,
    Stage,
    Task,
    advice,
    planned_minutes,
)

CHINESE = "零一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Part:
    """A labelled piece of rich text."""

    label: str
    html: SafeString


@dataclass(frozen=True, slots=True)
class ObjectiveShown:
    no: str
    html: SafeString
    meta: str


@dataclass(frozen=True, slots=True)
class TaskShown:
    number: int
    html: SafeString
    serves: str
    criteria: SafeString


@dataclass(frozen=True, slots=True)
class StageShown:
    no: str
    title: str
    minutes: int
    serves: str
    teacher: SafeString
    pupils: SafeString
    question: SafeString
    intent: SafeString
    checkpoints: SafeString
    second: SafeString


@dataclass(frozen=True, slots=True)
class SectionShown:
    """A section of the printed plan: its anchor, number and name."""

    name: str
    no: str
    label: str

    @property
    def anchor(self) -> str:
        return f"s-{self.name}"


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a template prints of one lesson design."""

    document: LessonDesignDocument
    sections: tuple[SectionShown, ...]
    objectives: tuple[ObjectiveShown, ...]
    standards: tuple[Part, ...]
    analysis: tuple[Part, ...]
    focus: tuple[Part, ...]
    preparation: tuple[Part, ...]
    tasks: tuple[TaskShown, ...]
    stages: tuple[StageShown, ...]
    board: SafeString
    homework: SafeString
    reflection: SafeString
    references: tuple[str, ...]
    competencies: str
    minutes: int
    planned: int
    advice: tuple[Advice, ...]

    @property
    def has_second(self) -> bool:
        return any(stage.second for stage in self.stages)


SECTIONS = (
    ("objectives", "素养目标"),
    ("standards", "课标要求"),
    ("analysis", "教材与学情"),
    ("focus", "重点与难点"),
    ("preparation", "方法与准备"),
    ("tasks", "评价任务"),
    ("stages", "教学过程"),
    ("board", "板书设计"),
    ("homework", "作业设计"),
    ("reflection", "教学反思"),
    ("references", "附件与参考"),
)
TALK = (
    ("standards", "说课标"),
    ("analysis", "说教材与学情"),
    ("objectives", "说目标"),
    ("focus", "说重点与难点"),
    ("preparation", "说教法与学法"),
    ("stages", "说教学过程"),
    ("tasks", "说评价"),
    ("board", "说板书"),
    ("homework", "说作业"),
    ("reflection", "说反思"),
)
"""说课: the same text in the order in which a plan is defended: what, how, and above all why."""
BRIEF = frozenset({"objectives", "focus", "stages", "board", "homework"})
"""简案: what fits on one page."""


def html(value: RichText) -> SafeString:
    """Safe by construction: `rich.to_html` escapes every text and writes every tag itself."""
    return mark_safe(rich.to_html(value))


def chinese(number: int) -> str:
    if number <= 10:
        return CHINESE[number]
    tens, ones = divmod(number, 10)
    return ("" if tens == 1 else CHINESE[tens]) + "十" + (CHINESE[ones] if ones else "")


def plan_of(document: LessonDesignDocument, view: str = "full") -> Plan:
    """Prepare a document for reading; `view` "brief" keeps the sections of the 简案, "table" the stages alone."""
    numbers = {key: chinese(at) for at, (key, _) in enumerate(ordered(document.objectives), 1)}
    tasks = [(at, task) for at, (_, task) in enumerate(ordered(document.tasks), 1)]
    shown = {
        "objectives": tuple(_objective(key, row, numbers, tasks) for key, row in ordered(document.objectives)),
        "standards": _standards(document),
        "analysis": _analysis(document),
        "focus": _focus(document),
        "preparation": _preparation(document),
        "tasks": tuple(
            TaskShown(at, html(task.task), _serves(task.objectives, numbers), html(task.criteria)) for at, task in tasks
        ),
        "stages": tuple(_stage(at, row, numbers) for at, (_, row) in enumerate(ordered(document.stages), 1)),
        "board": html(document.board),
        "homework": html(document.homework),
        "reflection": html(document.reflection),
        "references": tuple(
            "，".join(part for part in (row.title, row.source, row.licence) if part)
            for _, row in ordered(document.references)
        ),
    }
    order = TALK if view == "talk" else SECTIONS
    wanted = [(name, label) for name, label in order if shown[name] and _in_view(name, view)]
    competencies = dict.fromkeys(name for _, row in ordered(document.objectives) for name in row.competencies)
    return Plan(
        document=document,
        sections=tuple(SectionShown(name, chinese(at), label) for at, (name, label) in enumerate(wanted, 1)),
        competencies="、".join(competencies),
        minutes=planned_minutes(document),
        planned=int(document.basics.minutes or DEFAULT_MINUTES),
        advice=tuple(advice(document)),
        **shown,  # type: ignore[arg-type]
    )


def contents(document: LessonDesignDocument) -> list[tuple[str, str]]:
    """Anchors and labels for the outline beside the page."""
    return [(section.anchor, section.label) for section in plan_of(document).sections]


def _in_view(name: str, view: str) -> bool:
    return {"brief": name in BRIEF, "table": name == "stages", "class": name in {"stages", "board"}}.get(view, True)


def _objective(
    key: str, row: Objective, numbers: Mapping[str, str], tasks: Sequence[tuple[int, Task]]
) -> ObjectiveShown:
    served = "、".join(str(at) for at, task in tasks if key in task.objectives)
    parts = ["、".join(row.competencies), "、".join(row.knowledge), row.level, row.assessment]
    parts.append(f"评价任务 {served}" if served else "")
    return ObjectiveShown(numbers[key], html(row.statement), "，".join(part for part in parts if part))


def _stage(at: int, row: Stage, numbers: Mapping[str, str]) -> StageShown:
    return StageShown(
        no=chinese(at),
        title=row.title,
        minutes=int(row.minutes or 0),
        serves=_serves(row.objectives, numbers),
        teacher=html(row.teacher),
        pupils=html(row.pupils),
        question=html(row.question),
        intent=html(row.intent),
        checkpoints=html(row.checkpoints),
        second=html(row.second_preparation),
    )


def _serves(keys: Sequence[str], numbers: Mapping[str, str]) -> str:
    """目标一、三, in the order of the objectives; a reference to a removed one is left out."""
    found = [number for key, number in numbers.items() if key in keys]
    return f"目标{'、'.join(found)}" if found else ""


def _standards(document: LessonDesignDocument) -> tuple[Part, ...]:
    rows = [row for _, row in ordered(document.standards)]
    codes = {code for row in rows for code in row.standard}
    names = dict(Standard.objects.filter(code__in=codes).values_list("code", "text")) if codes else {}
    return tuple(
        Part(
            "；".join(names.get(code, code) for code in row.standard), mark_safe(html(row.excerpt) + html(row.reading))
        )
        for row in rows
    )


def _analysis(document: LessonDesignDocument) -> tuple[Part, ...]:
    book, pupils = document.textbook, document.pupils
    found = _parts(
        ("地位与作用", book.position),
        ("前后联系", book.connections),
        ("编排意图", book.intent),
        ("已有基础", pupils.foundation),
        ("学习困难", pupils.difficulties),
        ("差异", pupils.differences),
        ("前测数据", pupils.pretest),
    )
    if not book.connected:
        return found
    titles = Node.objects.filter(uid__in=book.connected).values_list("title", flat=True)
    return (
        (
            *found,
            Part(
                "联系的课",
                mark_safe(
                    html({"type": "doc", "content": [rich.paragraph({"type": "text", "text": "、".join(titles)})]})
                ),
            ),
        )
        if titles
        else found
    )


def _focus(document: LessonDesignDocument) -> tuple[Part, ...]:
    return _parts(
        ("教学重点", document.key_point.what),
        ("突破策略", document.key_point.strategy),
        ("教学难点", document.difficulty.what),
        ("突破策略", document.difficulty.strategy),
    )


def _preparation(document: LessonDesignDocument) -> tuple[Part, ...]:
    ready = document.preparation
    return _parts(
        ("教学方法", ready.methods),
        ("教师准备", ready.teacher),
        ("学生准备", ready.pupils),
        ("场地与设备", ready.venue),
    )


def _parts(*pairs: tuple[str, RichText]) -> tuple[Part, ...]:
    return tuple(Part(label, html(value)) for label, value in pairs if not rich.is_empty(value))
