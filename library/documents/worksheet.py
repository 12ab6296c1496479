"""学习任务单: what pupils do, task by task, so that it reads, prints for pupils and is found by its words; a file may stand for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from library.documents.fields import Document, RichText, Row, choice, number, ordered, rich, rows, text
from library.documents.files import PageText

WAYS = ("独立完成", "同桌合作", "小组合作", "全班交流", "和家人一起")
MOST_LINES = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class PupilTask(Row):
    """One task of the sheet (任务)."""

    title: str = text("任务名", required=True)
    way: str = choice("活动方式", WAYS)
    minutes: int | None = number("时长", unit="分钟")
    instructions: RichText = rich("做什么", required=True, hint="写给学生看：先做什么，再做什么，做成什么样")
    support: RichText = rich("小提示", hint="卡住了可以看的提示、词语或例子")
    lines: int | None = number("留几行书写", unit="行", hint=f"打印时留的横线，最多 {MOST_LINES} 行")
    answers: RichText = rich("参考答案", hint="只印在教师单上")


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfCheck(Row):
    """One line of the pupil's own judgement (自我评价)."""

    statement: str = text("评一评", required=True, hint="学生看得懂的一句话，如：我能说出梯形的高在哪里")


@dataclass(frozen=True, slots=True, kw_only=True)
class WorksheetDocument(Document):
    """学习任务单. Format 1 had the words about a file alone; everything it held is here under the same names."""

    FORMAT: ClassVar[int] = 2

    introduction: RichText = rich("内容简介")
    goals: RichText = rich("学习目标", hint="写给学生看：学完这一课，我能……")
    preparation: RichText = rich("课前准备")
    tasks: Mapping[str, PupilTask] = rows("学习任务", PupilTask, noun="任务", required=True)
    checks: Mapping[str, SelfCheck] = rows("自我评价", SelfCheck, noun="评价")
    usage: RichText = rich("使用建议")
    answers: RichText = rich("答案与提示")
    pages: Mapping[str, PageText] = rows("文件里的文字", PageText, noun="第{}页")

    @classmethod
    def upgraded(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """A sheet of format 1: the same fields, no tasks yet; its file stands for them."""
        return data


def planned_minutes(document: WorksheetDocument) -> int:
    return sum(int(task.minutes or 0) for task in document.tasks.values())


def advice(document: WorksheetDocument) -> list[str]:
    """What to look at before pupils get the sheet."""
    found = []
    for at, (_, task) in enumerate(ordered(document.tasks), 1):
        if (task.lines or 0) > MOST_LINES:
            found.append(f"任务 {at} 留了 {task.lines} 行，打印时只印 {MOST_LINES} 行")
    if document.tasks and not document.checks:
        found.append("还没有自我评价，学生不知道自己学得怎么样")
    return found
