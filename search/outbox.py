"""Asking for a document to be indexed, inside the author's own transaction: a rolled-back edit leaves nothing."""

from collections.abc import Iterable

from django.db.models import F
from django.utils import timezone

from search.models import OutboxRow


def touch(source: str, uid: str) -> None:
    """Ask for one document to be indexed as it is once this transaction is in; several asks are one."""
    touch_many(source, [uid])


def touch_many(source: str, uids: Iterable[str]) -> None:
    """As `touch`, for many."""
    now = timezone.now()
    for uid in uids:
        values = {"version": F("version") + 1, "attempts": 0, "not_before": None, "parked": False, "error": "", "touched_at": now}
        if not OutboxRow.objects.filter(source=source, uid=uid).update(**values):
            row, created = OutboxRow.objects.get_or_create(source=source, uid=uid)
            if not created:
                OutboxRow.objects.filter(pk=row.pk).update(**values)
