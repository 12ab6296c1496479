"""Grants begin and end by the clock, and the index hears of it."""

from datetime import timedelta

from library.resources import services
from library.resources.jobs import touch_boundaries
from search.models import OutboxRow
from tests.factories.town import Town


def test_a_grant_that_begins_or_ends_marks_its_resource_once(town: Town) -> None:
    starts, ends = town.now + timedelta(hours=1), town.now + timedelta(hours=5)
    later = services.Audience(organisation=town.group, starts_at=starts, ends_at=ends)
    resource = town.published(later)
    version = OutboxRow.objects.get(uid=resource.uid).version
    assert touch_boundaries(starts - timedelta(minutes=1)) == 0
    assert touch_boundaries(starts) == 1
    assert touch_boundaries(starts + timedelta(minutes=2)) == 0
    assert touch_boundaries(ends) == 1
    assert touch_boundaries(ends + timedelta(days=30)) == 0
    assert OutboxRow.objects.get(uid=resource.uid).version == version + 2


def test_a_grant_ended_by_hand_is_not_told_twice(town: Town) -> None:
    resource = town.published(services.Audience(organisation=town.group))
    touch_boundaries(town.now)
    services.end_grant(grant=resource.grants.get(), by=town.person("teacher"), at=town.now)
    assert touch_boundaries(town.now + timedelta(minutes=1)) == 0
