"""回流: what a teacher changed, or learned in class, is offered to the shared plan; the lead adopts it or says why not.

An adopted change is merged into the shared plan's working copy; it reaches the adaptations when the lead revises the plan.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from groups import access, audit
from groups.access import Action, Refused, Verdict
from groups.inbox.models import Message
from groups.inbox.services import tell
from groups.models import Person
from groups.viewer import viewer_for
from lessons.adaptations import marks
from lessons.adaptations.models import Adaptation, Proposal, ProposalRemark, TaughtLesson
from lessons.prep.models import Preparation
from library.documents import rich, schema
from library.documents.difference import Path, applied
from library.documents.lesson_design import LessonDesignDocument
from library.documents.merge import Conflict, Merged, merge, settled
from library.resources.models import Resource, Version, WorkingCopy
from library.resources.services.writing import Draft, save

State = Proposal.State
Document = LessonDesignDocument
MOST_CHANGES = 40


@dataclass(slots=True)
class NeedsChoice(Exception):
    """The shared plan has changed in the same places: the lead chooses for each before it is adopted."""

    conflicts: tuple[Conflict, ...]

    def __str__(self) -> str:
        return f"共案在同样的 {len(self.conflicts)} 处也改过，先逐处选好用哪边的"


@transaction.atomic
def propose_changes(*, adaptation: Adaptation, by: Person, keys: Sequence[str], words: str, at: datetime) -> Proposal:
    """Offer some of one's own changes to the shared plan (提给共案). `keys` are those of the changes.

    Raises:
        Refused: nothing was chosen, no reason was given, a change is not there any more or was offered already.
    """
    adaptation, preparation = _proposer(adaptation, by, at)
    copy = WorkingCopy.objects.get(resource=adaptation.resource_id)
    base, mine = _load(_base(adaptation).document), _load(copy.document)
    chosen = [change for change in marks.own_changes(base, mine) if change.key in keys]
    if not chosen:
        raise Refused(Verdict(False, "还没有选要提的改动。勾上至少一处；刚改过的话先刷新页面"))
    if len(chosen) > MOST_CHANGES:
        raise Refused(Verdict(False, f"一次最多提 {MOST_CHANGES} 处，你选了 {len(chosen)} 处，分几次提"))
    waiting = {
        change.key
        for kept in adaptation.proposals.filter(state=State.OPEN).values_list("changes", flat=True)
        for change in marks.from_json(kept)
    }
    again = next((change for change in chosen if change.key in waiting), None)
    if again is not None:
        raise Refused(Verdict(False, f"“{again.place}”的改动已经提过，正在讨论，不用再提"))
    return _offer(adaptation, preparation, by, at, words, changes=marks.as_json(chosen))


@transaction.atomic
def propose_reflection(*, lesson: TaughtLesson, by: Person, words: str, at: datetime) -> Proposal:
    """Offer what was learned in one class to the shared plan (把反思提给共案).

    Raises:
        Refused: nothing was reflected yet, or it was offered already.
    """
    adaptation, preparation = _proposer(lesson.adaptation, by, at)
    if lesson.reflected_at is None:
        raise Refused(Verdict(False, "这节课还没写反思。写好再提给共案"))
    if adaptation.proposals.filter(lesson=lesson).exclude(state=State.DECLINED).exists():
        raise Refused(Verdict(False, "这条反思已经提过了，不用再提"))
    return _offer(adaptation, preparation, by, at, words, lesson=lesson)


@transaction.atomic
def remark(*, proposal: Proposal, by: Person, words: str, at: datetime) -> ProposalRemark:
    """Say something to a proposal (讨论)."""
    preparation = proposal.preparation
    verdict = access.may(by, Action.PROPOSE_CHANGE, preparation, at=at)
    if not verdict:
        access.require(by, Action.REVISE, preparation, at=at)
    said = words.strip()[:500]
    if not said:
        raise Refused(Verdict(False, "讨论还没写内容。写一句再发"))
    made = ProposalRemark.objects.create(proposal=proposal, author=by, words=said, at=at)
    audit.record(by, "proposal.discussed", proposal)
    _tell(proposal, by, [proposal.proposed_by], f"{by.name} 回了你对{{thing}}的建议", at)
    return made


def merged_with(proposal: Proposal, copy: WorkingCopy) -> Merged[Document]:
    """The shared plan as it is written now, with a proposal merged into it."""
    base, theirs_now = _load(proposal.base.document), _load(copy.document)
    if proposal.lesson is not None:
        return Merged(_with_reflection(theirs_now, proposal.lesson), (), ())
    return merge(base, theirs_now, applied(base, marks.from_json(proposal.changes)))


@transaction.atomic
def adopt(
    *,
    proposal: Proposal,
    by: Person,
    choices: Mapping[Path, Any] | None = None,
    words: str = "",
    at: datetime,
) -> Proposal:
    """Merge a proposal into the shared plan's working copy, and credit who made it (采纳).

    Args:
        choices: for each place that both changed, the value that goes in.

    Raises:
        Refused: it is decided already, or the rule says no.
        NeedsChoice: places are left in which both changed.
    """
    proposal = _decider(proposal, by, at)
    resource = Resource.objects.get(preparation=proposal.preparation)
    copy = WorkingCopy.objects.select_for_update().prefetch_related("attachments__file").get(resource=resource)
    merged, given = merged_with(proposal, copy), choices or {}
    left = tuple(one for one in merged.conflicts if one.path not in given)
    if left:
        raise NeedsChoice(left)
    files = tuple((a.file, a.purpose) for a in copy.attachments.all())
    draft = Draft(copy.title, settled(merged, given), files)
    save(resource=resource, by=by, draft=draft, lock_version=copy.lock_version, at=at)
    return _decide(proposal, by, State.ADOPTED, words, at)


@transaction.atomic
def decline(*, proposal: Proposal, by: Person, words: str, at: datetime) -> Proposal:
    """Say no to a proposal, and why (不采纳).

    Raises:
        Refused: no reason was given, or it is decided already.
    """
    proposal = _decider(proposal, by, at)
    if not words.strip():
        raise Refused(Verdict(False, "不采纳要写理由，提的老师会看到这句话"))
    return _decide(proposal, by, State.DECLINED, words, at)


def _load(data: Mapping[str, Any]) -> Document:
    return schema.load(Document, data)


def _with_reflection(document: Document, lesson: TaughtLesson) -> Document:
    """The shared plan's own reflection, with what one class taught below it."""
    said = [("亮点", lesson.highlights), ("问题", lesson.problems), ("改进", lesson.improvements)]
    lines = [rich.paragraph({"type": "text", "text": f"{label}：{text}"}) for label, text in said if text]
    name = f"{lesson.adaptation.teacher.name}，{lesson.class_name}，{lesson.date.month}月{lesson.date.day}日"
    above = list(document.reflection.get("content", ()))
    whole = {"type": "doc", "content": [*above, rich.paragraph({"type": "text", "text": name}), *lines]}
    return schema.load(Document, schema.dump(document) | {"reflection": whole})


