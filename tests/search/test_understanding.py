"""A typed question taken apart: places, quotes, minus, prefixes, and what is left to look for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.coordinates import unit_number
from search.understanding import understand
from search.vocabulary import Name, table

NAMES = table(
    [
        Name("subject", "数学", "数学"),
        Name("subject", "语文", "语文"),
        Name("edition", "人教版", "人教版"),
        Name("edition", "人教版", "人教"),
        Name("edition", "统编版", "部编版"),
        Name("kind", "微课", "微课", closes=True),
        Name("kind", "教学设计", "教案", closes=True),
    ]
)


def filters(typed: str) -> dict[str, str]:
    return {name: "、".join(values) for name, values in understand(typed, NAMES).filters.items()}


@pytest.mark.parametrize(
    ("typed", "meant", "left"),
    [
        ("五上数学 梯形的面积", {"grade": "五年级", "volume": "上册", "subject": "数学"}, "梯形的面积"),
        ("三年级上册 口算乘法", {"grade": "三年级", "volume": "上册"}, "口算乘法"),
        ("３年级下学期 位置", {"grade": "三年级", "volume": "下册"}, "位置"),
        ("六年級下冊 表裏的生物", {"grade": "六年级", "volume": "下册"}, "表里的生物"),
        (
            "人教三下语文 赵州桥",
            {"edition": "人教版", "grade": "三年级", "volume": "下册", "subject": "语文"},
            "赵州桥",
        ),
        ("数学 第五单元", {"subject": "数学", "unit_number": "第5单元"}, ""),
        ("四上 u3", {"grade": "四年级", "volume": "上册", "unit_number": "第3单元"}, ""),
        ("第十二单元", {"unit_number": "第12单元"}, ""),
        ("部编版语文 花钟", {"edition": "统编版", "subject": "语文"}, "花钟"),
        ("花钟 微课", {"kind": "微课"}, "花钟"),
        ("花钟教案", {"kind": "教学设计"}, "花钟"),
        ("小学二年级 元角分", {"grade": "二年级"}, "元角分"),
        ("梯形的面积", {}, "梯形的面积"),
    ],
)
def test_places_in_a_book_become_filters(typed: str, meant: dict[str, str], left: str) -> None:
    assert filters(typed) == meant
    assert understand(typed, NAMES).text == left


@pytest.mark.parametrize(
    "typed", ["海上日出", "一上一下的跷跷板", "语文园地", "数学广角", "桌面上面", "微课制作", "第二十一课"]
)
def test_words_that_only_look_like_a_place_stay_words(typed: str) -> None:
    assert filters(typed) == {}


def test_each_filter_is_a_chip_that_takes_only_itself_away() -> None:
    found = understand("五上数学 梯形的面积", NAMES)
    assert [(chip.label, chip.value, chip.rest) for chip in found.chips] == [
        ("年级", "五年级", "上册 数学 梯形的面积"),
        ("册次", "上册", "五年级 数学 梯形的面积"),
        ("学科", "数学", "五上 梯形的面积"),
    ]


def test_quotes_hold_together() -> None:
    found = understand('“完全一样” 梯形 "拼成"', NAMES)
    assert (found.phrases, found.text) == (("完全一样", "拼成"), "梯形")


def test_half_a_quote_is_plain_text_and_said() -> None:
    found = understand('梯形 "面积', NAMES)
    assert found.phrases == ()
    assert found.notes == ("引号只有一半，已当作普通文字",)


def test_minus_takes_away_and_a_hyphen_inside_does_not() -> None:
    found = understand("面积 -微课 3-4", NAMES)
    assert (found.excluded, found.text) == (("微课",), "面积 3-4")


def test_a_facet_may_be_named() -> None:
    found = understand("学校：东湖小学 梯形", NAMES)
    assert (dict(found.filters), found.text) == ({"school": ("东湖小学",)}, "梯形")
    assert [chip.rest for chip in found.chips] == ["梯形"]


def test_an_author_stays_a_word_and_an_unknown_prefix_too() -> None:
    assert understand("作者:周敏", NAMES).text == "周敏"
    assert understand("天气:晴", NAMES).text == "天气:晴"


def test_a_very_long_question_is_cut_and_said() -> None:
    found = understand("面" * 500, NAMES)
    assert len(found.text) == 200
    assert found.notes == ("只用了前 200 个字",)


@given(st.text(max_size=120))
def test_whatever_is_typed_is_understood_somehow(typed: str) -> None:
    found = understand(typed, NAMES)
    for chip in found.chips:
        assert chip.label
        understand(chip.rest, NAMES)


@pytest.mark.parametrize(
    ("unit", "number"),
    [
        ("第6单元 多边形的面积", "第6单元"),
        ("第十一单元", "第11单元"),
        ("Unit 3 Look at me!", "第3单元"),
        ("快乐读书吧", None),
    ],
)
def test_the_number_of_a_unit_is_read_from_its_name(unit: str, number: str | None) -> None:
    assert unit_number(unit) == number
