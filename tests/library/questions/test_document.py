"""What makes a question whole, how its answer reads, and what older homeworks still say."""

from dataclasses import replace
from typing import Any

import pytest

from library.documents import homework, paper, question, rich, schema, walk
from library.documents.fields import ordered
from library.documents.homework import HomeworkDocument, HomeworkItem
from library.documents.paper import PaperDocument, PaperItem, PaperSection
from library.documents.question import Blank, Pair, Part, QuestionDocument, Step, Sum
from library.questions import reading
from tests.library.questions.conftest import choice

words = rich.from_markup


def sentences(document: QuestionDocument) -> list[str]:
    return [problem.sentence for problem in question.problems(document)]


WHOLE: dict[str, dict[str, Any]] = {
    "判断": {"verdict": "对"},
    "填空": {"blanks": {"b1": Blank(order="V", answer=words("7"))}},
    "连线": {
        "pairs": {
            "l1": Pair(order="F", left=words("春"), right=words("暖")),
            "l2": Pair(order="V", left=words("秋"), right=words("凉")),
        }
    },
    "排序": {"steps": {"s1": Step(order="F", words=words("先")), "s2": Step(order="V", words=words("后"))}},
    "解决问题": {"answer": words("42 棵")},
    "口算": {"sums": {"c1": Sum(order="V", expression=words("$3+4=$"), answer=words("7"))}},
}


@pytest.mark.parametrize("kind", WHOLE)
def test_a_question_without_an_answer_is_told_so_and_one_with_an_answer_is_whole(kind: str) -> None:
    bare = QuestionDocument(type=kind, stem=words("题干"))
    assert any("还没有答案" in sentence for sentence in sentences(bare))
    assert sentences(replace(bare, **WHOLE[kind])) == []


def test_a_single_choice_has_one_right_option_and_a_multiple_choice_may_have_two() -> None:
    both = replace(choice(), correct=("a", "b"))
    assert sentences(choice()) == []
    assert "单选题只能有一个正确选项，现在勾了 2 个" in sentences(both)[0]
    assert sentences(replace(both, type="多选")) == []
    assert sentences(replace(choice(), correct=("gone",))) == ["还没有答案，请在正确的选项前打勾"]


def test_a_sub_item_without_an_answer_is_named_by_its_number() -> None:
    parts = {
        "p1": Part(order="F", type="判断", stem=words("一"), verdict="对"),
        "p2": Part(order="V", type="判断", stem=words("二")),
    }
    whole = QuestionDocument(type="阅读", stem=words("短文"), parts=parts)
    assert sentences(whole) == ["小题 2：还没有答案，请选“对”或“错”"]


def test_the_knowledge_of_a_composite_question_is_its_own_and_that_of_its_parts() -> None:
    parts = {"p1": Part(order="V", type="判断", stem=words("一"), verdict="对", knowledge=("提取信息", "现代文"))}
    whole = QuestionDocument(type="阅读", stem=words("短文"), parts=parts, knowledge=("现代文",))
    assert question.knowledge_of(whole) == ("现代文", "提取信息")


def test_words_of_a_row_within_a_row_have_both_places() -> None:
    options = choice().options
    parts = {"p1": Part(order="V", type="单选", stem=words("问"), options=options, correct=("a",))}
    whole = QuestionDocument(type="阅读", stem=words("短文"), parts=parts)
    assert ("小题1选项2", "无数条") in walk.passages(whole)
    assert schema.load(QuestionDocument, schema.dump(whole)) == whole


def test_moving_an_option_leaves_the_right_one_right() -> None:
    moved = replace(choice(), options={**choice().options, "b": replace(choice().options["b"], order="A")})
    assert question.right_letters(choice()) == "B"
    assert question.right_letters(moved) == "A"


