"""The last day of each stage of a preparation, by the calendar of the people who prepare."""

from datetime import date, datetime

from django.utils import timezone

from lessons.prep.models import Preparation, State

DUE = {State.DRAFTING: "drafting_due", State.DISCUSSING: "discussing_due", State.FOR_APPROVAL: "approval_due"}


def due_of(preparation: Preparation, state: State) -> date | None:
    """The day until which it may stand in this state."""
    return getattr(preparation, DUE[state]) if state in DUE else None


def due_words(due: date, at: datetime) -> str:
    """11月20日截止, with 已过 from the next day on."""
    return f"{due.month}月{due.day}日截止" + ("，已过" if due < timezone.localdate(at) else "")


def was_in_time(done: datetime, due: date) -> bool:
    return timezone.localdate(done) <= due
