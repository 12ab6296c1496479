"""What of preparing together waits for a person (待办): one question for each step that is theirs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Case, DateField, Exists, F, IntegerField, OuterRef, Q, Value, When
from django.urls import reverse

from groups.inbox.todos import Todo, Waiting
from groups.viewer import Viewer
from lessons.prep import policies
from lessons.prep.models import Preparation, Remark, State


@dataclass(frozen=True, slots=True)
class Step:
    """A step that waits in one state for one relation; `page` names the step's own page, empty is the room."""

    state: State
    icon: str
    words: str
    due: str
    whose: Callable[[Viewer], Q | None]
    page: str = ""
    until_spoken: bool = False


STEPS = (
    Step(State.DRAFTING, "pencil", "写初稿", "drafting_due", policies.lead),
    Step(
        State.DISCUSSING, "message-square-text", "参加研讨", "discussing_due", policies.prep_member, until_spoken=True
    ),
    Step(State.DISCUSSING, "list-checks", "处理批注，整理新稿", "discussing_due", policies.lead),
    Step(State.FOR_APPROVAL, "clipboard-check", "审定", "approval_due", policies.approver),
    Step(State.SETTLED, "send", "下发共案", "approval_due", policies.organises, "hand-down"),
    Step(State.RECAPPING, "archive", "写复盘，归档", "", policies.organises, "recap"),
)


def ask(viewer: Viewer, most: int) -> Waiting:
    """One query for the most urgent; another for the count where there are more."""
    cases = [(step, query & Q(state=step.state)) for step in STEPS if (query := _whose(step, viewer)) is not None]
    if not cases:
        return Waiting()
    due = Case(*(When(state=step.state, then=F(step.due)) for step, _ in cases if step.due), output_field=DateField())
    rows = (
        Preparation.objects.filter(reduce(or_, (query for _, query in cases)))
        .annotate(
            step=Case(*(When(query, then=Value(n)) for n, (_, query) in enumerate(cases)), output_field=IntegerField()),
            due=due,
        )
        .order_by(F("due").asc(nulls_last=True), "state_changed_at", "pk")
    )
    some = list(rows[: most + 1])
    count = len(some) if len(some) <= most else rows.count()
    return Waiting(tuple(_todo(cases[row.step][0], row, row.due) for row in some[:most]), count)


def _whose(step: Step, viewer: Viewer) -> Q | None:
    query = step.whose(viewer)
    if query is None or not step.until_spoken:
        return query
    said = Remark.objects.filter(preparation=OuterRef("pk"), author=viewer.person_id, deleted_at__isnull=True)
    return query & ~Q(Exists(said))


def _todo(step: Step, row: Preparation, due: date | None) -> Todo:
    return Todo(
        icon=step.icon,
        title=f"{step.words}《{row.title}》",
        note="集体备课",
        url=reverse("prep:step", args=[row.uid, step.page]) if step.page else row.get_absolute_url(),
        at=row.state_changed_at,
        due=due,
    )
