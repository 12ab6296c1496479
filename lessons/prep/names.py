"""How messages call a preparation: its title, for whoever reads it now."""

from collections.abc import Mapping, Sequence

from groups import access
from groups.access import Action
from groups.inbox.things import Named
from groups.viewer import Viewer
from lessons.prep.models import Preparation


def of_preparations(uids: Sequence[str], viewer: Viewer) -> Mapping[str, Named]:
    found = access.narrow(Preparation.objects.filter(uid__in=uids), viewer, Action.READ)
    return {row.uid: Named(row.title, row.get_absolute_url()) for row in found}
