"""Moving lessons between weeks. A change names the version it saw; of two organisers the first wins, the other is told."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from groups import access, audit, calendar
from groups.access import Action
from groups.models import Person, Term
from groups.services import NotPossible
from lessons.plans.models import LAST_WEEK, MOST_PARTS, PlanRow, TermPlan, weeks_in_words
from lessons.prep.models import Preparation


class ChangedMeanwhile(NotPossible):
    """Somebody else changed the same lesson or week since this page was opened; nothing was overwritten."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A row as the page showed it: its version and its weeks."""

    version: int
    first_week: int
    last_week: int


def seen_of(row: PlanRow) -> Seen:
    return Seen(row.version, row.first_week, row.last_week)


def locked(row: PlanRow, by: Person, at: datetime, action: Action = Action.EDIT) -> PlanRow:
    """The row as it is now, held until the transaction ends.

    Raises:
        Refused: the rule says no.
        NotPossible: it was taken out of the plan.
    """
    access.require(by, action, row.plan, at=at)
    rows = PlanRow.objects.select_for_update(of=("self",)).select_related(
        "node__outline",
        "plan__term",
        "plan__body",
        "plan__textbook__subject",
        "changed_by",
        "lead",
        "preparation__lead",
    )
    found = rows.filter(pk=row.pk).first()
    if found is None:
        raise NotPossible(f"《{row.title}》已经从计划里拿掉了，请刷新看看现在的计划")
    return found


def write(row: PlanRow, by: Person, at: datetime, **changes: object) -> None:
    PlanRow.objects.filter(pk=row.pk).update(version=F("version") + 1, changed_by=by, changed_at=at, **changes)


@transaction.atomic
def move(*, row: PlanRow, first_week: int, last_week: int, seen: Seen, by: Person, at: datetime) -> PlanRow:
    """Plan a lesson for other weeks (移周).

    Raises:
        Refused: the rule says no.
        ChangedMeanwhile: somebody else changed it first.
        NotPossible: the term has no such week.
    """
    row = locked(row, by, at)
    wanted = weeks_in_words(first_week, last_week)
    if row.version != seen.version:
        raise ChangedMeanwhile(overtaken(row, seen, wanted))
    inside(row.plan.term, first_week, last_week)
    if (row.first_week, row.last_week) == (first_week, last_week):
        return row
    write(row, by, at, first_week=first_week, last_week=last_week, order=end_of(row.plan, first_week))
    _tell_preparation(row, first_week)
    audit.record(by, "plan.row_moved", row.plan, row=row.uid, was=row.weeks, now=wanted)
    row.refresh_from_db()
    return row


def overtaken(row: PlanRow, seen: Seen, wanted: str) -> str:
    """Both states in one sentence: what was seen, who made what of it, and what did not happen."""
    was, now = weeks_in_words(seen.first_week, seen.last_week), row.weeks
    when = f"{timezone.localtime(row.changed_at):%H:%M}"
    did = f"把它从{was}改到{now}" if was != now else f"改过它，现在仍在{now}"
    return (
        f"{row.changed_by.name} {when} {did}，你要改的{wanted}没有生效。还要改，请按现在的{now}再移一次《{row.title}》"
    )


def inside(term: Term, first: int, last: int) -> None:
    weeks = min(calendar.weeks_in(term), LAST_WEEK)
    if not 1 <= first <= last <= weeks:
        raise NotPossible(f"周次要在第 1 周到第 {weeks} 周之间，结束周不能早于起始周")


def end_of(plan: TermPlan, week: int) -> int:
    """The place after everything that begins in the week."""
    last = plan.rows.filter(first_week=week).aggregate(last=Max("order"))["last"]
    return (last or 0) + 1


def _tell_preparation(row: PlanRow, week: int) -> None:
    if row.preparation_id:
        Preparation.objects.filter(pk=row.preparation_id).update(week=week)


