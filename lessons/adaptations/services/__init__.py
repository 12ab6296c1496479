"""Every write to adaptations: receive, make ready, teach, reflect, share; propose back, discuss, adopt, decline."""

from lessons.adaptations.services.proposing import (
    NeedsChoice,
    adopt,
    decline,
    propose_changes,
    propose_reflection,
    remark,
)
from lessons.adaptations.services.receiving import OtherEdition, keep_own, receive
from lessons.adaptations.services.teaching import (
    Reflection,
    forget_lesson,
    mark_ready,
    reflect,
    share_with_group,
    teach,
)

__all__ = [
    "NeedsChoice",
    "OtherEdition",
    "Reflection",
    "adopt",
    "decline",
    "forget_lesson",
    "keep_own",
    "mark_ready",
    "propose_changes",
    "propose_reflection",
    "receive",
    "reflect",
    "remark",
    "share_with_group",
    "teach",
]
