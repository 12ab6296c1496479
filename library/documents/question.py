"""试题: one typed document for every type of question; a composite one (阅读) holds sub-items with their own knowledge points.

Which option is right, which halves belong together and which order is right are said by row ids and order keys, so that
a row that is moved stays what it was.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from library.documents import rich
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
    rows,
    text,
)
from library.documents.fields import (
    rich as rich_field,
)
from library.documents.lesson_design import Advice

SINGLE, MULTIPLE, JUDGE, BLANKS, MATCH, ORDER, SOLVE, MENTAL, READING = (
    "单选",
    "多选",
    "判断",
    "填空",
    "连线",
    "排序",
    "解决问题",
    "口算",
    "阅读",
)
TYPES = (SINGLE, MULTIPLE, JUDGE, BLANKS, MATCH, ORDER, SOLVE, MENTAL, READING)
PART_TYPES = TYPES[:-1]
DIFFICULTIES = ("容易", "较易", "适中", "较难", "困难")
LEVELS = ("了解", "理解", "掌握", "运用")
ORIGINS = ("原创", "改编", "教材", "真题", "引用")
RIGHT, WRONG = "对", "错"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
BLANK = re.compile(r"_{2,}|[（(][\s_　]*[)）]")
"""A blank in a stem: a line of underscores, or brackets with nothing in them."""
_BLANKS = re.compile(r"[ \t\n]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Option(Row):
    """选项. `diagnosis` says what a pupil who chooses it has misunderstood (错因)."""

    words: RichText = rich_field("选项", required=True)
    diagnosis: str = text("选它说明什么")


@dataclass(frozen=True, slots=True, kw_only=True)
class Blank(Row):
    """一个空, in the order of the blanks in the stem."""

    answer: RichText = rich_field("答案", required=True)
    accepted: tuple[str, ...] = names("也算对的写法")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair(Row):
    """Two halves that belong together (连线). `place` is where the right half stands on the paper."""

    left: RichText = rich_field("左边", required=True)
    right: RichText = rich_field("右边", required=True)
    place: int | None = number("右边排第几")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Row):
    """One piece to be put in order, rows in the right order (排序). `place` is where it stands on the paper."""

    words: RichText = rich_field("内容", required=True)
    place: int | None = number("题面上排第几")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum(Row):
    """One sum of a set (口算)."""

    expression: RichText = rich_field("算式", required=True)
    answer: RichText = rich_field("得数", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture(Row):
    """A picture of the question (附图); `alt` says it to those who cannot see it."""

    file: tuple[str, ...] = refs("图片", "file")
    alt: str = text("图片说明", required=True)


@dataclass(frozen=True, kw_only=True)
class Answerable:
    """What is asked and what is right: the same of a whole question and of a sub-item."""

    type: str = choice("题型", TYPES, required=True)
    stem: RichText = rich_field("题干", required=True)
    options: Mapping[str, Option] = rows("选项", Option, noun="选项")
    correct: tuple[str, ...] = refs("正确选项", "#options")
    verdict: str = choice("判断结果", (RIGHT, WRONG))
    blanks: Mapping[str, Blank] = rows("填空答案", Blank, noun="第{}空")
    pairs: Mapping[str, Pair] = rows("连线", Pair, noun="第{}组")
    steps: Mapping[str, Step] = rows("排序", Step, noun="第{}项")
    sums: Mapping[str, Sum] = rows("口算题", Sum, noun="第{}题")
    answer: RichText = rich_field("答案")
    analysis: RichText = rich_field("分析")
    solution: RichText = rich_field("解答")
    remark: RichText = rich_field("点评")
    knowledge: tuple[str, ...] = names("知识点")
    points: int | float | None = number("建议分值", unit="分", halves=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part(Row, Answerable):
    """小题 of a composite question, with its own type, answer and knowledge points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """来源: where the question comes from and what its source allows."""

    how: str = choice("来源", ORIGINS)
    places: tuple[str, ...] = names("出处", hint="如 2024 年清源市五年级期末")
    licence: str = text("来源许可")
    routes: tuple[str, ...] = names("知识路径", hint="来源自己的知识点分级，从大到小")
    note: str = text("说明")


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionDocument(Document, Answerable):
    """A whole question (试题)."""

    parts: Mapping[str, Part] = rows("小题", Part, noun="小题{}")
    pictures: Mapping[str, Picture] = rows("附图", Picture, noun="图{}")
    difficulty: str = choice("难度", DIFFICULTIES)
    cognitive: str = choice("认知水平", LEVELS)
    competencies: tuple[str, ...] = names("核心素养")
    minutes: int | None = number("预计用时", unit="分钟")
    origin: Origin = group("来源", Origin)


