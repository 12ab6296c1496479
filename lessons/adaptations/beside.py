"""What upper packages put on an adaptation's page: inspections, the shared plan's updates. Registered in their `ready()`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from groups.viewer import Viewer
from lessons.adaptations.models import Adaptation


@dataclass(frozen=True, slots=True)
class Beside:
    """One package's part of the page.

    Attributes:
        name: the same name again replaces the earlier one.
        load: (adaptation, viewer) → finished values for the template, which gets them as `data`; None: nothing is shown.
        template: where they are printed.
        place: `top`, above the text, or `below`.
    """

    name: str
    load: Callable[[Adaptation, Viewer], Any]
    template: str
    place: str = "below"


@dataclass(frozen=True, slots=True)
class Loaded:
    template: str
    place: str
    data: Any


_parts: dict[str, Beside] = {}


def register(part: Beside) -> None:
    _parts[part.name] = part


def load(adaptation: Adaptation, viewer: Viewer) -> list[Loaded]:
    asked = ((part, part.load(adaptation, viewer)) for part in _parts.values())
    return [Loaded(part.template, part.place, data) for part, data in asked if data is not None]
