"""The secret address of a person's calendar: one at a time, its token stored nowhere."""

import hashlib
import secrets
from datetime import datetime

from django.db import transaction

from groups import audit
from groups.models import Person
from lessons.plans.models import CalendarFeed

TOKEN_BYTES = 18


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def make_feed(*, person: Person, at: datetime) -> tuple[CalendarFeed, str]:
    """A new address (订阅日历); the one before opens nothing any more. Returns it with its token."""
    revoke_feed(person=person, at=at)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    feed = CalendarFeed.objects.create(person=person, token_sha256=digest(token), made_at=at)
    audit.record(person, "calendar.made", person)
    return feed, token


@transaction.atomic
def revoke_feed(*, person: Person, at: datetime) -> int:
    """Close the address (停用订阅). Returns how many were closed."""
    Person.objects.select_for_update().get(pk=person.pk)
    closed = CalendarFeed.objects.filter(person=person, revoked_at__isnull=True).update(revoked_at=at)
    if closed:
        audit.record(person, "calendar.revoked", person)
    return closed
