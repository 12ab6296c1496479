"""复盘, 归档, 结论, 作废: how a preparation ends."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from groups.access import Action
from groups.models import Person
from lessons.prep.models import Preparation, Recap, State
from lessons.prep.services.drafting import differs, plan_of
from lessons.prep.services.steps import NotReady, everybody, inform, load, move, reason_given
from library.documents import schema
from library.resources import services
from library.resources.models import WorkingCopy
from library.resources.services.writing import document_of

LONGEST = 5000


@transaction.atomic
def recap(
    *,
    preparation: Preparation,
    by: Person,
    at: datetime,
    summary: str = "",
    next_time: str = "",
    seen: int | None = None,
) -> Preparation:
    """Look back together (复盘): the first time it begins, then the words are kept until it is archived.

    Raises:
        Refused, Stale: as every step.
        NotReady: too long.
    """
    row = load(preparation, by, Action.RECAP, at, seen)
    if max(len(summary), len(next_time)) > LONGEST:
        raise NotReady(f"总结最多 {LONGEST} 个字，请写短一些")
    Recap.objects.update_or_create(
        preparation=row,
        defaults={
            "summary": summary.strip(),
            "next_time": next_time.strip(),
            "written_by": by,
            "written_at": at,
        },
    )
    begins = row.state == State.IN_USE
    row = move(row, action=Action.RECAP, to=State.RECAPPING, by=by, at=at)
    if begins:
        inform(row, everybody(row), "{thing}开始复盘，请补上教学反思", by, at)
    return row


@transaction.atomic
def conclude(
    *, preparation: Preparation, by: Person, at: datetime, conclusion: str, seen: int | None = None
) -> Preparation:
    """Write the conclusion of a discussion that makes no shared plan (结论); it goes on to the recap.

    Raises:
        Refused, Stale: as every step.
        NotReady: no conclusion, or it is a shared plan.
    """
    row = load(preparation, by, Action.CONCLUDE, at, seen)
    if row.is_shared_plan:
        raise NotReady("同备教案以定稿结束，请送审")
    words = conclusion.strip()
    if not words:
        raise NotReady("请写下研讨的结论，参加的老师会看到")
    if len(words) > LONGEST:
        raise NotReady(f"结论最多 {LONGEST} 个字，请写短一些")
    row = move(row, action=Action.CONCLUDE, to=State.RECAPPING, by=by, at=at, conclusion=words)
    inform(row, everybody(row), "{thing}有了结论", by, at)
    return row


@transaction.atomic
def archive(
    *,
    preparation: Preparation,
    by: Person,
    at: datetime,
    audiences: Sequence[services.Audience] = (),
    seen: int | None = None,
) -> Preparation:
    """Close it (归档), and ask for the shared plan's place in the library; its reviewers decide, its authors are named.

    Args:
        audiences: whom it is to be published for; none: it is kept for the group alone.

    Raises:
        Refused, Stale: as every step.
        NotReady: it is in the library already, or on its way.
        reviewing.NotReady: the audience does not fit.
    """
    row = load(preparation, by, Action.ARCHIVE, at, seen)
    plan = row.resource
    if row.state == State.ARCHIVED and (plan is None or plan.state != "draft" or not audiences):
        raise NotReady("已经归档了。共案已入库或在审，不用再送一次")
    row = move(row, action=Action.ARCHIVE, to=State.ARCHIVED, by=by, at=at, detail={"audiences": len(audiences)})
    if plan is not None and audiences:
        _set_aside(row, by, at)
        label = row.settled_version.label if row.settled_version else ""
        services.submit(resource=plan, by=by, audiences=audiences, at=at, reason="集体备课归档", label=label)
    inform(row, everybody(row), "{thing}已归档" + ("，共案送审入库" if audiences else ""), by, at)
    return row


def _set_aside(row: Preparation, by: Person, at: datetime) -> None:
    """What the lead wrote after the shared plan in force, and never gave out, is kept as a version, not published."""
    settled = row.settled_version
    if settled is None or not differs(row, settled):
        return
    plan = plan_of(row)
    services.cut_version(resource=plan, by=by, at=at, label="未发布的修订", reason="归档时另存")
    copy = WorkingCopy.objects.get(resource=plan)
    copy.attachments.all().delete()
    for attached in settled.attachments.all():
        copy.attachments.create(file_id=attached.file_id, purpose=attached.purpose, order=attached.order)
    copy.title, copy.document = settled.title, schema.dump(document_of(plan, settled.document))
    copy.lock_version += 1
    copy.updated_by = by
    copy.save()


@transaction.atomic
def cancel(*, preparation: Preparation, by: Person, at: datetime, reason: str, seen: int | None = None) -> Preparation:
    """Stop it before it is settled (作废); everything stays in its history.

    Raises:
        Refused, Stale: as every step.
        NotReady: no reason.
    """
    row = load(preparation, by, Action.CANCEL, at, seen)
    words = reason_given(reason, "作废要写明原因，老师们会看到这句话")
    row = move(row, action=Action.CANCEL, to=State.CANCELLED, by=by, at=at, reason=words)
    inform(row, everybody(row), f"{{thing}}已作废：{words}", by, at)
    return row