def letter(number_: int) -> str:
    """A for the first option."""
    return LETTERS[number_ - 1] if number_ <= len(LETTERS) else str(number_)


def right_letters(item: Answerable) -> str:
    """AC: the letters of the right options in their printed order."""
    return "".join(letter(at) for at, (key, _) in enumerate(ordered(item.options), 1) if key in item.correct)


def on_paper(rows_by_id: Mapping[str, Pair] | Mapping[str, Step]) -> list[str]:
    """Row ids as they stand on the paper: by `place`, the others mixed in the same way each time."""
    keys = [key for key, _ in ordered(rows_by_id)]
    mixed = [*keys[1::2], *keys[::2]]
    return sorted(mixed, key=lambda key: (rows_by_id[key].place or len(keys) + 1, mixed.index(key)))


def has_picture(document: QuestionDocument) -> bool:
    return bool(document.pictures) or any(_shows(value) for value in _texts(document))


def _shows(value: RichText) -> bool:
    return any(node["type"] == "image" for node in rich.nodes(value))


def _texts(document: QuestionDocument) -> Iterator[RichText]:
    for item in (document, *document.parts.values()):
        yield item.stem
        yield from (option.words for option in item.options.values())


def knowledge_of(document: QuestionDocument) -> tuple[str, ...]:
    """The knowledge points of the question and of its sub-items, once each."""
    own = (*document.knowledge, *(name for _, part in ordered(document.parts) for name in part.knowledge))
    return tuple(dict.fromkeys(own))


def points_of(document: QuestionDocument) -> int | float | None:
    """Suggested points; of a composite question without its own, the sum of its parts."""
    if document.points is not None or not document.parts:
        return document.points
    return sum(part.points or 0 for part in document.parts.values()) or None


def problems(document: QuestionDocument) -> list[Advice]:
    """Why the question cannot be used yet: no stem, no answer, halves that are missing. In the words a teacher acts on."""
    if document.type != READING:
        return _problems(document, ())
    found = [] if not rich.is_empty(document.stem) else [Advice(("stem",), "阅读材料还是空的，请写上短文")]
    if not document.parts:
        found.append(Advice(("parts",), "阅读题还没有小题，请至少加一道"))
    for at, (key, part) in enumerate(ordered(document.parts), 1):
        found += [Advice(one.path, f"小题 {at}：{one.sentence}") for one in _problems(part, ("parts", key))]
    return found


def _problems(item: Answerable, path: tuple[str, ...]) -> list[Advice]:
    if item.type not in PART_TYPES:
        return [Advice((*path, "type"), "还没有选题型")]
    found = [] if not rich.is_empty(item.stem) else [Advice((*path, "stem"), "题干还是空的，请写上题目")]
    return found + [Advice((*path, *where), sentence) for where, sentence in _CHECKS[item.type](item)]


Found = Iterator[tuple[tuple[str, ...], str]]


