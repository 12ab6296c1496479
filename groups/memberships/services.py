"""Schools enter and leave groups by proposals: proposed, then answered, each once.

Entry: the group proposes, the school accepts. Exit: either proposes, the bureau of the lead school approves.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from groups import access, audit, services
from groups.memberships.models import Proposal, PublicPart
from groups.memberships.policies import DECIDING, PROPOSING
from groups.models import Charter, Organisation, OrganisationKind, OrganisationLink, Person
from groups.models.dated import DatedQuerySet
from groups.models.organisations import GroupForm, GroupMode
from groups.services import GROUP_KINDS, NotPossible
from groups.viewer import SCHOOL_LIKE

Kind = Proposal.Kind
State = Proposal.State


@dataclass(frozen=True, slots=True)
class Terms:
    """What a proposal says beside who and whither: why, on what document, from when, how close."""

    reason: str
    document_title: str
    document: str = ""
    effective_at: datetime | None = None
    mode: str = ""


@transaction.atomic
def propose_entry(*, school: Organisation, group: Organisation, by: Person, terms: Terms, at: datetime) -> Proposal:
    """The group asks a school to join (提议加入).

    Raises:
        Refused: not an administrator of the group.
        NotPossible: closed, no group, in it already, or a proposal of theirs waits.
    """
    group = Organisation.objects.select_for_update().get(pk=group.pk)
    _require_group(group)
    if school.kind not in SCHOOL_LIKE:
        raise NotPossible(f"“{school.name}”不是学校，只有学校能加入集团")
    if school.closed_at:
        raise NotPossible(f"“{school.name}”已关闭，不能再加入集团")
    if _memberships(school, group, at).exists():
        raise NotPossible(f"{school.name}已经在{group.name}里，不用再提议")
    return _propose(Kind.ENTRY, school, group, by, terms, at)


@transaction.atomic
def propose_exit(*, school: Organisation, group: Organisation, by: Person, terms: Terms, at: datetime) -> Proposal:
    """The group or the school asks that it leaves (提议退出).

    Raises:
        Refused: an administrator of neither.
        NotPossible: not a member now, the lead school itself, or a proposal of theirs waits.
    """
    group = Organisation.objects.select_for_update().get(pk=group.pk)
    link = _memberships(school, group, at).first()
    if link is None:
        raise NotPossible(f"{school.name}现在不在{group.name}里")
    if link.role == OrganisationLink.Role.LEAD:
        raise NotPossible(f"{school.name}是{group.name}的核心校，不能退出；要换核心校请联系教育局")
    return _propose(Kind.EXIT, school, group, by, terms, at)


@transaction.atomic
def accept(*, proposal: Proposal, by: Person, at: datetime, note: str = "") -> OrganisationLink:
    """The school accepts an entry, or the bureau approves an exit (同意): the membership begins or ends. One row.

    Raises:
        Refused: not theirs to decide.
        NotPossible: decided already, or the facts have changed since.
    """
    proposal = _waiting(proposal)
    access.require(by, DECIDING[Kind(proposal.kind)], proposal, at=at)
    effective = max(at, proposal.effective_at or at)
    if proposal.kind == Kind.ENTRY:
        _require_group(proposal.group)
        link = services.join_group(
            school=proposal.school,
            group=proposal.group,
            by=None,
            accepted_by=by,
            at=effective,
            reason=proposal.reason,
            mode=proposal.mode,
        )
    else:
        link = services.leave_group(
            school=proposal.school, group=proposal.group, by=None, approved_by=by, at=effective, reason=proposal.reason
        )
    _decide(proposal, State.ACCEPTED, by, at, note, link)
    return link


@transaction.atomic
def decline(*, proposal: Proposal, by: Person, at: datetime, note: str) -> None:
    """Who decides says no (不同意), with a sentence for the other side.

    Raises:
        Refused: not theirs to decide.
        NotPossible: decided already, or no sentence.
    """
    proposal = _waiting(proposal)
    access.require(by, DECIDING[Kind(proposal.kind)], proposal, at=at)
    if not note.strip():
        raise NotPossible("答复：不同意要写明原因，对方会看到这句话")
    _decide(proposal, State.DECLINED, by, at, note)


@transaction.atomic
def withdraw(*, proposal: Proposal, by: Person, at: datetime) -> None:
    """The side that proposed takes it back (撤回).

    Raises:
        Refused: of another side.
        NotPossible: decided already.
    """
    proposal = _waiting(proposal)
    access.require(by, PROPOSING[Kind(proposal.kind)], proposal, at=at)
    _decide(proposal, State.WITHDRAWN, by, at, "")


@transaction.atomic
def found_group(
    *, name: str, slug: str, lead: Organisation, bureau: Organisation, by: Person | None, at: datetime, mode: str = ""
) -> Organisation:
    """A grown member leads a new group (领办新集团): founded in a bureau's area with its lead school; no other group changes.

    Raises:
        Refused: not an officer of the area.
        NotPossible: the address is taken, no school, or the school is closed.
    """
    if lead.kind not in SCHOOL_LIKE or lead.closed_at:
        raise NotPossible(f"“{lead.name}”不能领办集团，请选一所在办的学校")
    group = services.create_organisation(
        kind=OrganisationKind.GROUP, name=name, slug=slug, by=by, at=at, parent=bureau, mode=mode
    )
    services.join_group(
        school=lead, group=group, by=None, accepted_by=by, at=at, role=OrganisationLink.Role.LEAD, mode=mode
    )
    audit.record(by, "group.founded", group, lead=lead.uid)
    return group


@transaction.atomic
def set_modes(*, group: Organisation, mode: str, form: str, by: Person, at: datetime) -> None:
    """How close a group is and how it is run (紧密型/松散型；总校制/分校/委托管理/联盟).

    Raises:
        Refused: not its administrator.
        NotPossible: no such mode or form, or no group.
    """
    _require_group(group)
    access.require(by, access.Action.EDIT, group, at=at)
    if mode not in {"", *GroupMode.values} or form not in {"", *GroupForm.values}:
        raise NotPossible("办学形式不在可选的里面，请重新选")
    Organisation.objects.filter(pk=group.pk).update(mode=mode, form=form)
    audit.record(by, "group.modes_set", group, mode=mode, form=form)


@transaction.atomic
def adopt_charter(
    *, group: Organisation, title: str, body: str, public_body: str, by: Person, at: datetime, starts_at: datetime
) -> Charter:
    """A new charter holds from a day on (章程); the one before ends there and stays readable.

    Raises:
        Refused: not the group's administrator.
        NotPossible: no group, nothing written, or it would begin before one that has begun later.
    """
    group = Organisation.objects.select_for_update().get(pk=group.pk)
    _require_group(group)
    access.require(by, access.Action.EDIT, group, at=at)
    if not title.strip() or not body.strip():
        raise NotPossible("章程要有标题和正文")
    if group.charters.filter(starts_at__gte=starts_at).exists():
        raise NotPossible("起始日期：已有一份章程从这一天或更晚开始，请选更晚的日子")
    group.charters.valid_at(starts_at).update(ends_at=starts_at)
    charter = Charter.objects.create(organisation=group, title=title.strip(), body=body, starts_at=starts_at)
    PublicPart.objects.create(charter=charter, body=public_body)
    audit.record(by, "charter.adopted", group, title=charter.title, starts_at=starts_at.isoformat())
    return charter


def _require_group(group: Organisation) -> None:
    if group.kind not in GROUP_KINDS:
        raise NotPossible(f"“{group.name}”不是集团")
    if group.closed_at:
        raise NotPossible(f"“{group.name}”已关闭，不能再有学校进出")


def _memberships(school: Organisation, group: Organisation, at: datetime) -> DatedQuerySet:
    return OrganisationLink.objects.valid_at(at).filter(member=school, parent=group)


def _propose(kind: Kind, school: Organisation, group: Organisation, by: Person, terms: Terms, at: datetime) -> Proposal:
    if not terms.reason.strip() or not terms.document_title.strip():
        raise NotPossible("提议要写明事由和依据文件")
    waiting = Proposal.objects.filter(school=school, group=group, state=State.WAITING).first()
    if waiting is not None:
        raise NotPossible(f"{waiting.get_kind_display()}的提议已有一份在等答复，请先等它办完，或由提议方撤回")
    proposal = Proposal.objects.create(
        kind=kind,
        school=school,
        group=group,
        mode=terms.mode,
        reason=terms.reason.strip(),
        document_title=terms.document_title.strip(),
        document=terms.document,
        effective_at=terms.effective_at,
        proposed_by=by,
        proposed_at=at,
    )
    access.require(by, PROPOSING[kind], proposal, at=at)
    audit.record(by, f"membership.{kind}_proposed", school, group=group.uid, document=proposal.document_title)
    return proposal


def _waiting(proposal: Proposal) -> Proposal:
    """The proposal, locked.

    Raises:
        NotPossible: somebody has decided it.
    """
    locked = Proposal.objects.select_for_update(of=("self",)).select_related("school", "group").get(pk=proposal.pk)
    if locked.state != State.WAITING:
        raise NotPossible(f"这份提议已经办完（{locked.get_state_display()}），不用再办一次")
    return locked


def _decide(
    proposal: Proposal, state: State, by: Person, at: datetime, note: str, link: OrganisationLink | None = None
) -> None:
    proposal.state, proposal.decided_by, proposal.decided_at = state, by, at
    proposal.decision_note, proposal.link = note.strip(), link
    proposal.save(update_fields=["state", "decided_by", "decided_at", "decision_note", "link"])
    audit.record(by, f"membership.{proposal.kind}_{state}", proposal.school, group=proposal.group.uid, note=note)
