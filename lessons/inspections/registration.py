"""What inspection tells the packages below at start-up."""

from django.http import HttpRequest

from groups.models import Role
from groups.viewer import Viewer
from lessons.adaptations import beside
from lessons.inspections import selectors
from ui import navigation


def register() -> None:
    beside.register(beside.Beside("inspections", selectors.said, "inspections/beside.html"))
    navigation.register_link(
        navigation.Link("查阅教案", "inspections:week", order=14, icon="clipboard-check", when=_inspects)
    )


def _inspects(request: HttpRequest) -> bool:
    viewer: Viewer | None = getattr(request, "viewer", None)
    return bool(viewer and (viewer.in_role(Role.SCHOOL_LEADER) or viewer.in_role(Role.RESEARCH_LEADER)))
