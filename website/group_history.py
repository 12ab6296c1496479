"""A group over time: which day its 1＋N picture shows, the terms to choose from, and who came and went when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone

from groups.models import OrganisationLink, Term

NOON = time(12)


@dataclass(frozen=True, slots=True)
class Choice:
    """A term to look at: its last day, or today while it runs."""

    label: str
    day: date
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Change:
    """A school came or went."""

    at: datetime
    link: OrganisationLink
    is_entry: bool

    @property
    def words(self) -> str:
        if not self.is_entry:
            return "退出"
        return "成为核心校" if self.link.role == OrganisationLink.Role.LEAD else "加入"


@dataclass(frozen=True, slots=True)
class History:
    """What the page says of time: the moment shown, the choices, the changes up to now, the newest first."""

    at: datetime
    day: date
    is_now: bool
    first_day: date
    today: date
    terms: tuple[Choice, ...]
    changes: tuple[Change, ...]


def history_of(links: Iterable[OrganisationLink], now: datetime, on: date | None) -> History:
    """The history of a group's memberships, looked at on a day; without a day, or on a later one, now."""
    links = list(links)
    today = timezone.localdate(now)
    day = on if on and on < today else today
    at = timezone.make_aware(datetime.combine(day, NOON)) if day < today else now
    began = min((link.starts_at for link in links), default=now)
    return History(
        at=at,
        day=day,
        is_now=day == today,
        first_day=min(timezone.localdate(began), today),
        today=today,
        terms=tuple(_terms(timezone.localdate(began), today, day)),
        changes=tuple(_changes(links, now)),
    )


def _terms(began: date, today: date, chosen: date) -> list[Choice]:
    """The city's terms since the group began, the newest first."""
    terms = Term.objects.filter(school__isnull=True, first_day__lte=today, last_day__gte=began)
    days = [(str(term), min(term.last_day, today)) for term in terms.order_by("-first_day")]
    return [Choice(label, day, day == chosen) for label, day in days]


def _changes(links: Iterable[OrganisationLink], now: datetime) -> list[Change]:
    found = [Change(link.starts_at, link, True) for link in links if link.starts_at <= now]
    found += [Change(link.ends_at, link, False) for link in links if link.ends_at and link.ends_at <= now]
    return sorted(found, key=lambda change: (change.at, change.link.pk), reverse=True)
