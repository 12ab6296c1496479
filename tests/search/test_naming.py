"""What an entry is called once place, kind and year are left out; and what talk around a question is left out."""

import pytest

from search import naming, talk, text

FACETS = {"kind": ("校本作业",), "subject": ("语文",), "edition": ("统编版",)}


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("四下 18《小英雄雨来（节选）》校本作业", "小英雄雨来"),
        ("2025-2026学年树和喜鹊校本作业", "树和喜鹊"),
        ("统编版二年级语文下册《村居》校本作业", "村居"),
        ("匆匆 校本作业 六年级下册", "匆匆"),
        ("赠别·其二（杜牧）", "赠别"),
        ("花钟（第一课时）校本作业", "花钟"),
    ],
)
def test_the_name_stands_without_place_kind_and_year(title: str, name: str) -> None:
    assert name in naming.names(text.normalise(title), FACETS)


def test_a_title_that_is_nothing_but_its_kind_keeps_its_words() -> None:
    assert naming.names("校本作业", FACETS) == ["校本作业"]


def test_a_number_that_belongs_to_the_title_stays() -> None:
    assert naming.names("6~10的加减法", FACETS)[0] == "610的加减法"


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("想要一份《观潮》教案", "《观潮》教案"),
        ("老师们有观潮的课件吗", "观潮的课件"),
        ("观潮课件 谢谢", "观潮课件"),
        ("求四上语文观潮课件", "四上语文观潮课件"),
        ("观潮怎么上", "观潮"),
        ("观潮课件 公开课用", "观潮课件"),
        ("观潮 2025", "观潮"),
        ("观潮课件下载", "观潮课件"),
    ],
)
def test_talk_is_left_out(typed: str, left: str) -> None:
    assert talk.without(typed) == left


@pytest.mark.parametrize("title", ["找春天", "我要的是葫芦", "有余数的除法", "要下雨了", "一份试卷", "谢谢", "怎么上"])
def test_a_title_that_begins_like_talk_stays(title: str) -> None:
    assert talk.without(title) == title
