"""One's own things: what I am writing, what waits for review, what is out, what I keep; and what waits for me to review."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from groups import access
from groups.access import Action
from groups.models import Role
from groups.viewer import Viewer
from library.documents import schema, walk
from library.resources import kinds
from library.resources.models import DraftInvitation, Favourite, Placement, Resource, ReviewStep, Submission
from library.resources.selectors.cards import PLACE_RELATED, place_of

TABS: Mapping[str, str] = {
    "draft": "草稿",
    "returned": "退回修改",
    "in_review": "待审",
    "published": "已发布",
    "other": "下架与归档",
    "binned": "回收站",
}


DUE, LATE = 3, 7
"""Days after which a review is due, and late."""


@dataclass(frozen=True, slots=True)
class OwnRow:
    """One line of my list."""

    resource: Resource
    title: str
    icon: str
    place: str
    percent: int
    edit_url: str
    state: str
    tone: str
    note: str
    at: datetime
    source: str


def mine(viewer: Viewer, tab: str) -> QuerySet[Resource]:
    """What I own or write together with others, under one tab."""
    invited = DraftInvitation.objects.filter(resource=OuterRef("pk"), person=viewer.person_id, ended_at__isnull=True)
    own = Resource.objects.filter(
        Q(owner=viewer.person_id) | Q(contributions__person=viewer.person_id) | Q(Exists(invited))
    )
    listed = access.narrow(own.distinct(), viewer, Action.LIST)
    last = Submission.objects.filter(resource=OuterRef("pk")).order_by("-submitted_at").values("status")[:1]
    listed = listed.annotate(last_submission=Subquery(last))
    not_returned = Q(last_submission__isnull=True) | ~Q(last_submission="returned")
    wanted = {
        "draft": Q(state="draft") & not_returned,
        "returned": Q(last_submission="returned", state__in=("draft", "published")),
        "in_review": Q(state="in_review") | Q(last_submission="open"),
        "published": Q(state="published"),
        "other": Q(state__in=("taken_down", "archived")),
        "binned": Q(state="binned"),
    }
    return listed.filter(wanted.get(tab, wanted["draft"])).order_by(
        F("working_copy__updated_at").desc(nulls_last=True), "-pk"
    )


def own_rows(resources: Sequence[Resource]) -> list[OwnRow]:
    """Lines with completeness, in a fixed number of queries."""
    ids = [resource.pk for resource in resources]
    found = {
        r.pk: r
        for r in Resource.objects.filter(pk__in=ids)
        .select_related(
            "working_copy", "published_version", "derived_from__source__home_school", "derived_from__source_version"
        )
        .prefetch_related(
            Prefetch("placements", queryset=Placement.objects.select_related(*PLACE_RELATED)),
            "submissions__steps",
        )
    }
    return [_own_row(found[pk]) for pk in ids if pk in found]


def _own_row(resource: Resource) -> OwnRow:
    spec = kinds.spec_of(resource.kind)
    copy = resource.working_copy
    state, tone, note = _state(resource)
    source = getattr(resource, "derived_from", None)
    return OwnRow(
        resource=resource,
        title=copy.title,
        icon=spec.icon,
        place=place_of(resource),
        percent=walk.completeness(schema.load(spec.document, copy.document)),
        edit_url=spec.edit_url,
        state=state,
        tone=tone,
        note=note,
        at=copy.updated_at,
        source=source.source_version.title if source else "",
    )


def _state(resource: Resource) -> tuple[str, str, str]:
    """Word, tone of the tag, and the sentence that says what to do next."""
    submissions = sorted(resource.submissions.all(), key=lambda s: s.submitted_at, reverse=True)
    last = submissions[0] if submissions else None
    if last and last.status == Submission.Status.RETURNED:
        step = next((s for s in last.steps.all() if s.decision == ReviewStep.Decision.RETURNED), None)
        words = "；".join([*(step.reasons if step else ()), *([step.opinion] if step and step.opinion else ())])
        return "退回修改", "j", words
    if last and last.status == Submission.Status.OPEN:
        step = next((s for s in sorted(last.steps.all(), key=lambda s: s.order) if not s.decision), None)
        return "待审", "h", f"正等{step.get_level_display()}" if step else ""
    if resource.state == "taken_down":
        return "已下架", "j", resource.state_reason
    return resource.get_state_display(), "l" if resource.state == "published" else "", ""


def kept(viewer: Viewer, folder: str = "") -> QuerySet[Resource]:
    """My favourites that I may still list, the last kept first; of one folder, or all."""
    own = Favourite.objects.filter(person=viewer.person_id, resource=OuterRef("pk"))
    own = own.filter(folder=folder) if folder else own
    found = Resource.objects.filter(Exists(own)).visible_to(viewer)
    return found.annotate(kept_at=Subquery(own.values("created_at")[:1])).order_by("-kept_at")


def folders(viewer: Viewer) -> list[str]:
    """The names of my folders (收藏夹)."""
    own = Favourite.objects.filter(person=viewer.person_id).exclude(folder="")
    return list(own.order_by("folder").values_list("folder", flat=True).distinct())


@dataclass(frozen=True, slots=True)
class Age:
    """How long something has waited for this reviewer: whole days, and the tone of their tag."""

    days: int
    tone: str


def age_of(submission: Submission, now: datetime) -> Age:
    """The age of a submission from `waiting`: since the step before was decided."""
    days = (now - submission.since).days  # type: ignore[attr-defined]
    return Age(days, "j" if days >= LATE else "h" if days >= DUE else "")


def waiting(viewer: Viewer, studio: int | None = None) -> QuerySet[Submission]:
    """Open submissions whose waiting step is this viewer's, or the one studio's: the oldest first."""
    steps = ReviewStep.objects.filter(submission=OuterRef("pk"), decision=ReviewStep.Decision.WAITING).order_by("order")
    decided = ReviewStep.objects.filter(submission=OuterRef("pk"), decided_at__isnull=False).order_by("-decided_at")
    reviewer, host, officer = (viewer.in_role(r) for r in (Role.REVIEWER, Role.HOST, Role.OFFICER))
    by_level = (
        Q(now_level__in=("school", "group"), now_organisation__in=reviewer)
        | Q(now_level="studio", now_organisation__in=host)
        | Q(now_level__in=("county", "city"), now_organisation__in=officer)
        | Q(now_delegate__in=reviewer)
    )
    reviewable = access.narrow(Resource.objects.all(), viewer, Action.REVIEW)
    if studio is not None:
        by_level &= Q(now_level="studio", now_organisation=studio)
    return (
        Submission.objects.filter(status=Submission.Status.OPEN, resource__in=reviewable)
        .annotate(
            now_level=Subquery(steps.values("level")[:1]),
            now_organisation=Subquery(steps.values("organisation")[:1]),
            now_delegate=Subquery(steps.values("delegated_to")[:1]),
            since=Coalesce(Subquery(decided.values("decided_at")[:1]), F("submitted_at")),
        )
        .filter(by_level)
        .select_related("resource__home_school", "version", "submitted_by")
        .order_by("submitted_at", "pk")
    )
