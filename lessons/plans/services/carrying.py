"""Last year's plan as the beginning of this year's: by node, or where the textbook was revised by the mapping of outlines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import prefetch_related_objects

from catalogue.models import Node, Outline, Textbook
from groups import access, audit, calendar
from groups.access import Action
from groups.models import Person, Term
from groups.services import NotPossible
from lessons.plans.circles import members_of
from lessons.plans.models import LAST_WEEK, PlanRow, TermPlan
from lessons.plans.services.linking import link_known
from lessons.plans.services.planning import begin, drawn_rows, outline_of
from library.outlines.models import MappingLine, Proposal


@dataclass(frozen=True, slots=True)
class Carried:
    """The new plan, what of the old one has no place in the new book, and what the new book has more."""

    plan: TermPlan
    left: tuple[str, ...]
    added: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a lesson of the new plan comes from: its weeks and lead of last year."""

    node_id: int
    part: int
    first_week: int
    last_week: int
    lead_id: int | None


@transaction.atomic
def carry_over(*, old: TermPlan, term: Term, textbook: Textbook, by: Person, at: datetime) -> Carried:
    """Begin a plan from an earlier one (沿用去年): weeks counted in teaching weeks, leads as far as they still sit here.

    A lesson that the new book split stands in the plan once for each half, one that was merged once; what the new book
    added is put where an even spread would put it.

    Raises:
        Refused: the rule says no, about either plan.
        NotPossible: there is such a plan already, or the books have nothing in common.
    """
    access.require(by, Action.READ, old, at=at)
    plan = begin(body=old.body, term=term, textbook=textbook, by=by, at=at)
    outline = outline_of(textbook)
    rows = list(old.rows.select_related("node", "lead", "preparation__lead").order_by("first_week", "order"))
    targets = _targets(rows, outline)
    places = _places(rows, targets, _shift(old.term, term), set(members_of(old.body, at).values_list("pk", flat=True)))
    if not places:
        raise NotPossible("去年的计划和这本教材对不上。教材换了新版的，请先请学科管理员做好新旧教材对照，再来沿用")
    fresh = _not_planned(outline, term, {place.node_id for place in places})
    _write(plan, [*places, *fresh], by, at)
    link_known(plan)
    TermPlan.objects.filter(pk=plan.pk).update(carried_from=old)
    audit.record(by, "plan.carried", plan, source=old.uid, rows=len(places), added=len(fresh))
    added = Node.objects.filter(pk__in=[one.node_id for one in fresh]).order_by("order")
    return Carried(
        plan, tuple(r.title for r in rows if not targets.get(r.node_id)), tuple(node.heading for node in added)
    )


def _targets(rows: Sequence[PlanRow], outline: Outline) -> Mapping[int, list[int]]:
    """Old node → its nodes in the book: itself where it is the same book, else by the mappings that are in force."""
    found: dict[int, list[int]] = {r.node_id: [r.node_id] for r in rows if r.node.outline_id == outline.pk}
    lines = MappingLine.objects.filter(
        mapping__state=Proposal.State.APPLIED,
        old__in=[row.node_id for row in rows],
        new__outline=outline,
        new__status=Node.Status.ACTIVE,
    )
    for old, new in lines.order_by("order").values_list("old_id", "new_id"):
        if old is not None and new is not None and new not in found.setdefault(old, []):
            found[old].append(new)
    return found


def _shift(old: Term, new: Term) -> Mapping[int, int]:
    """Week of the old term → week of the new one: the third teaching week is the third again."""
    prefetch_related_objects([old, new], "holidays")
    before, now = calendar.teaching_weeks(old), calendar.teaching_weeks(new)
    if not before or not now:
        raise NotPossible("校历里还没有上课的周，请先请管理员填好两个学期的校历")
    return {
        week: now[min(sum(1 for taught in before if taught < week), len(now) - 1)]
        for week in range(1, max(calendar.weeks_in(old), LAST_WEEK) + 1)
    }


def _places(
    rows: Sequence[PlanRow], targets: Mapping[int, list[int]], weeks: Mapping[int, int], seated: set[int]
) -> list[Place]:
    places: dict[tuple[int, int], Place] = {}
    for row in rows:
        lead = row.leader.pk if row.leader and row.leader.pk in seated else None
        for node in targets.get(row.node_id, ()):
            place = Place(node, row.part, weeks[row.first_week], weeks[row.last_week], lead)
            places.setdefault((node, row.part), place)
    return list(places.values())


def _not_planned(outline: Outline, term: Term, planned: set[int]) -> list[Place]:
    """Lessons of the book of which neither themselves nor their unit is planned."""
    parents = dict(outline.nodes.values_list("pk", "parent_id"))

    def is_planned(node: int | None) -> bool:
        return node is not None and (node in planned or is_planned(parents.get(node)))

    drawn = drawn_rows(outline, term, 1, calendar.weeks_in(term))
    return [Place(d.node_id, 0, d.first_week, d.last_week, None) for d in drawn if not is_planned(d.node_id)]


def _write(plan: TermPlan, places: Sequence[Place], by: Person, at: datetime) -> None:
    PlanRow.objects.bulk_create(
        PlanRow(
            plan=plan,
            node_id=place.node_id,
            part=place.part,
            first_week=place.first_week,
            last_week=place.last_week,
            order=number,
            lead_id=place.lead_id,
            changed_by=by,
            changed_at=at,
        )
        for number, place in enumerate(sorted(places, key=lambda place: place.first_week), 1)
    )
