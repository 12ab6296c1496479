"""How far a lesson plan of one's own is, in the words of the week's board: for one class, or as a whole."""

from dataclasses import dataclass
from typing import Any

from lessons.adaptations.models import Adaptation, TaughtLesson

DONE = 100


@dataclass(frozen=True, slots=True)
class Status:
    """`state` is the mark of the week's component: ok, wip or due; `tone` that of a tag."""

    state: str
    label: str

    @property
    def tone(self) -> str:
        return {"ok": "l", "due": "h"}.get(self.state, "q")


def adaptation_of(design: Any) -> Adaptation | None:
    """The adaptation of a design that came with `adaptation` selected; None where there is none."""
    found: Adaptation | None = getattr(design, "adaptation", None)
    return found


def status_of(design: Any, percent: int, taught: TaughtLesson | None = None) -> Status:
    """草稿, 已备好, 已授课, 已反思; ready is what the teacher says, not what is full.

    Args:
        taught: the record of the class that is asked about; without one the plan as a whole is meant.
    """
    own = adaptation_of(design)
    if own is None or own.state == Adaptation.State.DRAFT:
        if own is not None and own.base_id:
            return Status("wip", f"二次备课中 {percent}%")
        return Status("due", "写完了，待标备好") if percent == DONE else Status("wip", f"备课中 {percent}%")
    if taught is not None:
        return Status("ok", "已反思") if taught.reflected_at else Status("due", "已授课，待写反思")
    return Status("ok", "已备好")


def whole_status(design: Any, percent: int) -> Status:
    """For a list of plans: taught until every class has its reflection."""
    own = adaptation_of(design)
    if own is not None and own.state == Adaptation.State.TAUGHT:
        return Status("due", "待写反思")
    if own is not None and own.state == Adaptation.State.REFLECTED:
        return Status("ok", "已反思")
    return status_of(design, percent)
