"""The demo's adaptations: a shared plan received, made one's own, taught and reflected on; what flowed back."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from groups.models import Person
from lessons.adaptations import services
from lessons.adaptations.models import Adaptation
from lessons.prep.models import Preparation
from library.documents import rich, schema
from library.documents.difference import put
from library.documents.fields import ordered
from library.documents.lesson_design import LessonDesignDocument
from library.resources import services as library
from library.resources.models import WorkingCopy
from website.demo.history import play
from website.demo.reading import Facts, moment, read
from website.demo.town import Town


def load_adaptations(town: Town) -> None:
    play("adaptations.yaml", read("adaptations.yaml"), "adaptations", lambda told: _load(town, told))


def _load(town: Town, told: Facts) -> None:
    by, at = town.person(told["by"]), moment(told, town.now)
    row = Preparation.objects.filter(title=told["preparation"], state="in_use").first()
    if row is None:
        return
    own = services.receive(preparation=row, by=by, at=at, other_edition=True)
    if told.get("changes"):
        _write(own, by, told["changes"], at + timedelta(hours=2))
    if told.get("ready"):
        services.mark_ready(adaptation=own, by=by, at=_ago(town, told["ready"]))
    if told.get("share"):
        services.share_with_group(adaptation=own, by=by, on=True, at=_ago(town, told["ready"]))
    for lesson in told.get("taught") or ():
        _teach(town, own, by, lesson)
    for proposal in told.get("proposed") or ():
        _propose(town, own, by, proposal)


def _ago(town: Town, days: Any) -> datetime:
    return town.now - timedelta(days=float(days))


def _write(own: Adaptation, by: Person, changes: Mapping[str, Any], at: datetime) -> None:
    """Lay `path: text or number` over the received text."""
    copy = WorkingCopy.objects.get(resource=own.resource_id)
    data = schema.dump(schema.load(LessonDesignDocument, copy.document))
    for path, value in changes.items():
        told = rich.from_markup(value) if isinstance(value, str) else value
        put(data, LessonDesignDocument, tuple(path.split("/")), told)
    draft = library.Draft(copy.title, schema.load(LessonDesignDocument, data))
    library.save(resource=own.resource, by=by, draft=draft, lock_version=copy.lock_version, at=at)


def _teach(town: Town, own: Adaptation, by: Person, told: Facts) -> None:
    at = _ago(town, told["days_ago"])
    own.refresh_from_db()
    document = schema.load(LessonDesignDocument, WorkingCopy.objects.get(resource=own.resource_id).document)
    minutes = dict(zip([key for key, _ in ordered(document.stages)], told.get("minutes") or (), strict=False))
    lesson = services.teach(
        adaptation=own,
        by=by,
        class_name=str(told["class"]),
        date=timezone.localdate(at),
        period=int(told["period"]),
        minutes=minutes,
        at=at,
    )
    if told.get("achieved"):
        goals = [key for key, _ in ordered(document.objectives)]
        reflection = services.Reflection(
            achieved=dict(zip(goals, told["achieved"], strict=False)),
            minutes=minutes,
            highlights=str(told.get("highlights", "")),
            problems=str(told.get("problems", "")),
            improvements=str(told.get("improvements", "")),
        )
        services.reflect(lesson=lesson, by=by, reflection=reflection, at=min(at + timedelta(hours=5), town.now))


def _propose(town: Town, own: Adaptation, by: Person, told: Facts) -> None:
    at = _ago(town, told["days_ago"])
    keys = [f"{path}:changed" for path in told["changes"]]
    made = services.propose_changes(adaptation=own, by=by, keys=keys, words=str(told["words"]), at=at)
    for remark in told.get("remarks") or ():
        services.remark(
            proposal=made, by=town.person(remark["by"]), words=str(remark["words"]), at=at + timedelta(hours=3)
        )
