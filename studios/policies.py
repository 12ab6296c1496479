"""Which pages a studio's host and its page editors have in the back office: their own, while the studio runs."""

from collections.abc import Iterable

from groups import access, page_rights
from groups.access import Action
from groups.models import Studio
from groups.page_rights import Right
from groups.viewer import Viewer
from studios.models import StudioPage

OWN_PAGE = frozenset({"change", "publish"})


def rights(viewer: Viewer) -> Iterable[Right]:
    edited = access.narrow(Studio.objects.order_by(), viewer, Action.EDIT_PAGE)
    return [Right(page, OWN_PAGE) for page in StudioPage.objects.filter(studio__in=edited.values("pk"))]


def register() -> None:
    page_rights.register(rights)
