"""Pages of groups, schools and people: public facts to all, people and counts by the rule."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from groups.viewer import viewer_for
from library.resources import services
from tests.factories import people
from tests.factories.town import Town
from website.organisations import Diagram, exchange, organisation_page

MOST_QUERIES = 30


def test_the_picture_of_a_group_names_lead_members_and_who_left(client: Client, town: Town) -> None:
    left = people.organisation("school", "南浦小学")
    people.link(left, town.group, "member", town.now - timedelta(days=300), town.now - timedelta(days=100))
    coming = people.organisation("school", "松岭小学")
    people.link(coming, town.group, "member", town.now + timedelta(days=20))
    page = organisation_page(town.group, viewer_for(None, town.now))
    assert page.lead is not None
    assert page.lead.organisation == town.lead
    assert [p.organisation for p in page.members] == [town.member]
    assert [p.organisation for p in page.former] == [left]
    shown = client.get(town.group.get_absolute_url()).content.decode()
    assert "曾是成员校" in shown
    assert "松岭小学" not in shown


def test_people_of_a_school_are_shown_to_its_own_and_not_to_visitors(client: Client, town: Town) -> None:
    address = town.member.get_absolute_url()
    assert "林晓雯" not in client.get(address).content.decode()
    client.force_login(town.person("teacher"))
    assert "林晓雯" in client.get(address).content.decode()
    client.force_login(town.person("stranger"))
    assert "林晓雯" not in client.get(address).content.decode()


def test_given_and_taken_count_only_what_the_reader_may_see(town: Town) -> None:
    source = town.published(services.Audience(organisation=town.group))
    assert source.published_version is not None
    services.fork(version=source.published_version, by=town.person("colleague"), school=town.lead, at=town.now)
    seen = exchange([town.member.pk], viewer_for(town.person("colleague"), town.now), within=False)
    assert (seen.given, seen.taken, seen.resources) == (1, 0, 1)
    hidden = exchange([town.member.pk], viewer_for(None, town.now), within=False)
    assert (hidden.given, hidden.taken, hidden.resources) == (0, 0, 0)


def test_a_phone_number_is_masked_for_colleagues(client: Client, town: Town) -> None:
    person = town.person("teacher")
    person.phone = "13900000001"
    person.save()
    address = reverse("groups:person", args=[person.uid])
    assert client.get(address).status_code == 302
    client.force_login(town.person("colleague"))
    assert "139****0001" in client.get(address).content.decode()
    client.force_login(town.person("school_admin"))
    assert "13900000001" in client.get(address).content.decode()


def test_a_disabled_person_has_no_card(client: Client, town: Town) -> None:
    person = town.person("colleague")
    person.is_active = False
    person.save()
    client.force_login(town.person("teacher"))
    assert client.get(reverse("groups:person", args=[person.uid])).status_code == 404


@pytest.mark.parametrize("count", [1, 30])
def test_a_group_page_costs_the_same_at_any_size(
    client: Client, town: Town, count: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        people.link(people.organisation("school"), town.group)
    client.force_login(town.person("teacher"))
    with django_assert_max_num_queries(MOST_QUERIES):
        client.get(town.group.get_absolute_url())


def test_every_school_has_its_own_place_on_the_picture(town: Town) -> None:
    page = organisation_page(town.group, viewer_for(None, town.now))
    many = Diagram.of(page.lead, list(page.members) * 7)
    assert len({(dot.x, dot.y) for dot in many.dots}) == 7
    assert all(0 <= dot.x <= 640 and 0 <= dot.text_y <= 240 for dot in many.dots)


@pytest.mark.parametrize("on", ["0001-01-01", "9999-12-31", "2026-02-31", "\x00"])
def test_a_day_beyond_every_calendar_is_today(client: Client, town: Town, on: str) -> None:
    for body in (town.group, town.member):
        assert client.get(body.get_absolute_url(), {"on": on}).status_code == 200
