"""The prep groups' work of the demo: each preparation planned and played step by step, through the services."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from groups import calendar
from groups.models import Person
from groups.services import NotPossible
from lessons.prep import services as prep
from lessons.prep.models import Preparation, Type
from lessons.prep.remarks import disposing, writing
from library.documents.anchors import as_path
from library.resources import services
from library.resources.models import Submission, WorkingCopy
from website.demo.documents import lesson_design, with_changes
from website.demo.history import play
from website.demo.reading import DemoProblem, Facts, moment, read
from website.demo.town import Town


def load_preparations(town: Town) -> None:
    play("preparations.yaml", read("preparations.yaml"), "preparations", lambda told: _load(town, told))


def _load(town: Town, told: Facts) -> None:
    by, at = town.person(told["by"]), moment(told, town.now)
    body = town.organisation(told["body"])
    body.refresh_from_db()
    if body.subject is None:
        raise DemoProblem(f"preparations.yaml：{body.name}没有学科")
    node = town.node(told.get("node"), str(told["title"]))
    kind = Type(str(told.get("kind", Type.SHARED_PLAN)))
    if node is None and kind == Type.SHARED_PLAN:
        return
    days = told.get("days") or {}
    due = {stage: timezone.localdate(town.now) - timedelta(days=int(ago)) for stage, ago in days.items()}
    row = prep.plan(
        body=body,
        what=prep.Plan(
            title=str(told["title"]),
            subject=body.subject,
            kind=kind,
            requirements=str(told.get("requirements", "")),
            grade=body.grade,
            node=node,
            term=calendar.term_at(timezone.localdate(town.now)),
            quorum=int(told.get("quorum", 60)),
            deadlines=prep.Deadlines(**due),
        ),
        by=by,
        approver=town.person(told["approver"]),
        named=[(town.person(name), "expert") for name in told.get("experts") or ()],
        at=at,
    )
    for step in told["way"]:
        _step(town, row, told, step)


def _step(town: Town, row: Preparation, told: Facts, step: Facts) -> None:
    by, at = town.person(step["by"]), moment({"time": "15:40", **step}, town.now)
    row.refresh_from_db()
    try:
        STEPS[str(step["do"])](town, row, told, step, by, at)
    except NotPossible as problem:
        raise DemoProblem(f"preparations.yaml：《{row.title}》{dict(step)}：{problem}") from problem


Do = Callable[[Town, Preparation, Facts, Facts, Person, datetime], Any]


def _source(town: Town, told: Facts) -> Any:
    if not told.get("take"):
        return None
    resource = town.resource(told["take"])
    resource.refresh_from_db()
    return resource.published_version


def _write(town: Town, row: Preparation, told: Facts, step: Facts, by: Person, at: datetime) -> None:
    copy = WorkingCopy.objects.select_related("resource").get(resource=row.resource_id)
    written = with_changes(told["design"], step.get("changes") or ())
    services.save(
        resource=copy.resource,
        by=by,
        draft=services.Draft(title=row.title, document=lesson_design(written)),
        lock_version=copy.lock_version,
        at=at,
    )


def _remark(town: Town, row: Preparation, told: Facts, step: Facts, by: Person, at: datetime) -> None:
    said = writing.Said(str(step.get("kind", "note")), str(step["words"]), str(step.get("replacement", "")))
    written = writing.remark(
        preparation=row,
        draft=row.drafts.last(),
        by=by,
        place=writing.Place(as_path(str(step.get("at", ""))), str(step.get("quote", ""))),
        said=said,
        at=at,
    )
    if step.get("disposed"):
        if row.lead is None:
            raise DemoProblem(f"preparations.yaml：《{row.title}》没有主备人")
        disposing.dispose(
            remark=written,
            by=row.lead,
            disposition=str(step["disposed"]),
            reason=str(step.get("reason", "")),
            at=min(at + timedelta(hours=20), town.now),
        )


def _hand_down(town: Town, row: Preparation, told: Facts, step: Facts, by: Person, at: datetime) -> None:
    prep.hand_down(
        preparation=row,
        by=by,
        schools=[town.organisation(key) for key in step.get("schools") or ()],
        people=[town.person(name) for name in step.get("people") or ()],
        at=at,
    )


def _archive(town: Town, row: Preparation, told: Facts, step: Facts, by: Person, at: datetime) -> None:
    """Archived, its plan goes through the reviewers of school and group."""
    prep.archive(preparation=row, by=by, audiences=(services.Audience(organisation=row.circle),), at=at)


def _review(town: Town, row: Preparation, told: Facts, step: Facts, by: Person, at: datetime) -> None:
    """A reviewer of the library lets the archived plan in."""
    submission = Submission.objects.get(resource=row.resource_id, status=Submission.Status.OPEN)
    services.approve(submission=submission, by=by, at=at)


STEPS: Mapping[str, Do] = {
    "claim": lambda town, row, told, step, by, at: prep.claim(
        preparation=row, by=by, source=_source(town, told), at=at
    ),
    "assign": lambda town, row, told, step, by, at: prep.assign(
        preparation=row, lead=town.person(step["to"]), by=by, source=_source(town, told), at=at
    ),
    "write": _write,
    "submit": lambda town, row, told, step, by, at: prep.submit_draft(
        preparation=row, by=by, note=str(step.get("note", "")), at=at
    ),
    "remark": _remark,
    "draft": lambda town, row, told, step, by, at: prep.new_draft(
        preparation=row, by=by, note=str(step.get("note", "")), at=at
    ),
    "send": lambda town, row, told, step, by, at: prep.send_for_approval(preparation=row, by=by, at=at),
    "approve": lambda town, row, told, step, by, at: prep.approve(
        preparation=row, by=by, opinion=str(step.get("words", "")), at=at
    ),
    "hand-down": _hand_down,
    "recap": lambda town, row, told, step, by, at: prep.recap(
        preparation=row, by=by, summary=str(step["words"]), next_time=str(step.get("next_time", "")), at=at
    ),
    "archive": _archive,
    "review": _review,
    "cancel": lambda town, row, told, step, by, at: prep.cancel(
        preparation=row, by=by, reason=str(step["words"]), at=at
    ),
}
