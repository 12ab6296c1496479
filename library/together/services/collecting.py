"""资源集与专题: made by a person, or by a body's administrators and hosts; each item still asks for its own right."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from groups import access, audit
from groups.access import Action, Refused, Verdict
from groups.models import Organisation, OrganisationKind, Person, Role
from groups.policies import administered
from groups.viewer import Viewer, viewer_for
from library.resources.models import Resource
from library.together.models import Collection, CollectionGrant, CollectionItem
from library.together.services.talk import NotPossible

CURATING = frozenset(
    {OrganisationKind.GROUP, OrganisationKind.SCHOOL, OrganisationKind.STUDIO, OrganisationKind.PROJECT}
)
MOST_ITEMS = 200


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a collection is for: a body, or with None everybody."""

    organisation: Organisation | None


def bodies_to_curate(viewer: Viewer) -> list[Organisation]:
    """The bodies for which this person may make a special topic: administered, or hosted while the studio runs."""
    ids = viewer.in_role(Role.ADMIN) | administered(viewer) | viewer.in_role(Role.HOST)
    return list(Organisation.objects.filter(pk__in=ids, kind__in=CURATING, closed_at__isnull=True).order_by("name"))


def audiences_for(viewer: Viewer) -> list[Organisation]:
    """Bodies a collection can be shown to: those the person belongs to or curates for."""
    ids = viewer.belongs | {body.pk for body in bodies_to_curate(viewer)}
    return list(Organisation.objects.filter(pk__in=ids, closed_at__isnull=True).order_by("kind", "name"))


@transaction.atomic
def start(
    *,
    by: Person,
    title: str,
    summary: str,
    organisation: Organisation | None,
    readers: Sequence[Reader],
    at: datetime,
) -> Collection:
    """Begin a collection; with an organisation it is that body's special topic, which alone may be shown to everybody.

    Raises:
        Refused: not an administrator or host of that body, or an audience that is not the person's to choose.
        NotPossible: no title.
    """
    viewer = viewer_for(by, at)
    if organisation is not None and organisation.pk not in {body.pk for body in bodies_to_curate(viewer)}:
        raise Refused(Verdict(False, f"{organisation.name}的专题由它的管理员或主持人来编"))
    made = Collection.objects.create(
        title=_title(title),
        summary=summary.strip()[:500],
        owner=by,
        organisation=organisation,
        created_at=at,
        changed_at=at,
    )
    _show_to(made, readers, viewer, by)
    audit.record(by, "collection.started", made, organisation=organisation.uid if organisation else "")
    return made


@transaction.atomic
def describe(
    *, collection: Collection, by: Person, title: str, summary: str, readers: Sequence[Reader], at: datetime
) -> None:
    """Change title, summary and readers: its owner.

    Raises:
        Refused, NotPossible: as in `start`.
    """
    access.require(by, Action.EDIT, collection, at=at)
    Collection.objects.filter(pk=collection.pk).update(
        title=_title(title), summary=summary.strip()[:500], changed_at=at
    )
    _show_to(collection, readers, viewer_for(by, at), by)
    audit.record(by, "collection.described", collection)


def _title(title: str) -> str:
    said = title.strip()
    if not said or len(said) > 80:
        raise NotPossible("标题：还没有填" if not said else "标题：最多 80 字，请写短一些")
    return said


def _show_to(collection: Collection, readers: Sequence[Reader], viewer: Viewer, by: Person) -> None:
    """End the grants that are not asked for any more, open those that are new."""
    allowed = {body.pk for body in audiences_for(viewer)}
    wanted = {reader.organisation.pk if reader.organisation else None for reader in readers}
    now = collection.grants.valid_at(viewer.at)
    held = {grant.organisation_id for grant in now}
    if None in wanted - held and collection.organisation_id is None:
        raise Refused(Verdict(False, "个人的资源集只给自己和所在的机构看；公开的专题由集团、学校或工作室来编"))
    if (wanted - held - {None}) - allowed:
        raise Refused(Verdict(False, "只能给你所在的机构看，请重新勾选"))
    for grant in now:
        if grant.organisation_id not in wanted:
            CollectionGrant.objects.filter(pk=grant.pk).update(ends_at=max(viewer.at, grant.starts_at))
    CollectionGrant.objects.bulk_create(
        CollectionGrant(
            collection=collection, organisation_id=pk, is_public=pk is None, starts_at=viewer.at, given_by=by
        )
        for pk in wanted - held
    )


def may_fill(by: Person | Viewer, collection: Collection, at: datetime) -> bool:
    """Its owner, or who curates for its organisation."""
    viewer = by if isinstance(by, Viewer) else viewer_for(by, at)
    held = access.relations_of(viewer, collection)
    return any(access.verdict_of(held, viewer, action, collection) for action in (Action.EDIT, Action.CURATE))


def _require_filling(by: Person, collection: Collection, at: datetime) -> None:
    if not may_fill(by, collection, at):
        raise Refused(Verdict(False, "只有编这个专题的人能加减内容"))


@transaction.atomic
def put(*, collection: Collection, resource: Resource, by: Person, note: str, at: datetime) -> CollectionItem:
    """Put a resource at the end (收进专题). Only what the curator may read.

    Raises:
        Refused: not the curator's collection, or not a resource they may read.
        NotPossible: it is full.
    """
    collection = Collection.objects.select_for_update().get(pk=collection.pk)
    _require_filling(by, collection, at)
    access.require(by, Action.FAVOURITE, resource, at=at)
    if collection.items.count() >= MOST_ITEMS:
        raise NotPossible(f"一个专题最多放 {MOST_ITEMS} 份，请另开一个")
    last = collection.items.aggregate(last=Max("order"))["last"] or 0
    item, _ = CollectionItem.objects.update_or_create(
        collection=collection,
        resource=resource,
        defaults={"note": note.strip()[:200]},
        create_defaults={"note": note.strip()[:200], "order": last + 1, "added_by": by, "added_at": at},
    )
    _changed(collection, by, "collection.item_put", resource, at)
    return item


@transaction.atomic
def take_out(*, item: CollectionItem, by: Person, at: datetime) -> None:
    """Take a resource out again.

    Raises:
        Refused: not the curator's collection.
    """
    _require_filling(by, item.collection, at)
    CollectionItem.objects.filter(pk=item.pk).delete()
    _changed(item.collection, by, "collection.item_taken_out", item.resource, at)


@transaction.atomic
def move(*, item: CollectionItem, by: Person, up: bool, at: datetime) -> None:
    """Change places with the item before or after it.

    Raises:
        Refused: not the curator's collection.
    """
    _require_filling(by, item.collection, at)
    around = (
        item.collection.items.filter(order__lt=item.order) if up else item.collection.items.filter(order__gt=item.order)
    )
    other = around.order_by("-order" if up else "order").first()
    if other is None:
        return
    CollectionItem.objects.filter(pk=item.pk).update(order=other.order)
    CollectionItem.objects.filter(pk=other.pk).update(order=item.order)
    Collection.objects.filter(pk=item.collection_id).update(changed_at=at)


def _changed(collection: Collection, by: Person, deed: str, resource: Resource, at: datetime) -> None:
    Collection.objects.filter(pk=collection.pk).update(changed_at=at)
    audit.record(by, deed, collection, resource=resource.uid)


@transaction.atomic
def remove(*, collection: Collection, by: Person, at: datetime) -> None:
    """Delete a collection; its resources stay where they are.

    Raises:
        Refused: not its owner.
    """
    access.require(by, Action.EDIT, collection, at=at)
    audit.record(by, "collection.removed", collection)
    collection.delete()
