"""Lessons over teaching days: in reading order, around holidays, a week's load in a week."""

import pytest

from catalogue.pacing import Paced
from lessons.plans.drawing import Drawn, draw, of_units


def days(*weeks: int, of: int = 5) -> list[int]:
    return [week for week in weeks for _ in range(of)]


def test_lessons_of_equal_length_spread_evenly_in_reading_order() -> None:
    drawn = draw([Paced(n, 2) for n in range(8)], days(1, 2, 3, 4))
    assert [one.first_week for one in drawn] == [1, 1, 2, 2, 3, 3, 4, 4]


def test_a_week_without_lessons_takes_none() -> None:
    drawn = draw([Paced(n, 2) for n in range(6)], days(4, 6, 7))
    assert {one.first_week for one in drawn} == {4, 6, 7}


def test_a_week_of_two_days_takes_less_than_a_whole_one() -> None:
    weeks = [*days(1), *days(2, of=2), *days(3)]
    drawn = draw([Paced(n, 1) for n in range(12)], weeks)
    loads = [sum(one.first_week == week for one in drawn) for week in (1, 2, 3)]
    assert loads == [5, 2, 5]


def test_a_lesson_longer_than_a_week_is_planned_for_all_its_weeks() -> None:
    drawn = draw([Paced(1, 2), Paced(2, 8), Paced(3, 2)], days(1, 2, 3))
    assert drawn == [Drawn(1, 1, 1), Drawn(2, 1, 3), Drawn(3, 3, 3)]


def test_a_short_lesson_on_the_edge_of_two_weeks_is_planned_for_one() -> None:
    drawn = draw([Paced(n, 3) for n in range(4)], days(1, 2))
    assert all(one.first_week == one.last_week for one in drawn)


def test_a_unit_lasts_from_its_first_lesson_to_its_last() -> None:
    drawn = draw([Paced(n, 2) for n in range(8)], days(1, 2, 3, 4))
    assert of_units([(90, [0, 1, 2]), (91, [3, 4, 5, 6, 7]), (92, [])], drawn) == [Drawn(90, 1, 2), Drawn(91, 2, 4)]


def test_without_a_teaching_day_nothing_can_be_drawn() -> None:
    with pytest.raises(ValueError, match="教学周"):
        draw([Paced(1, 2)], [])
