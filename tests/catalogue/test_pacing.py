"""Spreading lessons over weeks, as properties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.pacing import Paced, current_volume, spread

LESSONS = st.lists(st.integers(min_value=0, max_value=9), max_size=60).map(
    lambda periods: [Paced(at, number) for at, number in enumerate(periods)]
)
WEEKS = st.integers(min_value=1, max_value=25)


@given(LESSONS, WEEKS)
def test_every_lesson_gets_one_week_of_the_term(lessons: list[Paced], weeks: int) -> None:
    placed = spread(lessons, weeks)

    assert list(placed) == [lesson.node_id for lesson in lessons]
    assert all(1 <= week <= weeks for week in placed.values())


@given(LESSONS, WEEKS)
def test_a_later_lesson_never_comes_in_an_earlier_week(lessons: list[Paced], weeks: int) -> None:
    in_order = list(spread(lessons, weeks).values())

    assert in_order == sorted(in_order)


@given(st.lists(st.integers(min_value=1, max_value=6), min_size=1, max_size=60), WEEKS)
def test_no_week_begins_more_than_its_share_and_one_lesson(periods: list[int], weeks: int) -> None:
    lessons = [Paced(at, number) for at, number in enumerate(periods)]
    load: dict[int, int] = {}
    for lesson in lessons:
        week = spread(lessons, weeks)[lesson.node_id]
        load[week] = load.get(week, 0) + lesson.periods

    assert max(load.values()) <= sum(periods) / weeks + max(periods)


def test_the_first_lesson_opens_the_first_week_and_equal_lessons_spread_evenly() -> None:
    assert spread([Paced(n, 1) for n in range(4)], 4) == {0: 1, 1: 2, 2: 3, 3: 4}
    assert spread([Paced(7, 2), Paced(8, 2)], 4) == {7: 1, 8: 3}


def test_a_term_without_weeks_is_refused() -> None:
    with pytest.raises(ValueError, match="教学周数"):
        spread([Paced(1, 1)], 0)


def test_autumn_uses_the_first_volume_and_spring_the_second() -> None:
    assert [current_volume(month) for month in (1, 2, 6, 8, 9, 12)] == [
        "first",
        "second",
        "second",
        "first",
        "first",
        "first",
    ]
