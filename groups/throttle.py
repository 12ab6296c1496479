"""Slowing down whoever guesses passwords: strict for one account, gentle for one address.

A whole school sits behind one address, so an address waits only after very many failures. The counters are rows, for
there are several processes.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from groups.models import SignInFailures


@dataclass(frozen=True, slots=True)
class Limit:
    """So many failures within `window` block for `pause`; the count starts anew when the window has passed."""

    failures: int
    window: timedelta
    pause: timedelta


ACCOUNT = Limit(failures=5, window=timedelta(minutes=15), pause=timedelta(minutes=5))
ADDRESS = Limit(failures=200, window=timedelta(minutes=15), pause=timedelta(minutes=1))


def _key(kind: str, value: str) -> str:
    return hashlib.sha256(f"{kind}:{value.strip().lower()}".encode()).hexdigest()


def _keys(account: str, address: str) -> dict[str, Limit]:
    return {_key("account", account): ACCOUNT, _key("address", address): ADDRESS}


def wait_seconds(account: str, address: str, at: datetime) -> int:
    """Seconds until this account may be tried again from this address; 0 when it may be tried now."""
    blocked = SignInFailures.objects.filter(key__in=_keys(account, address), blocked_until__gt=at)
    waits = [(until - at).total_seconds() for until in blocked.values_list("blocked_until", flat=True) if until]
    return max(1, round(max(waits))) if waits else 0


def allowed(account: str, address: str, at: datetime) -> bool:
    return wait_seconds(account, address, at) == 0


@transaction.atomic
def failed(account: str, address: str, at: datetime) -> None:
    """Count a wrong password, for the account (known or not) and for the address."""
    for key, limit in _keys(account, address).items():
        row, _ = SignInFailures.objects.get_or_create(key=key, defaults={"first_at": at})
        rows = SignInFailures.objects.filter(key=key)
        if row.first_at + limit.window <= at:
            rows.update(count=0, first_at=at, blocked_until=None)
        rows.update(count=F("count") + 1)
        rows.filter(count__gte=limit.failures).update(blocked_until=at + limit.pause, count=0, first_at=at)


def succeeded(account: str, address: str, at: datetime) -> None:
    """The right password: the account's failures are forgotten, the address's are not."""
    SignInFailures.objects.filter(key=_key("account", account)).delete()
