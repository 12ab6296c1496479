"""The head of a preparation's pages: what it is, how far it is, and which steps are the viewer's now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from groups import access
from groups.access import Action, Relation
from groups.viewer import Viewer
from lessons.prep.circles import is_in_circle
from lessons.prep.dues import due_of, due_words
from lessons.prep.models import Participant, Preparation, State
from lessons.prep.services.settling import needed_voices

ORDER = (
    State.PLANNED,
    State.DRAFTING,
    State.DISCUSSING,
    State.FOR_APPROVAL,
    State.SETTLED,
    State.IN_USE,
    State.RECAPPING,
    State.ARCHIVED,
)
STEPS = (
    ("计划", State.PLANNED, State.PLANNED),
    ("初备", State.DRAFTING, State.DRAFTING),
    ("研讨", State.DISCUSSING, State.DISCUSSING),
    ("定稿", State.FOR_APPROVAL, State.SETTLED),
    ("下发", State.IN_USE, State.IN_USE),
    ("复盘", State.RECAPPING, State.RECAPPING),
)
SIMPLE_STEPS = (STEPS[0], STEPS[2], STEPS[5])
"""Other types than the shared plan: no draft, nothing to settle or hand down."""

BUTTONS: tuple[tuple[Action, str, str], ...] = (
    (Action.CLAIM, "claim", "认领，我来主备"),
    (Action.ASSIGN_LEAD, "assign", "指派主备人"),
    (Action.SUBMIT_DRAFT, "submit", "提交第1稿"),
    (Action.NEW_DRAFT, "draft", "整理为新一稿"),
    (Action.SEND_FOR_APPROVAL, "send", "送审"),
    (Action.CONCLUDE, "conclude", "写下结论"),
    (Action.APPROVE, "approve", "审定"),
    (Action.RETURN, "return", "退回研讨"),
    (Action.HAND_DOWN, "hand-down", "下发"),
    (Action.REVISE, "revise", "发布修订"),
    (Action.ARCHIVE, "archive", "归档"),
    (Action.RECAP, "recap", "复盘"),
    (Action.EXTEND_DEADLINE, "extend", "延期"),
    (Action.ADD_MEMBER, "add", "补充成员"),
    (Action.CHANGE_LEAD, "lead", "换主备人"),
    (Action.CHANGE_APPROVER, "approver", "换审定人"),
    (Action.EDIT, "plan", "改计划"),
    (Action.CANCEL, "cancel", "作废"),
)
ASIDE = frozenset(
    {Action.EXTEND_DEADLINE, Action.ADD_MEMBER, Action.CHANGE_LEAD, Action.CHANGE_APPROVER, Action.EDIT, Action.CANCEL}
)
ONLY_SHARED_PLANS = frozenset({Action.NEW_DRAFT, Action.SEND_FOR_APPROVAL, Action.REVISE, Action.CHANGE_APPROVER})


@dataclass(frozen=True, slots=True)
class StepShown:
    label: str
    state: str
    note: str


@dataclass(frozen=True, slots=True)
class Button:
    """A step that the viewer may take now."""

    name: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Head:
    """Everything that the head prints."""

    preparation: Preparation
    place: str
    tag: str
    steps: tuple[StepShown, ...]
    voices: str
    faces: tuple[str, ...]
    main: tuple[Button, ...]
    more: tuple[Button, ...]
    text_url: str
    receive_url: str
    links: tuple[tuple[str, str, bool], ...] = ()
    warning: str = ""


def head_of(
    preparation: Preparation, viewer: Viewer, here: str = "room", held: frozenset[Relation] | None = None
) -> Head:
    """The head for a viewer who reads the preparation, in a fixed number of queries.

    Args:
        preparation: with its people, node and participants loaded (`with_people`).
        here: which of its pages is shown.
        held: the relations in which the viewer stands to it, where the page knows them.
    """
    held = access.relations_of(viewer, preparation) if held is None else held
    placed = [one for one in preparation.participants.all() if one.left_at is None]
    moments = dict(preparation.transitions.order_by("move").values_list("after", "at"))
    buttons = _buttons(preparation, viewer, held)
    return Head(
        preparation=preparation,
        place=_place(preparation, viewer, placed),
        tag=_tag(preparation),
        steps=_steps(preparation, moments, viewer.at),
        voices=_voices(preparation, viewer.at) if here == "room" else "",
        faces=tuple(one.person.name for one in placed[:3]),
        main=tuple(button for action, button in buttons if action not in ASIDE),
        more=tuple(button for action, button in buttons if action in ASIDE),
        text_url=_text_url(preparation, viewer, held),
        receive_url=_receive_url(preparation, viewer, held),
        links=_links(preparation, here),
        warning=_warning(preparation, viewer) if here == "room" else "",
    )


def _buttons(preparation: Preparation, viewer: Viewer, held: frozenset[Relation]) -> list[tuple[Action, Button]]:
    found = []
    for action, name, label in BUTTONS:
        if not preparation.is_shared_plan and action in ONLY_SHARED_PLANS:
            continue
        if action == Action.CONCLUDE and preparation.is_shared_plan:
            continue
        if access.verdict_of(held, viewer, action, preparation) and not _is_over(action, preparation):
            found.append((action, Button(name, _label(action, label, preparation), _url(name, preparation))))
    return found


def _is_over(action: Action, preparation: Preparation) -> bool:
    """Archived, its plan is sent again and mended only while it is a draft that its reviewers returned."""
    if preparation.state != State.ARCHIVED:
        return False
    plan = preparation.resource
    return action in (Action.ARCHIVE, Action.REVISE) and (plan is None or plan.state != "draft")


def _label(action: Action, label: str, preparation: Preparation) -> str:
    if action == Action.NEW_DRAFT:
        return f"整理为第{_last_number(preparation) + 1}稿"
    if action == Action.HAND_DOWN and preparation.state == State.IN_USE:
        return "再下发"
    if action == Action.ARCHIVE and preparation.state == State.ARCHIVED:
        return "再送审入库"
    return label


def _last_number(preparation: Preparation) -> int:
    return max((draft.number for draft in preparation.drafts.all()), default=0)


def _url(name: str, preparation: Preparation) -> str:
    return reverse("prep:step", args=[preparation.uid, name])


def _place(preparation: Preparation, viewer: Viewer, placed: list[Participant]) -> str:
    parts = [preparation.get_kind_display()] if not preparation.is_shared_plan else []
    node = preparation.node
    if node is not None:
        book = getattr(node.outline, "textbook", None)
        parts.append(f"{book.edition.name} {book.grade_volume}" if book else node.outline.title)
        parts += [node.title] if node.title not in preparation.title else []
        parts += [f"第{preparation.period}课时"] if preparation.periods > 1 else []
    lead = preparation.lead
    if lead is not None:
        parts.append("你主备" if lead.pk == viewer.person_id else f"{lead.name}主备")
    members = [one for one in placed if one.role == Participant.Role.MEMBER]
    if members:
        schools = {one.school_then_id for one in placed if one.school_then_id}
        parts.append(f"{len(schools)} 校 {len(members)} 人参备")
    return "，".join(parts)


def _tag(preparation: Preparation) -> str:
    if preparation.settled_version is not None and preparation.state != State.CANCELLED:
        return f"共案 {preparation.settled_version.label}"
    number = _last_number(preparation)
    running = preparation.state in (State.DISCUSSING, State.FOR_APPROVAL)
    return f"第{number}稿" if number and running else str(preparation.get_state_display())


def _steps(preparation: Preparation, moments: Mapping[str, datetime], at: datetime) -> tuple[StepShown, ...]:
    steps = STEPS if preparation.is_shared_plan else SIMPLE_STEPS
    if preparation.state == State.CANCELLED:
        return tuple(StepShown(label, "", "") for label, _, _ in steps)
    now = ORDER.index(State(preparation.state))
    shown = []
    for label, first, last in steps:
        state = "done" if ORDER.index(last) < now else "now" if ORDER.index(first) <= now else ""
        shown.append(StepShown(label, state, _note(preparation, first, state, moments, at)))
    return tuple(shown)


def _note(preparation: Preparation, state: State, shown: str, moments: Mapping[str, datetime], at: datetime) -> str:
    if shown == "done" and state in moments:
        day = timezone.localtime(moments[state])
        return f"{day.month}月{day.day}日"
    due = due_of(preparation, state)
    if shown == "now" and due:
        return due_words(due, at)
    if state == State.FOR_APPROVAL and preparation.approver is not None:
        return f"审定 {preparation.approver.name}"
    return ""


def _voices(preparation: Preparation, at: datetime) -> str:
    if preparation.state != State.DISCUSSING or not preparation.is_shared_plan:
        return ""
    spoken, needed, members = needed_voices(preparation, at)
    reached = "达到送审人数" if spoken >= needed else f"送审要 {needed} 人"
    return f"{spoken} / {members} 人已批注，{reached}"


def _text_url(preparation: Preparation, viewer: Viewer, held: frozenset[Relation]) -> str:
    """Where the viewer writes the text."""
    writes = any(access.verdict_of(held, viewer, a, preparation) for a in (Action.EDIT_DRAFT, Action.REVISE))
    plan = preparation.resource
    return reverse("designs:edit", args=[plan.uid]) if plan is not None and writes and plan.state == "draft" else ""


def _receive_url(preparation: Preparation, viewer: Viewer, held: frozenset[Relation]) -> str:
    may = access.verdict_of(held, viewer, Action.RECEIVE, preparation)
    return reverse("adaptations:receive", args=[preparation.uid]) if may else ""


def _links(preparation: Preparation, here: str) -> tuple[tuple[str, str, bool], ...]:
    pages = (
        ("备课室", "remarks:room", "room"),
        ("参与者", "prep:people", "people"),
        ("经过", "prep:history", "history"),
    )
    return tuple((label, reverse(name, args=[preparation.uid]), here == page) for label, name, page in pages)


def _warning(preparation: Preparation, viewer: Viewer) -> str:
    """Whom the preparation waits for in vain."""

    working = preparation.state in (State.DRAFTING, State.DISCUSSING)
    if working and preparation.lead is not None and not is_in_circle(preparation.lead, preparation, viewer.at):
        return f"主备人{preparation.lead.name}已不在{preparation.circle.display_name}，请组织者换主备人；写好的内容都在"
    waits = preparation.state == State.FOR_APPROVAL and preparation.approver is not None
    if waits and preparation.approver and not is_in_circle(preparation.approver, preparation, viewer.at):
        return f"审定人{preparation.approver.name}已不在{preparation.circle.display_name}，请组织者换审定人"
    return ""
