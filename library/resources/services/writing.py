"""Creating a resource and changing its one mutable text."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from catalogue.models import Node, Subject
from groups import access, audit
from groups.access import Action
from groups.models import Organisation, Person
from library.documents import schema
from library.documents.fields import Document
from library.resources import kinds
from library.resources.licensing import require_not_wider
from library.resources.models import Contribution, Placement, Resource, WorkingCopy, WorkingFile
from library.resources.services.indexing import touch
from media.models import File

DEFAULT_PURPOSE = "main"


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the record says beside title and text (元数据)."""

    subtitle: str = ""
    summary: str = ""
    keywords: tuple[str, ...] = ()
    subjects: tuple[Subject, ...] = ()
    grade_from: int | None = None
    grade_to: int | None = None
    for_pupils: bool = False
    licence: str = "group"
    source_type: str = "original"


@dataclass(frozen=True, slots=True)
class Draft:
    """A text to be saved: title, document, and files with their purpose in order."""

    title: str
    document: Document
    files: tuple[tuple[File, str], ...] = ()


@dataclass(slots=True)
class Conflict(Exception):
    """Somebody saved in between. Both texts are here; nothing was written.

    Attributes:
        theirs: the text as stored now, with its `lock_version`.
        mine: what was to be saved.
    """

    theirs: WorkingCopy
    mine: Draft
    field_names: tuple[str, ...] = field(default=())

    def __str__(self) -> str:
        return f"{self.theirs.updated_by.name} 刚保存过这份资料，你的改动还没有写入"


@transaction.atomic
def create(
    *,
    kind: str,
    owner: Person,
    school: Organisation | None,
    draft: Draft,
    at: datetime,
    metadata: Metadata | None = None,
    nodes: Sequence[Node] = (),
    studio: Organisation | None = None,
    columns: Mapping[str, Any] | None = None,
    primary: bool = True,
) -> Resource:
    """Start a resource as its owner's draft (新建). The owner becomes its first author, with the school of this day."""
    spec = kinds.spec_of(kind)
    told = metadata or Metadata()
    resource = spec.model(
        kind=kind,
        owner=owner,
        home_school=school,
        title=draft.title,
        studio=studio,
        primary=primary,
        state_changed_at=at,
        **_plain(told),
        **{**spec.columns(draft.document), **(columns or {})},
    )
    resource.save(force_insert=True)
    resource.subjects.set(told.subjects)
    copy = WorkingCopy.objects.create(
        resource=resource, title=draft.title, document=schema.dump(draft.document), updated_by=owner
    )
    _attach(copy, draft.files)
    Contribution.objects.create(resource=resource, person=owner, school_then=school)
    Placement.objects.bulk_create(Placement(resource=resource, node=n, is_main=i == 0) for i, n in enumerate(nodes))
    audit.record(owner, "resource.created", resource, kind=kind)
    return resource


@transaction.atomic
def save(*, resource: Resource, by: Person, draft: Draft, lock_version: int, at: datetime) -> WorkingCopy:
    """Write the working copy if nobody did since `lock_version` was read.

    Raises:
        Refused: the rule says no.
        Conflict: the text has moved on; it carries both.
    """
    access.require(by, Action.EDIT, resource, at=at)
    written = WorkingCopy.objects.filter(resource=resource, lock_version=lock_version).update(
        title=draft.title,
        document=schema.dump(draft.document),
        lock_version=F("lock_version") + 1,
        updated_by=by,
        updated_at=at,
    )
    copy = WorkingCopy.objects.select_related("updated_by").get(resource=resource)
    if not written:
        raise Conflict(theirs=copy, mine=draft)
    _attach(copy, draft.files)
    if resource.published_version_id is None:
        sync_columns(resource, draft.title, draft.document)
    return copy


@transaction.atomic
def describe(*, resource: Resource, by: Person, metadata: Metadata, at: datetime) -> None:
    """Change what the record says beside its text.

    Raises:
        Refused: the rule says no.
        LicenceTooWide: the licence would be wider than that of the thing it was made from.
    """
    access.require(by, Action.EDIT, resource, at=at)
    source = Resource.objects.filter(derivations__resource=resource).first()
    if source is not None and source.owner_id != by.pk:
        require_not_wider(source.licence, metadata.licence)
    Resource.objects.filter(pk=resource.pk).update(**_plain(metadata))
    resource.subjects.set(metadata.subjects)
    audit.record(by, "resource.described", resource)
    touch(resource)


@transaction.atomic
def place(*, resource: Resource, by: Person, nodes: Sequence[Node], at: datetime) -> None:
    """Hang the resource on these nodes and no others; the first is its main place."""
    access.require(by, Action.EDIT, resource, at=at)
    Placement.objects.filter(resource=resource).delete()
    Placement.objects.bulk_create(Placement(resource=resource, node=n, is_main=i == 0) for i, n in enumerate(nodes))
    audit.record(by, "resource.placed", resource, nodes=[n.uid for n in nodes])
    touch(resource)


def sync_columns(resource: Resource, title: str, document: Document) -> None:
    """Copy what lists and search read from a text into the record's columns."""
    child = kinds.spec_of(resource.kind)
    child.model._default_manager.filter(pk=resource.pk).update(title=title, **child.columns(document))
    resource.title = title


def document_of(resource: Resource, data: Mapping[str, Any]) -> Document:
    """A stored document of this resource as its kind's dataclass."""
    return schema.load(kinds.spec_of(resource.kind).document, data)


def _plain(metadata: Metadata) -> dict[str, Any]:
    return {
        "subtitle": metadata.subtitle,
        "summary": metadata.summary,
        "keywords": list(metadata.keywords),
        "grade_from": metadata.grade_from,
        "grade_to": metadata.grade_to,
        "for_pupils": metadata.for_pupils,
        "licence": metadata.licence,
        "source_type": metadata.source_type,
    }


def _attach(copy: WorkingCopy, files: Iterable[tuple[File, str]]) -> None:
    """The files of a text, in this order; a save that changes none writes none."""
    files = [(file, purpose or DEFAULT_PURPOSE) for file, purpose in files]
    held = copy.attachments.order_by("order", "pk").values_list("file_id", "purpose")
    if list(held) == [(file.pk, purpose) for file, purpose in files]:
        return
    WorkingFile.objects.filter(working_copy=copy).delete()
    WorkingFile.objects.bulk_create(
        WorkingFile(working_copy=copy, file=f, purpose=purpose, order=n) for n, (f, purpose) in enumerate(files)
    )
