"""How messages call a resource: its title for whoever may list, read or review it now."""

from collections.abc import Mapping, Sequence

from groups import access
from groups.access import Action
from groups.inbox.things import Named
from groups.viewer import Viewer
from library.resources.models import Resource


def of_resources(uids: Sequence[str], viewer: Viewer) -> Mapping[str, Named]:
    wanted = Resource.objects.filter(uid__in=uids)
    found = access.narrow(wanted, viewer, Action.READ) | access.narrow(wanted, viewer, Action.REVIEW)
    return {r.uid: Named(r.title, r.get_absolute_url()) for r in found.order_by().distinct()}
