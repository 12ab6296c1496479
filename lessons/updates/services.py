"""Every write to updates of a shared plan: decide a place, take what only it changed, finish, never, undo.

Nothing that a teacher wrote is changed without a decision, and what a decision leaves out is kept with its place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from groups import access, audit
from groups.access import Action, Refused, Verdict
from groups.models import Person
from groups.viewer import Viewer
from lessons.adaptations.models import Adaptation
from lessons.updates.models import Choice, Unused, Update
from lessons.updates.weaving import Chosen, Place, Weave, value_of, weave, woven
from library.documents.fields import Document
from library.documents.merge import merge
from library.resources.models import Derivation, Receipt, Resource, Version, WorkingCopy
from library.resources.services.writing import Draft, document_of, save
from media.models import File

State = Update.State
Way = Choice.Way


@dataclass(slots=True)
class Undecided(Exception):
    """Places are left that nobody decided."""

    count: int

    def __str__(self) -> str:
        return f"还有 {self.count} 处没有处理，处理完再合并；拿不准的可以先选“用我的”"


@transaction.atomic
def open_update(*, adaptation: Adaptation, by: Person, at: datetime) -> Update:
    """The update that waits for this adaptation, begun if it was not; decisions of earlier visits are in it.

    Raises:
        Refused: it is another's, it follows no shared plan, or there is nothing newer that the teacher may read.
    """
    found = _own(adaptation, by, at)
    asked = unopened(adaptation=found, by=by, at=at)
    update, is_new = Update.objects.get_or_create(
        adaptation=found,
        base_id=asked.base_id,
        theirs=asked.theirs,
        state__in=[State.OPEN, State.NEVER],
        defaults={"state": State.OPEN, "opened_at": at},
    )
    if is_new:
        audit.record(by, "update.opened", found, version=asked.theirs.label)
    return update


def unopened(*, adaptation: Adaptation, by: Person | Viewer, at: datetime) -> Update:
    """The update as its page shows it before anything is decided; looking writes nothing.

    Raises:
        Refused: as for opening it.
    """
    preparation = adaptation.preparation
    if preparation is None or adaptation.base_id is None:
        raise Refused(Verdict(False, "这份教案不是从共案接收来的，没有共案更新"))
    theirs = preparation.settled_version
    if theirs is None or theirs.pk == adaptation.base_id:
        raise Refused(Verdict(False, "共案没有比你这份更新的版本，不用合并"))
    access.require(by, Action.READ, theirs, at=at)
    return Update(adaptation=adaptation, base=adaptation.base, theirs=theirs, state=State.OPEN, opened_at=at)


@transaction.atomic
def decide(*, update: Update, by: Person, key: str, way: str, value: Any = None, at: datetime) -> Choice:
    """Decide one place: mine, theirs, both, or own words (`value`, as JSON).

    Raises:
        Refused: the update is finished, or the place is not there any more.
        DocumentProblem: own words that do not fit the field, or two values that cannot stand together.
    """
    update = _waiting(update, by, at)
    now = weave_of(update)
    place = next((one for one in now.places if one.key == key), None)
    if place is None or way not in Way.values:
        raise Refused(Verdict(False, "这一处已经变了，刷新页面再选"))
    chosen = Chosen(way, value)
    if place.is_conflict:
        value_of(place, chosen)
        woven(now, {place.key: chosen})
    elif way not in (Way.MINE, Way.THEIRS):
        raise Refused(Verdict(False, "这一处只有共案改过，只能带入或不带入；想改写可以带入以后再改"))
    made, _ = Choice.objects.update_or_create(
        update=update,
        key=key,
        defaults={"way": way, "value": value if way == Way.OWN else None, "seen": place.seen, "decided_at": at},
    )
    return made


@transaction.atomic
def take_all(*, update: Update, by: Person, at: datetime) -> int:
    """Take every place that only the shared plan changed and that nobody decided yet (全部带入). Answers how many."""
    update = _waiting(update, by, at)
    now = weave_of(update)
    decided = choices_of(update, now.places)
    left = [place for place in now.ready if place.key not in decided]
    Choice.objects.filter(update=update, key__in=[place.key for place in left]).delete()
    Choice.objects.bulk_create(
        Choice(update=update, key=place.key, way=Way.THEIRS, seen=place.seen, decided_at=at) for place in left
    )
    return len(left)


@transaction.atomic
def finish(*, update: Update, by: Person, at: datetime) -> Update:
    """Write the new text; from now on the adaptation stands on the newer shared plan (完成合并).

    Raises:
        Undecided: places are left.
        Refused: it is finished already, or the rule says no.
    """
    update = _waiting(update, by, at)
    adaptation = update.adaptation
    copy = _copy_of(adaptation)
    now = weave_of(update)
    chosen = choices_of(update, now.places)
    left = sum(place.key not in chosen for place in now.places)
    if left:
        raise Undecided(left)
    document, unused = woven(now, chosen)
    title = update.theirs.title if copy.title == update.base.title else copy.title
    update.before = _snapshot(copy)
    _write(adaptation, by, Draft(title, document, _files_with(copy, update)), copy, at)
    Unused.objects.bulk_create(
        Unused(update=update, key=one.key, place=one.place[:120], side=one.side, value=one.value) for one in unused
    )
    update.after = _snapshot(_copy_of(adaptation))
    update.state, update.closed_at = State.DONE, at
    update.save(update_fields=["before", "after", "state", "closed_at"])
    _stand_on(adaptation, update.theirs)
    Receipt.objects.get_or_create(person=by, version=update.theirs, defaults={"received_at": at})
    audit.record(by, "update.finished", adaptation, version=update.theirs.label, places=len(now.places))
    return update


@transaction.atomic
def never(*, update: Update, by: Person, on: bool, at: datetime) -> Update:
    """Ask no more about this version (不再提醒), or again after all."""
    update = _waiting(update, by, at)
    update.state = State.NEVER if on else State.OPEN
    update.save(update_fields=["state"])
    audit.record(by, "update.never" if on else "update.reopened", update.adaptation, version=update.theirs.label)
    return update


@transaction.atomic
def undo(*, update: Update, by: Person, at: datetime) -> Update:
    """Give back the text, the files and the base from before the merge (撤销合并).

    What was written after the merge stays, where it does not touch what the merge brought.

    Raises:
        Refused: a later merge stands on it, or later edits touch its places.
    """
    found = (
        Update.objects.select_for_update(of=("self",)).select_related("adaptation", "theirs", "base").get(pk=update.pk)
    )
    adaptation = _own(found.adaptation, by, at)
    if found.state != State.DONE or adaptation.base_id != found.theirs_id:
        raise Refused(Verdict(False, "这次合并已经撤销过，或后面又合并过新的版本，不能再撤销"))
    copy = _copy_of(adaptation)
    _write(adaptation, by, _undone(found, copy), copy, at)
    found.state, found.undone_at = State.UNDONE, at
    found.save(update_fields=["state", "undone_at"])
    _stand_on(adaptation, found.base)
    audit.record(by, "update.undone", adaptation, version=found.theirs.label)
    return found


def _stand_on(adaptation: Adaptation, version: Version) -> None:
    """The version that the teacher's own stands on, also for its provenance (来历)."""
    Adaptation.objects.filter(pk=adaptation.pk).update(base=version)
    lineage = Derivation.objects.filter(resource=adaptation.resource_id, source=version.resource_id)
    lineage.update(source_version=version)


