"""提交, 整理, 延期, 补充成员, 换主备: the numbered drafts and what the organiser puts right on the way."""

from datetime import datetime

from django.db import transaction

from groups.access import Action
from groups.models import Person
from groups.selectors import home_school_of, school_of, schools_of_people
from lessons.prep.circles import is_in_circle
from lessons.prep.models import Draft, Participant, Preparation, State
from lessons.prep.services.planning import Deadlines
from lessons.prep.services.steps import (
    NotReady,
    inform,
    load,
    move,
    participants,
    place,
    reason_given,
    require_ready,
)
from library.history.keeping import author_added
from library.resources import services
from library.resources.models import Contribution, Resource, Version, WorkingCopy
from library.resources.services.reviewing import missing_sections

Role, How = Participant.Role, Participant.How


@transaction.atomic
def submit_draft(
    *, preparation: Preparation, by: Person, at: datetime, note: str = "", seen: int | None = None
) -> Preparation:
    """Put the first draft to the participants (提交 → 第1稿).

    Raises:
        Refused, Stale: as every step.
        NotReady: sections that every lesson design has are empty.
    """
    row = load(preparation, by, Action.SUBMIT_DRAFT, at, seen)
    require_ready(row, Action.SUBMIT_DRAFT)
    _cut(row, by, at, note)
    row = move(row, action=Action.SUBMIT_DRAFT, to=State.DISCUSSING, by=by, at=at, detail={"draft": 1})
    inform(row, participants(row), f"{by.name}提交了{{thing}}第1稿，请来批注", by, at)
    return row


@transaction.atomic
def new_draft(
    *, preparation: Preparation, by: Person, at: datetime, note: str = "", seen: int | None = None
) -> Preparation:
    """The next numbered draft (整理 → 第 n+1 稿), once every remark is disposed of.

    Raises:
        Refused, Stale: as every step.
        NotReady: a remark is open, the text has not changed, or a section is empty.
    """
    row = load(preparation, by, Action.NEW_DRAFT, at, seen)
    plan_of(row)
    require_ready(row, Action.NEW_DRAFT)
    if not moved_on(row):
        raise NotReady(f"教案和第{last_draft(row).number}稿一个字没变，改过以后再整理")
    draft = _cut(row, by, at, note)
    row = move(row, action=Action.NEW_DRAFT, to=row.state, by=by, at=at, reason=note, detail={"draft": draft.number})
    inform(row, participants(row), f"{by.name}把{{thing}}整理成了第{draft.number}稿", by, at)
    return row


def plan_of(row: Preparation) -> Resource:
    """The text that is prepared, read anew.

    Raises:
        NotReady: this type makes none.
    """
    if row.resource_id is None:
        raise NotReady(f"{row.get_kind_display()}没有稿次和共案，研讨完请写下结论")
    return Resource.objects.get(pk=row.resource_id)


def last_draft(row: Preparation) -> Draft:
    found = row.drafts.select_related("version").order_by("-number").first()
    if found is None:
        raise NotReady("还没有提交第1稿")
    return found


def moved_on(row: Preparation) -> bool:
    """The working copy says something else than the last numbered draft."""
    return differs(row, last_draft(row).version)


def differs(row: Preparation, version: Version) -> bool:
    """The working copy says something else than this version."""
    copy = WorkingCopy.objects.prefetch_related("attachments").get(resource=row.resource_id)
    files = [(a.file_id, a.purpose) for a in copy.attachments.all()]
    then = list(version.attachments.values_list("file", "purpose"))
    return (copy.title, copy.document, files) != (version.title, version.document, then)


def _cut(row: Preparation, by: Person, at: datetime, note: str) -> Draft:
    resource = plan_of(row)
    empty = missing_sections(resource)
    if empty:
        raise NotReady(f"还缺：{'、'.join(empty)}。补上再提交")
    number = row.drafts.count() + 1
    label = f"第{number}稿"
    version = services.cut_version(
        resource=resource, by=by, at=at, label=label, reason=note.strip()[:200], even_unchanged=True
    )
    return Draft.objects.create(
        preparation=row, number=number, version=version, submitted_by=by, submitted_at=at, note=note.strip()[:300]
    )


