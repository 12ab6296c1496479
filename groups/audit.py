"""The audit log: `record` writes a row in the caller's transaction, `record_each` one for each of many things."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Model

from groups.models import AuditRow, Person


def record(actor: Person | None, action: str, thing: Model, **detail: Any) -> AuditRow:
    """Write what `actor` did to `thing`. `detail` holds plain values: before and after, a reason."""
    row = _row(actor, action, thing, detail)
    row.save()
    return row


def record_each(actor: Person | None, action: str, things: Iterable[tuple[Model, Mapping[str, Any]]]) -> None:
    """As `record`, for things with their details, in few statements."""
    AuditRow.objects.bulk_create([_row(actor, action, thing, detail) for thing, detail in things], batch_size=500)


def _row(actor: Person | None, action: str, thing: Model, detail: Mapping[str, Any]) -> AuditRow:
    return AuditRow(
        actor=actor,
        action=action,
        thing=thing._meta.model_name or "",
        thing_uid=str(getattr(thing, "uid", thing.pk)),
        thing_title=str(thing)[:200],
        detail=dict(detail),
    )
