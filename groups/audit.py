"""The audit log: `record` writes a row in the caller's transaction."""

from typing import Any

from django.db.models import Model

from groups.models import AuditRow, Person


def record(actor: Person | None, action: str, thing: Model, **detail: Any) -> AuditRow:
    """Write what `actor` did to `thing`. `detail` holds plain values: before and after, a reason."""
    uid = str(getattr(thing, "uid", thing.pk))
    return AuditRow.objects.create(
        actor=actor,
        action=action,
        thing=thing._meta.model_name or "",
        thing_uid=uid,
        thing_title=str(thing)[:200],
        detail=detail,
    )
