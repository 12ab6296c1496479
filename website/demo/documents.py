"""The demo's written texts as typed documents."""

import copy
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from library.documents import rich
from library.documents.fields import Document, Row
from library.documents.files import Chapter, FilesDocument, Line, MicroLessonDocument, PageText
from library.documents.homework import HomeworkDocument
from library.documents.lesson_design import (
    Basics,
    Focus,
    LessonDesignDocument,
    Objective,
    Preparation,
    PupilAnalysis,
    Reference,
    Stage,
    StandardUse,
    Task,
    TextbookAnalysis,
)
from library.documents.order import spread
from library.documents.worksheet import WorksheetDocument
from library.resources.models import Kind
from website.demo import bank, texts
from website.demo.reading import Facts


def _text(facts: Facts, *names: str) -> Any:
    """The named texts joined as rich text."""
    return rich.from_markup("\n".join(str(facts[name]).strip() for name in names if facts.get(name)))


def _rows(prefix: str, told: Sequence[Facts] | None, make: Callable[[Facts, str], Row]) -> dict[str, Any]:
    facts = list(told or ())
    return {
        f"{prefix}{n}": make(fact, key) for n, (fact, key) in enumerate(zip(facts, spread(len(facts)), strict=True), 1)
    }


def lesson_design(facts: Facts) -> LessonDesignDocument:
    """`design:` of the content as a lesson design. Objectives keep their 编号 as row ids `o1`, `o2` …"""
    analysis, pupils = facts.get("教材分析") or {}, facts.get("学情分析") or {}
    ready = facts.get("教学方法与准备") or {}
    period, _, periods = str(facts.get("课时", "1/1")).partition("/")
    objectives = {f"o{o.get('编号', n)}": o for n, o in enumerate(facts.get("核心素养目标") or (), 1)}
    keys = spread(len(objectives))
    return LessonDesignDocument(
        basics=Basics(
            lesson_type=str(facts.get("课型", "新授")),
            period=int(period),
            periods=int(periods or 1),
            minutes=int(facts.get("时长", 40)),
        ),
        standards=_rows("k", facts.get("课标要求"), _standard),
        textbook=TextbookAnalysis(
            position=_text(analysis, "地位作用"),
            connections=_text(analysis, "前后联系"),
            intent=_text(analysis, "编排意图"),
        ),
        pupils=PupilAnalysis(
            foundation=_text(pupils, "已有基础"),
            difficulties=_text(pupils, "学习困难"),
            differences=_text(pupils, "差异"),
            pretest=_text(pupils, "前测数据"),
        ),
        objectives={key: _objective(o, order) for (key, o), order in zip(objectives.items(), keys, strict=True)},
        key_point=_focus(facts.get("教学重点")),
        difficulty=_focus(facts.get("教学难点")),
        preparation=Preparation(
            methods=_text(ready, "方法"),
            teacher=_text(ready, "教师准备"),
            pupils=_text(ready, "学生准备"),
            venue=_text(ready, "场地设备"),
        ),
        tasks=_rows("t", facts.get("评价任务"), _task),
        stages=_rows("s", facts.get("教学过程"), _stage),
        board=_text(facts, "板书设计"),
        homework=_text(facts, "作业设计"),
        references=_rows("r", facts.get("参考"), _reference),
    )


def _standard(facts: Facts, order: str) -> StandardUse:
    return StandardUse(order=order, excerpt=_text(facts, "条目", "摘录"), reading=_text(facts, "解读"))


def _objective(facts: Facts, order: str) -> Objective:
    return Objective(
        order=order,
        statement=_text(facts, "表述"),
        competencies=tuple(facts.get("素养") or ()),
        knowledge=tuple(facts.get("知识点") or ()),
        assessment=str(facts.get("评价方式", "")),
        level=str(facts.get("水平", "")),
    )


def _focus(facts: Any) -> Focus:
    told = facts if isinstance(facts, Mapping) else {"内容": facts or ""}
    return Focus(what=_text(told, "内容"), strategy=_text(told, "突破策略"))


def _task(facts: Facts, order: str) -> Task:
    return Task(
        order=order, task=_text(facts, "任务"), objectives=_served(facts, "对应目标"), criteria=_text(facts, "表现标准")
    )


def _served(facts: Facts, name: str) -> tuple[str, ...]:
    return tuple(f"o{number}" for number in facts.get(name) or ())


