"""Putting questions into a homework or a paper, and moving a pinned question on to its revision."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from catalogue.uids import new_uid
from groups import access, audit
from groups.access import Action, Refused, Verdict
from groups.models import Person, State
from library.documents import question, schema
from library.documents.fields import ordered
from library.documents.homework import BASIC, HomeworkDocument, HomeworkItem
from library.documents.order import between
from library.documents.paper import PaperItem
from library.documents.question import QuestionDocument
from library.resources import kinds, services
from library.resources.models import Kind, Receipt, Resource, Version, WorkingCopy

MOST_ITEMS = 200


@dataclass(frozen=True, slots=True)
class Put:
    """Where a question came to stand: the row and its number."""

    key: str
    number: int


@transaction.atomic
def put_question(*, sheet: Resource, chosen: Resource, by: Person, at: datetime) -> Put:
    """Put a question, pinned to the version that is current for its readers, at the end of a homework or paper (选入作业).

    Raises:
        Refused: not one's own sheet, a question that may not be taken or has no answer, or one that is in it already.
    """
    access.require(by, Action.EDIT, sheet, at=at)
    access.require(by, Action.FORK, chosen, at=at)
    version = _current(chosen, by, at)
    document = schema.load(QuestionDocument, version.document)
    problems = question.problems(document)
    if problems:
        raise Refused(Verdict(False, f"这道题还不能用：{problems[0].sentence}"))
    copy, held = _opened(sheet)
    if any(row.uid == chosen.uid for row in held.items.values()):
        raise Refused(Verdict(False, f"《{copy.title}》里已经有这道题了"))
    if len(held.items) >= MOST_ITEMS:
        raise Refused(Verdict(False, f"一份里最多 {MOST_ITEMS} 题，请另建一份"))
    key = new_uid().lower()
    order = between(max((row.order for row in held.items.values()), default=""), "")
    _write(sheet, copy, replace(held, items={**held.items, key: _row(held, chosen, version, document, order)}), by, at)
    Receipt.objects.get_or_create(person=by, version=version, defaults={"received_at": at})
    audit.record(by, "question.put", sheet, question=chosen.uid, version=version.number)
    return Put(key, len(held.items) + 1)


def _current(chosen: Resource, by: Person, at: datetime) -> Version:
    """The published version, or of one's own draft what is written now."""
    if chosen.kind != Kind.QUESTION:
        raise Refused(Verdict(False, "只有试题可以选入作业"))
    if chosen.published_version is not None:
        return chosen.published_version
    if chosen.owner_id != by.pk or chosen.state != State.DRAFT:
        raise Refused(Verdict(False, "这道题还没有发布，暂时不能选用"))
    return services.cut_version(resource=chosen, by=by, at=at, reason="选入作业")


def _row(held: Any, chosen: Resource, version: Version, document: QuestionDocument, order: str) -> Any:
    if isinstance(held, HomeworkDocument):
        return HomeworkItem(
            order=order, question=(chosen.uid,), version=version.number, layer=BASIC, minutes=document.minutes
        )
    last = [key for key, _ in ordered(held.sections)][-1:]
    points = question.points_of(document)
    return PaperItem(order=order, question=(chosen.uid,), version=version.number, section=tuple(last), points=points)


@transaction.atomic
def take_out(*, sheet: Resource, key: str, by: Person, at: datetime) -> bool:
    """Take one question out again (撤销). False where it was not there any more.

    Raises:
        Refused: not one's own sheet.
    """
    access.require(by, Action.EDIT, sheet, at=at)
    copy, held = _opened(sheet)
    if key not in held.items:
        return False
    gone = held.items[key]
    _write(sheet, copy, replace(held, items={k: row for k, row in held.items.items() if k != key}), by, at)
    audit.record(by, "question.taken_out", sheet, question=gone.uid)
    return True


@transaction.atomic
def use_revision(*, sheet: Resource, key: str, by: Person, at: datetime) -> bool:
    """Pin one question to its newest published version (换成新版). False where there is none.

    Raises:
        Refused: not one's own sheet, or the newest version may not be taken.
    """
    access.require(by, Action.EDIT, sheet, at=at)
    copy, held = _opened(sheet)
    row = held.items.get(key)
    found = Resource.objects.filter(uid=row.uid).select_related("published_version").first() if row else None
    newest = found.published_version if found else None
    if row is None or found is None or newest is None or newest.number <= int(row.version or 0):
        return False
    access.require(by, Action.FORK, found, at=at)
    access.require(by, Action.READ, newest, at=at)
    _write(sheet, copy, replace(held, items={**held.items, key: replace(row, version=newest.number)}), by, at)
    Receipt.objects.get_or_create(person=by, version=newest, defaults={"received_at": at})
    audit.record(by, "question.revised_in", sheet, question=row.uid, version=newest.number)
    return True


def _opened(sheet: Resource) -> tuple[WorkingCopy, Any]:
    """The working copy, held for this change, with its document.

    Raises:
        Refused: neither a homework nor a paper.
    """
    if sheet.kind not in (Kind.HOMEWORK, Kind.PAPER):
        raise Refused(Verdict(False, "题目只能选入校本作业或试卷"))
    copy = WorkingCopy.objects.select_for_update().get(resource=sheet)
    return copy, schema.load(kinds.spec_of(sheet.kind).document, copy.document)


def _write(sheet: Resource, copy: WorkingCopy, document: Any, by: Person, at: datetime) -> None:
    files = tuple((a.file, a.purpose) for a in copy.attachments.select_related("file"))
    draft = services.Draft(copy.title, document, files)
    services.save(resource=sheet, by=by, draft=draft, lock_version=copy.lock_version, at=at)
