"""Collections as their reader sees them: what the reader may not list is left out, without a gap and without a count."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from groups import access
from groups.access import Action
from groups.models import Organisation
from groups.viewer import Viewer
from library.resources.models import Resource
from library.resources.selectors.cards import Card, cards
from library.together.models import Collection, CollectionItem


@dataclass(frozen=True, slots=True)
class Row:
    """A collection in a list, with how many of its resources the viewer may see."""

    collection: Collection
    size: int


@dataclass(frozen=True, slots=True)
class Item:
    item: CollectionItem
    card: Card


def items(collection: Collection, viewer: Viewer) -> QuerySet[CollectionItem]:
    """The items whose resource the viewer may list, in order."""
    visible = Resource.objects.all().visible_to(viewer)
    return collection.items.filter(resource__in=visible).order_by("order", "pk")


def with_cards(found: Sequence[CollectionItem], viewer: Viewer) -> list[Item]:
    shown = Resource.objects.filter(pk__in=[i.resource_id for i in found]).visible_to(viewer)
    by_pk = {card.resource.pk: card for card in cards(shown, viewer)}
    return [Item(i, by_pk[i.resource_id]) for i in found if i.resource_id in by_pk]


def rows(found: Sequence[Collection], viewer: Viewer) -> list[Row]:
    """Collections with their visible size, in one query."""
    visible = Resource.objects.all().visible_to(viewer)
    sizes = dict(
        CollectionItem.objects.filter(collection__in=found, resource__in=visible)
        .order_by()
        .values_list("collection")
        .annotate(n=Count("pk"))
    )
    return [Row(collection, sizes.get(collection.pk, 0)) for collection in found]


def of_organisation(organisation: Organisation, viewer: Viewer, most: int = 6) -> list[Row]:
    """A body's special topics that the viewer may read, the newest first."""
    found = access.narrow(Collection.objects.filter(organisation=organisation), viewer, Action.READ)
    return rows(list(found.order_by("-changed_at", "-pk")[:most]), viewer)


def fillable(viewer: Viewer) -> QuerySet[Collection]:
    """The collections that this person may put things into."""
    own = access.narrow(Collection.objects.all(), viewer, Action.EDIT)
    curated = access.narrow(Collection.objects.all(), viewer, Action.CURATE)
    return (own | curated).distinct().select_related("organisation").order_by("title")


def readers(collection: Collection, at: datetime) -> list[str]:
    """Who may read it, in words."""
    grants = collection.grants.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at)).select_related("organisation")
    return ["所有人" if grant.is_public else str(grant.organisation or grant.person) for grant in grants]
