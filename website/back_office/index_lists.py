"""The index's jobs and defects for the system administrator: lists to read."""

from typing import Any

from django.db.models import Model, QuerySet
from wagtail.admin.ui.tables import DateColumn
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from groups.back_office import ReadingPolicy, ReadingViewSet
from groups.viewer import Viewer
from search.models import Defect, Generation, OutboxRow, Spread
from ui.columns import YesNoColumn


def _for_system_admins(model: type[Model], viewer: Viewer) -> QuerySet[Any]:
    rows = model._default_manager.all()
    return rows if viewer.is_system_admin else rows.none()


def _jobs(viewer: Viewer) -> QuerySet[Any]:
    return _for_system_admins(OutboxRow, viewer)


def _defects(viewer: Viewer) -> QuerySet[Any]:
    return _for_system_admins(Defect, viewer)


def _spreads(viewer: Viewer) -> QuerySet[Any]:
    return _for_system_admins(Spread, viewer)


def _generations(viewer: Viewer) -> QuerySet[Any]:
    return _for_system_admins(Generation, viewer)


class OutboxViewSet(ReadingViewSet):
    model = OutboxRow
    icon = "tasks"
    list_display = [
        "uid",
        "source",
        "version",
        YesNoColumn("pending", label="待写入"),
        "attempts",
        YesNoColumn("parked", label="已搁置"),
        "error",
    ]
    list_filter = ["source", "pending", "parked"]
    search_fields = ["uid", "error"]
    inspect_view_fields = ["source", "uid", "version", "pending", "attempts", "not_before", "parked", "error"]
    seen = staticmethod(_jobs)


class DefectViewSet(ReadingViewSet):
    model = Defect
    icon = "warning"
    list_display = ["uid", "source", "count", DateColumn("last_at", label="最近一次")]
    list_filter = ["source"]
    search_fields = ["uid"]
    inspect_view_fields = ["source", "uid", "count", "last_at"]
    seen = staticmethod(_defects)


class SpreadViewSet(ReadingViewSet):
    model = Spread
    icon = "tasks"
    list_display = ["name", "argument", "after", DateColumn("created_at", label="时间"), "error"]
    list_filter = ["name"]
    search_fields = ["argument", "error"]
    inspect_view_fields = ["name", "argument", "after", "created_at", "error"]
    seen = staticmethod(_spreads)


class GenerationViewSet(ReadingViewSet):
    model = Generation
    icon = "history"
    list_display = ["name", "state", "documents", DateColumn("promoted_at", label="启用"), "error"]
    list_filter = ["state"]
    inspect_view_fields = ["name", "state", "documents", "started_at", "promoted_at", "error"]
    seen = staticmethod(_generations)


class IndexGroup(SnippetViewSetGroup):
    menu_label = "检索"
    menu_icon = "search"
    menu_order = 320
    items = (OutboxViewSet, DefectViewSet, SpreadViewSet, GenerationViewSet)


def register_policies() -> None:
    for viewset in IndexGroup.items:
        register_permission_policy(viewset.model, ReadingPolicy(viewset.model, viewset.seen))
