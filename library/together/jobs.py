"""What the worker does at intervals: tells followers, reminds reviewers, empties the bin, checks the records."""

import logging
from collections import defaultdict
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, ProtectedError, Q

from groups import access, audit
from groups.access import Action
from groups.inbox import services as inbox
from groups.models import Person, State
from groups.viewer import viewer_for
from library.resources import kinds
from library.resources.models import Resource, Submission, Version
from library.resources.policies import BIN_DAYS
from library.resources.services.records import unrecorded
from library.together.models import Follow

logger = logging.getLogger(__name__)
MOST_AT_ONCE = 500


@transaction.atomic
def tell_followers(now: datetime) -> int:
    """Tell followers of what was published since they last heard, as far as they may see it. Answers how many messages."""
    news = _news(now)
    told = 0
    for follower, things in news.items():
        person = Person.objects.get(pk=follower)
        wanted = list(dict.fromkeys(pk for pk, _ in things))
        readable = access.narrow(Resource.objects.filter(pk__in=wanted), viewer_for(person, now), Action.READ)
        shown = {r.pk: r for r in readable.exclude(owner=person)}
        words = dict(things)
        for pk in wanted:
            if pk in shown:
                told += inbox.tell(
                    people=[person],
                    about=inbox.About.FOLLOW,
                    words=words[pk],
                    at=now,
                    thing="resource",
                    thing_uid=shown[pk].uid,
                )
    Follow.objects.filter(follower__in=news).update(told_until=now)
    return told


def _news(now: datetime) -> dict[int, list[tuple[int, str]]]:
    """Follower → what was published by or of what they follow, with the sentence, the oldest first."""
    since = Q(published__gt=F("told_until")) & Q(published__lte=now)
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for path, words in (
        ("studio__studio_resources", "你关注的{name}发布了{{thing}}"),
        ("person__owned_resources", "你关注的{name}发布了{{thing}}"),
        ("resource", "你关注的{{thing}}有了新版本"),
    ):
        target = path.split("__")[0]
        rows = (
            Follow.objects.filter(**{f"{path}__state": State.PUBLISHED})
            .annotate(published=F(f"{path}__published_at"))
            .filter(since)
            .order_by("published")
            .values_list("follower", f"{path}__pk", "studio__name" if target == "studio" else "person__name")
        )
        for follower, pk, name in rows:
            found[follower].append((pk, words.format(name=name or "")))
    return found


def empty_bin(now: datetime) -> int:
    """Delete drafts that have lain in the bin for thirty days (清空回收站). Answers how many.

    What somebody took or keeps a receipt of stays, unseen: their copy says where it came from.
    """
    old = Resource.objects.filter(state=State.BINNED, state_changed_at__lte=now - timedelta(days=BIN_DAYS))
    free = old.filter(derivations__isnull=True, versions__receipts__isnull=True).distinct()
    return sum(_purge(resource) for resource in free.order_by("state_changed_at")[:MOST_AT_ONCE])


def _purge(resource: Resource) -> bool:
    """Delete one thing with everything that is its own; what another thing points at stays."""
    try:
        with transaction.atomic():
            audit.record(None, "resource.purged", resource)
            Resource.objects.filter(pk=resource.pk).update(published_version=None)
            Submission.objects.filter(resource=resource).delete()
            Version.objects.filter(resource=resource).delete()
            kinds.spec_of(resource.kind).model._default_manager.get(pk=resource.pk).delete()
    except ProtectedError:
        return False
    return True


def check_records(now: datetime) -> int:
    """Log, as a defect, whatever is published without its review record. Answers how many."""
    gaps = list(unrecorded())
    for gap in gaps:
        logger.error("Published without its review record: %s (%s)", gap.resource.uid, gap.reason)
    return len(gaps)
