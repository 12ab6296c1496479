"""The typed document: JSON in, the same JSON out, problems named by field."""

from typing import Any

import pytest

from library.documents import rich, schema, walk
from library.documents.fields import ordered
from library.documents.lesson_design import LessonDesignDocument, advice, planned_minutes

STORED: dict[str, Any] = {
    "format": 1,
    "basics": {"lesson_type": "新授", "period": 1, "periods": 2, "minutes": 40},
    "objectives": {"o1": {"order": "V", "statement": rich.from_markup("会算梯形的面积"), "competencies": ["几何直观"]}},
    "tasks": {"t1": {"order": "V", "task": rich.from_markup("独立推导"), "objectives": ["o1"]}},
    "stages": {
        "s2": {
            "order": "k",
            "title": "探究",
            "minutes": 25,
            "teacher": rich.from_markup("发学具"),
            "objectives": ["o1"],
        },
        "s1": {"order": "V", "title": "导入", "minutes": 5, "pupils": rich.from_markup("说一说")},
    },
    "board": rich.from_markup("S=(a+b)h÷2"),
}


def test_a_document_comes_back_as_it_was_stored() -> None:
    assert schema.dump(schema.load(LessonDesignDocument, STORED)) == STORED


def test_rows_read_in_the_order_of_their_keys() -> None:
    document = schema.load(LessonDesignDocument, STORED)
    assert [stage.title for _, stage in ordered(document.stages)] == ["导入", "探究"]


def test_the_walk_names_each_place_as_a_teacher_would() -> None:
    places = dict(walk.passages(schema.load(LessonDesignDocument, STORED)))
    assert places["环节1"] == "导入\n说一说"
    assert places["环节2"] == "探究\n发学具"
    assert places["板书设计"] == "S=(a+b)h÷2"


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        ({"foo": 1}, "不认识的字段“foo”"),
        ({"stages": {"s": {"minutes": "五"}}}, "“时长”应当填数字"),
        ({"stages": {"s": {"minutes": float("nan")}}}, "“时长”应当填一个有限的数"),
        ({"stages": {"s": {"minutes": float("inf")}}}, "“时长”应当填一个有限的数"),
        ({"basics": {"lesson_type": "讲座"}}, "“课型”没有“讲座”这一项"),
        ({"board": {"type": "doc", "content": [{"type": "iframe"}]}}, "“板书设计”：不支持的内容"),
        ({"objectives": [1]}, "“核心素养目标”应当按编号存放"),
        ({"objectives": {"o": {"competencies": "几何直观"}}}, "“核心素养”应当是一列文字"),
        ({"format": 9}, "文档格式是第 9 版"),
    ],
)
def test_a_document_that_does_not_fit_names_the_field(broken: dict[str, object], sentence: str) -> None:
    with pytest.raises(schema.DocumentProblem) as problem:
        schema.load(LessonDesignDocument, broken)
    assert sentence in problem.value.sentence


def test_completeness_counts_required_sections_and_names_the_missing_ones() -> None:
    empty = LessonDesignDocument()
    assert walk.completeness(empty) == 0
    document = schema.load(LessonDesignDocument, STORED)
    assert 0 < walk.completeness(document) < 100
    assert "教材分析" in walk.missing(document)
    assert "教学过程" not in walk.missing(document)


def test_advice_says_how_many_minutes_are_missing_and_which_objective_is_unserved() -> None:
    document = schema.load(LessonDesignDocument, STORED)
    assert planned_minutes(document) == 30
    assert [a.sentence for a in advice(document)] == ["各环节合计 30 分钟，离 40 分钟还差 10 分钟"]
    unserved = schema.load(
        LessonDesignDocument, {**STORED, "objectives": {**STORED["objectives"], "o9": {"order": "z"}}}
    )
    assert "目标 2 还没有环节去落实" in [a.sentence for a in advice(unserved)]
    assert "目标 2 还没有评价任务" in [a.sentence for a in advice(unserved)]
