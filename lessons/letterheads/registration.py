"""What this app tells the packages below: the frame of a reader's school, and who may see its files."""

from groups.access import Action, Verdict, may
from groups.viewer import Viewer
from lessons.letterheads import selectors
from library.resources import papers
from media import containers
from media.models import File


def of_school(viewer: Viewer, file: File, action: Action) -> Verdict | None:
    """A sign or a template is for whoever runs the school."""
    holder = file.letterheads.select_related("school").first() or file.school_templates.select_related("school").first()
    return may(viewer, Action.EDIT, holder.school) if holder else None


def register() -> None:
    papers.register(selectors.frame)
    containers.register(of_school)
