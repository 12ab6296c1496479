"""What upper packages add to a resource's page: columns of its one query, and templates beside the text.

Registered in their `ready()`. A template gets `data`, what `load` answered, beside the page's own variables.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from groups.access import Relation
from groups.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Panel:
    """One package's additions.

    Attributes:
        name: the same name again replaces the earlier one.
        annotations: viewer → columns of the page's query.
        load: (resource with those columns, relations held, viewer) → finished values for the templates.
        templates: place → template; places are `notes` (above the text), `below`, `margin` and `manage`.
    """

    name: str
    annotations: Callable[[Viewer], Mapping[str, Any]]
    load: Callable[[Any, frozenset[Relation], Viewer], Any]
    templates: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Loaded:
    """A panel on one page."""

    templates: Mapping[str, str]
    data: Any


_panels: dict[str, Panel] = {}


def register(panel: Panel) -> None:
    _panels[panel.name] = panel


def annotations(viewer: Viewer) -> dict[str, Any]:
    return {name: column for panel in _panels.values() for name, column in panel.annotations(viewer).items()}


def load(resource: Any, held: frozenset[Relation], viewer: Viewer) -> tuple[Loaded, ...]:
    return tuple(Loaded(panel.templates, panel.load(resource, held, viewer)) for panel in _panels.values())
