"""Guessing a password is slow for one account and does not lock a school out of its one address."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from groups import throttle
from groups.models import SignInFailures

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def test_after_five_wrong_passwords_the_account_waits_from_every_address(now: datetime) -> None:
    for n in range(throttle.ACCOUNT.failures):
        assert throttle.allowed("13800000001", "10.0.0.1", now), n
        throttle.failed("13800000001", "10.0.0.1", now)
    assert throttle.wait_seconds("13800000001", "10.9.9.9", now) == throttle.ACCOUNT.pause.total_seconds()
    assert throttle.allowed("13800000002", "10.0.0.1", now), "a colleague at the same address signs in"
    assert throttle.allowed("13800000001", "10.0.0.1", now + throttle.ACCOUNT.pause)


def test_the_right_password_forgets_the_failures(now: datetime) -> None:
    for _ in range(throttle.ACCOUNT.failures - 1):
        throttle.failed("a", "10.0.0.1", now)
    throttle.succeeded("a", "10.0.0.1", now)
    throttle.failed("a", "10.0.0.1", now)
    assert throttle.allowed("a", "10.0.0.1", now)


def test_old_failures_do_not_count(now: datetime) -> None:
    for n in range(throttle.ACCOUNT.failures + 3):
        throttle.failed("a", "10.0.0.1", now + n * throttle.ACCOUNT.window)
    assert throttle.allowed("a", "10.0.0.1", now + timedelta(days=2))
    assert SignInFailures.objects.get(key=throttle._key("account", "a")).count == 1


def test_one_address_waits_only_after_very_many_failures(now: datetime) -> None:
    for n in range(throttle.ADDRESS.failures):
        assert throttle.allowed("somebody", "10.0.0.1", now)
        throttle.failed(f"account-{n}", "10.0.0.1", now)
    assert not throttle.allowed("somebody", "10.0.0.1", now)
    assert throttle.allowed("somebody", "10.0.0.2", now)


def test_the_rows_hold_no_number_that_somebody_signs_in_with(now: datetime) -> None:
    throttle.failed("13800000001", "10.0.0.1", now)
    assert "13800000001" not in str(list(SignInFailures.objects.values()))
