"""What the pages of preparing together list: preparations by tab, where a first text may come from, the recap's figures."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from django.db.models import Count, Prefetch, Q, QuerySet

from groups import access
from groups.access import Action
from groups.models import OrganisationLink
from groups.viewer import Viewer
from lessons.prep import hooks
from lessons.prep.dues import due_of, due_words, was_in_time
from lessons.prep.heads import ORDER, SIMPLE_STEPS, STEPS
from lessons.prep.models import Draft, Participant, Preparation, Remark, State, Transition
from library.resources.models import Kind, Resource, Version

TABS: Mapping[str, tuple[str, tuple[State, ...]]] = {
    "running": ("进行中", (State.DRAFTING, State.DISCUSSING, State.FOR_APPROVAL, State.SETTLED)),
    "planned": ("计划", (State.PLANNED,)),
    "in_use": ("使用中", (State.IN_USE, State.RECAPPING)),
    "archived": ("归档", (State.ARCHIVED, State.CANCELLED)),
}
MOST_SOURCES = 8


def with_people() -> "QuerySet[Preparation]":
    """Preparations with everything that a head prints."""
    placed = Participant.objects.select_related("person", "school_then")
    return Preparation.objects.select_related(
        "body",
        "circle",
        "subject",
        "node__outline__textbook__edition",
        "node__outline__textbook__subject",
        "organiser",
        "lead",
        "approver",
        "resource",
        "settled_version",
        "term",
    ).prefetch_related(
        Prefetch("participants", placed),
        Prefetch("drafts", Draft.objects.select_related("version", "submitted_by")),
    )


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    url: str
    count: int
    on: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    preparation: Preparation
    steps: tuple[tuple[str, str], ...]
    note: str
    tag: str


def tabs(viewer: Viewer, on: str) -> list[Tab]:
    """The tabs with how many preparations the viewer may list in each: one query."""
    counts = dict(
        access.narrow(Preparation.objects.order_by(), viewer, Action.LIST)
        .values_list("state")
        .annotate(n=Count("pk", distinct=True))
    )
    return [
        Tab(label, f"?tab={key}", sum(counts.get(state, 0) for state in states), key == on)
        for key, (label, states) in TABS.items()
    ]


def listed(viewer: Viewer, tab: str, mine: bool = False) -> "QuerySet[Preparation]":
    """The preparations of a tab, the most urgent first."""
    rows = access.narrow(Preparation.objects.filter(state__in=TABS[tab][1]), viewer, Action.LIST)
    if mine:
        own = Participant.objects.filter(person=viewer.person_id, left_at__isnull=True).values("preparation")
        rows = rows.filter(Q(pk__in=own) | Q(organiser=viewer.person_id) | Q(approver=viewer.person_id))
    order = ("-state_changed_at", "-pk") if tab in ("archived", "in_use") else ("week", "discussing_due", "-pk")
    return (
        rows.select_related(
            "lead",
            "body",
            "subject",
            "node__outline__textbook__edition",
            "node__outline__textbook__subject",
            "settled_version",
            "term",
        )
        .annotate(
            n_members=Count(
                "participants", filter=Q(participants__role="member", participants__left_at__isnull=True), distinct=True
            ),
            n_drafts=Count("drafts", distinct=True),
        )
        .order_by(*order)
    )


def row_of(preparation: Preparation, at: datetime) -> Row:
    steps = STEPS if preparation.is_shared_plan else SIMPLE_STEPS
    if preparation.state == State.CANCELLED:
        return Row(preparation, tuple((label, "") for label, _, _ in steps), "已作废", "已作废")
    now = ORDER.index(State(preparation.state))
    shown = tuple(
        (label, "done" if ORDER.index(last) < now else "now" if ORDER.index(first) <= now else "")
        for label, first, last in steps
    )
    return Row(preparation, shown, _due_words(preparation, at), _tag(preparation))


def _tag(preparation: Preparation) -> str:
    if preparation.settled_version is not None:
        return f"共案 {preparation.settled_version.label}"
    drafts = getattr(preparation, "n_drafts", 0)
    return f"第{drafts}稿" if drafts else str(preparation.get_state_display())


def _due_words(preparation: Preparation, at: datetime) -> str:
    due = due_of(preparation, State(preparation.state))
    said = str(preparation.get_state_display())
    return said if due is None else f"{said}，{due_words(due, at)}"


def conflicts(preparation: Preparation, viewer: Viewer) -> "QuerySet[Preparation]":
    """Other preparations of the same lesson in the same circle that are not over and that the viewer may list."""
    if preparation.node_id is None:
        return Preparation.objects.none()
    over = (State.ARCHIVED, State.CANCELLED)
    same = Preparation.objects.filter(node=preparation.node_id, circle=preparation.circle_id, period=preparation.period)
    others = same.exclude(pk=preparation.pk).exclude(state__in=over).select_related("body", "lead")
    return access.narrow(others, viewer, Action.LIST)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a first text may come from."""

    version: int
    label: str


