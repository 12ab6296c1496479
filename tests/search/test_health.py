"""The health page: figures for a monitor, words for staff, and another try for what was set aside."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.test import RequestFactory

from search import health, health_views, worker
from search.engines.memory import MemoryEngine
from search.models import Defect, Heartbeat, OutboxRow
from search.ports import Engine, EngineDown
from tests.search.world import Shelf

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.fixture
def checks() -> Iterator[None]:
    before = dict(health._checks)
    yield
    health._checks.clear()
    health._checks.update(before)


def asked(method: str = "get", *, staff: bool = False, html: bool = False, **data: str) -> HttpRequest:
    request = getattr(RequestFactory(), method)("/health/", data, headers={"accept": "text/html" if html else "*/*"})
    request.viewer = SimpleNamespace(is_system_admin=staff)
    return request


def test_when_all_is_well_every_sign_says_so(shelf: Shelf, engine: Engine) -> None:
    shelf.put("a", "秋天")
    worker.drain()
    health.beat(NOW)
    signs = health.signs(NOW + timedelta(seconds=5))
    assert [name for name, sign in signs.items() if not sign.is_well] == []
    assert signs["worker"].value == "5 秒前来过"
    assert signs["engine"].value == "在运行，检索里有 1 份"


def test_a_worker_that_was_not_seen_for_a_minute_is_missed(engine: Engine) -> None:
    assert not health.signs(NOW)["worker"].is_well
    health.beat(NOW)
    health.beat(NOW + timedelta(seconds=30))
    assert Heartbeat.objects.count() == 1
    assert not health.signs(NOW + timedelta(seconds=95))["worker"].is_well


def test_changes_that_wait_too_long_are_late(shelf: Shelf, engine: Engine) -> None:
    shelf.put("a", "秋天")
    OutboxRow.objects.update(changed_at=NOW)
    assert health.signs(NOW + timedelta(seconds=20))["outbox"].is_well
    late = health.signs(NOW + timedelta(minutes=7))["outbox"]
    assert (late.is_well, late.value) == (False, "1 条，最早的等了 7 分钟")


def test_parked_documents_defects_and_a_silent_engine_are_alarms(
    shelf: Shelf, engine: MemoryEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> int:
        raise EngineDown("no server")

    shelf.put("a", "秋天")
    OutboxRow.objects.update(parked=True)
    Defect.objects.create(source="thing", uid="a", count=3, last_at=NOW)
    monkeypatch.setattr(engine, "count", refuse)
    signs = health.signs(NOW)
    assert [signs[name].is_well for name in ("parked", "defects", "engine")] == [False] * 3
    assert signs["defects"].value == "3 次"


def test_a_check_that_breaks_is_itself_an_alarm(engine: Engine, checks: None) -> None:
    health.register("broken", lambda at: 1 / 0)  # type: ignore[arg-type,return-value]
    assert not health.signs(NOW)["broken"].is_well


def test_a_monitor_reads_figures_without_errors(shelf: Shelf, engine: Engine) -> None:
    shelf.put("a", "秋天")
    OutboxRow.objects.update(parked=True, error="secret path /var/x")
    answer = health_views.show(asked())
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    said = answer.content.decode()
    assert '"status": "attention"' in said
    assert "secret" not in said


def test_retrying_wakes_one_parked_row_or_all(shelf: Shelf, engine: Engine) -> None:
    for uid in "abc":
        shelf.put(uid, uid)
    OutboxRow.objects.update(parked=True, attempts=8, error="broken")
    first = OutboxRow.objects.get(uid="a")
    health_views.retry(asked("post", staff=True, row=str(first.pk)))
    assert list(OutboxRow.objects.filter(parked=True).values_list("uid", flat=True)) == ["b", "c"]
    health_views.retry(asked("post", staff=True))
    assert not OutboxRow.objects.filter(parked=True).exists()
    assert worker.drain().written == 3


@pytest.mark.parametrize("row", ["x", "-1", "9" * 40, "１"])
def test_a_garbled_row_is_taken_as_all(row: str, engine: Engine) -> None:
    assert health_views.retry(asked("post", staff=True, row=row)).status_code == 302


def test_only_the_system_administrator_retries(engine: Engine) -> None:
    with pytest.raises(PermissionDenied):
        health_views.retry(asked("post"))
