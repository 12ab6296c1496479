"""Text into tokens: one spelling, units and pairs, numerals, sounds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import text


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("ＡＢＣ１２３", "abc123"),
        ("觀察物體", "观察物体"),
        ("春\u00a0眠\u3000不\t觉", "春 眠 不 觉"),
        ("静\u200b夜\ufeff思", "静夜思"),
        ("ＵＮＩＴ ３", "unit 3"),
        ("", ""),
    ],
)
def test_what_looks_alike_is_spelt_alike(written: str, read: str) -> None:
    assert text.normalise(written) == read


@given(st.text(max_size=80))
def test_normalising_twice_changes_nothing_more(written: str) -> None:
    once = text.normalise(written)
    assert text.normalise(once) == once


@pytest.mark.parametrize(
    ("numeral", "digits"),
    [("五", "5"), ("十", "10"), ("十二", "12"), ("二十", "20"), ("三十六", "36"), ("二〇二五", "2025"), ("零", "0")],
)
def test_chinese_numerals_are_read(numeral: str, digits: str) -> None:
    assert text.with_digits(numeral) == digits


@pytest.mark.parametrize("odd", ["十十", "二十零", "一二十"])
def test_a_numeral_that_is_none_stays(odd: str) -> None:
    assert text.arabic(odd) == odd


def test_units_are_characters_words_numbers_and_signs() -> None:
    assert text.units(text.normalise("第五单元，Look at 2.5㎡＝")) == [
        "第",
        "5",
        "单",
        "元",
        "look",
        "at",
        "2.5",
        "m",
        "2",
        "=",
    ]


def test_pairs_do_not_reach_across_a_full_stop() -> None:
    assert "天花" not in text.grams("春天。花开")
    assert "天花" in text.grams("春天，花开")


def test_two_latin_neighbours_do_not_melt_into_one_word() -> None:
    assert text.pairs(["in", "to"]) == ["in_to"]


def test_words_come_long_and_short() -> None:
    found = text.segment("计算公式")
    assert {"计算公式", "计算", "公式"} <= set(found)


@pytest.mark.parametrize("misspelt", ["观察体物", "观物察体", "观察物", "观察物件", "大观察物体"])
def test_a_name_and_its_misspelling_have_a_token_in_common(misspelt: str) -> None:
    assert set(text.near(list("观察物体"))) & set(text.near(list(misspelt)))


@pytest.mark.parametrize("other", ["观测天体", "观", "察"])
def test_another_name_has_none(other: str) -> None:
    assert not set(text.near(list("观察物体"))) & set(text.near(list(other)))


def test_a_long_name_is_not_spelt_out_in_all_its_misspellings() -> None:
    assert text.near(list("能说出数据编码的目的是保持秩序")) == []


def test_spans_are_the_names_inside_a_title() -> None:
    assert list(text.spans(["第8单元", "相处"])) == ["第8单元", "第8单元相处", "相处"]


@pytest.mark.parametrize(
    ("written", "read"),
    [("重九日行军", "chong jiu ri xing jun"), ("女娲补天", "nv wa bu tian"), ("梯形mj", "ti xing mj")],
)
def test_titles_are_read_aloud(written: str, read: str) -> None:
    assert " ".join(text.syllables(written)) == read


@pytest.mark.parametrize(
    ("letters", "spelt"),
    [("tixingdemianji", "ti xing de mian ji"), ("xian", "xian"), ("zhuang", "zhuang"), ("txdmj", ""), ("look", "")],
)
def test_letters_are_spelt_as_pinyin_or_not_at_all(letters: str, spelt: str) -> None:
    assert " ".join(text.spell(letters)) == spelt


def test_initials_keep_numbers() -> None:
    assert text.initials(text.syllables("11 各数")) == "11gs"


@given(st.text(max_size=60))
def test_no_token_holds_a_blank(written: str) -> None:
    folded = text.normalise(written)
    tokens = [*text.grams(folded), *text.segment(folded), *text.syllables(folded), text.whole(folded)]
    assert not any(char.isspace() for token in tokens for char in token)
