"""Changing an outline by two persons: propose, then apply, decline, withdraw or take back."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from catalogue.models import Outline, Subject
from groups import audit
from groups.access import Action, require
from groups.models import Organisation, Person
from groups.viewer import viewer_for
from library.outlines import contents
from library.outlines.models import Change, Course, Proposal
from library.outlines.policies import ruled
from library.outlines.snapshot import Row, from_json, to_json

State = Proposal.State


class Hindered(Exception):
    """The proposal cannot go on as it is; the message says in Chinese why, and the next step."""


@transaction.atomic
def create_course(
    *, title: str, kind: str, subject: Subject | None, organisation: Organisation | None, by: Person, at: datetime
) -> Course:
    """An empty outline for a school course (校本课程) or a theme (专题); its entries come by proposals."""
    outline = Outline.objects.create(kind=kind, title=title, confidence=Outline.Confidence.CHECKED)
    course = Course(outline=outline, subject=subject, organisation=organisation, created_by=by, created_at=at)
    course.save()
    require(by, Action.EDIT, course, at=at)
    audit.record(by, "outline.created", outline)
    return course


@transaction.atomic
def propose(*, outline: Outline, rows: Sequence[Row], reason: str, by: Person, at: datetime) -> Change:
    """Ask for an outline to become what the rows say.

    Raises:
        Refused: not a curator of its subject.
        Hindered: nothing differs, or another proposal about it waits.
    """
    thing = ruled(outline)
    require(by, Action.EDIT, thing, at=at)
    before = contents.read(outline)
    if before == list(rows):
        raise Hindered("目录没有改动，不用提交")
    waiting = outline.changes.filter(state=State.WAITING).select_related("proposed_by").first()
    if waiting is not None:
        raise Hindered(f"{waiting.proposed_by.name}提出的修订还没有确认。先请同事确认或撤回那一份，再提出新的")
    change = Change(outline=outline, subject_id=contents.subject_id_of(outline), reason=reason)
    change.before, change.after = to_json(before), to_json(rows)
    change.proposed_by, change.proposed_at = by, at
    try:
        with transaction.atomic():
            change.save()
    except IntegrityError as problem:
        raise Hindered("刚刚有同事提出了这本书的另一份修订，请刷新后再看") from problem
    audit.record(by, "outline.proposed", outline, change=change.uid, reason=reason)
    return change


@transaction.atomic
def approve(*, change: Change, by: Person, note: str = "", at: datetime) -> Change:
    """Apply it. The outline must still be what it was when the change was proposed.

    Raises:
        Refused: not another curator. Hindered: decided already, one's own, or the outline moved on.
    """
    change = _waiting(change, by, at)
    outline = _locked(change.outline)
    if contents.read(outline) != from_json(change.before):
        raise Hindered("这本书的目录在提出之后又改过，不能照原样生效。请退回，由提出人对照现在的目录重新提出")
    contents.write(outline, from_json(change.after))
    return _decide(change, State.APPLIED, by, note, at)


@transaction.atomic
def decline(*, change: Change, by: Person, note: str, at: datetime) -> Change:
    return _decide(_waiting(change, by, at), State.DECLINED, by, note, at)


@transaction.atomic
def withdraw(*, change: Change, by: Person, at: datetime) -> Change:
    """Only who proposed it, while it waits."""
    change = Change.objects.select_for_update().get(pk=change.pk)
    if change.proposed_by_id != by.pk:
        raise Hindered("只有提出人能撤回，你可以请他撤回，或者不通过")
    if change.state != State.WAITING:
        raise Hindered(f"这份修订{change.get_state_display()}，不用撤回")
    change.state = State.WITHDRAWN
    change.save(update_fields=["state"])
    audit.record(by, "outline.withdrawn", change.outline, change=change.uid)
    return change


@transaction.atomic
def revert(*, change: Change, by: Person, at: datetime) -> Change:
    """Make the outline what it was before an applied change, if nothing changed since."""
    require(by, Action.EDIT, change, at=at)
    change = Change.objects.select_for_update().get(pk=change.pk)
    outline = _locked(change.outline)
    if change.state != State.APPLIED:
        raise Hindered(f"这份修订{change.get_state_display()}，不能还原")
    if contents.read(outline) != from_json(change.after):
        raise Hindered("这本书的目录在它之后又改过。请先还原后面的修订，或者提出一份新的修订")
    contents.write(outline, from_json(change.before))
    change.state, change.reverted_by, change.reverted_at = State.REVERTED, by, at
    change.save(update_fields=["state", "reverted_by", "reverted_at"])
    audit.record(by, "outline.reverted", outline, change=change.uid)
    return change


def check_turn(proposal: Proposal, by: Person, at: datetime) -> None:
    """Is this proposal waiting, and is it this person's turn?

    Raises:
        Refused: not a curator. Hindered: decided already, or one's own.
    """
    if proposal.proposed_by_id == by.pk:
        raise Hindered("修订要两个人：你提出的请另一位学科管理员确认")
    require(viewer_for(by, at), Action.APPROVE_CHANGE, proposal)
    if proposal.state != State.WAITING:
        raise Hindered(f"这份修订{proposal.get_state_display()}，不用再确认")


def _waiting(change: Change, by: Person, at: datetime) -> Change:
    change = Change.objects.select_for_update().select_related("outline").get(pk=change.pk)
    check_turn(change, by, at)
    return change


def _locked(outline: Outline) -> Outline:
    return Outline.objects.select_for_update().get(pk=outline.pk)


def _decide(change: Change, state: str, by: Person, note: str, at: datetime) -> Change:
    change.state, change.decided_by, change.decided_at, change.note = state, by, at, note
    change.save(update_fields=["state", "decided_by", "decided_at", "note"])
    audit.record(by, f"outline.{state}", change.outline, change=change.uid, note=note)
    return change
