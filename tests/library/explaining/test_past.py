"""The rule at a past moment: what a thing was then, not what its columns say now."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from groups import access, services
from groups.access import Action
from groups.viewer import viewer_for
from library.resources import services as library
from library.resources.models import Resource, Version
from tests.factories import people
from tests.factories.town import Town

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def reads(town: Town, name: str, resource: Resource, at: datetime) -> bool:
    """`may` at the moment, which its twin must repeat."""
    viewer = viewer_for(town.person(name), at)
    said = bool(access.may(viewer, Action.READ, resource))
    kept = access.narrow(Resource.objects.filter(pk=resource.pk), viewer, Action.READ).exists()
    assert said == kept
    return said


@pytest.fixture
def began(town: Town) -> datetime:
    """The town as it was a hundred days ago."""
    town.now -= 100 * DAY
    return town.now


def test_before_it_was_begun_nobody_sees_it(town: Town, began: datetime) -> None:
    resource = town.draft()
    assert not reads(town, "teacher", resource, began - DAY)
    assert reads(town, "teacher", resource, began)


def test_a_taken_down_thing_was_read_before_and_not_after(town: Town, began: datetime) -> None:
    resource = town.published(library.Audience(organisation=town.group))
    officer = town.person("county_officer")
    library.take_down(resource=resource, by=officer, reason="图有版权", at=began + 10 * DAY)
    library.restore(resource=resource, by=officer, at=began + 20 * DAY)
    resource.refresh_from_db()
    days = {days: reads(town, "colleague", resource, began + days * DAY) for days in (5, 10, 15, 20, 25)}
    assert days == {5: True, 10: False, 15: False, 20: True, 25: True}
    assert reads(town, "county_officer", resource, began + 15 * DAY), (
        "who could read it before reads it while it is down"
    )


def test_a_withdrawn_thing_was_read_until_then(town: Town, began: datetime) -> None:
    resource = town.published(library.Audience(organisation=town.group))
    library.withdraw(resource=resource, by=town.person("teacher"), at=began + 10 * DAY)
    resource.refresh_from_db()
    assert reads(town, "colleague", resource, began + 9 * DAY)
    assert not reads(town, "colleague", resource, began + 10 * DAY)
    assert reads(town, "teacher", resource, began + 10 * DAY)


def test_a_reviewer_read_it_while_it_waited(town: Town, began: datetime) -> None:
    resource = town.draft()
    audience = library.Audience(organisation=town.member)
    submission = library.submit(resource=resource, by=town.person("teacher"), audiences=[audience], at=began + DAY)
    library.return_for_changes(
        submission=submission, by=town.person("school_reviewer"), reasons=["目标"], opinion="", at=began + 5 * DAY
    )
    resource.refresh_from_db()
    seen = [reads(town, "school_reviewer", resource, began + n * DAY / 2) for n in (1, 3, 11)]
    assert seen == [False, True, False]


def test_a_version_is_read_from_its_publication_on(town: Town, began: datetime) -> None:
    resource = town.published(library.Audience(organisation=town.group))
    version = resource.published_version
    assert version is not None
    Version.objects.filter(pk=version.pk).update(published_at=began + 3 * DAY)
    version.refresh_from_db()
    colleague = town.person("colleague")
    for days, right in ((2, False), (4, True)):
        viewer = viewer_for(colleague, began + days * DAY)
        assert bool(access.may(viewer, Action.READ, version)) is right
        assert access.narrow(Version.objects.filter(pk=version.pk), viewer, Action.READ).exists() is right


def test_an_author_named_later_was_none_before(town: Town, began: datetime) -> None:
    resource = town.draft()
    added: dict[str, Any] = {"part": "member", "school": None, "order": 1, "at": began + 10 * DAY}
    library.add_author(resource=resource, by=town.person("teacher"), person=town.person("stranger"), **added)
    assert not reads(town, "stranger", resource, began + 9 * DAY)
    assert reads(town, "stranger", resource, began + 10 * DAY)


def test_an_account_switched_off_since_was_on_then(town: Town, began: datetime) -> None:
    resource = town.published(library.Audience(organisation=town.group))
    colleague = town.person("colleague")
    people.post(town.person("school_admin"), town.lead, "admin")
    services.disable(person=colleague, by=town.person("school_admin"), at=began + 100 * DAY)
    colleague.refresh_from_db()
    assert reads(town, "colleague", resource, began + 50 * DAY)
    assert viewer_for(colleague, began + 101 * DAY).disabled
