"""How the plan for a lesson stands when its day comes: on time, late, missing, or not due yet. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lessons.adaptations.timetable import Due


class Standing(StrEnum):
    """What an inspector sees of every plan, never its text while it is a draft (see_status)."""

    ON_TIME = "on_time"
    LATE = "late"
    MISSING = "missing"
    NOT_DUE = "not_due"

    @property
    def label(self) -> str:
        return {"on_time": "按时备好", "late": "晚备好", "missing": "还没备好", "not_due": "还没到时间"}[self.value]

    @property
    def mark(self) -> str:
        """One sign for a table, beside its colour."""
        return {"on_time": "✓", "late": "迟", "missing": "缺", "not_due": "·"}[self.value]


def standing(due: Due, ready_at: datetime | None, now: datetime) -> Standing:
    """On time is before the day of the first class; what is not ready then is missing until it is, and late for good."""
    if ready_at is None or ready_at > now:
        return Standing.MISSING if now >= due.before else Standing.NOT_DUE
    return Standing.ON_TIME if ready_at < due.before else Standing.LATE


@dataclass(frozen=True, slots=True)
class Share:
    """Plans that were due, and how many of them were on time."""

    due: int
    on_time: int
    late: int
    missing: int

    @property
    def percent(self) -> int | None:
        """Per cent on time; None while nothing was due."""
        return round(100 * self.on_time / self.due) if self.due else None


def share(found: Iterable[Standing]) -> Share:
    counted = [one for one in found if one is not Standing.NOT_DUE]
    return Share(
        len(counted),
        counted.count(Standing.ON_TIME),
        counted.count(Standing.LATE),
        counted.count(Standing.MISSING),
    )
