"""排定, 认领, 指派: from an idea to somebody who writes the first draft."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from catalogue.models import Node, Subject
from groups import audit
from groups.access import Action, Refused, Verdict
from groups.models import Organisation, Person, Term
from groups.selectors import home_school_of, school_of
from groups.viewer import viewer_for
from lessons.prep import policies
from lessons.prep.circles import by_rule, circle_of, is_in_circle, places_of, schools_in
from lessons.prep.models import Participant, Preparation, State, Transition, Type
from lessons.prep.services.beginning import begin_text
from lessons.prep.services.steps import NotReady, inform, load, move, participants, place
from library.resources.models import Version

Role, How = Participant.Role, Participant.How
NAMED = (Role.MEMBER, Role.EXPERT, Role.OBSERVER)


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The last days of the stages (各阶段截止)."""

    drafting: date | None = None
    discussing: date | None = None
    approval: date | None = None

    def columns(self) -> dict[str, date | None]:
        return {f"{stage}_due": day for stage, day in asdict(self).items()}

    def why_not(self) -> str:
        days = [day for day in (self.drafting, self.discussing, self.approval) if day]
        return "" if days == sorted(days) else "截止日要依次往后：初备、研讨、定稿。请核对日期"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is planned (活动方案)."""

    title: str
    subject: Subject
    kind: Type = Type.SHARED_PLAN
    requirements: str = ""
    grade: int | None = None
    node: Node | None = None
    period: int = 1
    periods: int = 1
    term: Term | None = None
    week: int | None = None
    link: str = ""
    quorum: int = 60
    deadlines: Deadlines = field(default_factory=Deadlines)


@transaction.atomic
def plan(
    *,
    body: Organisation,
    what: Plan,
    by: Person,
    at: datetime,
    schools: Sequence[Organisation] | None = None,
    approver: Person | None = None,
    named: Sequence[tuple[Person, str]] = (),
    ticket: str = "",
) -> Preparation:
    """Plan a preparation (排定). The same ticket again answers the one that it planned.

    Args:
        schools: those that take part; None: every school of the circle.
        named: persons with their role: member, expert from anywhere, observer.
        ticket: a form's own random word.

    Raises:
        Refused: not an organiser of this prep group.
        NotReady: what is planned does not fit; the sentence names the field.
    """
    if ticket and (earlier := Preparation.objects.filter(ticket=ticket, organiser=by).first()):
        return earlier
    if not policies.bodies_planned_by(viewer_for(by, at)).filter(pk=body.pk).exists():
        raise Refused(Verdict(False, f"排定{body.display_name}的集体备课要由备课组长、教研组长或管理员来办"))
    circle = circle_of(body, at)
    if circle is None:
        raise NotReady(f"{body.name}还没有挂在任何集团或学校下面，请先请管理员设好再排定")
    taking_part = _schools(circle, schools, at)
    _require_fitting(what, body)
    try:
        with transaction.atomic():
            row = Preparation.objects.create(
                body=body,
                circle=circle,
                organiser=by,
                state_changed_at=at,
                created_at=at,
                ticket=ticket or None,
                **_columns(what),
            )
    except IntegrityError:
        return Preparation.objects.get(ticket=ticket)
    row.schools.set(taking_part)
    _place_named(row, named, at)
    if approver is not None:
        row.approver = _fit_approver(row, approver, at)
        row.save(update_fields=["approver"])
    Transition.objects.create(preparation=row, move=1, action="plan", before="", after=row.state, by=by, at=at)
    audit.record(by, "prep.planned", row, body=body.uid)
    told = [one.person for one in by_rule(row, at)] + participants(row) + ([approver] if approver else [])
    inform(row, told, f"{by.name}排定了{{thing}}", by, at)
    return row


def _columns(what: Plan) -> dict[str, Any]:
    return {
        "kind": what.kind,
        "title": what.title.strip(),
        "subject": what.subject,
        "requirements": what.requirements.strip(),
        "grade": what.grade,
        "node": what.node,
        "period": what.period,
        "periods": what.periods,
        "term": what.term,
        "week": what.week,
        "link": what.link,
        "quorum": what.quorum,
        **what.deadlines.columns(),
    }


def _require_fitting(what: Plan, body: Organisation) -> None:
    if not what.title.strip():
        raise NotReady("还没有写主题，请写上课题或要讨论的题目")
    if what.kind == Type.SHARED_PLAN and what.node is None:
        raise NotReady("同备教案要选课题，请在教材目录里选一课")
    if what.kind in (Type.VIDEO, Type.LIVE) and not what.link:
        raise NotReady("视频研讨和直播课堂要写链接，请贴上视频或会议的网址")
    if not 1 <= what.period <= what.periods:
        raise NotReady("课时写反了：第几课时不能多于共几课时")
    if body.subject_id and what.subject.pk != body.subject_id:
        raise NotReady(f"{body.display_name}备的不是{what.subject.name}，请换学科或换备课组")
    if sentence := what.deadlines.why_not():
        raise NotReady(sentence)


def _schools(circle: Organisation, schools: Sequence[Organisation] | None, at: datetime) -> list[Organisation]:
    possible = schools_in(circle, at)
    if schools is None:
        return possible
    outside = [school.name for school in schools if school not in possible]
    if outside:
        raise NotReady(f"{'、'.join(outside)}现在不在{circle.display_name}里，请去掉再排定")
    if not schools:
        raise NotReady("还没有选参与学校，请至少选一所")
    return list(schools)


def _place_named(row: Preparation, named: Sequence[tuple[Person, str]], at: datetime) -> None:
    roles = {person.pk: role for person, role in named}
    for found in places_of(dict.fromkeys(person for person, _ in named), at):
        role = roles[found.person.pk]
        if role not in NAMED:
            raise NotReady("点名只能是参备人、特邀专家或观察员")
        if role == Role.MEMBER and not is_in_circle(found.person, row, at):
            raise NotReady(f"{found.person.name}不在{row.circle.display_name}，可以请作特邀专家")
        place(row, found.person, role, How.NAMED, found.school, at)


def _fit_approver(row: Preparation, approver: Person, at: datetime) -> Person:
    if row.lead_id == approver.pk:
        raise NotReady("主备人不能审定自己的教案，请另选审定人")
    if not is_in_circle(approver, row, at):
        raise NotReady(f"{approver.name}不在{row.circle.display_name}，请另选审定人")
    return approver


@transaction.atomic
def change_plan(
    *, preparation: Preparation, what: Plan, by: Person, at: datetime, seen: int | None = None
) -> Preparation:
    """Put right what is only planned (改计划).

    Raises:
        Refused, Stale: as every step.
        NotReady: what is planned does not fit.
    """
    row = load(preparation, by, Action.EDIT, at, seen)
    _require_fitting(what, row.body)
    if what.kind != row.kind:
        raise NotReady("类型排定以后不能改，请作废后另排一次")
    return move(row, action=Action.EDIT, to=row.state, by=by, at=at, **_columns(what))


@transaction.atomic
def change_approver(
    *, preparation: Preparation, approver: Person, by: Person, at: datetime, seen: int | None = None
) -> Preparation:
    """Name who approves (换审定人), until it is settled.

    Raises:
        Refused, Stale: as every step.
        NotReady: not the lead, and somebody of the circle.
    """
    row = load(preparation, by, Action.CHANGE_APPROVER, at, seen)
    person = _fit_approver(row, approver, at)
    row = move(
        row, action=Action.CHANGE_APPROVER, to=row.state, by=by, at=at, approver=person, detail={"to": person.name}
    )
    inform(row, [person], f"{by.name}请你审定{{thing}}", by, at)
    return row


@transaction.atomic
def claim(
    *, preparation: Preparation, by: Person, at: datetime, source: Version | None = None, seen: int | None = None
) -> Preparation:
    """Take the lead (认领): the work starts, the list of participants is fixed, a first text is there.

    Args:
        source: last year's shared plan, or any version the lead may take; None: the empty template.

    Raises:
        Refused, Stale: as every step.
        NotReady: an approver does not lead.
    """
    row = load(preparation, by, Action.CLAIM, at, seen)
    return _start(row, by, by, at, source, Action.CLAIM)


@transaction.atomic
def assign(
    *,
    preparation: Preparation,
    lead: Person,
    by: Person,
    at: datetime,
    source: Version | None = None,
    seen: int | None = None,
) -> Preparation:
    """Ask somebody to lead (指派主备人); as `claim`.

    Raises:
        Refused, Stale: as every step.
        NotReady: that person is not of the circle, or approves.
    """
    row = load(preparation, by, Action.ASSIGN_LEAD, at, seen)
    if not is_in_circle(lead, row, at):
        raise NotReady(f"{lead.name}不在{row.circle.display_name}，请另选主备人")
    return _start(row, lead, by, at, source, Action.ASSIGN_LEAD)


def _start(
    row: Preparation, lead: Person, by: Person, at: datetime, source: Version | None, action: Action
) -> Preparation:
    if row.approver_id == lead.pk:
        raise NotReady(f"{lead.name}是审定人，不能审定自己的教案。请先换审定人")
    for found in by_rule(row, at):
        place(row, found.person, Role.MEMBER, How.RULE, found.school, at)
    place(row, lead, Role.LEAD, How.NAMED, school_of(lead, at), at)
    columns: dict[str, Any] = {"lead": lead, "frozen_at": at}
    if row.is_shared_plan:
        columns["resource"] = begin_text(row, lead, home_school_of(lead, at), source, at)
    to = State.DRAFTING if row.is_shared_plan else State.DISCUSSING
    detail = {"lead": lead.name, "source": source.label if source else ""}
    row = move(row, action=action, to=to, by=by, at=at, detail=detail, **columns)
    words = f"{by.name}请你主备{{thing}}" if lead != by else f"{by.name}认领了{{thing}}"
    inform(row, [lead, row.organiser], words, by, at)
    if to == State.DISCUSSING:
        inform(row, participants(row), "{thing}开始研讨", by, at)
    return row
