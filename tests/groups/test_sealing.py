"""The audit log is a chain: what is changed, removed or slipped in later is found."""

from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from groups import audit, sealing
from groups.models import AuditRow
from tests.factories import people as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def later() -> datetime:
    person = make.person()
    for n in range(6):
        audit.record(person, "test.deed", person, number=n, 说明="改了标题")
    return timezone.now() + timedelta(minutes=5)


def test_sealing_covers_every_row_once_and_the_chain_holds(later: datetime) -> None:
    assert sealing.seal(later, limit=4) == 4
    assert sealing.seal(later) == 2
    assert sealing.seal(later) == 0
    chain = sealing.verify_chain()
    assert (chain.sealed, chain.waiting, chain.holds) == (6, 0, True)


@pytest.mark.parametrize("field", ["action", "thing_title", "detail", "actor", "at"])
def test_a_changed_row_breaks_the_chain_there(later: datetime, field: str) -> None:
    sealing.seal(later)
    row = AuditRow.objects.order_by("pk")[2]
    changed = {"detail": {"number": 99}, "actor": None, "at": row.at + timedelta(seconds=1)}.get(field, "别的")
    AuditRow.objects.filter(pk=row.pk).update(**{field: changed})
    assert sealing.verify_chain().broken_at == row.pk


def test_a_removed_row_breaks_the_chain_at_the_next(later: datetime) -> None:
    sealing.seal(later)
    rows = list(AuditRow.objects.order_by("pk"))
    rows[1].delete()
    assert sealing.verify_chain().broken_at == rows[2].pk
    with pytest.raises(SystemExit):
        call_command("audit_verify")


def test_the_worker_leaves_the_last_minute_for_transactions_that_are_not_over(later: datetime) -> None:
    sealing.seal_settled(timezone.now())
    assert sealing.verify_chain().waiting == 6
    sealing.seal_settled(later)
    assert sealing.verify_chain().sealed == 6