def _stage(facts: Facts, order: str) -> Stage:
    return Stage(
        order=order,
        title=str(facts["环节名"]),
        minutes=int(facts["时长"]),
        teacher=_text(facts, "教师活动"),
        pupils=_text(facts, "学生活动"),
        intent=_text(facts, "设计意图"),
        checkpoints=_text(facts, "评价要点"),
        question=_text(facts, "核心问题"),
        objectives=_served(facts, "目标"),
    )


def _reference(facts: Facts, order: str) -> Reference:
    return Reference(
        order=order,
        title=str(facts.get("标题", "")),
        source=str(facts.get("说明", "")),
        licence=str(facts.get("许可", "")),
    )


def slides(facts: Facts) -> FilesDocument:
    """`slides:` of the content: one row of words a slide."""
    return FilesDocument(
        introduction=_text(facts, "summary"),
        usage=_text(facts, "usage_note"),
        pages=_rows("p", facts["slides"], lambda slide, order: PageText(order=order, words=_slide_words(slide))),
    )


def _slide_words(slide: Facts) -> Any:
    lines = [slide.get("title", ""), *(slide.get("lines") or ()), *(slide.get("right") or ())]
    lines += ["　".join(str(cell) for cell in row) for row in slide.get("table") or ()]
    return rich.from_markup("\n".join(str(line) for line in lines if line))


def micro_lesson(facts: Facts) -> MicroLessonDocument:
    """`chapters:` and `transcript:` of the content."""
    return MicroLessonDocument(
        introduction=_text(facts, "summary"),
        chapters=_rows(
            "c", facts["chapters"], lambda c, o: Chapter(order=o, start=int(c["start"]), title=str(c["title"]))
        ),
        transcript=_rows(
            "l", facts.get("transcript"), lambda x, o: Line(order=o, start=int(x["start"]), words=str(x["text"]))
        ),
    )


def sheet(facts: Facts) -> Document:
    """`sheet:` of a worksheet or homework: its words as one page, its answers apart."""
    made = {Kind.WORKSHEET: WorksheetDocument, Kind.HOMEWORK: HomeworkDocument}.get(Kind(facts["kind"]), FilesDocument)
    words: list[str] = []
    answers: list[str] = []
    for block in (facts.get("sheet") or {}).get("blocks") or ():
        words += [str(block[name]) for name in ("h", "p") if block.get(name)]
        words += [str(item) for item in block.get("items") or ()]
        words += ["　".join(str(cell) for cell in row) for row in block.get("table") or ()]
        answers += [str(item) for item in block.get("answers") or ()]
    page = PageText(order=spread(1)[0], words=rich.from_markup("\n".join(words)))
    own = {"minutes": (facts.get("sheet") or {}).get("minutes")} if made is HomeworkDocument else {}
    return made(
        **own,
        introduction=_text(facts, "summary"),
        answers=rich.from_markup("\n".join(answers)),
        pages={"p1": page} if words else {},
    )


def picture(facts: Facts) -> FilesDocument:
    """`picture:` of a material: what it shows, in words."""
    words = rich.from_markup(str((facts.get("picture") or {}).get("text", "")))
    page = PageText(order=spread(1)[0], words=words)
    return FilesDocument(introduction=_text(facts, "summary"), pages={"p1": page} if not rich.is_empty(words) else {})


def document_for(facts: Facts) -> Document:
    """The document of one resource of the content, by what it brings."""
    own = {Kind.QUESTION: bank.question, Kind.PAPER: bank.paper}.get(Kind(facts["kind"]))
    if own or facts.get("homework"):
        return own(facts) if own else bank.homework(facts)
    if facts.get("recording"):
        return texts.recording(facts)
    for name, make in (("design", lesson_design), ("unit", texts.unit_design), ("case", texts.teaching_case)):
        if facts.get(name):
            return make(facts[name])
    for name, read in (("tasks", texts.task_sheet), ("slides", slides), ("chapters", micro_lesson), ("sheet", sheet)):
        if facts.get(name):
            return read(facts)
    return picture(facts)


def with_changes(facts: Facts, changes: Sequence[Facts]) -> dict[str, Any]:
    """A copy of the facts with `{path, value}` laid over it; a path counts list positions from 0."""
    changed: dict[str, Any] = copy.deepcopy(dict(facts))
    for change in changes:
        *steps, last = str(change["path"]).split(".")
        at: Any = changed
        for step in steps:
            at = at[int(step)] if isinstance(at, list) else at[step]
        at[int(last) if isinstance(at, list) else last] = change["value"]
    return changed
