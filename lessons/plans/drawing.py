"""A textbook's lessons laid over a term's teaching days. Pure.

Lessons are spread over days, not weeks: a week with a holiday in it takes less, a week without lessons takes none.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from catalogue.pacing import Paced, spread


@dataclass(frozen=True, slots=True)
class Drawn:
    """A lesson with the weeks in which its first and its last period fall."""

    node_id: int
    first_week: int
    last_week: int


def draw(lessons: Iterable[Paced], weeks_of_days: Sequence[int]) -> list[Drawn]:
    """Lay the lessons over the days in reading order.

    Args:
        weeks_of_days: the week of every teaching day, in order.

    Raises:
        ValueError: there is no teaching day.
    """
    rows = list(lessons)
    first_days = spread(rows, len(weeks_of_days))
    total = sum(max(row.periods, 1) for row in rows)
    days = len(weeks_of_days)
    drawn, before = [], 0
    for row in rows:
        before += max(row.periods, 1)
        first = weeks_of_days[first_days[row.node_id] - 1]
        last = weeks_of_days[max((before * days - 1) // total, first_days[row.node_id] - 1)]
        drawn.append(Drawn(row.node_id, first, _end(first, last, row.periods, total, weeks_of_days)))
    return drawn


def _end(first: int, last: int, periods: int, total: int, weeks_of_days: Sequence[int]) -> int:
    """A lesson that fits into one week is planned for one week, though its last period may fall on the next Monday."""
    share = total / len(set(weeks_of_days))
    return first if max(periods, 1) <= share else last


def of_units(units: Sequence[tuple[int, Sequence[int]]], drawn: Iterable[Drawn]) -> list[Drawn]:
    """The same by unit: (unit, its lessons) → from the first lesson's first week to the last one's last."""
    by_node: Mapping[int, Drawn] = {one.node_id: one for one in drawn}
    return [
        Drawn(unit, by_node[lessons[0]].first_week, max(by_node[node].last_week for node in lessons))
        for unit, lessons in units
        if lessons
    ]
