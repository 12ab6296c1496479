"""The review table as a form: what stands in each row, what was typed over it, and what is wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict

from catalogue.models import Node
from library.batches.guessing import guess
from library.batches.models import Batch, Row
from library.batches.places import Places, label_of, names_for
from library.batches.services import Correction, takes
from library.resources import kinds
from library.resources.keeping import typed_text

LONGEST_TITLE = 120


@dataclass(slots=True)
class Line:
    """One row of the table."""

    row: Row
    is_chosen: bool
    kind: str
    title: str
    author: str
    place: str
    node: Node | None
    choices: tuple[tuple[str, str], ...]
    error: str = ""

    @property
    def correction(self) -> Correction:
        return Correction(self.is_chosen, self.kind, self.title, self.author, self.node)


def choices_for(row: Row) -> tuple[tuple[str, str], ...]:
    """The kinds that take this file."""
    family = row.file.family if row.file else ""
    allowed = [kind for kind, families in takes().items() if not families or family in families]
    return tuple((kind, kinds.spec_of(kind).label) for kind in allowed)


def stored(rows: Sequence[Row]) -> list[Line]:
    """The table as it is."""
    return [
        Line(row, row.is_chosen, row.kind, row.title, row.author, label_of(row.node), row.node, choices_for(row))
        for row in rows
    ]


def typed(batch: Batch, rows: Sequence[Row], posted: QueryDict, at: datetime) -> list[Line]:
    """The table as it was sent. A place that was typed anew is looked for; one that nobody finds is told in its row."""
    places, names = Places(batch.school, at), names_for(batch.school, at)
    found = []
    for line in stored(rows):
        pk = line.row.pk
        if f"title.{pk}" in posted and line.row.file and not line.row.done_at:
            _take(line, posted)
            wanted = typed_text(posted.get(f"place.{pk}")).strip()
            if wanted != line.place:
                line.place = wanted
                line.node = places.find(guess(f"{wanted}.x", names)) if wanted else None
                if wanted and line.node is None:
                    line.error = "找不到这个位置，请写成“数学 三上 口算乘法”，或者清空先不挂"
                elif line.node:
                    line.node = Node.objects.with_place().get(pk=line.node.pk)
                    line.place = label_of(line.node)
        found.append(line)
    return found


def _take(line: Line, posted: QueryDict) -> None:
    pk = line.row.pk
    line.is_chosen = f"use.{pk}" in posted
    kind = posted.get(f"kind.{pk}", "")
    line.kind = kind if kind in dict(line.choices) else line.kind
    line.title = typed_text(posted.get(f"title.{pk}")).strip()[:LONGEST_TITLE]
    line.author = typed_text(posted.get(f"author.{pk}")).strip()[:60]
    if line.is_chosen and not line.title:
        line.error = "标题：还没有填"
