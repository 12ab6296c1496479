"""Sending what people are told to where they want it: planned in batches, tried until it is through.

A message leaves the site with the names that its reader may see at that moment. While mail is down every delivery waits
with a growing pause; nothing is dropped but what its own address refuses, and that is shown to the person.
"""

import time
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from groups.inbox import selectors, todos
from groups.inbox.models import Delivery, Message, Preference
from groups.inbox.ports import Down, Letter, Rejected, send
from groups.inbox.todos import SOON, Shown, due_of
from groups.models import Person
from groups.viewer import Viewer, viewer_for

BATCH = 500
SLICE_SECONDS = 2.0
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=2)
LEASE = timedelta(minutes=5)
KEPT = timedelta(days=30)
MOST_IN_ONE = 30
WEEK = 7


def tick(now: datetime) -> None:
    """The worker's turn: what was told is put on its way, then as much is sent as two seconds allow."""
    plan_deliveries(now)
    send_due(now)


@transaction.atomic
def plan_deliveries(now: datetime) -> int:
    """A delivery for each new message and each channel of its recipient. Answers how many."""
    new = list(Message.objects.select_for_update().filter(to_send=True).order_by("at")[:BATCH])
    if not new:
        return 0
    people = {message.recipient_id for message in new}
    wishes = {one.person_id: one for one in Preference.objects.filter(person__in=people)}
    made = [
        Delivery(message=message, person_id=message.recipient_id, channel=channel, not_before=moment_for(wish, now))
        for message in new
        if (wish := wishes.get(message.recipient_id)) is not None
        for channel in wish.channels
    ]
    Delivery.objects.bulk_create(made, ignore_conflicts=True)
    Message.objects.filter(pk__in=[message.pk for message in new]).update(to_send=False)
    return len(made)


def moment_for(wish: Preference, now: datetime) -> datetime:
    """When a person wants to hear of what happens now: at once but in quiet hours, or with the next digest."""
    if wish.rhythm != Preference.Rhythm.AT_ONCE:
        return wish.next_digest if wish.next_digest and wish.next_digest > now else next_digest(wish, now)
    return after_quiet_hours(wish, now)


def after_quiet_hours(wish: Preference, moment: datetime) -> datetime:
    """The moment itself, or the end of the quiet hours in which it lies."""
    local = timezone.localtime(moment)
    start, end = wish.quiet_from, wish.quiet_to
    is_quiet = start <= local.hour < end if start <= end else local.hour >= start or local.hour < end
    if not is_quiet:
        return moment
    wake = local.replace(hour=end, minute=0, second=0, microsecond=0)
    return wake if wake > local else wake + timedelta(days=1)


def next_digest(wish: Preference, now: datetime) -> datetime:
    """The next time of the day, or of the week, at which the person wants the digest."""
    local = timezone.localtime(now)
    at = local.replace(hour=wish.hour, minute=0, second=0, microsecond=0)
    if wish.rhythm == Preference.Rhythm.WEEKLY:
        at += timedelta(days=(wish.weekday - at.isoweekday()) % WEEK)
    if at <= local:
        at += timedelta(days=WEEK if wish.rhythm == Preference.Rhythm.WEEKLY else 1)
    return at


def send_due(now: datetime) -> int:
    """Send until nothing is due or the time is over. A way out that is down is left alone for the rest of this turn."""
    deadline = time.monotonic() + SLICE_SECONDS
    down: set[str] = set()
    sent = 0
    while time.monotonic() < deadline:
        lease = _lease(now, down)
        if lease is None:
            break
        wish, channel, deliveries = lease
        try:
            sent += _send(wish, channel, deliveries, now)
        except Down as problem:
            down.add(channel)
            _postpone(deliveries, str(problem), now)
        except Rejected as problem:
            _stop(deliveries, str(problem))
    while time.monotonic() < deadline and _send_digest(now, down):
        sent += 1
    return sent


@transaction.atomic
def _lease(now: datetime, down: set[str]) -> tuple[Preference, str, list[Delivery]] | None:
    """The deliveries that are due for the next person and channel, out of everybody else's reach for some minutes."""
    due = Delivery.objects.filter(sent_at__isnull=True, stopped=False, not_before__lte=now).exclude(channel__in=down)
    first = due.order_by("not_before", "pk").first()
    if first is None:
        return None
    own = list(
        due.select_for_update(of=("self",))
        .filter(person=first.person_id, channel=first.channel)
        .select_related("message")
        .order_by("message__at", "pk")[:MOST_IN_ONE]
    )
    Delivery.objects.filter(pk__in=[one.pk for one in own]).update(not_before=now + LEASE)
    wish = Preference.objects.select_related("person").filter(person=first.person_id).first()
    return (wish or Preference(person=first.person)), first.channel, own