@transaction.atomic
def extend(
    *,
    preparation: Preparation,
    deadlines: Deadlines,
    by: Person,
    at: datetime,
    reason: str = "",
    seen: int | None = None,
) -> Preparation:
    """Move the last days (延期).

    Raises:
        Refused, Stale: as every step.
        NotReady: no day, or days in the wrong order.
    """
    row = load(preparation, by, Action.EXTEND_DEADLINE, at, seen)
    if deadlines.discussing is None:
        raise NotReady("还没有填研讨截止日，请选一天")
    if sentence := deadlines.why_not():
        raise NotReady(sentence)
    columns = {"discussing_due": deadlines.discussing, "approval_due": deadlines.approval}
    detail = {"from": str(row.discussing_due or ""), "to": str(deadlines.discussing)}
    row = move(row, action=Action.EXTEND_DEADLINE, to=row.state, by=by, at=at, reason=reason, detail=detail, **columns)
    day = deadlines.discussing
    inform(row, participants(row), f"{{thing}}的研讨截止日改到 {day.month}月{day.day}日", by, at)
    return row


@transaction.atomic
def add_member(
    *, preparation: Preparation, person: Person, role: str, by: Person, at: datetime, seen: int | None = None
) -> Preparation:
    """Somebody joins after the start (补充成员): member, co-lead, expert from anywhere, observer; marked as later.

    Raises:
        Refused, Stale: as every step.
        NotReady: not of the circle, is the lead or approver, or takes part already.
    """
    row = load(preparation, by, Action.ADD_MEMBER, at, seen)
    if role not in (Role.MEMBER, Role.CO_LEAD, Role.EXPERT, Role.OBSERVER):
        raise NotReady("请选参备人、协同主备、特邀专家或观察员")
    if row.lead_id == person.pk:
        raise NotReady(f"{person.name}是主备人，不用再补充")
    if role == Role.CO_LEAD and row.approver_id == person.pk:
        raise NotReady(f"{person.name}是审定人，不能协同主备")
    if role in (Role.MEMBER, Role.CO_LEAD) and not is_in_circle(person, row, at):
        raise NotReady(f"{person.name}不在{row.circle.display_name}，可以请作特邀专家")
    held = row.participants.filter(person=person, left_at__isnull=True).first()
    if held and held.role == role:
        raise NotReady(f"{person.name}已经是{held.get_role_display()}了")
    place(row, person, role, How.LATER, school_of(person, at), at)
    detail = {"person": person.name, "role": Role(role).label}
    row = move(row, action=Action.ADD_MEMBER, to=row.state, by=by, at=at, detail=detail)
    inform(row, [person], f"{by.name}请你参加{{thing}}，你是{Role(role).label}", by, at)
    return row


@transaction.atomic
def change_lead(
    *, preparation: Preparation, lead: Person, by: Person, at: datetime, reason: str, seen: int | None = None
) -> Preparation:
    """Another lead goes on with the same text (换主备); whoever led before keeps a place and the name on the drafts.

    Raises:
        Refused, Stale: as every step.
        NotReady: no reason, not of the circle, or the approver.
    """
    row = load(preparation, by, Action.CHANGE_LEAD, at, seen)
    words = reason_given(reason, "换主备人要写明原因，老师们会看到这句话")
    if row.lead_id == lead.pk:
        raise NotReady(f"{lead.name}已经是主备人了")
    if row.approver_id == lead.pk:
        raise NotReady(f"{lead.name}是审定人，不能审定自己的教案。请先换审定人")
    if not is_in_circle(lead, row, at):
        raise NotReady(f"{lead.name}不在{row.circle.display_name}，请另选主备人")
    before = row.lead
    row.participants.filter(role=Role.LEAD).update(role=Role.MEMBER)
    school = schools_of_people([lead], at).get(lead.pk)
    place(row, lead, Role.LEAD, How.LATER, school, at)
    if row.resource is not None:
        _hand_over(row.resource, lead, at)
    detail = {"from": before.name if before else "", "to": lead.name}
    row = move(row, action=Action.CHANGE_LEAD, to=row.state, by=by, at=at, reason=words, lead=lead, detail=detail)
    told = [lead, *([before] if before else [])]
    inform(row, told, f"{{thing}}的主备人换成了{lead.name}：{words}", by, at)
    return row


def _hand_over(resource: Resource, lead: Person, at: datetime) -> None:
    """The text goes on under the new lead's name; earlier authors stay authors."""
    school = home_school_of(lead, at)
    Resource.objects.filter(pk=resource.pk).update(owner=lead, home_school=school)
    if not resource.contributions.filter(person=lead).exists():
        author_added(resource.pk, lead.pk, at)
    Contribution.objects.get_or_create(
        resource=resource, person=lead, part=Contribution.Part.LEAD, defaults={"school_then": school}
    )
