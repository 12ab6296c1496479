"""Whose a studio's page is in the back office: its host's and editors', while they are and while the studio runs."""

from collections.abc import Iterator

from groups import access, page_rights
from groups.access import Action
from groups.models import Role, Studio
from groups.page_rights import PUBLISH_BELOW, Right
from groups.viewer import Viewer
from studios.models import StudioIndexPage, StudioPage

COMPOSING = frozenset({"change", "publish"})
CREATING = frozenset({"add", PUBLISH_BELOW})


def rights(viewer: Viewer) -> Iterator[Right]:
    """The policy row `studio, edit_page`; a new studio's page is created by those who keep the site."""
    edited = access.narrow(Studio.objects.order_by(), viewer, Action.EDIT_PAGE)
    for page in StudioPage.objects.filter(studio__in=edited.values("pk")):
        yield Right(page, COMPOSING, below=False)
    keeps = bool(viewer.in_role(Role.SITE_EDITOR))
    if keeps or viewer.is_system_admin:
        for index in StudioIndexPage.objects.all():
            yield Right(index, CREATING | COMPOSING if keeps else CREATING, below=False)


def register() -> None:
    page_rights.register(rights)
