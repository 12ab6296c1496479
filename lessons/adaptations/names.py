"""How messages call proposals: by the title of their preparation, for whoever may read it now."""

from collections.abc import Mapping, Sequence

from groups import access
from groups.access import Action
from groups.inbox.things import Named
from groups.viewer import Viewer
from lessons.adaptations.models import Proposal
from lessons.prep.models import Preparation


def of_proposals(uids: Sequence[str], viewer: Viewer) -> Mapping[str, Named]:
    open_to = access.narrow(Preparation.objects.all(), viewer, Action.READ)
    found = Proposal.objects.filter(uid__in=uids, preparation__in=open_to).select_related("preparation")
    return {one.uid: Named(one.preparation.title, one.address) for one in found}