def test_the_answer_of_a_match_names_what_stands_on_the_paper() -> None:
    pairs = {
        "l1": Pair(order="F", left=words("春"), right=words("暖"), place=2),
        "l2": Pair(order="V", left=words("秋"), right=words("凉"), place=1),
    }
    shown = reading.shown(QuestionDocument(type="连线", stem=words("连"), pairs=pairs))
    assert [rich.to_text(pairs[key].right) for key in question.on_paper(pairs)] == ["凉", "暖"]
    assert shown.answer == "1—B，2—A"


def test_pieces_without_a_place_are_never_printed_in_the_right_order() -> None:
    steps = {f"s{n}": Step(order=key, words=words(str(n))) for n, key in enumerate("FKPV", 1)}
    on_paper = question.on_paper(steps)
    assert on_paper != [key for key, _ in ordered(steps)]
    assert sorted(on_paper) == sorted(steps)


def test_a_decimal_at_the_beginning_of_a_line_is_no_numbered_list() -> None:
    assert rich.to_text(words("232.5 平方米")) == "232.5 平方米"
    assert rich.to_text(words("0.8")) == "0.8"
    assert words("1. 先量")["content"][0]["type"] == "ordered_list"


def test_a_title_says_formulas_in_plain_signs() -> None:
    document = QuestionDocument(type="解决问题", stem=words("算 $\\frac{1}{2}\\times 4$（　）"))
    assert question.title_of(document) == "算 1/2×4（　）"


def test_a_homework_that_was_only_words_about_a_file_is_read_with_everything_it_held() -> None:
    stored = {
        "format": 1,
        "introduction": words("三道题"),
        "usage": words("当堂做"),
        "answers": words("略"),
        "pages": {"p1": {"order": "V", "words": words("第一题")}},
    }
    document = schema.load(HomeworkDocument, stored)
    held = [document.introduction, document.usage, document.answers, document.pages["p1"].words]
    assert [rich.to_text(value) for value in held] == ["三道题", "当堂做", "略", "第一题"]
    assert schema.dump(document)["format"] == 2


def homework_of(minutes: int, **more: object) -> HomeworkDocument:
    items = {"i1": HomeworkItem(order="V", question=("q",), version=1, layer="基础性", minutes=minutes)}
    values: dict[str, Any] = {"kind": "课后", "ways": ("书面",), "items": items, **more}
    return HomeworkDocument(**values)


@pytest.mark.parametrize(
    ("minutes", "grade", "subjects", "ways", "kind", "said"),
    [
        (5, 2, ["语文"], ("书面",), "课后", "一二年级不布置书面家庭作业"),
        (5, 2, ["语文"], ("阅读",), "课后", ""),
        (5, 2, ["语文"], ("书面",), "课堂", ""),
        (20, 3, ["数学"], ("书面",), "课后", ""),
        (21, 3, ["数学"], ("书面",), "课后", "超过语数英每天 20 分钟的参考用时"),
        (16, 5, ["科学"], ("书面",), "课后", "超过这一科每天 15 分钟的参考用时"),
        (61, 6, ["数学"], ("书面",), "课后", "超过三至六年级书面作业每天 60 分钟的上限"),
        (61, None, ["数学"], ("书面",), "课后", ""),
    ],
)
def test_too_much_homework_is_warned_of(
    minutes: int, grade: int | None, subjects: list[str], ways: tuple[str, ...], kind: str, said: str
) -> None:
    warnings = homework.load_advice(homework_of(minutes, ways=ways, kind=kind), grade, subjects)
    assert (said in warnings[0]) if said else warnings == []


def test_the_total_of_a_paper_is_computed_and_a_removed_section_loses_no_question() -> None:
    document = PaperDocument(
        sections={"s1": PaperSection(order="V", title="选一选")},
        items={
            "i1": PaperItem(order="F", question=("q1",), version=1, section=("s1",), points=2.5),
            "i2": PaperItem(order="V", question=("q2",), version=1, section=("gone",), points=8),
        },
    )
    assert paper.total_points(document) == 10.5
    assert [(key, [k for k, _ in rows]) for key, rows in paper.items_by_section(document)] == [
        ("s1", ["i1"]),
        ("", ["i2"]),
    ]
