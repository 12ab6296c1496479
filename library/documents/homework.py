"""校本作业: layered homework of pinned questions, with its intent and criteria; a file may stand for the questions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from library.documents import rich as rich_text
from library.documents.fields import Document, RichText, choice, names, number, rich, rows, text
from library.documents.files import PageText
from library.documents.pinned import Pinned

BASIC, RAISED, EXTENDED = "基础性", "提升性", "拓展性"
LAYERS = (BASIC, RAISED, EXTENDED)
LAYER_NOTES = {BASIC: "必做", RAISED: "选做", EXTENDED: "选做"}
KINDS = ("课前", "课堂", "课后", "单元", "周末", "假期", "跨学科", "实践", "长周期")
WAYS = ("书面", "口头", "阅读", "实践", "合作")
GRADINGS = ("等第", "星级", "量规")
WRITTEN = "书面"
IN_CLASS = "课堂"


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeworkItem(Pinned):
    """One question of the homework, in its layer."""

    layer: str = choice("层级", LAYERS)
    minutes: int | None = number("用时", unit="分钟")


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeworkDocument(Document):
    """校本作业. Format 1 had the words about a file alone; everything it held is here under the same names."""

    FORMAT: ClassVar[int] = 2

    kind: str = choice("作业类型", KINDS)
    ways: tuple[str, ...] = names("完成方式")
    introduction: RichText = rich("作业说明", hint="写给学生看：做什么，怎么做，什么时候交")
    objectives: RichText = rich("作业目标")
    intent: RichText = rich("设计意图", required=True)
    items: Mapping[str, HomeworkItem] = rows("题目", HomeworkItem, noun="第{}题", required=True)
    minutes: int | None = number("预计用时", unit="分钟", hint="没有逐题写用时，就写整份约几分钟")
    grading: str = choice("评价方式", GRADINGS)
    criteria: RichText = rich("评价标准")
    marking: str = text("批改方式", hint="如 全批全改、同桌互批、面批")
    answers: RichText = rich("答案与提示")
    usage: RichText = rich("使用建议")
    reflection: RichText = rich("反思")
    pages: Mapping[str, PageText] = rows("文件里的文字", PageText, noun="第{}页")

    @classmethod
    def upgraded(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """A homework of format 1: the same fields, no questions yet; its file stands for them."""
        return data


@dataclass(frozen=True, slots=True)
class Caps:
    """Official limits of written homework, in minutes a day; a school may set its own.

    Attributes:
        no_written_until: up to this grade no written homework is taken home.
        a_day: all subjects together, from the next grade on.
        main_subject, other_subject: one district's guide for a subject.
    """

    no_written_until: int = 2
    a_day: int = 60
    main_subjects: tuple[str, ...] = ("语文", "数学", "英语")
    main_subject: int = 20
    other_subject: int = 15


CAPS = Caps()


def minutes_of(document: HomeworkDocument, layer: str = "") -> int:
    """Minutes of the questions, of one layer or of all; without minutes at the questions, what the whole says."""
    found = sum(int(item.minutes or 0) for item in document.items.values() if not layer or item.layer == layer)
    return found if found or layer else int(document.minutes or 0)


def is_taken_home(document: HomeworkDocument) -> bool:
    return document.kind != IN_CLASS


def is_written(document: HomeworkDocument) -> bool:
    """Written, unless it says other ways and not this one."""
    return WRITTEN in document.ways or not document.ways


def load_advice(document: HomeworkDocument, grade: int | None, subjects: Sequence[str], caps: Caps = CAPS) -> list[str]:
    """Warnings of too much: they stand beside the homework and stop nothing."""
    if grade is None or not is_taken_home(document) or not is_written(document):
        return []
    if grade <= caps.no_written_until:
        return ["一二年级不布置书面家庭作业。可以改成口头、阅读或实践，或者放到课堂上做"]
    total, basic = minutes_of(document), minutes_of(document, BASIC)
    said = f"全部做完约 {total} 分钟" + (f"（必做 {basic} 分钟）" if 0 < basic < total else "")
    if total > caps.a_day:
        return [f"{said}，超过三至六年级书面作业每天 {caps.a_day} 分钟的上限，请减几题"]
    is_main = any(subject in caps.main_subjects for subject in subjects)
    guide = caps.main_subject if is_main or not subjects else caps.other_subject
    if total > guide:
        return [f"{said}，超过{'语数英' if is_main else '这一科'}每天 {guide} 分钟的参考用时"]
    return []


def advice(document: HomeworkDocument) -> list[str]:
    """What to look at, whatever the grade."""
    found = []
    if rich_text.is_empty(document.intent):
        found.append("还没有写设计意图，送审前要补上")
    without = [item for item in document.items.values() if not item.minutes]
    if without and len(without) < len(document.items):
        found.append(f"有 {len(without)} 题没写用时，合计不准")
    if document.items and not any(item.layer == BASIC for item in document.items.values()):
        found.append("没有基础性（必做）的题，每个学生都要做的是哪些？")
    return found
