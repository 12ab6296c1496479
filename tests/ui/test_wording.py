"""Dates, counts and sizes read as a Chinese teacher writes them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from ui import wording
from ui.templatetags import ui as tags


def test_a_day_carries_its_weekday() -> None:
    assert wording.day_with_weekday(date(2026, 11, 9)) == "11月9日 周一"
    assert wording.day_with_weekday(date(2026, 11, 15)) == "11月15日 周日"


def test_a_moment_is_shown_in_shanghai_time() -> None:
    late = datetime(2026, 11, 8, 18, 5, tzinfo=UTC)
    assert tags.zh_datetime(late) == "11月9日 02:05"
    assert tags.zh_date(late) == "11月9日 周一"
    assert tags.zh_date(late, "year") == "2026年11月9日"
    assert tags.zh_date(late, "short") == "11月9日"


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(seconds=20), "刚刚"),
        (timedelta(minutes=5), "5 分钟前"),
        (timedelta(hours=3), "3 小时前"),
        (timedelta(hours=13), "昨天 21:00"),
        (timedelta(days=2), "前天 10:00"),
        (timedelta(days=8), "11月2日"),
        (timedelta(days=330), "2025年12月15日"),
    ],
)
def test_how_long_ago(before: timedelta, words: str) -> None:
    now = datetime(2026, 11, 10, 10, 0)  # noqa: DTZ001
    assert wording.ago(now - before, now) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "0"), (9876, "9,876"), (10_000, "1万"), (12_345, "1.2万"), (19_999, "1.9万"), (100_000_000, "1亿")],
)
def test_a_count_never_claims_more_than_there_is(number: int, words: str) -> None:
    assert wording.short_count(number) == words


@pytest.mark.parametrize(
    ("number", "words"), [(640, "640 字节"), (240_000, "240 kB"), (6_200_000, "6.2 MB"), (1_400_000_000, "1.4 GB")]
)
def test_a_size(number: int, words: str) -> None:
    assert wording.size(number) == words


def test_a_duration_and_a_place_in_a_video() -> None:
    assert tags.zh_duration(timedelta(minutes=11, seconds=5)) == "11 分 05 秒"
    assert tags.zh_duration(3725) == "1 小时 02 分"
    assert tags.zh_duration("45") == "45 秒"
    assert tags.zh_clock(133) == "02:13"
    assert tags.zh_clock(3733) == "1:02:13"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "零"),
        (1, "一"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (35, "三十五"),
        (105, "一百零五"),
        (110, "一百一十"),
        (200, "二百"),
        (1000, "1000"),
    ],
)
def test_a_number_in_words(number: int, words: str) -> None:
    assert wording.number(number) == words


@pytest.mark.parametrize("nothing", [None, "", "abc"])
def test_a_missing_value_shows_nothing(nothing: str | None) -> None:
    for filter_ in (tags.short_count, tags.zh_size, tags.zh_duration, tags.zh_clock, tags.zh_number):
        assert filter_(nothing) == ""
    assert tags.zh_date(None) == tags.zh_datetime(None) == tags.zh_ago(None) == ""
