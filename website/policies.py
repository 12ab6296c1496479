"""How the access rule speaks about news, and which pages of the site are whose in the back office."""

from collections.abc import Iterator

from django.db.models import Q
from wagtail.models import Page

from groups import access, page_rights
from groups.access import Action, Relation, relations
from groups.access.rule import RelationQuery, States
from groups.models import Role
from groups.page_rights import DELETE, EDITING, PUBLISH_BELOW, Right
from groups.viewer import Viewer
from website.models import HelpIndexPage, HelpPage, HomePage, NewsIndexPage, NewsPage

LIVE = States({"published": Q(live=True), "draft": Q(live=False)}, lambda page: "published" if page.live else "draft")
ITSELF = frozenset({"change", "publish"})


def _own_groups_news(viewer: Viewer) -> Q | None:
    return Q(group__in=viewer.runs) if viewer.runs else None


NEWS: dict[Relation, RelationQuery] = {
    Relation.ANYONE: relations.anyone,
    Relation.SITE_EDITOR: relations.site_editor,
    Relation.GROUP_ADMIN: _own_groups_news,
}


def register() -> None:
    access.register(NewsPage, thing="news", relations=NEWS, state=LIVE)
    page_rights.register(rights)


def rights(viewer: Viewer) -> Iterator[Right]:
    """Site editors keep home, news and help; a group's administrator writes the group's own news."""
    if viewer.in_role(Role.SITE_EDITOR):
        yield from _site_editors()
    elif viewer.runs:
        yield from (
            Right(index, frozenset({"add", PUBLISH_BELOW}), below=False) for index in NewsIndexPage.objects.all()
        )
        yield from (
            Right(news, ITSELF, below=False) for news in access.narrow(NewsPage.objects.all(), viewer, Action.EDIT)
        )


def _site_editors() -> Iterator[Right]:
    yield from (Right(home, ITSELF, below=False) for home in HomePage.objects.all())
    for model in (NewsIndexPage, HelpIndexPage):
        for index in model.objects.all():
            yield Right(index, ITSELF | {"add", PUBLISH_BELOW}, below=False)
    for page in Page.objects.type(NewsPage, HelpPage):
        yield Right(page, EDITING | {DELETE}, below=False)