def fingerprint(rows: Iterable[PlanRow]) -> str:
    """What a week looks like: its lessons with their versions."""
    told = ",".join(sorted(f"{row.uid}.{row.version}" for row in rows))
    return hashlib.sha256(told.encode()).hexdigest()[:8]


@transaction.atomic
def swap(*, plan: TermPlan, one: int, other: int, seen: tuple[str, str], by: Person, at: datetime) -> int:
    """Let two weeks change places (对调两周), with everything that begins in them. Returns how many lessons moved.

    Args:
        seen: the fingerprints of both weeks as the page showed them.

    Raises:
        Refused: the rule says no.
        ChangedMeanwhile: somebody else changed one of the weeks first.
        NotPossible: the term has no such week, or a lesson would end after it.
    """
    access.require(by, Action.EDIT, plan, at=at)
    inside(plan.term, min(one, other), max(one, other))
    rows = list(
        PlanRow.objects.select_for_update(of=("self",))
        .filter(plan=plan, first_week__in=(one, other))
        .select_related("node", "plan__term", "changed_by")
    )
    weeks = {week: [row for row in rows if row.first_week == week] for week in (one, other)}
    for week, told in zip((one, other), seen, strict=True):
        if fingerprint(weeks[week]) != told:
            raise ChangedMeanwhile(_week_changed(plan, week, weeks[week], one, other))
    for row in rows:
        target = other if row.first_week == one else one
        last = target + row.last_week - row.first_week
        inside(plan.term, target, last)
        write(row, by, at, first_week=target, last_week=last)
        _tell_preparation(row, target)
    audit.record(by, "plan.weeks_swapped", plan, one=one, other=other, rows=len(rows))
    return len(rows)


def _week_changed(plan: TermPlan, week: int, rows: list[PlanRow], one: int, other: int) -> str:
    newest = max(rows, key=lambda row: row.changed_at, default=None)
    who = f"{newest.changed_by.name} {timezone.localtime(newest.changed_at):%H:%M} " if newest else "有人"
    holds = "、".join(f"《{row.title}》" for row in rows) or "没有课"
    return (
        f"你打开这一页以后，{who}改过第 {week} 周，现在这一周是{holds}。"
        f"第 {one} 周和第 {other} 周没有对调，请看过现在的计划再定"
    )


@transaction.atomic
def split(*, row: PlanRow, seen: Seen, by: Person, at: datetime) -> PlanRow:
    """Let a lesson be prepared in two parts (拆成两段): a longer one at its middle, one of a single week into the next.

    Returns the new second part: the same lead, no preparation yet.

    Raises:
        Refused: the rule says no.
        ChangedMeanwhile: somebody else changed it first.
        NotPossible: there is no week after it, or it has nine parts already.
    """
    row = locked(row, by, at)
    if row.version != seen.version:
        raise ChangedMeanwhile(overtaken(row, seen, "拆分"))
    parts = list(PlanRow.objects.select_for_update().filter(plan=row.plan, node=row.node).order_by("part"))
    if len(parts) >= MOST_PARTS:
        raise NotPossible(f"《{row.node.heading}》已经分成 {MOST_PARTS} 段，不能再拆")
    middle = (row.first_week + row.last_week) // 2
    last = max(row.last_week, middle + 1)
    inside(row.plan.term, row.first_week, last)
    mine = row.part or 1
    for other in (one for one in parts if one.part > mine):
        write(other, by, at, part=other.part + 1)
    write(row, by, at, part=mine, last_week=middle)
    second = PlanRow.objects.create(
        plan=row.plan,
        node=row.node,
        part=mine + 1,
        first_week=middle + 1,
        last_week=last,
        order=end_of(row.plan, middle + 1),
        lead=row.lead,
        changed_by=by,
        changed_at=at,
    )
    audit.record(by, "plan.row_split", row.plan, row=row.uid, into=second.uid)
    return second
