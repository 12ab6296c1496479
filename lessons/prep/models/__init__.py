"""A preparation, who takes part, its numbered drafts, to whom it was handed down, and everything that happened to it."""

from lessons.prep.models.after import Credit, HandDown, Recap
from lessons.prep.models.people import Participant
from lessons.prep.models.preparation import Preparation, State, Type
from lessons.prep.models.record import Draft, Transition
from lessons.prep.models.remarks import Remark, RemarkReport, Reply, Vote

__all__ = [
    "Credit",
    "Draft",
    "HandDown",
    "Participant",
    "Preparation",
    "Recap",
    "Remark",
    "RemarkReport",
    "Reply",
    "State",
    "Transition",
    "Type",
    "Vote",
]
