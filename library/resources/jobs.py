"""What the library does at intervals: a grant's first and last minute reach the search index by themselves."""

from datetime import datetime, timedelta

from django.db import transaction

from library.resources.models import Grant, UsageEvent
from library.resources.services.indexing import SOURCE
from search import outbox

USED_SINCE = timedelta(minutes=90)
"""A little more than the interval of the sweep."""


@transaction.atomic
def touch_boundaries(now: datetime) -> int:
    """Mark every resource whose grant began or ended and was not yet told to the index. Returns how many.

    Each boundary is told once: a worker that was away for days catches up at its first run.
    """
    began = Grant.objects.filter(start_told=False, starts_at__lte=now)
    ended = Grant.objects.filter(end_told=False, ends_at__lte=now)
    uids = {*began.values_list("resource__uid", flat=True), *ended.values_list("resource__uid", flat=True)}
    outbox.touch_many(SOURCE, sorted(uids))
    began.update(start_told=True)
    ended.update(end_told=True)
    return len(uids)


def touch_used(now: datetime) -> int:
    """A view is no edit: counts of use reach the index in this hourly sweep. Returns how many were used."""
    used = UsageEvent.objects.filter(at__gt=now - USED_SINCE).values_list("resource__uid", flat=True).distinct()
    return outbox.touch_many(SOURCE, used)
