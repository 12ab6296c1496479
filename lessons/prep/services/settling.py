"""送审, 退回, 审定: when enough have spoken and nothing is open, the text becomes the shared plan and names are put to it."""

from datetime import datetime

from django.db import transaction

from groups.access import Action
from groups.models import Person
from lessons.prep import hooks
from lessons.prep.circles import people_in_circle
from lessons.prep.models import Credit, Participant, Preparation, State
from lessons.prep.services.drafting import last_draft, moved_on, plan_of
from lessons.prep.services.steps import (
    NotReady,
    everybody,
    inform,
    load,
    move,
    participants,
    reason_given,
    require_ready,
)
from library.history.keeping import author_added
from library.resources import services
from library.resources.models import Contribution, Resource


def needed_voices(row: Preparation, at: datetime) -> tuple[int, int, int]:
    """(how many of the members have spoken, how many must, how many there are).

    Who went from the circle without a word is counted no more: a quorum must stay within reach of those who are left.
    """
    placed = row.participants.all()
    members = {one.person_id for one in placed if one.role == Participant.Role.MEMBER and one.left_at is None}
    spoken = members & hooks.who_spoke(row)
    here = members & set(people_in_circle(row, at).values_list("pk", flat=True)) if members - spoken else members
    counted = len(here | spoken)
    return len(spoken), -(-counted * row.quorum // 100), counted


@transaction.atomic
def send_for_approval(*, preparation: Preparation, by: Person, at: datetime, seen: int | None = None) -> Preparation:
    """Ask the approver (送审).

    Raises:
        Refused, Stale: as every step.
        NotReady: a remark is open, too few have spoken, the text was changed after the last draft, nobody approves.
    """
    row = load(preparation, by, Action.SEND_FOR_APPROVAL, at, seen)
    plan_of(row)
    require_ready(row, Action.SEND_FOR_APPROVAL)
    if moved_on(row):
        number = last_draft(row).number
        raise NotReady(f"教案在第{number}稿之后又改过，大家还没有看到。请先整理为第{number + 1}稿再送审")
    spoken, needed, members = needed_voices(row, at)
    if spoken < needed:
        raise NotReady(
            f"{members} 位参备人里写过批注的有 {spoken} 位，送审要 {needed} 位。请再请 {needed - spoken} 位看看"
        )
    approver = row.approver
    if approver is None:
        raise NotReady("还没有审定人，请组织者先选审定人")
    row = move(row, action=Action.SEND_FOR_APPROVAL, to=State.FOR_APPROVAL, by=by, at=at)
    inform(row, [approver], f"{by.name}把{{thing}}送你审定", by, at)
    return row


@transaction.atomic
def return_to_discussion(
    *, preparation: Preparation, by: Person, at: datetime, reason: str, seen: int | None = None
) -> Preparation:
    """Back to the discussion, with reasons (退回).

    Raises:
        Refused, Stale: as every step.
        NotReady: no reason.
    """
    row = load(preparation, by, Action.RETURN, at, seen)
    words = reason_given(reason, "退回要写明原因，主备人会看到这句话")
    row = move(row, action=Action.RETURN, to=State.DISCUSSING, by=by, at=at, reason=words)
    inform(row, [*participants(row, Participant.Role.LEAD), row.organiser], f"{{thing}}退回研讨：{words}", by, at)
    return row


@transaction.atomic
def approve(
    *, preparation: Preparation, by: Person, at: datetime, opinion: str = "", seen: int | None = None
) -> Preparation:
    """Settle it (审定): shared plan v1.0, never changed, with the names of all whose words are in it.

    Raises:
        Refused, Stale: as every step.
    """
    row = load(preparation, by, Action.APPROVE, at, seen)
    resource = plan_of(row)
    version = services.cut_version(
        resource=resource, by=by, at=at, label="v1.0", reason="审定为共案", even_unchanged=True
    )
    give_credit(row, at)
    row = move(
        row,
        action=Action.APPROVE,
        to=State.SETTLED,
        by=by,
        at=at,
        reason=opinion[:500],
        detail={"version": version.number, "sha256": version.sha256},
        settled_version=version,
        settled_at=at,
    )
    inform(row, everybody(row), "{thing}已定稿，成为共案 v1.0", by, at)
    return row


def give_credit(row: Preparation, at: datetime) -> None:
    """Names on the shared plan (署名): who led a draft, and each of whom something was adopted; as authors too.

    Asked again after the plan was settled, it counts what came back from use.
    """
    counts, plan = hooks.adopted_of(row), plan_of(row)
    leads = {pk for pk in (row.lead_id, *row.drafts.values_list("submitted_by", flat=True)) if pk}
    schools = dict(row.hand_downs.filter(person__isnull=False).values_list("person", "organisation"))
    schools |= dict(row.participants.values_list("person", "school_then"))
    for person in sorted(leads | {pk for pk, count in counts.items() if count}, key=lambda pk: (pk not in leads, pk)):
        part = Credit.Part.LEAD if person in leads else Credit.Part.MEMBER
        Credit.objects.update_or_create(
            preparation=row,
            person_id=person,
            defaults={"part": part, "adopted": counts.get(person, 0)},
            create_defaults={"part": part, "adopted": counts.get(person, 0), "school_then_id": schools.get(person)},
        )
        _sign(plan, person, part, schools.get(person), at)


def _sign(plan: Resource, person: int, part: str, school: int | None, at: datetime) -> None:
    written = Contribution.objects.filter(resource=plan, person=person)
    if written.exists():
        return
    author_added(plan.pk, person, at)
    order = Contribution.objects.filter(resource=plan).count()
    Contribution.objects.create(resource=plan, person_id=person, part=part, school_then_id=school, order=order)
