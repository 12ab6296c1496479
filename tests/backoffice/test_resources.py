"""Resources in the back office: everybody's list by the rule, filters, preview, taking down and bringing back."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from groups.models import Role
from library.resources import services
from library.resources.models import Resource, UsageEvent
from tests.backoffice.world import World
from tests.factories import people


@pytest.fixture
def public(world: World) -> Resource:
    return world.shelf.published(world.shelf.draft(title="梯形的面积"))


def _list(world: World, role: str, **query: str) -> str:
    return world.client(role).get(reverse("back_office_resources:index"), query).content.decode()


def _open(world: World, role: str, resource: Resource, view: str = "detail", **data: str) -> Any:
    client, url = world.client(role), reverse(f"back_office_resources:{view}", args=[resource.uid])
    return client.post(url, data) if data else client.get(url)


def test_everybody_lists_what_the_rule_lets_them(world: World, public: Resource) -> None:
    inner = world.things["school_resource"]
    for role in ("site_editor", "host", "group_admin", "officer", "auditor", "system_admin"):
        shown = _list(world, role)
        assert public.title in shown, role
        assert inner.title not in shown, role


def test_an_officer_of_that_county_lists_what_the_other_county_kept_to_itself(world: World) -> None:
    inner = world.things["school_resource"]
    county = inner.home_school.links_up.get().parent
    people.post(world.people["auditor"], county, Role.OFFICER)

    assert inner.title in _list(world, "auditor")
    assert world.things["resource"].title not in _list(world, "auditor")


FILTERS: tuple[tuple[dict[str, str], bool], ...] = (
    ({"q": "梯形"}, True),
    ({"q": "三角形"}, False),
    ({"q": "林晓雯"}, True),
    ({"kind": "lesson_design"}, True),
    ({"kind": "courseware"}, False),
    ({"state": "published"}, True),
    ({"state": "archived"}, False),
    ({"grade": "5"}, True),
    ({"grade": "2"}, False),
    ({"author": "晓雯"}, True),
    ({"author": "黄志远"}, False),
    ({"published_from": "2000-01-01"}, True),
    ({"published_to": "2000-01-01"}, False),
    ({"kind": "no_such_kind"}, True),
)


def test_filters_and_search(world: World, public: Resource) -> None:
    for query, found in FILTERS:
        assert (public.title in _list(world, "officer", **query)) == found, query


def test_filters_by_school_group_and_subject(world: World, public: Resource) -> None:
    town = world.town
    near = {"school": town.member, "group": town.group, "subject": world.shelf.subject}
    far = {"school": town.lead, "group": world.things["news"].group}

    assert all(public.title in _list(world, "officer", **{name: str(row.pk)}) for name, row in near.items())
    assert not any(public.title in _list(world, "officer", **{name: str(row.pk)}) for name, row in far.items())


def test_the_list_costs_the_same_for_ten_and_for_two_hundred(world: World, public: Resource) -> None:
    counts = []
    for wanted in (10, 200):
        have = Resource.objects.filter(title="复制").count()
        _copies(public, wanted - have)
        with CaptureQueriesContext(connection) as queries:
            assert "复制" in _list(world, "officer")
        counts.append(len(queries))

    assert counts[0] == counts[1]


def _copies(resource: Resource, number: int) -> None:
    """Base rows with a public grant, as a list reads them."""
    made = [
        Resource(
            title="复制",
            kind=resource.kind,
            owner=resource.owner,
            home_school=resource.home_school,
            state="published",
            published_version=resource.published_version,
        )
        for _ in range(number)
    ]
    for row in made:
        row.save()
        grant = resource.grants.get()
        grant.pk, grant.resource = None, row
        grant.save()
        row.subjects.set(resource.subjects.all())


def test_the_text_is_read_as_readers_see_it_and_not_counted_as_a_use(world: World, public: Resource) -> None:
    shown = _open(world, "officer", public, "text").content.decode()

    assert "看图说说学过的图形" in shown
    assert not UsageEvent.objects.filter(resource=public).exists()


def test_taking_down_asks_for_a_reason_and_keeps_what_was_typed(world: World, public: Resource) -> None:
    assert _open(world, "officer", public, "take_down", reason=" ").status_code == 422
    public.refresh_from_db()
    assert public.state == "published"


def test_an_officer_takes_down_and_brings_back(world: World, public: Resource) -> None:
    _open(world, "officer", public, "take_down", reason="题目有误")
    public.refresh_from_db()
    assert (public.state, public.state_reason) == ("taken_down", "题目有误")
    assert "恢复" in _open(world, "officer", public).content.decode()
    _open(world, "officer", public, "restore", sure="1")
    public.refresh_from_db()
    assert public.state == "published"


def test_who_only_reads_cannot_take_down(world: World, public: Resource) -> None:
    for role in ("site_editor", "host", "editor", "auditor"):
        _open(world, role, public, "take_down", reason="不要")
        public.refresh_from_db()
        assert public.state == "published", role
        assert "下架</a>" not in _open(world, role, public).content.decode(), role


def test_a_system_administrator_takes_down_what_is_public_and_finds_no_draft(world: World, public: Resource) -> None:
    assert _open(world, "system_admin", world.things["resource"]).status_code == 404
    _open(world, "system_admin", public, "take_down", reason="侵权")
    public.refresh_from_db()

    assert public.state == "taken_down"


def test_who_took_it_down_still_finds_it_by_its_address_and_a_site_editor_does_not(
    world: World, public: Resource
) -> None:
    services.take_down(resource=public, by=world.people["officer"], reason="有误", at=world.town.now)

    assert _open(world, "officer", public).status_code == 200
    assert _open(world, "site_editor", public).status_code == 404
