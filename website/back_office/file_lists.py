"""Words and previews of files for the system administrator: what was made, what was not, and why."""

from typing import Any

from django.db.models import QuerySet
from wagtail.admin.ui.tables import DateColumn
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from groups.back_office import ReadingPolicy, ReadingViewSet
from groups.viewer import Viewer
from media.conversion.models import BlobWords, PdfTwin

COLUMNS = ["state", "attempts", "reason"]


def _words(viewer: Viewer) -> QuerySet[Any]:
    return BlobWords.objects.defer("passages") if viewer.is_system_admin else BlobWords.objects.none()


def _twins(viewer: Viewer) -> QuerySet[Any]:
    return PdfTwin.objects.all() if viewer.is_system_admin else PdfTwin.objects.none()


class WordsViewSet(ReadingViewSet):
    model = BlobWords
    icon = "doc-full"
    list_display = ["__str__", *COLUMNS, DateColumn("changed_at", label="变动")]
    list_filter = ["state"]
    search_fields = ["blob_id", "reason"]
    inspect_view_fields = ["blob_id", *COLUMNS, "is_cut", "leased_until", "not_before", "changed_at"]
    seen = staticmethod(_words)


class TwinViewSet(ReadingViewSet):
    model = PdfTwin
    icon = "doc-full-inverse"
    list_display = ["__str__", *COLUMNS, DateColumn("changed_at", label="变动")]
    list_filter = ["state"]
    search_fields = ["blob_id", "reason"]
    inspect_view_fields = ["blob_id", *COLUMNS, "leased_until", "not_before", "changed_at"]
    seen = staticmethod(_twins)


class FilesGroup(SnippetViewSetGroup):
    menu_label = "文件处理"
    menu_icon = "doc-full"
    menu_order = 325
    items = (TwinViewSet, WordsViewSet)


def register_policies() -> None:
    for viewset in FilesGroup.items:
        register_permission_policy(viewset.model, ReadingPolicy(viewset.model, viewset.seen))