def sources_for(preparation: Preparation, viewer: Viewer) -> list[Source]:
    """Last year's shared plans of the lesson first, then what else of it the viewer may take."""
    if preparation.node_id is None:
        return []
    found = access.narrow(
        Resource.objects.filter(
            kind=Kind.LESSON_DESIGN,
            placements__node=preparation.node_id,
            state="published",
            published_version__isnull=False,
        ),
        viewer,
        Action.FORK,
    )
    earlier = Preparation.objects.filter(node=preparation.node_id).exclude(pk=preparation.pk)
    shared = {pk for pk in earlier.values_list("resource", flat=True) if pk}
    some = list(
        found.select_related("published_version", "owner", "home_school").order_by("-primary", "-published_at")[:30]
    )
    some.sort(key=lambda one: one.pk not in shared)
    return [Source(one.published_version_id, _source_words(one, shared)) for one in some[:MOST_SOURCES]]


def _source_words(resource: Resource, shared: Collection[int]) -> str:
    school = f"，{resource.home_school.display_name}" if resource.home_school else ""
    kind = "往年共案" if resource.pk in shared else "资源库"
    label = resource.published_version.label if resource.published_version else ""
    return f"{kind}：《{resource.title}》{label}，{resource.owner.name}{school}"


def version_chosen(preparation: Preparation, viewer: Viewer, pk: int) -> Version | None:
    """One of the offered sources."""
    if pk not in {source.version for source in sources_for(preparation, viewer)}:
        return None
    return Version.objects.select_related("resource").get(pk=pk)


def figures(preparation: Preparation) -> list[hooks.Figure]:
    """What a preparation came to: counts and medians, no ranking of persons."""
    remarks = list(
        Remark.objects.filter(preparation=preparation, deleted_at__isnull=True)
        .order_by()
        .values_list("author", "words", "disposition", "at", "disposed_at")
    )
    members = set(
        preparation.participants.filter(role=Participant.Role.MEMBER, left_at__isnull=True).values_list(
            "person", flat=True
        )
    )
    adopted = sum(1 for _, _, disposition, _, _ in remarks if disposition in ("adopted", "partly"))
    waits = [(done - at).total_seconds() / 3600 for _, _, _, at, done in remarks if done]
    words: dict[int, int] = dict.fromkeys(members, 0)
    for author, said, *_ in remarks:
        if author in words:
            words[author] += len(said)
    spoken = len(members & hooks.who_spoke(preparation))
    shown = [
        hooks.Figure("稿次", f"{preparation.drafts.count()} 稿"),
        hooks.Figure("批注", f"{len(remarks)} 条"),
        hooks.Figure("参与率", _share(spoken, len(members))),
        hooks.Figure("采纳率", _share(adopted, len(remarks))),
        hooks.Figure("批注字数（中位数）", f"{int(median(words.values()))} 字" if words else "没有参备人"),
        hooks.Figure("批注得到处理（中位数）", f"{median(waits):.0f} 小时" if waits else "还没有"),
        hooks.Figure("按时", _on_time(preparation)),
    ]
    return [*shown, *hooks.figures_of(preparation)]


def _share(part: int, whole: int) -> str:
    return f"{round(100 * part / whole)}%（{part} / {whole}）" if whole else "没有"


def _on_time(preparation: Preparation) -> str:
    """Which stages ended by their last day."""
    moments = dict(preparation.transitions.order_by("-move").values_list("after", "at"))
    ends = (
        ("初备", preparation.drafting_due, moments.get(State.DISCUSSING)),
        ("研讨", preparation.discussing_due, moments.get(State.FOR_APPROVAL)),
        ("定稿", preparation.approval_due, moments.get(State.SETTLED)),
    )
    told = [f"{label}{'按时' if was_in_time(done, due) else '晚了'}" for label, due, done in ends if due and done]
    return "，".join(told) or "没有设截止日"


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the history."""

    transition: Transition
    words: str
    detail: str


def history(preparation: Preparation, words: Mapping[str, str]) -> list[Happened]:
    rows = preparation.transitions.select_related("by").order_by("-move")
    return [Happened(row, words.get(row.action, row.action), _detail(row.detail)) for row in rows]


def _detail(detail: Mapping[str, object]) -> str:
    if "draft" in detail:
        return f"第{detail['draft']}稿"
    if "from" in detail and "to" in detail:
        return f"{detail['from'] or '没有'} → {detail['to']}"
    if "person" in detail:
        return f"{detail['person']}（{detail['role']}）"
    if "people" in detail:
        return f"{detail['people']} 位老师"
    return str(detail.get("lead") or detail.get("to") or detail.get("label") or "")


def schools_of(preparation: Preparation, at: datetime) -> Sequence[tuple[str, bool]]:
    """The schools that take part, each with whether it is in the circle still."""
    now = set(
        OrganisationLink.objects.valid_at(at).filter(parent=preparation.circle_id).values_list("member", flat=True)
    ) | {preparation.circle_id}
    return [(school.display_name, school.pk in now) for school in preparation.schools.all()]
