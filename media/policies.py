"""The file in the access rule: an orphan upload is its uploader's; anything else goes by its containers."""

from django.db.models import Q

from groups import access
from groups.access import Relation
from groups.access.rule import States
from groups.viewer import Viewer
from media.models import File
from media.references import unreferenced


def uploader(viewer: Viewer) -> Q | None:
    return Q(uploaded_by=viewer.person_id) if viewer.person else None


def state_of(file: File) -> str:
    """`orphan` (not yet attached) or `contained`."""
    orphan = File.objects.filter(unreferenced(by_files_too=False), pk=file.pk).exists()
    return "orphan" if orphan else "contained"


def register() -> None:
    orphan = unreferenced(by_files_too=False)
    states = States({"orphan": orphan, "contained": ~orphan}, state_of)
    access.register(File, thing="file", relations={Relation.UPLOADER: uploader}, state=states)
