"""The back office's first screen: what waits for this person, in words, and where their work is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from laces.components import Component  # type: ignore[import-untyped]
from wagtail.models import Page

from groups import access
from groups.access import Action
from groups.memberships.policies import waiting_for
from groups.page_rights import Right, rights_of
from groups.roster import selectors as roster
from groups.viewer import Viewer
from library.resources.models import Resource
from library.resources.selectors import own
from library.together.models import Appeal
from search.models import Defect, OutboxRow
from studios.models import StudioIndexPage, StudioPage
from website.models import HelpIndexPage, HomePage, NewsIndexPage

UNPUBLISHED_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence and where to go."""

    text: str
    url: str
    act: str


def waiting(viewer: Viewer) -> list[Line]:
    """What waits for this person."""
    return [*_reviews(viewer), *_appeals(viewer), *_proposals(viewer), *_unpublished(viewer), *_index(viewer)]


def _reviews(viewer: Viewer) -> Iterator[Line]:
    count = own.waiting(viewer).count()
    if count:
        yield Line(f"有 {count} 份资源等你审核。", reverse("library:review_queue"), "去审核")


def _appeals(viewer: Viewer) -> Iterator[Line]:
    mine = access.narrow(Resource.objects.all(), viewer, Action.RESTORE)
    count = Appeal.objects.filter(status=Appeal.Status.OPEN, resource__in=mine).count()
    if count:
        yield Line(f"有 {count} 份申诉等你答复。", reverse("together:appeals"), "去答复")


def _proposals(viewer: Viewer) -> Iterator[Line]:
    for proposal in waiting_for(viewer)[:UNPUBLISHED_SHOWN]:
        yield Line(f"{proposal}，等你答复。", proposal.get_absolute_url(), "去答复")


def _unpublished(viewer: Viewer) -> Iterator[Line]:
    pages = [right.page.pk for right in rights_of(viewer) if "change" in right.actions]
    changed = Page.objects.filter(pk__in=pages, has_unpublished_changes=True).order_by("-latest_revision_created_at")
    for page in changed[:UNPUBLISHED_SHOWN]:
        said = "有改动还没有发布" if page.live else "还没有发布"
        yield Line(f"《{page.draft_title}》{said}。", reverse("wagtailadmin_pages:edit", args=[page.pk]), "接着编辑")


def _index(viewer: Viewer) -> Iterator[Line]:
    if not viewer.is_system_admin:
        return
    parked = OutboxRow.objects.filter(parked=True).count()
    if parked:
        url = reverse("wagtailsnippets_search_outboxrow:list")
        yield Line(f"有 {parked} 条索引待办多次失败，已搁置。", f"{url}?parked=true", "看看原因")
    defects = Defect.objects.count()
    if defects:
        yield Line(
            f"有 {defects} 份文档在检索里与权限不一致。", reverse("wagtailsnippets_search_defect:list"), "看是哪些"
        )


def places(viewer: Viewer) -> list[Line]:
    """Where this person's work is."""
    pages = (line for right in rights_of(viewer) for line in _place(right))
    found = [*pages, Line("资源", reverse("back_office_resources:index"), "查找、预览、下架")]
    if roster.has_schools(viewer):
        found.append(Line("学校的人员", reverse("people:index"), "管理人员"))
    if viewer.curates or viewer.is_system_admin:
        found.append(Line("教材目录的修订", reverse("outlines:index"), "看提议"))
    if viewer.is_system_admin:
        found.append(Line("索引、后台任务和检索引擎", reverse("health"), "看网站状况"))
    return found


def _place(right: Right) -> Iterable[Line]:
    kind = right.page.specific_class
    if kind is HomePage:
        yield Line("首页", reverse("wagtailadmin_pages:edit", args=[right.page.pk]), "编辑")
    if kind is StudioPage:
        yield Line(right.page.title, reverse("wagtailadmin_pages:edit", args=[right.page.pk]), "编辑主页")
    if "add" in right.actions and kind in WRITTEN:
        model, label = WRITTEN[kind]
        yield Line(label, reverse("wagtailadmin_pages:add", args=[*model, right.page.pk]), "新建")
    if kind in WRITTEN and "change" in right.actions:
        yield Line(right.page.title, reverse("wagtailadmin_explore", args=[right.page.pk]), "查看全部")


WRITTEN: dict[Any, tuple[tuple[str, str], str]] = {
    NewsIndexPage: (("website", "newspage"), "写一条新闻"),
    HelpIndexPage: (("website", "helppage"), "写一页帮助"),
    StudioIndexPage: (("studios", "studiopage"), "给工作室开一个主页"),
}


class ListPanel(Component):
    """Sentences with links, or one sentence when there is nothing."""

    template_name = "website/back_office/panel.html"
    order = 100

    def __init__(self, heading: str, lines: list[Line], nothing: str = "") -> None:
        self.heading, self.lines, self.nothing = heading, lines, nothing

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        return {"heading": self.heading, "lines": self.lines, "nothing": self.nothing}


def compose(viewer: Viewer, panels: list[Any]) -> None:
    """Our two panels in place of Wagtail's."""
    panels[:] = [
        ListPanel("等你办的事", waiting(viewer), "现在没有等你办的事。"),
        ListPanel("常去的地方", places(viewer)),
    ]
