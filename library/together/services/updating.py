"""A fork whose source has moved on (落后于源): take the newer text, or keep one's own and hear of it no more.

Nothing that was written is lost: before the newer text comes, what stands in the working copy is kept as a version.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from groups import access, audit
from groups.access import Action, Refused, Verdict
from groups.models import Person
from library.resources import services as library
from library.resources.models import Derivation, Resource, Version, WorkingCopy, WorkingFile
from library.resources.services.writing import document_of, sync_columns
from library.together.services.talk import NotPossible


def newer_source(resource: Resource, by: Person, at: datetime) -> Version | None:
    """The source's published version, when it is newer than the one that was taken and the person may read it."""
    derivation = (
        Derivation.objects.select_related("source__published_version", "source_version")
        .filter(resource=resource)
        .first()
    )
    newest = derivation.source.published_version if derivation else None
    if derivation is None or newest is None or newest.number <= derivation.source_version.number:
        return None
    return newest if access.may(by, Action.READ, newest, at=at) else None


@transaction.atomic
def take_newer(*, resource: Resource, by: Person, at: datetime) -> WorkingCopy:
    """Replace the working copy by the source's newest published text (更新); the earlier text stays as a version.

    Raises:
        Refused: the rule says no.
        NotPossible: there is nothing newer that the person may read.
    """
    resource = Resource.objects.select_for_update().get(pk=resource.pk)
    access.require(by, Action.EDIT, resource, at=at)
    newest = newer_source(resource, by, at)
    if newest is None:
        raise NotPossible("原件没有更新的版本，或更新的那一版没有对你开放")
    access.require(by, Action.FORK, resource.derived_from.source, at=at)
    if resource.derived_from.source.licence == "cc_by_nd":
        raise Refused(Verdict(False, "原件的许可改成了不许改编，不能再更新；你这份照旧可用"))
    library.cut_version(resource=resource, by=by, at=at, label="更新前", reason=f"更新到原件{newest.label}之前留存")
    copy = WorkingCopy.objects.select_for_update().get(resource=resource)
    WorkingCopy.objects.filter(pk=copy.pk).update(
        title=newest.title,
        document=newest.document,
        lock_version=F("lock_version") + 1,
        updated_by=by,
        updated_at=at,
    )
    WorkingFile.objects.filter(working_copy=copy).delete()
    WorkingFile.objects.bulk_create(
        WorkingFile(working_copy=copy, file_id=a.file_id, purpose=a.purpose, order=a.order)
        for a in newest.attachments.all()
    )
    Derivation.objects.filter(resource=resource).update(source_version=newest, follow=True)
    if resource.published_version_id is None:
        sync_columns(resource, newest.title, document_of(resource, newest.document))
    audit.record(by, "fork.updated", resource, to=newest.number)
    copy.refresh_from_db()
    return copy


@transaction.atomic
def keep_own(*, resource: Resource, by: Person, at: datetime) -> None:
    """Keep the text as it is and follow the source no more (保留我的).

    Raises:
        Refused: the rule says no.
    """
    access.require(by, Action.EDIT, resource, at=at)
    Derivation.objects.filter(resource=resource).update(follow=False)
    audit.record(by, "fork.kept", resource)


@transaction.atomic
def follow_again(*, resource: Resource, by: Person, at: datetime) -> None:
    """Hear of the source's new versions again (继续跟随原件)."""
    access.require(by, Action.EDIT, resource, at=at)
    Derivation.objects.filter(resource=resource).update(follow=True)
    audit.record(by, "fork.followed", resource)
