"""When the viewer's school teaches what (教学进度): the weeks of a unit, and the lesson of this week.

A book's weeks are the same for a whole school and change a few times a term, so they are kept for some minutes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import prefetch_related_objects
from django.utils import timezone

from catalogue.models import Node, Outline
from groups.calendar import pacing, term_at, week_of
from groups.models import Organisation
from groups.viewer import Viewer

KEPT = 10 * 60


@dataclass(frozen=True, slots=True)
class Weeks:
    """This week's number and the week of each node."""

    now: int
    of_node: Mapping[int, int]

    def span(self, nodes: Iterable[int]) -> str:
        """第10—12周, 第10周, or nothing."""
        found = sorted({self.of_node[pk] for pk in nodes if pk in self.of_node})
        if not found:
            return ""
        return f"第{found[0]}周" if len(found) == 1 else f"第{found[0]}—{found[-1]}周"

    def now_at(self, nodes: Iterable[Node]) -> Node | None:
        """The first of these nodes that belongs to this week."""
        return next((node for node in nodes if self.of_node.get(node.pk) == self.now), None)


def weeks(outline: Outline, viewer: Viewer) -> Weeks | None:
    """The weeks of a book at the viewer's school; None for a visitor, and between terms without a calendar."""
    if not viewer.schools:
        return None
    school = Organisation(pk=min(viewer.schools))
    day = timezone.localdate(viewer.at)
    key = f"weeks:{outline.pk}:{school.pk}:{day}"
    found: Weeks | bool | None = cache.get(key, False)
    if found is False:
        found = _weeks(outline, school, viewer)
        cache.set(key, found, KEPT)
    return found if isinstance(found, Weeks) else None


def _weeks(outline: Outline, school: Organisation, viewer: Viewer) -> Weeks | None:
    day = timezone.localdate(viewer.at)
    term = term_at(day, school)
    if term is None:
        return None
    prefetch_related_objects([term], "holidays")
    return Weeks(week_of(term, day), pacing(outline, term, school))
