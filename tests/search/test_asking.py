"""How one question is read, from strict to generous, and what the page says about it."""

import pytest

from search import saying
from search.addresses import Asked
from search.asking import Answer, ask
from search.engines.memory import MemoryEngine
from search.ports import Entry, Query, Sort, Strictness
from search.understanding import understand
from search.vocabulary import Name, table

NAMES = table(
    [
        Name("subject", "数学", "数学"),
        Name("subject", "语文", "语文"),
        Name("edition", "统编版", "部编版"),
        Name("kind", "教学设计", "教案", closes=True),
        Name("kind", "试卷", "卷子", closes=True, also=("试题",)),
        Name("kind", "教学录像", "上课视频", closes=True),
    ]
)
SYNONYMS = {"土豆": ("马铃薯",)}


def entry(uid: str, title: str, *, tokens: str = "public", keywords: tuple[str, ...] = (), **facets: str) -> Entry:
    values = {name: (value,) for name, value in facets.items()}
    return Entry(
        f"thing:{uid}", "thing", title, keywords=keywords, facets=values, tokens=frozenset({tokens}), version=1
    )


@pytest.fixture(scope="module")
def engine() -> MemoryEngine:
    engine = MemoryEngine()
    engine.write(
        [
            entry("area", "梯形的面积 教学设计", kind="教学设计", subject="数学", grade="五年级", volume="上册"),
            entry("paper", "梯形的面积 试题", kind="试题", subject="数学", grade="五年级", volume="上册"),
            entry("tide", "观潮", kind="教学录像", subject="语文", grade="四年级", volume="上册", edition="统编版"),
            entry("potato", "马铃薯的块茎", subject="科学", keywords=("块茎",)),
            entry("talk", "找春天", subject="语文"),
            entry("spring", "春天", subject="语文"),
            entry(
                "unit",
                "统编版语文四年级上册 第1单元 自然之美",
                subject="语文",
                grade="四年级",
                volume="上册",
                unit="第1单元 自然之美",
            ),
            entry(
                "tide-unit", "四上 《走月亮》", subject="语文", grade="四年级", volume="上册", unit="第1单元 自然之美"
            ),
            entry("secret", "梯弄的秘密", tokens="org:1", subject="数学"),
        ]
    )
    return engine


def answered(engine: MemoryEngine, typed: str, **query: object) -> Answer:
    return ask(engine, understand(typed, NAMES, SYNONYMS), Query(**query))  # type: ignore[arg-type]


def first(engine: MemoryEngine, typed: str) -> str:
    return answered(engine, typed).page.hits[0].entry.uid


@pytest.mark.parametrize(
    ("typed", "uid"),
    [
        ("梯形的面积 教案", "area"),
        ("五上数学梯形的面积卷子", "paper"),
        ("wushangshuxue tixingdemianji jiaoan", "area"),
        ("gc", "tide"),
        ("观chao", "tide"),
        ("部编版观潮上课视频", "tide"),
        ("求四上观潮的上课视频 谢谢", "tide"),
        ("觀潮", "tide"),
        ("语文 四上 1单元", "unit"),
        ("四上语文单元一", "unit"),
        ("土豆", "potato"),
        ("找春天", "talk"),
        ("四下 观潮", "tide"),
    ],
)
def test_a_teachers_way_of_asking_finds_the_thing(engine: MemoryEngine, typed: str, uid: str) -> None:
    assert first(engine, typed) == uid


def test_a_misspelt_word_is_searched_as_meant_and_said_with_a_way_back(engine: MemoryEngine) -> None:
    understood = understand("梯型的面鸡", NAMES)
    answer = ask(engine, understood, Query())
    assert answer.page.hits[0].entry.uid in {"area", "paper"}
    (said, *_) = saying.said(Asked(q="梯型的面鸡"), understood, answer)
    assert said.sentence == "没有找到“梯型的面鸡”，已为您查“梯形的面积”。"
    assert "typed=1" in said.url


def test_as_typed_nothing_is_corrected(engine: MemoryEngine) -> None:
    assert ask(engine, understand("梯型的面鸡", NAMES), Query(), as_typed=True).corrected is None


def test_nobody_is_corrected_to_a_word_of_what_they_may_not_see(engine: MemoryEngine) -> None:
    assert answered(engine, "梯弄的密秘").corrected is None
    insider = answered(engine, "梯弄的密秘", tokens=frozenset({"org:1"}))
    assert insider.corrected is not None
    assert insider.corrected.meant == "梯弄的秘密"


def test_another_page_and_another_order_are_read_in_the_same_way(engine: MemoryEngine) -> None:
    plain = answered(engine, "梯型的面鸡")
    for other in (answered(engine, "梯型的面鸡", offset=20), answered(engine, "梯型的面鸡", sort=Sort.NEWEST)):
        assert (other.page.total, other.corrected) == (plain.page.total, plain.corrected)


def test_with_a_grade_said_a_name_is_looked_for_in_titles(engine: MemoryEngine) -> None:
    answer = answered(engine, "四年级 观潮")
    assert answer.query.strictness is Strictness.TITLE
    assert [hit.entry.uid for hit in answer.page.hits] == ["tide"]


def test_a_wrong_volume_is_let_go_where_nothing_is_called_so(engine: MemoryEngine) -> None:
    answer = answered(engine, "四下 观潮")
    assert not answer.placed


def test_nothing_found_points_one_level_broader_and_to_other_editions() -> None:
    asked = Asked(q="部编版 语文四上第二单元")
    understood = understand(asked.q, NAMES)
    ways = saying.wider(asked, {}, understood, lambda other: len(other.q))
    assert [way.label.split("，")[0] for way in ways] == ["不限单元（第2单元）", "其他版本同内容"]
    assert "第二单元" not in ways[0].asked.q
    assert "部编版" not in ways[1].asked.q
