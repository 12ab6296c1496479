"""Keeping a search, and telling its keeper what is new in it."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import QueryDict
from django.urls import reverse

from groups import audit
from groups.inbox.models import Message
from groups.inbox.services import tell
from groups.models import Person
from groups.viewer import viewer_for
from library.searches.models import ADDRESS, SavedSearch
from search import addresses, engines, synonyms, vocabulary
from search.asking import ask
from search.ports import EngineDown, Query, Sort
from search.understanding import understand

MOST = 30
LOOKED_AT = 50


class NotPossible(ValueError):
    """What was asked does not fit; the sentence says what to do instead."""


@transaction.atomic
def save(*, person: Person, address: str, at: datetime) -> SavedSearch:
    """Keep the question of an address; keeping it again changes nothing."""
    asked = addresses.read(QueryDict(address))
    kept = QueryDict(asked.elsewhere().address().partition("?")[2]).urlencode(safe=":")
    if not kept:
        raise NotPossible("这是全部资源，没有可以存下的条件。先搜一个词或选一个筛选。")
    if len(kept) > ADDRESS:
        raise NotPossible("条件太多，存不下。去掉几个筛选再存。")
    found = SavedSearch.objects.filter(person=person, address=kept).first()
    if found:
        return found
    if SavedSearch.objects.filter(person=person).count() >= MOST:
        raise NotPossible(f"最多存 {MOST} 个搜索。先删掉用不着的。")
    saved = SavedSearch.objects.create(
        person=person, address=kept, name=_name(asked), saved_at=at, told_until=at, subscribed=True
    )
    audit.record(person, "search.saved", saved)
    return saved


def _name(asked: addresses.Asked) -> str:
    values = (value for name, several in asked.filters.items() if name != "node" for value in several)
    return " ".join([asked.q, *values]).strip()[:60] or "筛选"


@transaction.atomic
def delete(*, saved: SavedSearch) -> None:
    audit.record(saved.person, "search.forgotten", saved)
    saved.delete()


@transaction.atomic
def subscribe(*, saved: SavedSearch, wanted: bool, at: datetime) -> None:
    """Hear of new things from now on, or no longer."""
    SavedSearch.objects.filter(pk=saved.pk).update(subscribed=wanted, told_until=at)


def tell_news(now: datetime) -> int:
    """Tell everybody what is new in the searches they keep; an engine that is down is asked again later."""
    told = 0
    for saved in SavedSearch.objects.filter(subscribed=True, person__is_active=True).select_related("person"):
        try:
            fresh = _fresh(saved, now)
        except EngineDown:
            return told
        if fresh:
            told += _tell(saved, fresh, now)
    return told


def _fresh(saved: SavedSearch, now: datetime) -> int:
    """How many entries were published since the last look, under the person's rights of now."""
    asked = addresses.read(QueryDict(saved.address))
    viewer: Any = viewer_for(saved.person, now)
    understood = understand(asked.q, vocabulary.lookup(), synonyms.lookup())
    query = Query(filters=asked.filters, tokens=viewer.tokens(), sort=Sort.NEWEST, limit=LOOKED_AT)
    answer = ask(engines.current(), understood, query, as_typed=True)
    if answer.is_generous:
        return 0
    hits = (hit.entry.published_at for hit in answer.page.hits)
    return sum(published is not None and saved.told_until < published <= now for published in hits)


@transaction.atomic
def _tell(saved: SavedSearch, fresh: int, now: datetime) -> int:
    SavedSearch.objects.filter(pk=saved.pk).update(told_until=now)
    return tell(
        people=[saved.person],
        about=Message.About.NOTICE,
        words=f"你存下的搜索“{saved.name}”有 {fresh} 份新的",
        url=reverse("searches:open", args=[saved.pk]),
        at=now,
    )
