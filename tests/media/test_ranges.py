"""Ranges and conditions, as a table."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.ranges import Span, Unsatisfiable, is_unchanged, range_still_holds, span_of

MODIFIED = datetime(2026, 9, 3, 8, 0, 0, 500_000, tzinfo=UTC)
DATE = "Thu, 03 Sep 2026 08:00:00 GMT"
ETAG = '"abc"'


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("", None),
        ("bytes=0-0", Span(0, 0)),
        ("bytes=0-99", Span(0, 99)),
        ("bytes=0-1000", Span(0, 99)),
        ("bytes=90-", Span(90, 99)),
        ("bytes=-10", Span(90, 99)),
        ("bytes=-1000", Span(0, 99)),
        ("Bytes = 1 - 2", Span(1, 2)),
        ("bytes=5-2", None),
        ("bytes=0-1,5-6", None),
        ("bytes=-", None),
        ("bytes=a-b", None),
        ("items=0-1", None),
        ("bytes=0-" + "9" * 40, None),
    ],
)
def test_a_range_of_a_hundred_bytes(header: str, span: Span | None) -> None:
    assert span_of(header, 100) == span


@pytest.mark.parametrize(
    ("header", "size"), [("bytes=100-", 100), ("bytes=100-200", 100), ("bytes=-0", 100), ("bytes=0-", 0)]
)
def test_a_range_without_a_byte_in_it(header: str, size: int) -> None:
    with pytest.raises(Unsatisfiable):
        span_of(header, size)


@given(st.text(max_size=40), st.integers(0, 10**9))
def test_no_header_breaks_it_and_no_span_leaves_the_file(header: str, size: int) -> None:
    try:
        span = span_of(f"bytes={header}", size)
    except Unsatisfiable:
        return
    assert span is None or 0 <= span.first <= span.last < size


@pytest.mark.parametrize(
    ("if_range", "holds"),
    [
        ("", True),
        (ETAG, True),
        (DATE, True),
        ('"other"', False),
        (f"W/{ETAG}", False),
        ("Thu, 03 Sep 2026 08:00:01 GMT", False),
    ],
)
def test_if_range_asks_for_the_very_same_content(if_range: str, holds: bool) -> None:
    assert range_still_holds(if_range, ETAG, MODIFIED) is holds


@pytest.mark.parametrize(
    ("none_match", "since", "unchanged"),
    [
        ("", "", False),
        (ETAG, "", True),
        (f'"x", W/{ETAG}', "", True),
        ("*", "", True),
        ('"x"', DATE, False),
        ("", DATE, True),
        ("", "Thu, 03 Sep 2026 07:59:59 GMT", False),
        ("", "yesterday", False),
    ],
)
def test_the_tag_decides_and_the_date_only_without_one(none_match: str, since: str, unchanged: bool) -> None:
    assert is_unchanged(none_match, since, ETAG, MODIFIED) is unchanged