def _proposer(adaptation: Adaptation, by: Person, at: datetime) -> tuple[Adaptation, Preparation]:
    found = (
        Adaptation.objects.select_for_update(of=("self",))
        .select_related("base", "preparation__lead")
        .get(pk=adaptation.pk)
    )
    access.require(by, Action.EDIT, found, at=at)
    preparation = found.preparation
    if preparation is None:
        raise Refused(Verdict(False, "这份教案不是从共案接收来的，没有共案可以提"))
    if not access.may(by, Action.PROPOSE_CHANGE, preparation, at=at):
        raise Refused(Verdict(False, "这份共案不在使用中，或你已不在它的备课组里，不能再提改动；你的个案不受影响"))
    return found, preparation


def _base(adaptation: Adaptation) -> Version:
    """What stands on a preparation stands on a version of its shared plan; the database holds that."""
    if adaptation.base is None:
        raise LookupError("an adaptation of a shared plan has a base")
    return adaptation.base


def _offer(
    adaptation: Adaptation, preparation: Preparation, by: Person, at: datetime, words: str, **what: Any
) -> Proposal:
    if not words.strip():
        raise Refused(Verdict(False, "理由还没写。写一句为什么这样改，主备人好决定"))
    made = Proposal.objects.create(
        adaptation=adaptation,
        preparation=preparation,
        base=_base(adaptation),
        words=words.strip()[:500],
        proposed_by=by,
        school_then_id=min(viewer_for(by, at).schools, default=None),
        proposed_at=at,
        **what,
    )
    audit.record(by, "proposal.made", made)
    lead = preparation.lead
    _tell(made, by, [lead] if lead else [], f"{by.name} 给共案{{thing}}提了建议，等你答复", at)
    return made


def _decider(proposal: Proposal, by: Person, at: datetime) -> Proposal:
    found = Proposal.objects.select_for_update(of=("self",)).select_related("preparation", "base").get(pk=proposal.pk)
    access.require(by, Action.REVISE, found.preparation, at=at)
    if found.state != State.OPEN:
        raise Refused(Verdict(False, f"这条建议已经答复过了（{found.get_state_display()}），刷新页面看看"))
    return found


def _decide(proposal: Proposal, by: Person, state: Proposal.State, words: str, at: datetime) -> Proposal:
    proposal.state, proposal.decided_by, proposal.decided_at = state, by, at
    proposal.decision = words.strip()[:500]
    proposal.save(update_fields=["state", "decided_by", "decided_at", "decision"])
    audit.record(by, f"proposal.{state}", proposal, words=proposal.decision)
    said = "采纳了" if state == State.ADOPTED else "没有采纳"
    _tell(proposal, by, [proposal.proposed_by], f"{by.name} {said}你对{{thing}}的建议", at)
    return proposal


def _tell(proposal: Proposal, by: Person, people: Sequence[Person], words: str, at: datetime) -> None:
    tell(
        people=people,
        about=Message.About.COMMENT,
        words=words,
        at=at,
        actor=by,
        thing="proposal",
        thing_uid=proposal.uid,
        url=proposal.address,
    )
