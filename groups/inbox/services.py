"""Telling people what happened, in the transaction in which it happens."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from groups import audit
from groups.inbox.delivering import next_digest
from groups.inbox.models import Delivery, Message, Preference
from groups.inbox.ports import is_open
from groups.models import Person

About = Message.About
RETRIED = timedelta(days=7)


def tell(
    *,
    people: Iterable[Person],
    about: str,
    words: str,
    at: datetime,
    actor: Person | None = None,
    thing: str = "",
    thing_uid: str = "",
    url: str = "",
) -> int:
    """Tell each of `people` once, but nobody of their own deed. Answers how many were told.

    Where the site sends mail or robot messages, the message asks to be sent in this same transaction.
    """
    told = {person.pk: person for person in people if person.is_active and (actor is None or person.pk != actor.pk)}
    Message.objects.bulk_create(
        Message(
            recipient=person,
            actor=actor,
            about=about,
            words=words[:300],
            thing=thing,
            thing_uid=thing_uid,
            url=url,
            at=at,
            to_send=is_open(),
        )
        for person in told.values()
    )
    return len(told)


@transaction.atomic
def mark_read(*, person: Person, at: datetime, message: int | None = None) -> int:
    """One message of one's own is read, or all of them. Answers how many were new."""
    unread = Message.objects.filter(recipient=person, read_at__isnull=True)
    return (unread.filter(pk=message) if message else unread).update(read_at=at)


@transaction.atomic
def set_preference(*, preference: Preference, at: datetime) -> Preference:
    """Keep where a person wants to be told (提醒设置). What was stopped by the old address is tried again."""
    is_digest = preference.rhythm != Preference.Rhythm.AT_ONCE and bool(preference.channels)
    preference.next_digest = next_digest(preference, at) if is_digest else None
    preference.save()
    stopped = Delivery.objects.filter(person=preference.person, stopped=True, channel__in=preference.channels)
    stopped.filter(not_before__gte=at - RETRIED).update(stopped=False, not_before=at, attempts=0)
    audit.record(preference.person, "inbox.preference", preference.person, channels=list(preference.channels))
    return preference
