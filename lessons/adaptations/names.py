"""How messages call proposals and adaptations, for whoever may read them now."""

from collections.abc import Mapping, Sequence

from groups import access
from groups.access import Action
from groups.inbox.things import Named
from groups.viewer import Viewer
from lessons.adaptations.models import Adaptation, Proposal
from lessons.prep.models import Preparation


def of_proposals(uids: Sequence[str], viewer: Viewer) -> Mapping[str, Named]:
    open_to = access.narrow(Preparation.objects.all(), viewer, Action.READ)
    found = Proposal.objects.filter(uid__in=uids, preparation__in=open_to).select_related("preparation")
    return {one.uid: Named(one.preparation.title, one.address) for one in found}


def of_adaptations(uids: Sequence[str], viewer: Viewer) -> Mapping[str, Named]:
    found = access.narrow(Adaptation.objects.filter(uid__in=uids), viewer, Action.READ).select_related("resource")
    return {one.uid: Named(one.resource.title, one.get_absolute_url()) for one in found}
