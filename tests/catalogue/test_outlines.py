"""The text form of an outline, and what the product's own outlines promise."""

import pytest

from catalogue.outlines import OutlineProblem, SeedBook, parse_outline, seed_books

HEAD = "subject: 语文\nedition: 统编版\ngrade: 3\nvolume: 上册\nrevision: 旧教材\nconfidence: likely\nsource: 录入\n\n"


def book(body: str) -> SeedBook:
    return parse_outline("测试册", HEAD + body)


@pytest.fixture(scope="module")
def seed() -> list[SeedBook]:
    return seed_books()


def test_units_lessons_and_parts_keep_their_numbers_and_places() -> None:
    units = book(
        "#- 我上学了\n- 我是小学生\n#\n识字1 天地人\n4 古诗三首\n. 山行\n5* 听听，秋的声音\n# 阅读\n6 画\n"
    ).nodes

    assert [(unit.title, unit.number) for unit in units] == [("我上学了", ""), ("第一单元", "1"), ("阅读", "2")]
    assert [(n.kind, n.number, n.title) for n in units[1].children] == [
        ("lesson", "识字1", "天地人"),
        ("lesson", "4", "古诗三首"),
        ("lesson", "5", "听听，秋的声音"),
    ]
    assert [part.title for part in units[1].children[1].children] == ["山行"]


def test_what_has_a_name_of_its_own_is_known_by_it() -> None:
    body = "#\n语文园地一\n口语交际：请教\n习作：写信\n快乐读书吧：读读童话\n综合性学习：传统节日\n- 整理和复习\n= 掷一掷\n"
    unit, between = book(body).nodes

    kinds = ["garden", "speaking", "writing", "reading", "practice", "review"]
    assert [node.kind for node in unit.children] == kinds
    assert between.kind == "practice"


def test_knowledge_points_belong_to_the_unit_and_may_bring_a_sentence() -> None:
    unit = book("#\n@ 预测：边读边想；续编故事\n12 总也倒不了的老屋\n").nodes[0]

    assert [(k.name, k.description) for k in unit.knowledge] == [("预测", "边读边想"), ("续编故事", "")]


def test_a_lesson_gets_periods_by_its_kind_unless_the_file_says_otherwise() -> None:
    unit = book("#\n1 观潮\n2* 繁星\n3 走月亮 ~3\n. 第一段\n语文园地\n").nodes[0]

    assert [node.periods for node in unit.children] == [2, 1, 3, 2]
    assert unit.periods is None
    assert unit.children[2].children[0].periods is None


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("1 观潮\n", "第 9 行前面没有单元"),
        ("#\n. 山行\n", "第 10 行：“山行”前面没有课"),
        ("#\n观潮\n", "第 10 行读不懂：“观潮”"),
    ],
)
def test_a_line_that_breaks_the_grammar_is_named_with_its_number(body: str, words: str) -> None:
    with pytest.raises(OutlineProblem, match=words):
        book(body)


def test_a_file_without_its_facts_says_which_are_missing() -> None:
    with pytest.raises(OutlineProblem, match="edition、grade"):
        parse_outline("半册", "subject: 语文\nvolume: 上册\nrevision: 旧教材\nconfidence: draft\nsource: 录入\n\n#\n")


def test_the_seed_holds_both_volumes_of_every_grade_that_it_promises(seed: list[SeedBook]) -> None:
    old = {(b.subject, b.edition, b.grade, b.volume) for b in seed if b.revision == "旧教材"}

    for subject, edition, first in [
        ("语文", "统编版", 1),
        ("数学", "人教版", 1),
        ("科学", "教科版", 1),
        ("道德与法治", "统编版", 1),
        ("英语", "人教PEP", 3),
        ("英语", "闽教版", 3),
    ]:
        for grade in range(first, 7):
            assert {(subject, edition, grade, "上册"), (subject, edition, grade, "下册")} <= old


def test_chinese_and_mathematics_go_down_to_lessons_in_every_unit(seed: list[SeedBook]) -> None:
    for b in seed:
        if b.subject == "语文":
            assert all(unit.children for unit in b.nodes), b.name
        if b.subject == "数学" and b.revision == "旧教材":
            assert all(unit.children for unit in b.units if unit.title != "总复习"), b.name


@pytest.mark.parametrize("subject", ["语文", "道德与法治"])
def test_numbered_lessons_run_on_through_the_book_without_a_gap(seed: list[SeedBook], subject: str) -> None:
    for b in (b for b in seed if b.subject == subject):
        numbers = [
            int(node.number)
            for path, node in b.walk()
            if node.kind == "lesson" and node.number.isdigit() and "古诗词诵读" not in path
        ]
        assert numbers == list(range(1, len(numbers) + 1)), b.name


def test_every_book_says_how_sure_it_is_and_where_it_comes_from(seed: list[SeedBook]) -> None:
    assert {b.confidence for b in seed} <= {"checked", "likely", "draft"}
    assert all(len(b.source) > 8 for b in seed)
