"""How the access rule speaks about news, and which pages an editor or a group's administrator has in the back office."""

from collections.abc import Iterable

from django.db.models import Q

from groups import access, page_rights
from groups.access import Action, Relation, relations
from groups.access.rule import States
from groups.models import Role
from groups.page_rights import EDITING, Right
from groups.viewer import Viewer
from website.models import HomePage, NewsIndexPage, NewsPage

OWN_NEWS = frozenset({"change", "publish"})


def _group_admin(viewer: Viewer) -> Q | None:
    """Administers the group whose news it is."""
    return Q(group__in=list(viewer.runs)) if viewer.runs else None


NEWS = {
    Relation.ANYONE: relations.anyone,
    Relation.SITE_EDITOR: relations.site_editor,
    Relation.GROUP_ADMIN: _group_admin,
}
NEWS_STATES = States(
    {"published": Q(live=True), "draft": Q(live=False)}, lambda news: "published" if news.live else "draft"
)


def rights(viewer: Viewer) -> Iterable[Right]:
    """Site editors: every page. Group administrators: news of their own group, and writing new ones."""
    if viewer.in_role(Role.SITE_EDITOR):
        return [Right(home, EDITING) for home in HomePage.objects.all()]
    if not viewer.runs:
        return []
    own = access.narrow(NewsPage.objects.all(), viewer, Action.EDIT)
    add = [Right(index, frozenset({"add"})) for index in NewsIndexPage.objects.all()]
    return [*add, *(Right(news, OWN_NEWS) for news in own)]


def register() -> None:
    access.register(NewsPage, thing="news", relations=NEWS, state=NEWS_STATES)
    page_rights.register(rights)
