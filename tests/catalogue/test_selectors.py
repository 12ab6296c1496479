"""What pages ask of the catalogue, and what it costs."""

from collections.abc import Callable
from typing import Any

import pytest

from catalogue import selectors
from catalogue.models import Edition, Node, Outline, Subject, Textbook
from tests.catalogue.conftest import node

Counts = Callable[..., Any]


@pytest.mark.usefixtures("shelved")
def test_the_shelf_is_ordered_by_subject_and_grade_in_one_query(django_assert_num_queries: Counts) -> None:
    with django_assert_num_queries(1):
        shelf = selectors.shelf()
        seen = [
            (row.subject.name, part.edition.name if part.edition else "", [book.grade_volume for book in part.books])
            for row in shelf
            for part in row.editions
        ]

    assert seen == [("语文", "统编版", ["五年级上册"]), ("数学", "人教版", ["三年级上册", "五年级上册"])]


@pytest.mark.usefixtures("shelved")
def test_the_shelf_shows_books_without_contents_only_when_asked() -> None:
    Textbook.objects.create(title="没有目录的书", subject=Subject.objects.get(name="科学"), is_active=True)

    assert [row.subject.name for row in selectors.shelf()] == ["语文", "数学"]
    assert [row.subject.name for row in selectors.shelf(only_with_outlines=False)] == ["语文", "数学", "科学"]


def test_a_tree_is_nested_whole_in_one_query(maths: Outline, django_assert_num_queries: Counts) -> None:
    with django_assert_num_queries(1):
        tree = selectors.tree(maths)
        urls = [child.node.get_absolute_url() for unit in tree for child in unit.children]

    assert [unit.node.heading for unit in tree] == [
        "第一单元 小数乘法",
        "第二单元 多边形的面积",
        "掷一掷",
        "第三单元 总复习",
    ]
    assert [child.node.title for child in tree[1].children] == ["平行四边形的面积", "梯形的面积"]
    assert urls[0].startswith(f"/k/{maths.uid}/")


def test_a_retired_node_is_in_no_tree_and_in_no_week(maths: Outline) -> None:
    Node.objects.filter(title="积的近似数").update(status=Node.Status.RETIRED)

    assert "积的近似数" not in [c.node.title for unit in selectors.tree(maths) for c in unit.children]
    assert "积的近似数" not in [n.title for n in selectors.lessons_of(maths)]


def test_lessons_are_what_is_taught_as_one_piece(maths: Outline) -> None:
    titles = [n.title for n in selectors.lessons_of(maths)]

    assert titles == ["小数乘整数", "积的近似数", "平行四边形的面积", "梯形的面积", "掷一掷", "总复习"]


def test_neighbours_cross_the_units_and_end_with_the_book(maths: Outline) -> None:
    middle = selectors.neighbours(node("平行四边形的面积"))
    last = selectors.neighbours(node("总复习"))

    assert middle.previous is not None
    assert middle.following is not None
    assert (middle.previous.title, middle.following.title) == ("积的近似数", "梯形的面积")
    assert last.following is None


@pytest.mark.usefixtures("shelved")
def test_a_place_reads_as_a_teacher_says_it_and_asks_nothing_more(django_assert_num_queries: Counts) -> None:
    lesson, poem = node("梯形的面积"), node("示儿")

    with django_assert_num_queries(0):
        maths, chinese = selectors.place_of(lesson), selectors.place_of(poem)

    assert str(maths) == "人教版 五年级上册 第二单元"
    assert (maths.subject, maths.unit_title, maths.title) == ("数学", "多边形的面积", "梯形的面积")
    assert str(chinese) == "统编版 五年级上册 第一单元"


def test_a_node_of_a_school_course_stands_in_its_course(db: None) -> None:
    course = Outline.objects.create(kind=Outline.Kind.COURSE, title="茶乡研学")
    unit = Node.objects.create(outline=course, kind="unit", title="认茶", order=1)

    assert str(selectors.place_of(unit)) == "茶乡研学 认茶"


def test_a_unit_without_a_printed_title_is_not_named_twice(shelved: None) -> None:
    assert Node.objects.get(title="第一单元").heading == "第一单元"
    assert node("白鹭").heading == "1 白鹭"


def test_the_default_pacing_covers_every_lesson(maths: Outline) -> None:
    weeks = selectors.pacing_of(selectors.lessons_of(maths), 10)

    assert list(weeks) == [n.pk for n in selectors.lessons_of(maths)]
    assert list(weeks.values()) == sorted(weeks.values())


@pytest.mark.usefixtures("shelved")
def test_books_for_a_class_and_editions_by_any_name() -> None:
    maths, chinese = Subject.objects.get(name="数学"), Subject.objects.get(name="语文")

    assert [b.grade_from for b in selectors.textbooks_for(subject=maths, grade=5, volume="first")] == [5]
    assert selectors.textbooks_for(subject=maths, grade=5, volume="second") == []
    assert selectors.edition_named(subject=chinese, name="部编版") == Edition.objects.get(
        name="统编版", subject=chinese
    )
    assert selectors.edition_named(subject=chinese, name="没有这个版本") is None
