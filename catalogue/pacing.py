"""Spread a book's lessons over a term's teaching weeks (教学进度), by their suggested periods. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

FIRST_VOLUME_MONTHS = frozenset({7, 8, 9, 10, 11, 12, 1})


@dataclass(frozen=True, slots=True)
class Paced:
    """A lesson in reading order with its suggested periods (课时)."""

    node_id: int
    periods: int


def spread(lessons: Iterable[Paced], teaching_weeks: int) -> dict[int, int]:
    """node → week from 1 to `teaching_weeks`: in reading order, each week with about the same number of periods.

    A lesson lies in the week in which its first period falls.

    Raises:
        ValueError: there is no teaching week.
    """
    if teaching_weeks < 1:
        raise ValueError("教学周数至少是 1，请检查学期的起止日期。")
    rows = list(lessons)
    total = sum(max(row.periods, 1) for row in rows)
    weeks: dict[int, int] = {}
    before = 0
    for row in rows:
        weeks[row.node_id] = before * teaching_weeks // total + 1
        before += max(row.periods, 1)
    return weeks


def current_volume(month: int) -> str:
    """`first` (上册) in the months of the autumn term and the summer before it, else `second`."""
    return "first" if month in FIRST_VOLUME_MONTHS else "second"
