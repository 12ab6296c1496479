"""What comes back from the adaptations to their shared plan: which stages many teachers changed, how long they took."""

from collections import defaultdict
from dataclasses import dataclass
from statistics import median

from groups import access
from groups.access import Action
from groups.viewer import Viewer
from lessons.adaptations import marks
from lessons.adaptations.models import Adaptation, Proposal, TaughtLesson
from lessons.prep.models import Preparation
from library.documents import schema
from library.documents.fields import ordered
from library.documents.lesson_design import LessonDesignDocument
from library.documents.shown import Shown, shown

Document = LessonDesignDocument
MOST = 400


@dataclass(frozen=True, slots=True)
class Way:
    """How one teacher made a place different."""

    adaptation: Adaptation
    change: Shown


@dataclass(frozen=True, slots=True)
class Place:
    """A stage, or another section, of the shared plan with everybody's ways. `minutes` is the median of those used."""

    title: str
    teachers: int
    ways: tuple[Way, ...]
    planned: int = 0
    minutes: float | None = None
    lessons: int = 0


@dataclass(frozen=True, slots=True)
class Back:
    """The lead's view: of `shown` adaptations that the group may read, place by place, the most changed first."""

    preparation: Preparation
    shown: int
    places: tuple[Place, ...]
    untouched: tuple[str, ...]
    proposals: tuple[Proposal, ...]


def back(preparation: Preparation, viewer: Viewer) -> Back:
    """What the group's teachers changed and measured, as far as they let this viewer read it."""
    readable = access.narrow(preparation.adaptations.all(), viewer, Action.READ).exclude(state=Adaptation.State.DRAFT)
    found = list(readable.select_related("teacher", "school_then", "base", "ready_version").order_by("pk")[:MOST])
    used = _minutes(found)
    shared = schema.load(Document, preparation.settled_version.document) if preparation.settled_version else Document()
    ways = _ways(found)
    stages = [
        _place(("stages", key), f"环节{number} {stage.title}", ways, int(stage.minutes or 0), used.get(key, []))
        for number, (key, stage) in enumerate(ordered(shared.stages), 1)
    ]
    of_shared = {("stages", key) for key in shared.stages}
    others = [
        _place(path, ways[path][0].change.place, ways, 0, []) for path in ways if path not in of_shared and ways[path]
    ]
    changed = sorted((p for p in [*stages, *others] if p.teachers or p.lessons), key=lambda p: -p.teachers)
    return Back(
        preparation=preparation,
        shown=len(found),
        places=tuple(changed),
        untouched=tuple(p.title for p in stages if not p.teachers and not p.lessons),
        proposals=tuple(
            preparation.proposals.select_related("proposed_by", "school_then", "decided_by", "lesson").order_by(
                "state", "-proposed_at"
            )
        ),
    )


def _ways(found: list[Adaptation]) -> dict[tuple[str, ...], list[Way]]:
    """Stage, or section → who changed something there."""
    ways: dict[tuple[str, ...], list[Way]] = defaultdict(list)
    for adaptation in found:
        if adaptation.base is None or adaptation.ready_version is None:
            continue
        base, text = (schema.load(Document, v.document) for v in (adaptation.base, adaptation.ready_version))
        for change in shown(marks.own_changes(base, text), type(text)):
            at = change.path[:2] if change.path[0] == "stages" else change.path[:1]
            ways[at].append(Way(adaptation, change))
    return ways


def _place(
    path: tuple[str, ...], title: str, ways: dict[tuple[str, ...], list[Way]], planned: int, used: list[int]
) -> Place:
    own = ways.get(path, [])
    return Place(
        title=title,
        teachers=len({way.adaptation.teacher_id for way in own}),
        ways=tuple(own),
        planned=planned,
        minutes=median(used) if used else None,
        lessons=len(used),
    )


def _minutes(found: list[Adaptation]) -> dict[str, list[int]]:
    used: dict[str, list[int]] = defaultdict(list)
    for minutes in TaughtLesson.objects.filter(adaptation__in=found).values_list("minutes", flat=True):
        for key, value in minutes.items():
            used[key].append(int(value))
    return used
