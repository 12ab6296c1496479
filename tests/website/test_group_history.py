"""The 1＋N picture over time: any day, by term, with who came and went; and 待办 for who answers a proposal."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from groups.memberships import services
from groups.models import Organisation, OrganisationLink, Term
from tests.factories import people
from tests.factories.shelf import signed_in
from tests.factories.town import Town
from website.organisations import organisation_page

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def former(town: Town) -> Organisation:
    """A school that was in the group from a year ago until a hundred days ago."""
    school = people.organisation("school", "南岭小学")
    people.link(school, town.group, "member", town.now - 365 * DAY, town.now - 100 * DAY)
    OrganisationLink.objects.filter(member=town.member, parent=town.group).update(starts_at=town.now - 50 * DAY)
    return school


def shown(town: Town, days_ago: int) -> tuple[set[str], set[str]]:
    from groups.viewer import viewer_for

    day = timezone.localdate(town.now - days_ago * DAY)
    page = organisation_page(town.group, viewer_for(None, town.now), day if days_ago else None)
    return {p.organisation.name for p in page.members}, {p.organisation.name for p in page.former}


def test_the_picture_of_a_day_is_who_was_in_it_then(town: Town, former: Organisation) -> None:
    assert shown(town, 0) == ({town.member.name}, {former.name})
    assert shown(town, 70) == (set(), {former.name})
    assert shown(town, 200) == ({former.name}, set())
    assert shown(town, 380) == (set(), set())


def test_the_page_lists_joins_and_exits_and_offers_the_terms(town: Town, former: Organisation) -> None:
    today = timezone.localdate(town.now)
    Term.objects.create(year=today.year, half=1, first_day=today - 150 * DAY, last_day=today - 60 * DAY)
    Term.objects.create(year=today.year, half=2, first_day=today - 30 * DAY, last_day=today + 60 * DAY)
    html = Client().get(f"/g/{town.group.slug}/").content.decode()
    assert "进出记录（4）" in html
    assert f"{former.name}退出" in html
    assert f"?on={today - 60 * DAY}#picture" in html
    assert f"?on={today}#picture" in html
    then = Client().get(f"/g/{town.group.slug}/", {"on": (today - 200 * DAY).isoformat()}).content.decode()
    assert "回到现在" in then
    for nonsense in ("2026-02-30", "昨天", "9999-01-01", "0001-01-01"):
        assert Client().get(f"/g/{town.group.slug}/", {"on": nonsense}).status_code == 200


def test_who_answers_a_proposal_finds_it_at_home(town: Town) -> None:
    terms = services.Terms(reason="办学需要", document_title="协议")
    proposal = services.propose_exit(
        school=town.member, group=town.group, by=town.person("school_admin"), terms=terms, at=town.now
    )
    for name, waits in (("county_officer", True), ("school_admin", False), ("teacher", False)):
        html = signed_in(town.person(name)).get("/").content.decode()
        assert (proposal.get_absolute_url() in html) is waits, name


def test_the_page_asks_the_same_number_of_queries_for_more_schools(town: Town, former: Organisation) -> None:
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            Client().get(f"/g/{town.group.slug}/")
        counts.append(len(queries))
        for number in range(10):
            people.link(people.organisation("school", f"新校{number}"), town.group, "member")
    assert counts[0] == counts[1]
    assert counts[1] <= 20
