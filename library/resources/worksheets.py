"""学习任务单 as pupils get it: tasks with lines to write on; the answers are the teacher's."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.safestring import SafeString

from library.documents import rich
from library.documents.fields import ordered
from library.documents.worksheet import MOST_LINES, WorksheetDocument, planned_minutes
from library.resources import composed
from library.resources.kinds import ExportedFile
from library.resources.models import Version


@dataclass(frozen=True, slots=True)
class TaskShown:
    """One task ready to be printed."""

    no: str
    title: str
    way: str
    minutes: int
    instructions: SafeString
    support: SafeString
    answers: SafeString
    lines: range


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole sheet. `answers` are those of the sheet as a whole."""

    goals: SafeString
    preparation: SafeString
    tasks: tuple[TaskShown, ...]
    checks: tuple[str, ...]
    minutes: int
    introduction: SafeString
    usage: SafeString
    answers: SafeString


def sheet_of(document: WorksheetDocument) -> Sheet:
    return Sheet(
        goals=composed.html_of(document.goals),
        preparation=composed.html_of(document.preparation),
        tasks=tuple(
            TaskShown(
                no=composed.chinese(at),
                title=task.title,
                way=task.way,
                minutes=int(task.minutes or 0),
                instructions=composed.html_of(task.instructions),
                support=composed.html_of(task.support),
                answers=composed.html_of(task.answers),
                lines=range(min(int(task.lines or 0), MOST_LINES)),
            )
            for at, (_, task) in enumerate(ordered(document.tasks), 1)
        ),
        checks=tuple(row.statement for _, row in ordered(document.checks)),
        minutes=planned_minutes(document),
        introduction=composed.html_of(document.introduction),
        usage=composed.html_of(document.usage),
        answers=composed.html_of(document.answers),
    )


def contents(document: WorksheetDocument) -> list[tuple[str, str]]:
    """What the page holds, in the order in which it is read."""
    found = [
        ("s-goals", "学习目标", not rich.is_empty(document.goals)),
        ("s-preparation", "课前准备", not rich.is_empty(document.preparation)),
        ("s-tasks", "学习任务", bool(document.tasks)),
        ("s-checks", "自我评价", bool(document.checks)),
        ("s-files", "任务单文件", not document.tasks),
        ("s-introduction", "内容简介", not rich.is_empty(document.introduction)),
        ("s-usage", "使用建议", not rich.is_empty(document.usage)),
        ("s-answers", "答案与提示", has_answers(document)),
    ]
    return [(anchor, label) for anchor, label, is_there in found if is_there]


def has_answers(document: WorksheetDocument) -> bool:
    given = [document.answers, *(task.answers for task in document.tasks.values())]
    return any(not rich.is_empty(value) for value in given)


def export(version: Version) -> Iterable[ExportedFile]:
    """The sheet for pupils as one HTML page; nothing where a file stands for it."""
    if version.document.get("tasks"):
        yield from composed.exported(version, "library/export_worksheet.html")
