"""Preparations that were planned elsewhere than on the board, put into the rows where their lessons stand."""

from django.db import transaction
from django.db.models import F

from lessons.plans.models import PlanRow, TermPlan
from lessons.prep.models import Preparation, State


def link_known(plan: TermPlan) -> int:
    """Give the plan's rows the preparations of their lessons that the prep group has already. Answers how many."""
    known = Preparation.objects.filter(body=plan.body, term=plan.term, plan_row__isnull=True, node__isnull=False)
    return sum(link(one) for one in known.exclude(state=State.CANCELLED).order_by("created_at", "pk"))


@transaction.atomic
def link(preparation: Preparation) -> bool:
    """Put a preparation into the first row of its lesson that has none. Its week is then the row's."""
    rows = PlanRow.objects.select_for_update(of=("self",)).filter(
        plan__body=preparation.body_id, plan__term=preparation.term_id, node=preparation.node_id, preparation=None
    )
    row = rows.order_by("part", "first_week", "pk").first()
    if row is None or preparation.term_id is None or preparation.node_id is None:
        return False
    PlanRow.objects.filter(pk=row.pk).update(
        preparation=preparation,
        lead=preparation.lead_id or row.lead_id,
        version=F("version") + 1,
        changed_by=preparation.organiser_id,
        changed_at=preparation.created_at,
    )
    Preparation.objects.filter(pk=preparation.pk, week__isnull=True).update(week=row.first_week)
    return True
