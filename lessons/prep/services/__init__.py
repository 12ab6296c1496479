"""Every step of a preparation: load, permit, guard, change, write down, tell; each in one transaction."""

from lessons.prep.services.closing import archive, cancel, conclude, recap
from lessons.prep.services.drafting import add_member, change_lead, extend, new_draft, submit_draft
from lessons.prep.services.planning import Deadlines, Plan, assign, change_approver, change_plan, claim, plan
from lessons.prep.services.settling import approve, needed_voices, return_to_discussion, send_for_approval
from lessons.prep.services.steps import Done, NotReady, Stale
from lessons.prep.services.using import hand_down, revise

__all__ = [
    "Deadlines",
    "Done",
    "NotReady",
    "Plan",
    "Stale",
    "add_member",
    "approve",
    "archive",
    "assign",
    "cancel",
    "change_approver",
    "change_lead",
    "change_plan",
    "claim",
    "conclude",
    "extend",
    "hand_down",
    "needed_voices",
    "new_draft",
    "plan",
    "recap",
    "return_to_discussion",
    "revise",
    "send_for_approval",
    "submit_draft",
]
