"""What the discussion tells the state machine: what is still open, and whose words were adopted."""

from lessons.prep.models import Preparation
from lessons.prep.remarks import counting


def why_not_yet(preparation: Preparation) -> str:
    """Every remark is disposed of before a new draft, and before the plan is sent for approval."""
    number = counting.open_remarks(preparation)
    return f"还有 {number} 条批注没有处理，每条都要采纳、部分采纳、不采纳或标为已解决" if number else ""


def adopted(preparation: Preparation) -> dict[int, int]:
    return {one.person.pk: one.adopted for one in counting.contributions(preparation)}
