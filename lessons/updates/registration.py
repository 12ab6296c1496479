"""What updates tell, and hear of, the packages below: a shared plan that moved on, and the note on an adaptation's page."""

from groups.viewer import Viewer
from lessons.adaptations import beside
from lessons.adaptations.models import Adaptation
from lessons.prep.events import revised
from lessons.updates import selectors
from lessons.updates.models import Update
from lessons.updates.telling import tell_adopters
from library.resources.models import Version


def register() -> None:
    revised.connect(tell_adopters, dispatch_uid="lessons.updates")
    beside.register(beside.Beside("updates", newer, "updates/beside.html", "top"))


def newer(adaptation: Adaptation, viewer: Viewer) -> Version | None:
    """The newer shared plan, for the teacher whose version stands on an older one and who did not say 不再提醒."""
    preparation = adaptation.preparation
    version = preparation.settled_version if preparation is not None else None
    if version is None or version.pk == adaptation.base_id or adaptation.teacher_id != viewer.person_id:
        return None
    silent = adaptation.updates.filter(theirs=version, state=Update.State.NEVER).exists()
    return version if not silent and selectors.waiting(viewer).filter(pk=adaptation.pk).exists() else None
