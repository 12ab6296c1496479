"""`fork` is the one mechanism of reuse: 收入备课, 接收 and taking over a package."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import IntegerField, ProtectedError, Value
from django.db.models.functions import Cast

from groups import access, audit
from groups.access import Action, Refused, Verdict
from groups.models import Organisation, Person, State
from groups.viewer import viewer_for
from library.resources import kinds
from library.resources.licensing import RESTRICTIVE, why_no_derivation
from library.resources.models import (
    Contribution,
    Derivation,
    Favourite,
    Placement,
    Receipt,
    Resource,
    UsageEvent,
    Version,
    WorkingCopy,
    WorkingFile,
)
from library.resources.services.indexing import touch
from library.resources.services.usage import place_of, record_use


@transaction.atomic
def fork(
    *,
    version: Version,
    by: Person,
    school: Organisation | None,
    at: datetime,
    relation: str = Derivation.Relation.BASED_ON,
    follow: bool = True,
) -> Resource:
    """Take a version into one's own preparation (收入备课): a new draft with the same text, files by reference.

    Raises:
        Refused: the rule says no, or the version is not one a reader may see.
    """
    source = Resource.objects.get(pk=version.resource_id)
    access.require(by, Action.FORK, source, at=at)
    access.require(by, Action.READ, version, at=at)
    if source.state != State.DRAFT and version.published_at is None:
        raise Refused(Verdict(False, "这一版没有发布，请从已发布的版本收入备课"))
    if forbidden := forbidden_by_licence(source, by, at):
        raise Refused(Verdict(False, forbidden))
    child = kinds.spec_of(source.kind).model._default_manager.get(pk=source.pk)
    where = Place(school.pk if school else None, *place_of(by, at))
    new = derive(child=child, version=version, by=by, where=where, at=at, relation=relation, follow=follow)
    audit.record(by, "resource.forked", source, into=new.uid, version=version.number)
    touch(source)
    return new


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person takes something: the new thing's home, and the school and group that its use counts for."""

    home: int | None
    school: int | None
    group: int | None


def derive(
    *,
    child: Any,
    version: Version,
    by: Person,
    where: Place,
    at: datetime,
    relation: str,
    follow: bool = True,
    work: str = "",
) -> Resource:
    """The rows of a fork, for a caller that has asked the rule and records the deed. `child` is the source as its kind.

    `work` names whose rules stand in for the resource's own while it is not published.
    """
    copied = {f.attname: getattr(child, f.attname) for f in child._meta.local_concrete_fields if not f.primary_key}
    new: Resource = child.__class__(
        **copied,
        kind=child.kind,
        owner=by,
        home_school_id=where.home,
        title=version.title,
        summary=child.summary,
        keywords=child.keywords,
        grade_from=child.grade_from,
        grade_to=child.grade_to,
        for_pupils=child.for_pupils,
        source_type="adapted",
        licence=child.licence,
        primary=False,
        work=work,
        state_changed_at=at,
    )
    new.save(force_insert=True)
    _copy_around(child.pk, version, new, by)
    Contribution.objects.create(resource=new, person=by, school_then_id=where.home)
    Derivation.objects.create(
        resource=new, source_id=child.pk, source_version=version, relation=relation, follow=follow
    )
    Receipt.objects.bulk_create([Receipt(person=by, version=version, received_at=at)], ignore_conflicts=True)
    UsageEvent.objects.create(
        what=UsageEvent.What.FORK,
        resource_id=child.pk,
        version=version,
        person=by,
        school_then_id=where.school,
        group_then_id=where.group,
        at=at,
    )
    return new


def forbidden_by_licence(source: Resource, by: Person, at: datetime) -> str:
    """Why the licence forbids this person a version of their own; empty when it does not."""
    if source.licence not in RESTRICTIVE:
        return ""
    is_author = source.owner_id == by.pk or source.contributions.filter(person=by).exists()
    same_school = source.home_school_id in viewer_for(by, at).schools
    return why_no_derivation(source.licence, is_author=is_author, same_school=same_school, owner=source.owner.name)


def _copy_around(source: int, version: Version, new: Resource, by: Person) -> None:
    """Subjects, places and files, read in one query."""
    through = Resource.subjects.through
    subjects = through.objects.filter(resource=source).values_list(Value("subject"), "subject_id", Value(0), Value(""))
    nodes = Placement.objects.filter(resource=source)
    placed = nodes.values_list(Value("node"), "node_id", Cast("is_main", IntegerField()), Value(""))
    files = version.attachments.order_by().values_list(Value("file"), "file_id", "order", "purpose")
    around = list(subjects.union(placed, files, all=True))
    through.objects.bulk_create(
        through(resource_id=new.pk, subject_id=pk) for what, pk, *_ in around if what == "subject"
    )
    Placement.objects.bulk_create(
        Placement(resource=new, node_id=pk, is_main=bool(main)) for what, pk, main, _ in around if what == "node"
    )
    copy = WorkingCopy.objects.create(resource=new, title=version.title, document=version.document, updated_by=by)
    WorkingFile.objects.bulk_create(
        WorkingFile(working_copy=copy, file_id=pk, purpose=purpose, order=order)
        for what, pk, order, purpose in around
        if what == "file"
    )


@transaction.atomic
def undo_fork(*, resource: Resource, by: Person, at: datetime) -> None:
    """Take a fork back while its text is untouched (撤销).

    Raises:
        Refused: somebody has written in it, or it is not the person's own fork.
    """
    access.require(by, Action.DELETE, resource, at=at)
    untouched = WorkingCopy.objects.filter(resource=resource, lock_version=1).exists()
    if not untouched or not Derivation.objects.filter(resource=resource).exists():
        raise Refused(Verdict(False, "这份备课已经改过，可以在“我的备课”里移到回收站"))
    source = resource.derived_from.source
    audit.record(by, "resource.fork_undone", source, fork=resource.uid)
    try:
        with transaction.atomic():
            kinds.spec_of(resource.kind).model._default_manager.get(pk=resource.pk).delete()
    except ProtectedError:
        raise Refused(Verdict(False, "这份备课已经用过，上面有授课、查阅或回流的记录，不能撤销")) from None
    touch(source)


@transaction.atomic
def toggle_favourite(*, resource: Resource, by: Person, at: datetime) -> bool:
    """Keep for later, or no longer (收藏). Returns whether it is kept now."""
    access.require(by, Action.FAVOURITE, resource, at=at)
    removed, _ = Favourite.objects.filter(resource=resource, person=by).delete()
    if removed:
        return False
    _, is_new = Favourite.objects.get_or_create(resource=resource, person=by)
    if not is_new:
        return True
    record_use(what="favourite", resource=resource, version=resource.published_version, person=by, at=at)
    return True


@transaction.atomic
def file_favourites(*, uids: Sequence[str], by: Person, folder: str) -> int:
    """Put favourites of one's own into a folder (收藏夹); an empty name takes them out. Answers how many."""
    return Favourite.objects.filter(person=by, resource__uid__in=uids).update(folder=folder.strip()[:30])
