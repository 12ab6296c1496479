"""One adaptation as its page shows it: the text with its own changes marked, the classes taught, what flows back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from groups import access
from groups.access import Action
from groups.models import TimetableEntry
from groups.viewer import Viewer
from lessons.adaptations import marks
from lessons.adaptations.models import Adaptation, Proposal, TaughtLesson
from library.documents import rich, schema, walk
from library.documents.fields import ordered
from library.documents.lesson_design import LessonDesignDocument
from library.documents.shown import Shown, shown
from library.resources.models import Version, WorkingCopy

Document = LessonDesignDocument
RELATED = (
    "resource",
    "teacher",
    "school_then",
    "preparation__lead",
    "preparation__settled_version",
    "preparation__node",
    "base",
    "ready_version",
)


@dataclass(frozen=True, slots=True)
class StageTime:
    """Planned and used minutes of one stage."""

    key: str
    title: str
    planned: int
    used: int | None

    @property
    def over(self) -> int:
        return (self.used or 0) - self.planned if self.used is not None else 0


@dataclass(frozen=True, slots=True)
class Goal:
    """An objective with how far the class reached it, from 1 to 5."""

    key: str
    number: int
    text: str
    achieved: int | None


@dataclass(frozen=True, slots=True)
class Lesson:
    """One class that was taught, with what was said of it."""

    row: TaughtLesson
    stages: tuple[StageTime, ...]
    goals: tuple[Goal, ...]

    @property
    def used(self) -> int:
        return sum(stage.used or 0 for stage in self.stages)

    @property
    def planned(self) -> int:
        return sum(stage.planned for stage in self.stages)


@dataclass(frozen=True, slots=True)
class Page:
    """What the page prints. `is_own` sees the working text, everybody else the version that was made ready."""

    adaptation: Adaptation
    is_own: bool
    document: Document
    sections: tuple[marks.Section, ...]
    changes: tuple[Shown, ...]
    lessons: tuple[Lesson, ...]
    proposals: tuple[Proposal, ...]
    missing: tuple[str, ...]
    percent: int
    edited_since: bool
    behind: str

    @property
    def own_stages(self) -> int:
        """How many stages of the shared plan the teacher made different."""
        return len({one.path[1] for one in self.changes if one.path[0] == "stages"})


def find(uid: str, viewer: Viewer) -> Adaptation:
    """The adaptation of an address.

    Raises:
        Adaptation.DoesNotExist: there is none.
        Refused: it is not for this viewer.
    """
    found = Adaptation.objects.select_related(*RELATED).get(uid=uid)
    access.require(viewer, Action.READ, found)
    return found


def page(adaptation: Adaptation, viewer: Viewer) -> Page:
    """The page for whoever may read it; ask `find` first."""
    is_own = adaptation.teacher_id == viewer.person_id
    copy = WorkingCopy.objects.get(resource=adaptation.resource_id)
    ready = adaptation.ready_version
    text = copy.document if is_own or ready is None else ready.document
    document = schema.load(Document, text)
    base = schema.load(Document, adaptation.base.document) if adaptation.base is not None else None
    shared = adaptation.preparation.settled_version if adaptation.preparation is not None else None
    return Page(
        adaptation=adaptation,
        is_own=is_own,
        document=document,
        sections=tuple(marks.marked(base, document)),
        changes=tuple(shown(marks.own_changes(base, document), type(document))) if base is not None else (),
        lessons=lessons_of(adaptation),
        proposals=tuple(adaptation.proposals.select_related("proposed_by", "decided_by")) if is_own else (),
        missing=tuple(walk.missing(document)),
        percent=walk.completeness(document),
        edited_since=is_own and ready is not None and (copy.document, copy.title) != (ready.document, ready.title),
        behind=shared.label if shared is not None and is_own and shared.pk != adaptation.base_id else "",
    )


def lessons_of(adaptation: Adaptation) -> tuple[Lesson, ...]:
    return tuple(shown_lesson(row) for row in adaptation.taught_lessons.select_related("version"))


def shown_lesson(row: TaughtLesson) -> Lesson:
    """A taught lesson by the stages and objectives of the version it was taught from."""
    document = schema.load(Document, row.version.document)
    return Lesson(row, stage_times(document, row.minutes), goals(document, row.achieved))


def stage_times(document: Document, used: dict[str, int]) -> tuple[StageTime, ...]:
    return tuple(
        StageTime(key, stage.title, int(stage.minutes or 0), used.get(key)) for key, stage in ordered(document.stages)
    )


def stages_of(version: Version | None, used: dict[str, int]) -> tuple[StageTime, ...]:
    """The stages of a version with minutes that were typed."""
    return stage_times(schema.load(Document, version.document), used) if version is not None else ()


def goals(document: Document, achieved: dict[str, int]) -> tuple[Goal, ...]:
    return tuple(
        Goal(key, number, rich.to_text(row.statement), achieved.get(key))
        for number, (key, row) in enumerate(ordered(document.objectives), 1)
    )


def mine(viewer: Viewer) -> QuerySet[Any]:
    """My adaptations, the latest received first."""
    own = access.narrow(Adaptation.objects.exclude(resource__state="binned"), viewer, Action.LIST)
    return own.select_related("resource__working_copy", "preparation__lead", "base").order_by("-received_at", "-pk")


def classes_of(viewer: Viewer, day: date) -> Sequence[str]:
    """The classes of my timetable in the term of a day, as suggestions."""
    rows = TimetableEntry.objects.filter(person=viewer.person_id, term__first_day__lte=day, term__last_day__gte=day)
    return list(rows.order_by("class_name").values_list("class_name", flat=True).distinct())
