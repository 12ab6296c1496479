"""What is decided at desks: reviews, appeals, reported comments, proposals. Lists to read, each row with the way to its page.

They are decided on the site's own pages, by whom the rule lets.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from groups import access
from groups.access import Action
from groups.back_office import ReadingPolicy, ReadingViewSet
from groups.memberships.models import Proposal
from groups.memberships.policies import concerning
from groups.viewer import Viewer
from library.outlines.models import Change, Mapping
from library.resources.models import Resource, ReviewStep
from library.together.models import Appeal, CommentReport
from ui.columns import YesNoColumn


def _which(viewer: Viewer, action: Action, path: str) -> Exists:
    """The viewer may do this to the resource that the row's `path` names."""
    return Exists(access.narrow(Resource.objects.filter(pk=OuterRef(path)), viewer, action).order_by())


def _reviews(viewer: Viewer) -> QuerySet[ReviewStep]:
    """Of the viewer's own desks and own submissions: nobody else's opinions."""
    desks = Q(organisation__in=viewer.reviewing) | Q(delegated_to__in=viewer.reviewing)
    own = Q(submission__submitted_by=viewer.person_id)
    found = ReviewStep.objects.filter(desks | own, _which(viewer, Action.LIST, "submission__resource"))
    related = ("submission__resource", "submission__submitted_by", "organisation", "decided_by")
    return found.select_related(*related).order_by("-submission__submitted_at", "order")


def _appeals(viewer: Viewer) -> QuerySet[Appeal]:
    """Those that the viewer may answer; once answered, of works that the viewer may list."""
    answering = Q(_which(viewer, Action.RESTORE, "resource"))
    answered = ~Q(status=Appeal.Status.OPEN) & Q(_which(viewer, Action.LIST, "resource"))
    answered &= Q(answered_by=viewer.person_id) | Q(by=viewer.person_id)
    found = Appeal.objects.filter(answering | answered)
    return found.select_related("resource", "by", "answered_by").order_by("-at", "-pk")


def _reports(viewer: Viewer) -> QuerySet[CommentReport]:
    """Under works that the viewer could take down: who answers for what stands there."""
    found = CommentReport.objects.filter(_which(viewer, Action.TAKE_DOWN, "comment__resource"))
    return found.select_related("comment__resource", "comment__author", "by").order_by("-at", "-pk")


def _proposals(viewer: Viewer) -> QuerySet[Proposal]:
    return concerning(viewer).select_related("school", "group", "proposed_by")


def _changes(viewer: Viewer) -> QuerySet[Change]:
    return access.narrow(Change.objects.select_related("outline", "proposed_by"), viewer, Action.READ)


def _mappings(viewer: Viewer) -> QuerySet[Mapping]:
    return access.narrow(Mapping.objects.select_related("old", "new", "proposed_by"), viewer, Action.READ)


def _way(address: Callable[[Any], str], label: str = "去办") -> TitleColumn:
    """The last column: to the page on the site where the thing is dealt with."""
    return TitleColumn("way", label=label, classname="bo-way", accessor=lambda row: "打开", get_url=address)


class ReviewStepViewSet(ReadingViewSet):
    model = ReviewStep
    icon = "clipboard-list"
    list_display = [
        "__str__",
        "organisation",
        Column("get_decision_display", label="结论"),
        DateColumn("decided_at", label="时间"),
        _way(lambda step: reverse("library:review", args=[step.submission_id]), "去审"),
    ]
    list_filter = ["level", "decision"]
    search_fields = ["submission__resource__title", "organisation__name"]
    inspect_view_fields = ["level", "organisation", "decision", "decided_by", "decided_at", "opinion"]
    seen = staticmethod(_reviews)


class AppealViewSet(ReadingViewSet):
    model = Appeal
    icon = "comment"
    list_display = [
        "__str__",
        "by",
        Column("get_status_display", label="结果"),
        DateColumn("at", label="申诉时间"),
        _way(lambda appeal: reverse("together:appeals")),
    ]
    list_filter = ["status"]
    search_fields = ["resource__title", "by__name"]
    inspect_view_fields = ["by", "words", "at", "status", "answer", "answered_by", "answered_at"]
    seen = staticmethod(_appeals)


class CommentReportViewSet(ReadingViewSet):
    model = CommentReport
    icon = "warning"
    list_display = [
        "__str__",
        Column("comment", label="评论", accessor=lambda report: report.comment.words[:60] or "已删除"),
        Column("author", label="写的人", accessor=lambda report: report.comment.author.name),
        YesNoColumn("deleted", label="已删除", accessor=lambda report: report.comment.deleted_at is not None),
        DateColumn("at", label="举报时间"),
        _way(lambda report: f"{report.comment.resource.get_absolute_url()}#talk", "去看"),
    ]
    search_fields = ["reason", "comment__words", "comment__resource__title"]
    inspect_view_fields = ["comment", "by", "reason", "at"]
    seen = staticmethod(_reports)


class ProposalViewSet(ReadingViewSet):
    model = Proposal
    icon = "group"
    list_display = [
        "__str__",
        "proposed_by",
        Column("get_state_display", label="状态"),
        DateColumn("proposed_at", label="提议时间"),
        _way(lambda proposal: proposal.get_absolute_url()),
    ]
    list_filter = ["kind", "state"]
    search_fields = ["school__name", "group__name"]
    inspect_view_fields = ["kind", "school", "group", "state", "reason", "proposed_by", "proposed_at", "decided_by"]
    seen = staticmethod(_proposals)


class ChangeViewSet(ReadingViewSet):
    model = Change
    icon = "list-ul"
    list_display = [
        "__str__",
        "proposed_by",
        "reason",
        DateColumn("proposed_at", label="提出时间"),
        _way(lambda change: change.get_absolute_url()),
    ]
    list_filter = ["state"]
    search_fields = ["outline__title", "reason"]
    inspect_view_fields = ["outline", "state", "reason", "proposed_by", "proposed_at", "decided_by", "decided_at"]
    seen = staticmethod(_changes)


class MappingViewSet(ReadingViewSet):
    model = Mapping
    icon = "repeat"
    list_display = [
        "__str__",
        "proposed_by",
        Column("get_state_display", label="状态"),
        DateColumn("proposed_at", label="提出时间"),
        _way(lambda mapping: mapping.get_absolute_url()),
    ]
    list_filter = ["state"]
    search_fields = ["old__title", "new__title"]
    inspect_view_fields = ["old", "new", "state", "reason", "proposed_by", "proposed_at", "decided_by", "decided_at"]
    seen = staticmethod(_mappings)


class DesksGroup(SnippetViewSetGroup):
    menu_label = "审核与提议"
    menu_icon = "clipboard-list"
    menu_order = 160
    items = (
        ReviewStepViewSet,
        AppealViewSet,
        CommentReportViewSet,
        ProposalViewSet,
        ChangeViewSet,
        MappingViewSet,
    )


def register_policies() -> None:
    for viewset in DesksGroup.items:
        register_permission_policy(viewset.model, ReadingPolicy(viewset.model, viewset.seen))
