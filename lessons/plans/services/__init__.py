"""Every write to a term plan."""

from lessons.plans.services.carrying import Carried, carry_over
from lessons.plans.services.feeds import make_feed, revoke_feed
from lessons.plans.services.leading import assign, claim, release, start
from lessons.plans.services.planning import add_row, draw_plan, remove_row
from lessons.plans.services.weeks import ChangedMeanwhile, Seen, move, split, swap

__all__ = [
    "Carried",
    "ChangedMeanwhile",
    "Seen",
    "add_row",
    "assign",
    "carry_over",
    "claim",
    "draw_plan",
    "make_feed",
    "move",
    "release",
    "remove_row",
    "revoke_feed",
    "split",
    "start",
    "swap",
]
