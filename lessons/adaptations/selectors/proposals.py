"""A proposal in words, and where the shared plan has changed in the same places."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lessons.adaptations import marks
from lessons.adaptations.models import Proposal
from lessons.adaptations.services.proposing import merged_with
from library.documents import schema
from library.documents.lesson_design import LessonDesignDocument
from library.documents.merge import Conflict
from library.documents.shown import Shown, shown, words
from library.resources.models import WorkingCopy

Document = LessonDesignDocument


@dataclass(frozen=True, slots=True)
class ShownConflict:
    """One place that both changed, in words."""

    name: str
    place: str
    base: str
    shared: str
    proposed: str


def changes_of(proposal: Proposal) -> list[Shown]:
    """What the proposal changes in the shared plan it was made from."""
    if not proposal.changes:
        return []
    base, changes = schema.load(Document, proposal.base.document), marks.from_json(proposal.changes)
    return shown(changes, type(base))


def conflicts_of(proposal: Proposal) -> tuple[Conflict, ...]:
    copy = WorkingCopy.objects.get(resource__preparation=proposal.preparation_id)
    return merged_with(proposal, copy).conflicts


def shown_conflicts(conflicts: Sequence[Conflict]) -> list[ShownConflict]:
    return [
        ShownConflict(
            "/".join(one.path), one.place, _words(one, one.base), _words(one, one.mine), _words(one, one.theirs)
        )
        for one in conflicts
    ]


def _words(conflict: Conflict, value: Any) -> str:
    return words(Document, conflict.path, value) or "（没有）"