def weave_of(update: Update) -> Weave:
    """The places of an update as the teacher's text stands now."""
    resource = update.adaptation.resource
    copy = WorkingCopy.objects.get(resource=resource)
    return weave(
        *(document_of(resource, data) for data in (update.base.document, copy.document, update.theirs.document))
    )


def choices_of(update: Update, places: Sequence[Place]) -> dict[str, Chosen]:
    """Decisions that still count: those whose place is as it was when it was decided."""
    if update.pk is None:
        return {}
    seen = {place.key: place.seen for place in places}
    rows = update.choices.order_by("pk").values_list("key", "way", "value", "seen")
    return {key: Chosen(way, value) for key, way, value, was in rows if seen.get(key) == was}


def _own(adaptation: Adaptation, by: Person, at: datetime) -> Adaptation:
    locked = Adaptation.objects.select_for_update(of=("self",))
    found = locked.select_related("resource", "preparation__settled_version").get(pk=adaptation.pk)
    access.require(by, Action.EDIT, found, at=at)
    return found


def _waiting(update: Update, by: Person, at: datetime) -> Update:
    related = Update.objects.select_for_update(of=("self",)).select_related("adaptation__resource", "base", "theirs")
    found = related.get(pk=update.pk)
    _own(found.adaptation, by, at)
    if found.state not in (State.OPEN, State.NEVER):
        raise Refused(Verdict(False, f"这次更新{found.get_state_display()}，不用再处理"))
    if found.base_id != found.adaptation.base_id:
        raise Refused(Verdict(False, "你已经合并过别的版本，请从“共案更新”重新打开"))
    return found


