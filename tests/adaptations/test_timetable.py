"""The week: each class meets the week's lessons in order."""

from catalogue.models import Node
from groups.models import TimetableEntry
from lessons.adaptations.timetable import Lesson, lessons_of_week, spread


def entry(pk: int, weekday: int, period: int, class_name: str) -> TimetableEntry:
    return TimetableEntry(pk=pk, weekday=weekday, period=period, class_name=class_name)


def node(pk: int, title: str, periods: int | None) -> Node:
    return Node(pk=pk, title=title, periods=periods)


def test_each_class_meets_the_lessons_in_order_and_spare_periods_stay_free() -> None:
    first, second = Lesson(node(1, "三角形的面积", 1), 1, 1), Lesson(node(2, "梯形的面积", 2), 1, 2)
    entries = [
        entry(1, 3, 1, "五(2)班"),
        entry(2, 1, 2, "五(2)班"),
        entry(3, 1, 1, "五(4)班"),
        entry(4, 5, 1, "五(2)班"),
    ]
    placed = spread(entries, [first, second])
    assert placed == {2: first, 1: second, 4: None, 3: first}


def test_a_lesson_of_two_periods_takes_two_places_in_its_week() -> None:
    nodes = [node(1, "梯形的面积", 2), node(2, "组合图形的面积", None), node(3, "下周的课", 1)]
    found = lessons_of_week(nodes, {1: 13, 2: 13, 3: 14}, 13)
    assert [(lesson.node.title, lesson.period, lesson.periods) for lesson in found] == [
        ("梯形的面积", 1, 2),
        ("梯形的面积", 2, 2),
        ("组合图形的面积", 1, 1),
    ]
