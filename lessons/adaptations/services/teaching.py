"""备好、授课、反思: the life of an adaptation in the classroom. Its state follows from what was recorded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from groups import access, audit
from groups.access import Action, Refused, Verdict
from groups.models import Person
from lessons.adaptations.models import Adaptation, TaughtLesson
from library.documents import schema, walk
from library.documents.lesson_design import LessonDesignDocument
from library.resources.models import Resource, WorkingCopy
from library.resources.services.usage import record_use
from library.resources.services.versions import cut_version

State = Adaptation.State
LONGEST = 120
"""More minutes than that no stage of a lesson takes."""
LEVELS = range(1, 6)
LAST_PERIOD = 12


@dataclass(frozen=True, slots=True)
class Reflection:
    """What a teacher says after a lesson: objectives reached from 1 to 5, minutes that stages took, and words."""

    achieved: Mapping[str, int]
    minutes: Mapping[str, int]
    highlights: str = ""
    problems: str = ""
    improvements: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.achieved or self.highlights.strip() or self.problems.strip() or self.improvements.strip())


@transaction.atomic
def mark_ready(*, adaptation: Adaptation, by: Person, at: datetime) -> Adaptation:
    """Say that the plan is ready (已备好): its text is cut as the version that others may read.

    Said again after further edits, the newer text takes its place; the first time counts for being on time.

    Raises:
        Refused: required sections hold nothing yet.
    """
    adaptation = _own(adaptation, by, at)
    copy = WorkingCopy.objects.get(resource=adaptation.resource_id)
    missing = walk.missing(schema.load(LessonDesignDocument, copy.document))
    if missing:
        raise Refused(Verdict(False, f"还不能标为已备好：{'、'.join(missing)}还空着。补上再标"))
    adaptation.ready_version = cut_version(resource=adaptation.resource, by=by, at=at, reason="已备好")
    if adaptation.state == State.DRAFT:
        adaptation.state, adaptation.ready_at = State.READY, at
    adaptation.save(update_fields=["state", "ready_at", "ready_version"])
    audit.record(by, "adaptation.ready", adaptation, version=adaptation.ready_version.number)
    return adaptation


@transaction.atomic
def share_with_group(*, adaptation: Adaptation, by: Person, on: bool, at: datetime) -> Adaptation:
    """Let the prep group read what is ready, or no longer (备课组可看)."""
    adaptation = _own(adaptation, by, at)
    if adaptation.preparation_id is None:
        raise Refused(Verdict(False, "这份教案不是从共案接收来的，没有备课组可看；想给别人看请从“共享”送审"))
    adaptation.shared_with_group = on
    adaptation.save(update_fields=["shared_with_group"])
    audit.record(by, "adaptation.shared" if on else "adaptation.unshared", adaptation)
    return adaptation


@transaction.atomic
def teach(
    *,
    adaptation: Adaptation,
    by: Person,
    class_name: str,
    date: date,
    period: int,
    minutes: Mapping[str, int],
    at: datetime,
) -> TaughtLesson:
    """One class was taught from the plan (已授课); each class is a row of its own.

    Raises:
        Refused: the plan is not ready, the day lies ahead, or this very lesson is recorded already.
    """
    adaptation = _own(adaptation, by, at)
    class_name = class_name.strip()
    if adaptation.state == State.DRAFT or adaptation.ready_version is None:
        raise Refused(Verdict(False, "这份教案还是草稿。先点“备好了”，再记授课"))
    _check_lesson(class_name, date, period, at)
    when = {"class_name": class_name, "date": date, "period": period}
    if adaptation.taught_lessons.filter(**when).exists():
        said = f"{class_name} {date.month}月{date.day}日第{period}节已经记过了，可以直接写反思"
        raise Refused(Verdict(False, said))
    stages = _stages(adaptation)
    lesson = TaughtLesson.objects.create(
        adaptation=adaptation,
        version=adaptation.ready_version,
        **when,
        minutes=_whole(minutes, stages, range(LONGEST + 1), "用时"),
        recorded_at=at,
    )
    _follow(adaptation)
    shared = adaptation.base.resource if adaptation.base is not None else adaptation.resource
    record_use(what="taught", resource=shared, version=adaptation.base, person=by, at=at)
    audit.record(by, "adaptation.taught", adaptation, class_name=class_name, date=str(date), period=period)
    return lesson


@transaction.atomic
def reflect(*, lesson: TaughtLesson, by: Person, reflection: Reflection, at: datetime) -> TaughtLesson:
    """Write or rewrite the reflection on one class (教学反思).

    Raises:
        Refused: nothing was said, a number is out of its range, or an objective or a stage is not in the plan.
    """
    adaptation = _own(lesson.adaptation, by, at)
    lesson = TaughtLesson.objects.select_for_update().select_related("version").get(pk=lesson.pk)
    if reflection.is_empty:
        raise Refused(Verdict(False, "反思还是空的：给目标打个分，或在亮点、问题、改进里写一句"))
    document = schema.load(LessonDesignDocument, lesson.version.document)
    lesson.achieved = _whole(reflection.achieved, set(document.objectives), LEVELS, "目标达成")
    lesson.minutes = _whole(reflection.minutes, set(document.stages), range(LONGEST + 1), "用时")
    lesson.highlights = reflection.highlights.strip()
    lesson.problems = reflection.problems.strip()
    lesson.improvements = reflection.improvements.strip()
    lesson.reflected_at = at
    lesson.save()
    _follow(adaptation)
    audit.record(by, "adaptation.reflected", adaptation, lesson=lesson.uid)
    return lesson


@transaction.atomic
def forget_lesson(*, lesson: TaughtLesson, by: Person, at: datetime) -> None:
    """Take back a class that was recorded by mistake, while nothing was reflected on it.

    Raises:
        Refused: there is a reflection, which is kept.
    """
    adaptation = _own(lesson.adaptation, by, at)
    lesson = TaughtLesson.objects.select_for_update().get(pk=lesson.pk)
    if lesson.reflected_at is not None:
        raise Refused(Verdict(False, "这节课已经写了反思，不能删；写错的地方可以改"))
    audit.record(by, "adaptation.lesson_forgotten", adaptation, lesson=str(lesson))
    lesson.delete()
    _follow(adaptation)


def state_of(adaptation: Adaptation) -> Adaptation.State:
    """What the records say: ready once said, taught while a class waits for its reflection, else reflected."""
    if adaptation.ready_at is None:
        return State.DRAFT
    reflected = list(adaptation.taught_lessons.values_list("reflected_at", flat=True))
    if not reflected:
        return State.READY
    return State.TAUGHT if None in reflected else State.REFLECTED


def _follow(adaptation: Adaptation) -> None:
    adaptation.state = state_of(adaptation)
    adaptation.save(update_fields=["state"])


def _own(adaptation: Adaptation, by: Person, at: datetime) -> Adaptation:
    """Locked and permitted."""
    found = Adaptation.objects.select_for_update().get(pk=adaptation.pk)
    access.require(by, Action.EDIT, found, at=at)
    found.resource = Resource.objects.get(pk=found.resource_id)
    return found


def _check_lesson(class_name: str, day: date, period: int, at: datetime) -> None:
    if not class_name:
        raise Refused(Verdict(False, "班级还没填。写上在哪个班上的课，如 五(2)班"))
    if day > timezone.localdate(at):
        raise Refused(Verdict(False, f"授课日期 {day.month}月{day.day}日还没到，上完课再来记"))
    if not 1 <= period <= LAST_PERIOD:
        raise Refused(Verdict(False, f"节次要在第1节到第{LAST_PERIOD}节之间"))


def _stages(adaptation: Adaptation) -> set[str]:
    version = adaptation.ready_version
    return set(schema.load(LessonDesignDocument, version.document).stages) if version else set()


def _whole(values: Mapping[str, int], known: set[str], allowed: range, label: str) -> dict[str, int]:
    """The values, when each belongs to the plan and lies in its range."""
    for key, value in values.items():
        if key not in known:
            raise Refused(Verdict(False, f"{label}里有一项不在这份教案里，刷新页面再填"))
        if value not in allowed:
            raise Refused(Verdict(False, f"{label}要在 {allowed.start} 到 {allowed.stop - 1} 之间，你填的是 {value}"))
    return dict(values)
