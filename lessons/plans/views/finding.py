"""The plan or row that an address names, for whoever may do something to it; numbers that a form holds."""

from typing import cast

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from groups import access
from groups.access import Action
from groups.middleware import ViewerRequest
from groups.models import Person
from groups.viewer import Viewer
from lessons.plans.models import PlanRow, TermPlan
from lessons.plans.services import Seen

BOOK = ("body", "term", "textbook__edition", "textbook__subject", "textbook__outline")


def viewer_of(request: HttpRequest) -> Viewer:
    return cast(ViewerRequest, request).viewer


def person_of(request: HttpRequest) -> Person:
    return cast(Person, request.user)


def plan_for(request: HttpRequest, uid: str, action: Action = Action.READ) -> TermPlan:
    """The plan.

    Raises:
        Http404: there is none. Refused: the rule says no.
    """
    plan = get_object_or_404(TermPlan.objects.select_related(*BOOK).prefetch_related("term__holidays"), uid=uid)
    access.require(viewer_of(request), action, plan)
    return plan


def row_of(plan: TermPlan, uid: str) -> PlanRow:
    rows = plan.rows.select_related("node__outline", "lead", "preparation__lead", "changed_by")
    row = get_object_or_404(rows, uid=uid)
    row.plan = plan
    return row


def number(told: str | None) -> int:
    """A number that a form holds; 0, which is no week and no version, for what is none."""
    return int(told) if told and told.isdecimal() and len(told) < 9 else 0


def seen_in(request: HttpRequest) -> Seen:
    """The row as the form's page showed it."""
    told = request.POST
    return Seen(number(told.get("version")), number(told.get("was_first")), number(told.get("was_last")))
