"""同课异构: several designs of one lesson beside each other, in the few things in which they differ."""

from collections.abc import Iterable
from dataclasses import dataclass

from groups.viewer import Viewer
from library.documents import rich, schema
from library.documents.fields import ordered
from library.documents.lesson_design import LessonDesignDocument, planned_minutes
from library.resources.models import Kind, Resource
from library.resources.selectors.browse import published
from library.resources.selectors.cards import Card, cards

MOST = 6
"""More columns than that are not compared but scrolled past."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One column."""

    card: Card
    lesson_type: str
    period: str
    objectives: tuple[str, ...]
    stages: tuple[tuple[str, int], ...]
    minutes: int


def compared(nodes: Iterable[int], viewer: Viewer) -> list[Compared]:
    """Designs of one lesson that `viewer` may list, the newest first."""
    designs = published(viewer).filter(placements__node__in=list(nodes), kind=Kind.LESSON_DESIGN).distinct()
    newest = designs.order_by("-published_at", "-pk")
    texts = dict(newest.values_list("pk", "published_version__document")[:MOST])
    chosen = Resource.objects.filter(pk__in=texts).order_by("-published_at", "-pk")
    return [_column(card, schema.load(LessonDesignDocument, texts[card.resource.pk])) for card in cards(chosen, viewer)]


def _column(card: Card, document: LessonDesignDocument) -> Compared:
    basics = document.basics
    return Compared(
        card=card,
        lesson_type=basics.lesson_type,
        period=f"第{basics.period or 1}课时",
        objectives=tuple(rich.to_text(row.statement) for _, row in ordered(document.objectives)),
        stages=tuple((row.title, row.minutes or 0) for _, row in ordered(document.stages)),
        minutes=planned_minutes(document),
    )
