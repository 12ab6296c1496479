"""Last days follow the calendar of the people, not that of the server."""

from datetime import UTC, date, datetime

from lessons.prep.dues import due_words, was_in_time

EVENING = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
"""Half past eleven in the evening of 20 November in China."""
NIGHT = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
"""Half past midnight of 21 November in China, still the 20th in UTC."""
DAY = date(2026, 11, 20)


def test_a_last_day_is_over_at_midnight_in_china() -> None:
    assert due_words(DAY, EVENING) == "11月20日截止"
    assert due_words(DAY, NIGHT) == "11月20日截止，已过"


def test_what_ended_after_midnight_was_late() -> None:
    assert was_in_time(EVENING, DAY)
    assert not was_in_time(NIGHT, DAY)