def _copy_of(adaptation: Adaptation) -> WorkingCopy:
    copies = WorkingCopy.objects.select_for_update().prefetch_related("attachments__file")
    return copies.get(resource=adaptation.resource_id)


def _snapshot(copy: WorkingCopy) -> dict[str, Any]:
    files = [[attached.file_id, attached.purpose] for attached in copy.attachments.all()]
    return {"title": copy.title, "document": copy.document, "files": files}


def _files_with(copy: WorkingCopy, update: Update) -> tuple[tuple[File, str], ...]:
    """The teacher's files, and those that are new in the shared plan: its new pictures stand in the new text."""
    own = [(attached.file, attached.purpose) for attached in copy.attachments.all()]
    known = {file.pk for file, _ in own} | set(update.base.attachments.values_list("file_id", flat=True))
    new = update.theirs.attachments.exclude(file__in=known).select_related("file")
    return (*own, *((attached.file, attached.purpose) for attached in new))


def _write(adaptation: Adaptation, by: Person, draft: Draft, copy: WorkingCopy, at: datetime) -> None:
    resource = Resource.objects.get(pk=adaptation.resource_id)
    save(resource=resource, by=by, draft=draft, lock_version=copy.lock_version, at=at)


def _undone(update: Update, copy: WorkingCopy) -> Draft:
    resource = update.adaptation.resource
    before, after, now = update.before, update.after, _snapshot(copy)
    known = File.objects.in_bulk([pk for pk, _ in [*before["files"], *now["files"]]])
    if now == after:
        files = before["files"]
        return Draft(before["title"], _loaded(resource, before), _held(files, known))
    back = merge(_loaded(resource, after), _loaded(resource, now), _loaded(resource, before))
    if back.conflicts:
        places = "、".join(conflict.place for conflict in back.conflicts[:3])
        raise Refused(
            Verdict(
                False, f"合并后你又改过同样的地方（{places}），不能整体撤销；没用上的文字在合并记录里，可以逐处取回"
            )
        )
    brought = [one for one in after["files"] if one not in before["files"]]
    title = before["title"] if now["title"] == after["title"] else now["title"]
    kept = [one for one in now["files"] if one not in brought]
    return Draft(title, back.document, _held(kept, known))


def _loaded(resource: Resource, kept: Mapping[str, Any]) -> Document:
    return document_of(resource, kept["document"])


def _held(files: Sequence[Sequence[Any]], known: Mapping[int, File]) -> tuple[tuple[File, str], ...]:
    return tuple((known[pk], purpose) for pk, purpose in files if pk in known)
