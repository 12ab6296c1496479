"""试卷: sections of pinned questions with their points; a file may stand for the questions."""

from collections.abc import Mapping
from dataclasses import dataclass

from library.documents.fields import Document, RichText, Row, number, ordered, refs, rich, rows, text
from library.documents.files import PageText
from library.documents.pinned import Pinned


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperSection(Row):
    """大题: what stands above a run of questions."""

    title: str = text("大题名", required=True, hint="如 选择题")
    instructions: str = text("要求", hint="如 每题 2 分，把正确答案的字母写在括号里")


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperItem(Pinned):
    """One question of the paper in its section."""

    section: tuple[str, ...] = refs("所在大题", "#sections")
    points: int | float | None = number("分值", unit="分", halves=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperDocument(Document):
    """A paper: its total is computed, never typed."""

    introduction: RichText = rich("内容简介")
    minutes: int | None = number("考试时间", unit="分钟")
    notes: RichText = rich("注意事项", hint="印在试卷开头，写给学生看")
    sections: Mapping[str, PaperSection] = rows("大题", PaperSection, noun="大题")
    items: Mapping[str, PaperItem] = rows("题目", PaperItem, noun="第{}题", required=True)
    answers: RichText = rich("答案与评分")
    usage: RichText = rich("使用建议")
    pages: Mapping[str, PageText] = rows("文件里的文字", PageText, noun="第{}页")


def total_points(document: PaperDocument) -> int | float:
    return sum(item.points or 0 for item in document.items.values())


def items_by_section(document: PaperDocument) -> list[tuple[str, list[tuple[str, PaperItem]]]]:
    """(section id, its items in order); items of no section or of a removed one come last, under an empty id."""
    known = [key for key, _ in ordered(document.sections)]
    found: dict[str, list[tuple[str, PaperItem]]] = {key: [] for key in (*known, "")}
    for key, item in ordered(document.items):
        where = item.section[0] if item.section and item.section[0] in document.sections else ""
        found[where].append((key, item))
    return [(key, rows_) for key, rows_ in found.items() if key or rows_]


def advice(document: PaperDocument) -> list[str]:
    """What to look at; never in the way of saving."""
    found = []
    without = [at for at, (_, item) in enumerate(ordered(document.items), 1) if not item.points]
    if without and document.items:
        found.append(f"第 {'、'.join(map(str, without[:8]))} 题还没有分值")
    empty = [document.sections[key].title or "未命名" for key, items in items_by_section(document) if key and not items]
    found += [f"大题“{title}”下面还没有题目" for title in empty]
    return found
