"""One step of the state machine: loaded and locked, permitted, done once, written down.

Two people, a double click or a tab left open never do a step twice: each step names the move that its page showed, and
the row changes only while it is the same.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import F

from groups import access, audit
from groups.access import Action
from groups.inbox.services import About, tell
from groups.models import Person
from groups.services import NotPossible
from lessons.prep import events, hooks
from lessons.prep.models import Participant, Preparation, State, Transition

WORDS = {
    "plan": "排定",
    Action.EDIT: "改了计划",
    Action.CLAIM: "认领",
    Action.ASSIGN_LEAD: "指派主备人",
    Action.SUBMIT_DRAFT: "提交第1稿",
    Action.NEW_DRAFT: "整理新稿",
    Action.EXTEND_DEADLINE: "改了截止日",
    Action.ADD_MEMBER: "补充成员",
    Action.CHANGE_LEAD: "换了主备人",
    Action.CHANGE_APPROVER: "换了审定人",
    Action.SEND_FOR_APPROVAL: "送审",
    Action.RETURN: "退回研讨",
    Action.APPROVE: "审定",
    Action.HAND_DOWN: "下发",
    Action.REVISE: "修订共案",
    Action.RECAP: "复盘",
    Action.CONCLUDE: "写下结论",
    Action.ARCHIVE: "归档",
    Action.CANCEL: "作废",
}


class Stale(NotPossible):
    """The preparation has moved on since the page was shown; nothing was done."""


class Done(Stale):
    """The same person has done the same step already: a double click, a page sent twice. Nothing was done again."""


class NotReady(NotPossible):
    """Something has to be done first; the sentence says what."""


def load(preparation: Preparation, by: Person, action: Action, at: datetime, seen: int | None) -> Preparation:
    """The preparation, locked, once the rule lets `by` do this and the page that asked is up to date.

    Raises:
        Refused: the rule says no.
        Stale: it has moved on; Done: by this very step.
    """
    row: Preparation = (
        Preparation.objects.select_for_update(of=("self",))
        .select_related(
            "body", "circle", "subject", "node", "lead", "approver", "organiser", "resource", "settled_version"
        )
        .get(pk=preparation.pk)
    )
    if seen is not None and seen != row.moves and access.may(by, Action.READ, row, at=at):
        raise why_stale(row, by, action, seen)
    access.require(by, action, row, at=at)
    return row


def why_stale(row: Preparation, by: Person, action: Action, seen: int) -> Stale:
    """What to tell somebody whose page showed an earlier move; `Done` when this very step is what came after."""
    after = list(row.transitions.filter(move__gt=seen).select_related("by").order_by("move"))
    if after and after[0].by_id == by.pk and after[0].action == action:
        return Done(f"已经{WORDS.get(action, '办好')}，没有重复办理。现在是“{row.get_state_display()}”")
    last = after[-1] if after else None
    who = (
        f"{last.by.name if last.by else '系统'}刚刚{WORDS.get(last.action, '办过一步')}" if last else "刚刚有人办过一步"
    )
    return Stale(f"{who}，现在是“{row.get_state_display()}”。你这一步没有生效，请看看最新的进度再办")


def require_ready(row: Preparation, action: Action) -> None:
    """
    Raises:
        NotReady: a guard stands in the way.
    """
    sentence = hooks.why_not(action, row)
    if sentence:
        raise NotReady(sentence)


def move(
    row: Preparation,
    *,
    action: Action | str,
    to: State | str,
    by: Person,
    at: datetime,
    reason: str = "",
    detail: dict[str, Any] | None = None,
    **columns: Any,
) -> Preparation:
    """Write the step down if nobody was faster, and tell who listens.

    Raises:
        Stale: somebody was.
    """
    before, changed = row.state, {} if to == row.state else {"state_changed_at": at}
    written = Preparation.objects.filter(pk=row.pk, state=before, moves=row.moves).update(
        state=to, moves=F("moves") + 1, **changed, **columns
    )
    if not written:
        raise Stale("有人抢先办了一步，你这一步没有生效，请看看最新的进度再办")
    row.refresh_from_db()
    transition = Transition.objects.create(
        preparation=row,
        move=row.moves,
        action=str(action),
        before=before,
        after=str(to),
        by=by,
        at=at,
        reason=reason.strip(),
        detail=detail or {},
    )
    audit.record(by, f"prep.{action}", row, before=before, after=str(to), reason=reason.strip(), **(detail or {}))
    events.moved.send(sender=Preparation, preparation=row, transition=transition, by=by, at=at)
    return row


def participants(row: Preparation, *roles: str) -> list[Person]:
    """Those who take part now, with these roles or with any."""
    found = row.participants.filter(left_at__isnull=True).select_related("person")
    return [one.person for one in (found.filter(role__in=roles) if roles else found)]


def everybody(row: Preparation) -> list[Person]:
    """Who takes part now, with the organiser and the approver."""
    return [*participants(row), row.organiser, *([row.approver] if row.approver else [])]


def who_read(row: Preparation, people: Iterable[Person], at: datetime) -> list[Person]:
    """Those of them who may read it at this moment: what is said about it reaches nobody who has left."""
    return [person for person in people if access.may(person, Action.READ, row, at=at)]


def inform(row: Preparation, people: list[Person], words: str, by: Person, at: datetime) -> None:
    """Tell people; `{thing}` becomes the preparation's name for whoever may read it."""
    tell(people=people, about=About.NOTICE, words=words, at=at, actor=by, thing="prep", thing_uid=row.uid)


def reason_given(reason: str, sentence: str) -> str:
    """
    Raises:
        NotReady: no reason.
    """
    words = reason.strip()
    if not words:
        raise NotReady(sentence)
    if len(words) > 500:
        raise NotReady("说明最多 500 个字，请写短一些")
    return words


def place(row: Preparation, person: Person, role: str, how: str, school: Any, at: datetime) -> Participant:
    """Give somebody a place, or another one; who had left is back."""
    placed, _ = Participant.objects.update_or_create(
        preparation=row,
        person=person,
        defaults={"role": role, "left_at": None},
        create_defaults={"role": role, "how": how, "school_then": school, "joined_at": at},
    )
    return placed
