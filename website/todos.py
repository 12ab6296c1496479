"""What waits for a person in the library and the groups (待办): reviews, returned drafts, appeals, proposals, news.

The sources of `groups.inbox.todos` that belong to no single package below.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from groups import access
from groups.access import Action
from groups.inbox import selectors as inbox
from groups.inbox import todos
from groups.inbox.models import Message
from groups.inbox.todos import Todo, Waiting
from groups.memberships.policies import waiting_for
from groups.models import Role
from groups.viewer import Viewer
from library.resources.models import Resource, ReviewStep, Submission
from library.together.models import Appeal

NEWEST = 6


def register() -> None:
    todos.register("reviews", _reviews)
    todos.register("returned", _returned)
    todos.register("appeals", _appeals)
    todos.register("proposals", _proposals)
    todos.register("news", _news)


def _news(viewer: Viewer, most: int) -> Waiting:
    """The newest messages that were not read, but those whose deed stands in this list already."""
    new = list(inbox.unread(viewer).exclude(about=Message.About.REVIEW)[:NEWEST])
    shown = [
        Todo(one.icon, one.words, one.label, one.url or reverse("inbox:messages"), one.at)
        for one in inbox.shown(new, viewer)
    ]
    return Waiting(shown[:most], len(shown))


def _proposals(viewer: Viewer, most: int) -> Waiting:
    """Schools that are to enter or leave a group, as far as this person answers."""
    if not (viewer.administers or viewer.area_schools):
        return Waiting()
    found = waiting_for(viewer)
    shown = [
        Todo("school", str(one), f"{one.proposed_by.name} 提议，等你答复", one.get_absolute_url(), one.proposed_at)
        for one in found.order_by("proposed_at").select_related("proposed_by", "school", "group")[:most]
    ]
    return Waiting(shown, _count(found, shown, most))


def _appeals(viewer: Viewer, most: int) -> Waiting:
    """Appeals that this person may answer."""
    if not (viewer.administers or viewer.runs or viewer.area_schools or viewer.is_system_admin):
        return Waiting()
    mine = access.narrow(Resource.objects.all(), viewer, Action.RESTORE)
    found = Appeal.objects.filter(status=Appeal.Status.OPEN, resource__in=mine).select_related("resource", "by")
    shown = [
        Todo(
            "scroll-text",
            f"答复《{one.resource.title}》的申诉",
            f"{one.by.name} 申诉",
            reverse("together:appeals"),
            one.at,
        )
        for one in found.order_by("at")[:most]
    ]
    return Waiting(shown, _count(found, shown, most))


def _reviews(viewer: Viewer, most: int) -> Waiting:
    """Open submissions whose next step is this viewer's."""
    if not viewer.reviewing:
        return Waiting()
    mine = Q(organisation__in=viewer.reviewing) | Q(delegated_to__in=viewer.in_role(Role.REVIEWER))
    earlier = ReviewStep.objects.filter(submission=OuterRef("submission"), decision="", order__lt=OuterRef("order"))
    found = (
        ReviewStep.objects.filter(mine, ~Exists(earlier), decision="", submission__status=Submission.Status.OPEN)
        .exclude(submission__resource__owner=viewer.person_id)
        .select_related("submission__resource", "submission__submitted_by")
    )
    shown = [
        Todo(
            "clipboard-check",
            f"审《{step.submission.resource.title}》",
            f"{step.get_level_display()}，{step.submission.submitted_by.name} 送审",
            f"/review/{step.submission_id}/",
            step.submission.submitted_at,
        )
        for step in found.order_by("submission__submitted_at", "pk")[:most]
    ]
    return Waiting(shown, _count(found, shown, most))


def _returned(viewer: Viewer, most: int) -> Waiting:
    """Drafts that came back; of several returns of one draft the newest stands for them."""
    returned = Submission.objects.filter(
        status=Submission.Status.RETURNED, submitted_by=viewer.person_id, resource__state="draft"
    )
    later = returned.filter(resource=OuterRef("resource"), closed_at__gt=OuterRef("closed_at"))
    found = returned.filter(~Exists(later)).select_related("resource")
    shown = [
        Todo(
            "undo-2",
            f"改《{s.resource.title}》",
            "退回修改，看看审核人的意见",
            s.resource.get_absolute_url(),
            s.closed_at or s.submitted_at,
        )
        for s in found.order_by("closed_at", "pk")[:most]
    ]
    return Waiting(shown, _count(found, shown, most))


def _count(found: "QuerySet[object]", shown: list[Todo], most: int) -> int:  # type: ignore[type-var]
    """How many there are; a list that is not full has told already."""
    return len(shown) if len(shown) < most else found.count()
