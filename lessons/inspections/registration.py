"""What inspection tells the packages below at start-up."""

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest

from groups.models import Role
from groups.viewer import Viewer
from lessons.adaptations import beside
from lessons.adaptations.policies import WORK
from lessons.inspections import selectors
from lessons.inspections.models import Inspection
from library.resources import work
from ui import navigation


def register() -> None:
    work.register_put_out(WORK, _were_inspected)
    beside.register(beside.Beside("inspections", selectors.said, "inspections/beside.html"))
    navigation.register_link(
        navigation.Link("查阅教案", "inspections:week", order=14, icon="clipboard-check", when=_inspects)
    )


def _were_inspected() -> Q:
    """Versions of which an inspector has said something stay at hand beside what was said."""
    return Q(Exists(Inspection.objects.filter(version=OuterRef("pk"))))


def _inspects(request: HttpRequest) -> bool:
    viewer: Viewer | None = getattr(request, "viewer", None)
    return bool(viewer and (viewer.in_role(Role.SCHOOL_LEADER) or viewer.in_role(Role.RESEARCH_LEADER)))
