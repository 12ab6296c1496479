"""我的留存: what a leaver keeps, read-only, pinned to the version that was received."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from groups import services as groups
from groups.models import OrganisationLink
from library.resources import services as library
from library.resources.models import Receipt, Resource
from tests.factories.shelf import current, signed_in
from tests.factories.town import Town

pytestmark = pytest.mark.django_db

PAGE = "/my/kept/"


@pytest.fixture
def received(town: Town) -> Resource:
    resource = town.published(library.Audience(organisation=town.group))
    library.fork(version=current(resource), by=town.person("colleague"), school=town.lead, at=town.now)
    return resource


def html_for(town: Town, name: str) -> str:
    return signed_in(town.person(name)).get(PAGE).content.decode()


def test_a_school_that_left_keeps_what_it_received(town: Town, received: Resource) -> None:
    OrganisationLink.objects.filter(member=town.lead, parent=town.group).update(ends_at=town.now + timedelta(seconds=1))
    groups.appoint(person=town.person("stranger"), organisation=town.lead, by=None, at=town.now)
    html = html_for(town, "colleague")
    version = current(received)
    assert reverse("library:version", args=[received.uid, version.number]) in html
    assert version.title in html
    assert version.title not in html_for(town, "stranger")


def test_a_receipt_of_a_school_is_shown_to_its_people(town: Town, received: Resource) -> None:
    Receipt.objects.create(school=town.member, version=current(received), received_at=town.now)
    assert f"{town.member.name}的留存" in html_for(town, "school_admin")


def test_what_was_taken_down_or_withdrawn_is_closed_and_nameless(town: Town, received: Resource) -> None:
    library.withdraw(resource=received, by=town.person("teacher"), at=town.now)
    html = html_for(town, "colleague")
    assert "已关上" in html
    assert received.title not in html


def test_a_visitor_signs_in_first() -> None:
    assert Client().get(PAGE).status_code == 302


def test_the_list_asks_the_same_number_of_queries_for_more_rows(town: Town, received: Resource) -> None:
    client = signed_in(town.person("colleague"))
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE)
        counts.append(len(queries))
        for _ in range(10):
            other = town.published(library.Audience(organisation=town.group))
            Receipt.objects.create(person=town.person("colleague"), version=current(other), received_at=town.now)
    assert counts[0] == counts[1]
    assert counts[1] <= 15
