"""`Range` and the conditional headers (RFC 9110 13 and 14), pure."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.utils.http import http_date, parse_http_date_safe

_ONE = re.compile(r"bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*", re.IGNORECASE)
MOST_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes `first` to `last`, both included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1


class Unsatisfiable(ValueError):
    """The range begins behind the end: 416."""


def span_of(header: str, size: int) -> Span | None:
    """The one range asked for; None for the whole: no range, several ranges, or a header that says nothing.

    Raises:
        Unsatisfiable: no byte of the file lies in it.
    """
    found = _ONE.fullmatch(header.strip())
    if not found or not any(found.groups()) or max(map(len, found.groups())) > MOST_DIGITS:
        return None
    first, last = found.groups()
    if not first:
        return _suffix(int(last), size)
    begin = int(first)
    if last and int(last) < begin:
        return None
    if begin >= size:
        raise Unsatisfiable
    return Span(begin, min(int(last), size - 1) if last else size - 1)


def _suffix(length: int, size: int) -> Span:
    if length == 0 or size == 0:
        raise Unsatisfiable
    return Span(max(size - length, 0), size - 1)


def range_still_holds(if_range: str, etag: str, modified: datetime) -> bool:
    """May the range be answered with a part? A weak tag or another date means: send the whole."""
    if not if_range:
        return True
    return if_range.strip() in (etag, http_date(int(modified.timestamp())))


def is_unchanged(if_none_match: str, if_modified_since: str, etag: str, modified: datetime) -> bool:
    """Has the reader this very content already? The tag decides; the date only where no tag was sent."""
    if if_none_match:
        tags = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
        return etag in tags or "*" in tags
    since = parse_http_date_safe(if_modified_since) if if_modified_since else None
    return since is not None and int(modified.timestamp()) <= since
