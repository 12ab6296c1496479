"""What the lead says to a remark (采纳、部分采纳、不采纳、已解决), and a suggestion's way into the text and back."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from groups import access, audit
from groups.access import Action
from groups.models import Person
from groups.services import NotPossible
from lessons.prep.models import Remark
from lessons.prep.remarks.writing import tell, value_at
from library.documents import schema
from library.documents.anchors import Anchor, Found, Path, Texts, anchored, as_path, find, in_words, moved
from library.documents.fields import Document
from library.documents.ranges import RangeProblem, replaced
from library.resources.models import WorkingCopy
from library.resources.services import Conflict, Draft, save
from library.resources.services.writing import document_of

Disposition = Remark.Disposition
BESIDE_A_GAP = 4
LEAD = "lead"
LENGTH = "length"
CHANGED = "原文已改，不能直接写进去。请在编辑页改好，再标为部分采纳或已解决"


@transaction.atomic
def dispose(*, remark: Remark, by: Person, disposition: str, reason: str = "", at: datetime) -> Remark:
    """Say what becomes of a remark. An adopted suggestion goes into the text at once.

    Raises:
        Refused: the rule says no.
        NotPossible: disposed of already, declined without a reason, or the text has moved on.
    """
    remark = _locked(remark)
    access.require(by, Action.DISPOSE_COMMENT, remark.preparation, at=at)
    if disposition not in Disposition.values:
        raise NotPossible("请选采纳、部分采纳、不采纳或已解决")
    if not remark.is_open:
        raise NotPossible(_already(remark))
    if disposition == Disposition.DECLINED and not reason.strip():
        raise NotPossible("理由：不采纳请写一句为什么，写批注的老师会看到")
    if disposition == Disposition.ADOPTED and remark.kind == Remark.Kind.SUGGESTION:
        remark.landed = _take_over(remark, by, at)
        remark.taken_over = True
    remark.disposition, remark.reason = disposition, reason.strip()[:300]
    remark.disposed_by, remark.disposed_at = by, at
    remark.save()
    audit.record(by, "prep.remark.disposed", remark.preparation, remark=remark.pk, disposition=disposition)
    words = f"{by.name}{_SAID[Disposition(disposition)]}你在{{thing}}的{remark.get_kind_display()}"
    tell([remark.author], words, remark, at, by)
    return remark


_SAID = {
    Disposition.ADOPTED: "采纳了",
    Disposition.PARTLY: "部分采纳了",
    Disposition.DECLINED: "没有采纳",
    Disposition.RESOLVED: "解决了",
}


@transaction.atomic
def reopen(*, remark: Remark, by: Person, at: datetime) -> Remark:
    """Take the disposition back (撤销); a suggestion's words go out of the text again.

    Raises:
        Refused: the rule says no.
        NotPossible: nothing to take back, or the words were changed since.
    """
    remark = _locked(remark)
    access.require(by, Action.DISPOSE_COMMENT, remark.preparation, at=at)
    if not remark.disposition:
        raise NotPossible("这条批注还没有处理，不用撤销")
    if remark.taken_over:
        _take_back(remark, by, at)
    audit.record(by, "prep.remark.reopened", remark.preparation, remark=remark.pk, disposition=remark.disposition)
    remark.disposition, remark.reason, remark.disposed_by, remark.disposed_at = "", "", None, None
    remark.taken_over, remark.landed = False, {}
    remark.save()
    return remark


def _locked(remark: Remark) -> Remark:
    rows = Remark.objects.select_for_update(of=("self",))
    return rows.select_related("preparation", "preparation__resource", "draft__version", "author").get(pk=remark.pk)


def _already(remark: Remark) -> str:
    if remark.deleted_at is not None:
        return "这条批注已经删除，不用再处理"
    who = remark.disposed_by.name if remark.disposed_by else ""
    return f"{who}已经处理过这条批注：{remark.get_disposition_display()}"


@dataclass(frozen=True, slots=True)
class _Text:
    """The shared plan's working copy with its document."""

    copy: WorkingCopy
    document: Any


def _text(remark: Remark) -> _Text:
    resource = remark.preparation.resource
    copy = WorkingCopy.objects.select_related("resource").get(resource=resource)
    return _Text(copy, document_of(copy.resource, copy.document))


def _take_over(remark: Remark, by: Person, at: datetime) -> dict[str, Any]:
    """Write the suggestion into the working copy; where it stands now, for taking it back."""
    text = _text(remark)
    if remark.draft is None:
        raise NotPossible(CHANGED)
    written_on = document_of(text.copy.resource, remark.draft.version.document)
    found = find(moved(remark.anchor, written_on, text.document), text.document)
    if found is None:
        raise NotPossible(CHANGED)
    changed = _with(text.document, found.path, found.start, found.end, remark.replacement)
    _save(remark, by, text, changed, at)
    return _landed(changed, found, remark.replacement)


def _landed(changed: Document, found: Found, words: str) -> dict[str, Any]:
    """Where the new words stand; where words were only taken out, a little of what stands around the gap."""
    length = len(Texts(changed).by_path[found.path])
    around = 0 if words else BESIDE_A_GAP
    low, high = max(0, found.start - around), min(length, found.start + len(words) + around)
    place = {**asdict(anchored(changed, found.path, low, high)), "path": in_words(found.path)}
    return {**place, LEAD: found.start - low, LENGTH: len(words)}


def _take_back(remark: Remark, by: Person, at: datetime) -> None:
    """Put the quoted words back for those that landed: how many these were is kept, also where its author deleted them."""
    text = _text(remark)
    if remark.deleted_at is not None and LENGTH not in remark.landed:
        raise NotPossible("这条批注已经删除，写进教案的话不能自动撤销。请在编辑页改回")
    kept = {name: value for name, value in remark.landed.items() if name not in (LEAD, LENGTH)}
    found = find(Anchor(**{**kept, "path": as_path(kept["path"])}), text.document)
    if found is None or found.start == found.end:
        raise NotPossible("这一处后来又改过，不能自动撤销。请在编辑页改回，或另写一条批注说明")
    start = found.start + remark.landed[LEAD]
    length = remark.landed.get(LENGTH, len(remark.replacement))
    changed = _with(text.document, found.path, start, start + length, remark.quote)
    _save(remark, by, text, changed, at)


def _with(document: Any, path: Path, start: int, end: int, words: str) -> Document:
    """The document with other words in this range of one field."""
    try:
        changed: Document = _put(document, path, replaced(value_at(document, path), start, end, words))
    except RangeProblem as problem:
        raise NotPossible(problem.sentence) from problem
    return changed


def _put(node: Any, path: Path, value: Any) -> Any:
    if not path:
        return value
    name, rest = path[0], path[1:]
    if isinstance(node, dict):
        return {**node, name: _put(node[name], rest, value)}
    return replace(node, **{name: _put(getattr(node, name), rest, value)})


def _save(remark: Remark, by: Person, text: _Text, document: Document, at: datetime) -> None:
    schema.load(type(document), schema.dump(document))
    attachments = text.copy.attachments.select_related("file")
    draft = Draft(text.copy.title, document, tuple((a.file, a.purpose) for a in attachments))
    try:
        save(resource=text.copy.resource, by=by, draft=draft, lock_version=text.copy.lock_version, at=at)
    except Conflict as conflict:
        name = conflict.theirs.updated_by.name
        raise NotPossible(f"{name} 刚保存过教案，这条建议还没有写进去，请再点一次") from conflict