def _check_options(item: Answerable) -> Found:
    if len(item.options) < 2:
        yield ("options",), f"{item.type}题至少要两个选项"
    for at, (_, option) in enumerate(ordered(item.options), 1):
        if rich.is_empty(option.words):
            yield ("options",), f"选项 {letter(at)} 还是空的"
    right = [key for key in item.options if key in item.correct]
    if not right:
        yield ("correct",), "还没有答案，请在正确的选项前打勾"
    elif item.type == SINGLE and len(right) > 1:
        yield ("correct",), f"单选题只能有一个正确选项，现在勾了 {len(right)} 个；要么去掉几个，要么把题型改成多选"


def _check_verdict(item: Answerable) -> Found:
    if not item.verdict:
        yield ("verdict",), "还没有答案，请选“对”或“错”"


def _check_blanks(item: Answerable) -> Found:
    if not item.blanks:
        yield ("blanks",), "还没有答案，请写上每个空填什么"
    for at, (_, blank) in enumerate(ordered(item.blanks), 1):
        if rich.is_empty(blank.answer):
            yield ("blanks",), f"第 {at} 空还没有答案"


def _check_pairs(item: Answerable) -> Found:
    if len(item.pairs) < 2:
        yield ("pairs",), "还没有答案，连线至少要两组，左右对应着写"
    for at, (_, pair) in enumerate(ordered(item.pairs), 1):
        if rich.is_empty(pair.left) or rich.is_empty(pair.right):
            yield ("pairs",), f"第 {at} 组缺了一边"


def _check_steps(item: Answerable) -> Found:
    if len(item.steps) < 2:
        yield ("steps",), "还没有答案，排序至少要两项，按正确的顺序写"
    for at, (_, step) in enumerate(ordered(item.steps), 1):
        if rich.is_empty(step.words):
            yield ("steps",), f"第 {at} 项还是空的"


def _check_answer(item: Answerable) -> Found:
    if rich.is_empty(item.answer):
        yield ("answer",), "还没有答案，请写上答案"


def _check_sums(item: Answerable) -> Found:
    if not item.sums:
        yield from _check_answer(item)
    for at, (_, one) in enumerate(ordered(item.sums), 1):
        if rich.is_empty(one.expression) or rich.is_empty(one.answer):
            yield ("sums",), f"第 {at} 题还缺算式或得数"


_CHECKS = {
    SINGLE: _check_options,
    MULTIPLE: _check_options,
    JUDGE: _check_verdict,
    BLANKS: _check_blanks,
    MATCH: _check_pairs,
    ORDER: _check_steps,
    SOLVE: _check_answer,
    MENTAL: _check_sums,
}


def advice(document: QuestionDocument) -> list[str]:
    """What to look at; never in the way of saving."""
    found = [one.sentence for one in problems(document)]
    for at, item in enumerate((document, *(part for _, part in ordered(document.parts)))):
        marks = len(BLANK.findall(rich.to_text(item.stem))) if item.type == BLANKS else 0
        if marks and item.blanks and marks != len(item.blanks):
            where = f"小题 {at}：" if at else ""
            found.append(f"{where}题干里有 {marks} 个空，答案写了 {len(item.blanks)} 个")
    if not knowledge_of(document):
        found.append("还没有写知识点，别人按知识点找不到它")
    return found


def title_of(document: QuestionDocument, longest: int = 60) -> str:
    """What lists call the question: the beginning of its stem, formulas in plain signs."""
    words = _BLANKS.sub(" ", rich.to_plain(document.stem)).strip()
    return words if len(words) <= longest else f"{words[: longest - 1]}…"


def sections_of_type(kind: str) -> Sequence[str]:
    """The fields in which the answer of a type stands, in the order of its form."""
    return {
        SINGLE: ("options", "correct"),
        MULTIPLE: ("options", "correct"),
        JUDGE: ("verdict",),
        BLANKS: ("blanks",),
        MATCH: ("pairs",),
        ORDER: ("steps",),
        SOLVE: ("answer",),
        MENTAL: ("sums", "answer"),
        READING: ("parts",),
    }.get(kind, ())
