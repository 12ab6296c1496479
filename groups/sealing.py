"""Sealing the audit log: each row's seal is SHA-256 over the seal before it and the row's canonical JSON.

A row changed, removed or slipped in later breaks every seal after it. The worker seals once a minute.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction

from groups.models import AuditRow

FIRST = "0" * 64
SETTLED = timedelta(minutes=1)
BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Chain:
    """What verification found: rows whose seal holds, rows not sealed yet, and the first broken row, if any."""

    sealed: int
    waiting: int
    broken_at: int | None = None

    @property
    def holds(self) -> bool:
        return self.broken_at is None


def canonical(row: AuditRow) -> str:
    """The row in one spelling: keys sorted, UTC times, no spaces."""
    told = {
        "id": row.pk,
        "at": row.at.astimezone(UTC).isoformat(),
        "actor": row.actor_id,
        "action": row.action,
        "thing": row.thing,
        "thing_uid": row.thing_uid,
        "thing_title": row.thing_title,
        "detail": row.detail,
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def seal_of(previous: str, row: AuditRow) -> str:
    return hashlib.sha256(f"{previous}{canonical(row)}".encode()).hexdigest()


@transaction.atomic
def seal(at: datetime, limit: int = BATCH) -> int:
    """Seal what was written before `at`, oldest first. Returns the number of rows; call again while it is `limit`."""
    last = AuditRow.objects.select_for_update().exclude(seal="").order_by("-pk").first()
    previous = last.seal if last else FIRST
    rows = list(AuditRow.objects.filter(seal="", at__lt=at, pk__gt=last.pk if last else 0).order_by("pk")[:limit])
    for row in rows:
        row.seal = previous = seal_of(previous, row)
    AuditRow.objects.bulk_update(rows, ["seal"], batch_size=500)
    return len(rows)


def seal_settled(now: datetime) -> None:
    """The worker's job: seal all that is a minute old, when every transaction that wrote such a row is over."""
    while seal(now - SETTLED, BATCH) == BATCH:
        pass


def verify_chain() -> Chain:
    """Read the whole log and compare every seal."""
    previous, sealed, waiting = FIRST, 0, 0
    for row in _rows():
        if not row.seal:
            waiting += 1
            continue
        if waiting or row.seal != seal_of(previous, row):
            return Chain(sealed, waiting, row.pk)
        previous, sealed = row.seal, sealed + 1
    return Chain(sealed, waiting)


def _rows() -> Iterator[AuditRow]:
    return AuditRow.objects.order_by("pk").iterator(chunk_size=2_000)
