"""What a misspelt word was meant to be: by ear, by eye and by hand, from titles that were found."""

import pytest

from search.spelling import Correction, correction, distance, look_alike


@pytest.mark.parametrize(
    ("typed", "title", "meant"),
    [
        ("梯型的面积", "梯形的面积", "梯形的面积"),
        ("肥皂饱", "《肥皂泡》微课", "肥皂泡"),
        ("小雄英雨来", "小英雄雨来", "小英雄雨来"),
        ("植物与动物遗的传", "植物与动物的遗传与变异", "植物与动物的遗传"),
        ("观观潮", "观潮 教学设计", "观潮"),
    ],
)
def test_a_slip_is_read_as_the_nearest_stretch_of_a_title(typed: str, title: str, meant: str) -> None:
    assert correction(typed, [title], []) == Correction(typed, meant)


@pytest.mark.parametrize(
    ("typed", "title"),
    [("梯形的体积", "梯形的面积"), ("表内乘法", "表内除法"), ("思方法", "学习方法"), ("春天", "秋天")],
)
def test_another_word_is_no_slip(typed: str, title: str) -> None:
    assert correction(typed, [title], []) is None


def test_what_stands_in_a_text_is_not_corrected() -> None:
    assert correction("梯型", ["梯形的面积"], ["有人写成梯型"]) is None


def test_without_titles_there_is_nothing_to_offer() -> None:
    assert correction("梯型", [], []) is None


def test_characters_are_alike_by_a_component_that_says_something() -> None:
    assert look_alike("饱", "泡")
    assert look_alike("侧", "测")
    assert not look_alike("体", "面")
    assert distance("拾字", "识字") < distance("春天", "秋天")
