"""Telling people what happened, in the transaction in which it happens."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from groups.inbox.models import Message
from groups.models import Person

About = Message.About


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
    """Tell each of `people` once, but nobody of their own deed. Answers how many were told."""
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
        )
        for person in told.values()
    )
    return len(told)


@transaction.atomic
def mark_read(*, person: Person, at: datetime, message: int | None = None) -> int:
    """One message of one's own is read, or all of them. Answers how many were new."""
    unread = Message.objects.filter(recipient=person, read_at__isnull=True)
    return (unread.filter(pk=message) if message else unread).update(read_at=at)
