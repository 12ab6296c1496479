"""Who leads a lesson of the plan: assigned by the organiser, or claimed by a member, the first of two."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from groups import access, audit, calendar
from groups.access import Action
from groups.inbox.services import About, tell
from groups.models import Appointment, Person, Role
from groups.models.dated import valid
from groups.services import NotPossible
from lessons.plans.circles import members_of
from lessons.plans.models import PlanRow
from lessons.plans.services.weeks import ChangedMeanwhile, locked, write
from lessons.prep.models import Preparation
from lessons.prep.services import planning


@transaction.atomic
def assign(
    *, row: PlanRow, lead: Person | None, version: int, by: Person, at: datetime, whole_unit: bool = False
) -> int:
    """Give a lesson to somebody (指派主备人), or to nobody yet. Returns how many lessons changed hands.

    Args:
        version: of the row, as the page showed it.
        whole_unit: also what else of the unit has no lead and no preparation yet.

    Raises:
        Refused: the rule says no.
        ChangedMeanwhile: somebody else changed the row first.
        NotPossible: that person has no seat here, or the work has begun.
    """
    row = locked(row, by, at)
    if row.version != version:
        now = row.lead.name if row.lead else "没有主备人"
        raise ChangedMeanwhile(
            f"{row.changed_by.name}刚改过《{row.title}》，现在是{now}，{row.weeks}。你的指派没有生效，请再指一次"
        )
    if row.work:
        raise NotPossible(f"《{row.title}》已经开始备课，换主备请到它的备课页")
    if lead is not None and not members_of(row.plan.body, at).filter(pk=lead.pk).exists():
        raise NotPossible(f"{lead.name}不在{row.plan.body.display_name}，请先请管理员把人加进备课组")
    rows = [row, *(_rest_of_unit(row) if whole_unit and lead is not None else [])]
    for one in rows:
        write(one, by, at, lead=lead)
    audit.record(by, "plan.lead_assigned", row.plan, rows=[one.uid for one in rows], lead=lead.uid if lead else "")
    if lead is not None:
        _tell(row, lead, len(rows), by, at)
    return len(rows)


def _rest_of_unit(row: PlanRow) -> list[PlanRow]:
    """What else of the row's unit nobody leads."""
    parents = dict(row.node.outline.nodes.values_list("pk", "parent_id"))

    def top(pk: int) -> int:
        above = parents.get(pk)
        return pk if above is None else top(above)

    free = PlanRow.objects.select_for_update().filter(plan=row.plan, lead__isnull=True, preparation__isnull=True)
    return [one for one in free.exclude(pk=row.pk) if top(one.node_id) == top(row.node_id)]


def _tell(row: PlanRow, lead: Person, count: int, by: Person, at: datetime) -> None:
    rest = f"等 {count} 课" if count > 1 else ""
    tell(
        people=[lead],
        about=About.NOTICE,
        words=f"{by.name}请你主备{{thing}}里的“{row.title}”{rest}，{row.weeks}",
        at=at,
        actor=by,
        thing="prep_plan",
        thing_uid=row.plan.uid,
    )


@transaction.atomic
def claim(*, row: PlanRow, by: Person, at: datetime) -> PlanRow:
    """Take a lesson that nobody leads (认领). Twice is once.

    Raises:
        Refused: the rule says no.
        NotPossible: somebody was faster.
    """
    row = locked(row, by, at, Action.CLAIM)
    if row.lead_id == by.pk:
        return row
    if row.leader is not None:
        raise NotPossible(f"《{row.title}》刚刚由{row.leader.name}认领了，请另选一课")
    write(row, by, at, lead=by)
    audit.record(by, "plan.row_claimed", row.plan, row=row.uid)
    row.refresh_from_db()
    return row


@transaction.atomic
def release(*, row: PlanRow, by: Person, at: datetime) -> PlanRow:
    """Give back a lesson that one leads oneself (退回认领), before its work has begun.

    Raises:
        Refused: the rule says no.
        NotPossible: somebody else leads it, or the work has begun.
    """
    row = locked(row, by, at, Action.CLAIM)
    if row.lead_id != by.pk:
        raise NotPossible(f"《{row.title}》不是你主备，不用退")
    if row.work:
        raise NotPossible(f"《{row.title}》已经开始备课，退不了。要换主备，请组织者在备课页里换")
    write(row, by, at, lead=None)
    audit.record(by, "plan.row_released", row.plan, row=row.uid)
    row.refresh_from_db()
    return row


@transaction.atomic
def start(*, row: PlanRow, by: Person, at: datetime) -> Preparation:
    """Begin the work on a lesson (开始备课): its preparation is planned and its lead drafts. Twice is once.

    The organiser may, and so may the lead, for whom the prep group's leader then is the organiser. The deadlines follow
    from the week.

    Raises:
        Refused: the rule says no.
        NotPossible: nobody leads it yet, or the prep group has no leader, or the preparation cannot begin.
    """
    is_organiser = bool(access.may(by, Action.EDIT, row.plan, at=at))
    row = locked(row, by, at, Action.EDIT if is_organiser else Action.CLAIM)
    if row.work is not None:
        return row.work
    if row.lead is None:
        raise NotPossible(f"《{row.title}》还没有主备人，请先认领或指派")
    if not is_organiser and row.lead_id != by.pk:
        raise NotPossible(f"《{row.title}》由{row.lead.name}主备，请本人或组长来开始")
    organiser = by if is_organiser else _organiser_of(row, at)
    preparation = planning.plan(
        body=row.plan.body, what=_what(row, at), by=organiser, at=at, ticket=f"plan-row-{row.uid}-{row.version}"
    )
    write(row, by, at, preparation=preparation)
    audit.record(by, "plan.row_started", row.plan, row=row.uid, preparation=preparation.uid)
    if row.lead_id == by.pk:
        return planning.claim(preparation=preparation, by=by, at=at)
    return planning.assign(preparation=preparation, lead=row.lead, by=by, at=at)


def _organiser_of(row: PlanRow, at: datetime) -> Person:
    """Who leads the prep group now: whoever drew the plan, if still."""
    held = Appointment.objects.filter(valid(at), organisation=row.plan.body, role=Role.PREP_LEADER)
    leaders = [one.person for one in held.select_related("person").order_by("starts_at", "pk") if one.person.is_active]
    if not leaders:
        raise NotPossible(f"{row.plan.body.display_name}现在没有组长，请先请管理员指定，再开始备课")
    return next((one for one in leaders if one.pk == row.plan.created_by_id), leaders[0])


def _what(row: PlanRow, at: datetime) -> planning.Plan:
    return planning.Plan(
        title=row.title,
        subject=row.plan.textbook.subject,
        grade=row.plan.body.grade,
        node=row.node,
        term=row.plan.term,
        week=row.first_week,
        deadlines=deadlines(calendar.week_days(row.plan.term, row.first_week)[0], timezone.localdate(at)),
    )


def deadlines(monday: date, today: date) -> planning.Deadlines:
    """From the Monday of the week it is taught: drafted by the Friday ten days before, discussed by the next Wednesday,
    settled by that Friday. A day that has passed is none.
    """
    drafting, discussing, approval = (monday - timedelta(days=days) for days in (10, 5, 3))
    return planning.Deadlines(*(day if day >= today else None for day in (drafting, discussing, approval)))
