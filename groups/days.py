"""Days that somebody types: far enough for every register, near enough to be reckoned with in any time zone."""

from datetime import date

from django.core.exceptions import ValidationError

EARLIEST, LATEST = date(1950, 1, 1), date(2100, 1, 1)


def known_day(day: date) -> None:
    """For the validators of a form's day.

    Raises:
        ValidationError: no year of a school's life.
    """
    if not EARLIEST <= day <= LATEST:
        raise ValidationError("年份不对，请核对")
