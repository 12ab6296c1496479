"""One's own messages, with the names that the reader may see now."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from groups.inbox.models import Message
from groups.inbox.things import Named, names_of
from groups.viewer import Viewer

ICONS = {
    "review": "clipboard-check",
    "comment": "message-square-text",
    "thanks": "heart",
    "follow": "rss",
    "wish": "hand",
    "invitation": "user-plus",
    "studio": "users",
    "notice": "bell",
}
CLOSED_TO_YOU = "一份没有对你开放的资料"


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as it is printed; without an address when its thing is closed to the reader now."""

    pk: int
    icon: str
    label: str
    words: str
    url: str
    at: datetime
    is_new: bool


def of(viewer: Viewer) -> QuerySet[Message]:
    return Message.objects.filter(recipient=viewer.person_id)


def unread(viewer: Viewer) -> QuerySet[Message]:
    return of(viewer).filter(read_at__isnull=True)


def shown(messages: Iterable[Message], viewer: Viewer) -> list[Shown]:
    """Messages with the names of their things, in one question a kind of thing."""
    messages = list(messages)
    uids: dict[str, list[str]] = defaultdict(list)
    for message in messages:
        if message.thing:
            uids[message.thing].append(message.thing_uid)
    names = {thing: names_of(thing, wanted, viewer) for thing, wanted in uids.items()}
    return [_shown(message, names.get(message.thing, {}).get(message.thing_uid)) for message in messages]


def _shown(message: Message, named: Named | None) -> Shown:
    title = f"《{named.title}》" if named else CLOSED_TO_YOU
    reachable = named is not None or not message.thing
    return Shown(
        pk=message.pk,
        icon=ICONS[message.about],
        label=message.get_about_display(),
        words=message.words.replace("{thing}", title),
        url=(message.url or (named.url if named else "")) if reachable else "",
        at=message.at,
        is_new=message.read_at is None,
    )