def _send(wish: Preference, channel: str, deliveries: list[Delivery], now: datetime) -> int:
    """One letter with these messages; nothing to somebody who switched the channel or whose account was switched off."""
    if channel not in wish.channels or not wish.person.is_active:
        _stop(deliveries, "已经关掉")
        return 0
    viewer = viewer_for(wish.person, now)
    is_digest = wish.rhythm != Preference.Rhythm.AT_ONCE
    urgent = urgent_todos(viewer) if is_digest else []
    news = selectors.shown([one.message for one in deliveries], viewer)
    send(letter_of(news, urgent, name=f"message-{deliveries[0].message_id}"), channel, wish)
    Delivery.objects.filter(pk__in=[one.pk for one in deliveries]).update(
        sent_at=now, attempts=F("attempts") + 1, error=""
    )
    return 1


def urgent_todos(viewer: Viewer) -> list[Shown]:
    """What a digest reminds of: todos whose last day is near or has passed."""
    today = timezone.localdate(viewer.at)
    found = todos.waiting(viewer, most=MOST_IN_ONE).todos
    return [Shown(one, due_of(one, today)) for one in found if one.due is not None and one.due <= today + SOON]


def letter_of(news: Sequence[selectors.Shown], urgent: Iterable[Shown], *, name: str) -> Letter:
    """The words of a letter: what happened, then what is due, each with its address."""
    lines = [_line(one.words, one.url) for one in news]
    due = [_line(f"{one.due.words if one.due else ''}：{one.todo.title}", one.todo.url) for one in urgent]
    parts = ["\n".join(lines)] if lines else []
    if due:
        parts.append("快到期的待办\n" + "\n".join(due))
    parts.append(f"不想收到这些，可以在“提醒设置”里改：{settings.SITE_ADDRESS}/my/messages/settings/")
    words = [one.words for one in news] or [f"{len(due)} 件待办快到期"]
    more = f"等 {len(words)} 件" if len(words) > 1 else ""
    return Letter(f"共备：{' '.join(words[0].split())[:60]}{more}", "\n\n".join(parts), name)


def _line(words: str, url: str) -> str:
    return f"{words}\n{settings.SITE_ADDRESS}{url}" if url else words


def _postpone(deliveries: Sequence[Delivery], why: str, now: datetime) -> None:
    """Later, after a pause that doubles; never given up."""
    for one in deliveries:
        pause = min(FIRST_PAUSE * 2 ** min(one.attempts, 12), LONGEST_PAUSE)
        Delivery.objects.filter(pk=one.pk).update(not_before=now + pause, attempts=F("attempts") + 1, error=why[:300])


def _stop(deliveries: Sequence[Delivery], why: str) -> None:
    Delivery.objects.filter(pk__in=[one.pk for one in deliveries]).update(stopped=True, error=why[:300])


def _send_digest(now: datetime, down: set[str]) -> bool:
    """Remind the next person whose digest is due and who has no news in it; told again when it did not get through."""
    due = Preference.objects.select_related("person").filter(next_digest__lte=now).order_by("next_digest").first()
    if due is None:
        return False
    Preference.objects.filter(pk=due.pk).update(next_digest=next_digest(due, now))
    with_news = Delivery.objects.filter(person=due.person, sent_at=now).exists()
    urgent = [] if with_news or not due.person.is_active else urgent_todos(viewer_for(due.person, now))
    for channel in due.channels if urgent else ():
        if channel in down:
            Preference.objects.filter(pk=due.pk).update(next_digest=now + FIRST_PAUSE)
            continue
        try:
            send(letter_of([], urgent, name=f"digest-{due.pk}-{now:%Y%m%d%H}"), channel, due)
        except Down:
            down.add(channel)
            Preference.objects.filter(pk=due.pk).update(next_digest=now + FIRST_PAUSE)
        except Rejected:
            continue
    return True


def forget_old(now: datetime) -> int:
    """Deliveries that are over, after a month."""
    over = Delivery.objects.filter(not_before__lt=now - KEPT).exclude(sent_at__isnull=True, stopped=False)
    return over.delete()[0]


def trouble_of(person: Person) -> str:
    """Why something could not be sent to the person, for the settings page; empty when all is well."""
    stuck = Delivery.objects.filter(person=person, sent_at__isnull=True).exclude(error="").exclude(error="已经关掉")
    newest = stuck.order_by("-pk").first()
    return newest.error if newest else ""
