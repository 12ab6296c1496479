"""How the access rule speaks about share links, and about the files of the thing behind one."""

from typing import Any

from django.db.models import Exists, OuterRef, Q

from groups import access
from groups.access import Action, Relation, Verdict
from groups.access.rule import StatesOverTime
from groups.models import GrantLevel
from groups.models.dated import valid
from groups.viewer import Viewer
from library.history.then import in_state
from library.links.models import ShareLink
from library.resources import panels
from library.resources.models import Resource, VersionFile
from library.resources.policies import SETTLED_STATES
from media import containers
from media.models import File


def link_holder(viewer: Viewer) -> Q | None:
    """Opened the link, with its password where it has one."""
    return Q(pk__in=viewer.links) if viewer.links else None


def is_valid(viewer: Viewer) -> Q:
    """Begun and not ended, and its thing is there for readers."""
    there = Resource.objects.filter(in_state(viewer, SETTLED_STATES), pk=OuterRef("resource"))
    return valid(viewer.at) & Q(Exists(there.order_by()))


def where(states: frozenset[str], viewer: Viewer) -> Q:
    if states >= {"valid", "ended"}:
        return Q()
    return is_valid(viewer) if "valid" in states else ~is_valid(viewer)


def state_of(link: Any, viewer: Viewer) -> str:
    return "valid" if ShareLink.objects.filter(is_valid(viewer), pk=link.pk).exists() else "ended"


def of_linked_file(viewer: Viewer, file: File, action: Action) -> Verdict | None:
    """A file of the published text behind an opened link; to take it home the link must allow that."""
    if not viewer.links:
        return None
    holding = VersionFile.objects.filter(file=file).values("version")
    links = access.narrow(ShareLink.objects.filter(resource__published_version__in=holding), viewer, Action.READ)
    if action != Action.READ:
        links = links.filter(level=GrantLevel.DOWNLOAD)
    return Verdict(True, "你打开的是分享链接", Relation.LINK_HOLDER) if links.exists() else None


def shares(resource: Any, held: frozenset[Relation], viewer: Viewer) -> bool:
    """Does the resource's page offer its links? To whom the row `grant` is given."""
    return bool(access.verdict_of(held, viewer, Action.GRANT, resource))


def register() -> None:
    panels.register(panels.Panel("links", lambda viewer: {}, shares, {"manage": "links/_manage.html"}))
    access.register(
        ShareLink,
        thing="link",
        relations={Relation.LINK_HOLDER: link_holder},
        state=StatesOverTime(where, state_of),
    )
    containers.register(of_linked_file)
