"""Schools enter and leave groups by proposals: who proposes, who answers, once, with a Chinese answer to everything else."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from groups.access import Refused
from groups.memberships import services
from groups.memberships.models import Proposal
from groups.memberships.policies import waiting_for
from groups.memberships.services import Terms
from groups.models import AuditRow, Organisation, OrganisationLink, Person
from groups.services import NotPossible
from groups.viewer import viewer_for
from library.resources.services import Audience, submit
from library.resources.services.reviewing import NotReady
from tests.factories import people
from tests.factories.shelf import signed_in
from tests.factories.town import Town

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
TERMS = Terms(reason="办学需要", document_title="清教〔2026〕12号", document="经双方商定")


@pytest.fixture
def newcomer(town: Town) -> Organisation:
    """A school outside, with its administrator, and an administrator of the group."""
    school = people.organisation("school", "南岭小学")
    people.link(school, town.county, "area")
    for name, place in (("newcomer_admin", school), ("group_admin", town.group)):
        town.people[name] = people.person(name)
        people.post(town.people[name], place, "admin", "seat")
    return school


def enter(town: Town, school: Organisation, **more: Any) -> Proposal:
    by = town.person("group_admin")
    return services.propose_entry(
        school=school, group=town.group, by=by, terms=Terms(**{**vars_of(TERMS), **more}), at=town.now
    )


def vars_of(terms: Terms) -> dict[str, Any]:
    return {name: getattr(terms, name) for name in ("reason", "document_title", "document", "effective_at", "mode")}


def leave(town: Town, by: str = "school_admin") -> Proposal:
    return services.propose_exit(school=town.member, group=town.group, by=town.person(by), terms=TERMS, at=town.now)


def members(town: Town, at: datetime) -> set[str]:
    return set(OrganisationLink.objects.valid_at(at).filter(parent=town.group).values_list("member__name", flat=True))


def test_an_entry_waits_until_the_school_accepts(town: Town, newcomer: Organisation) -> None:
    proposal = enter(town, newcomer, mode="tight")
    assert newcomer.name not in members(town, town.now)
    assert list(waiting_for(viewer_for(town.person("newcomer_admin"), town.now))) == [proposal]
    link = services.accept(proposal=proposal, by=town.person("newcomer_admin"), at=town.now + DAY)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.link, link.mode, link.starts_at) == ("accepted", link, "tight", town.now + DAY)
    assert newcomer.name in members(town, town.now + DAY)
    assert not waiting_for(viewer_for(town.person("newcomer_admin"), town.now)).exists()


def test_an_entry_may_take_effect_later(town: Town, newcomer: Organisation) -> None:
    proposal = enter(town, newcomer, effective_at=town.now + 30 * DAY)
    services.accept(proposal=proposal, by=town.person("newcomer_admin"), at=town.now)
    assert newcomer.name not in members(town, town.now + 29 * DAY)
    assert newcomer.name in members(town, town.now + 30 * DAY)


def test_an_exit_is_approved_by_the_lead_schools_bureau(town: Town, newcomer: Organisation) -> None:
    proposal = leave(town)
    for name in ("school_admin", "group_admin", "teacher", "newcomer_admin"):
        with pytest.raises(Refused):
            services.accept(proposal=proposal, by=town.person(name), at=town.now)
    services.accept(proposal=proposal, by=town.person("county_officer"), at=town.now + DAY)
    assert town.member.name not in members(town, town.now + DAY)


def test_who_may_propose(town: Town, newcomer: Organisation) -> None:
    for name in ("teacher", "newcomer_admin", "school_admin", "county_officer"):
        with pytest.raises(Refused):
            services.propose_entry(school=newcomer, group=town.group, by=town.person(name), terms=TERMS, at=town.now)
    for name in ("teacher", "county_officer"):
        with pytest.raises(Refused):
            leave(town, name)
    assert not Proposal.objects.exists()


def test_an_exit_approved_twice_ends_the_membership_once(town: Town) -> None:
    proposal = leave(town)
    officer = town.person("county_officer")
    services.accept(proposal=proposal, by=officer, at=town.now + DAY)
    with pytest.raises(NotPossible, match="已经办完（已同意），不用再办一次"):
        services.accept(proposal=proposal, by=officer, at=town.now + 2 * DAY)
    ended = OrganisationLink.objects.get(member=town.member, parent=town.group)
    assert ended.ends_at == town.now + DAY
    assert AuditRow.objects.filter(action="membership.ended").count() == 1


def test_two_proposals_of_one_school_do_not_wait_side_by_side(town: Town, newcomer: Organisation) -> None:
    leave(town)
    with pytest.raises(NotPossible, match="已有一份在等答复"):
        leave(town, "group_admin")
    enter(town, newcomer)
    with pytest.raises(NotPossible, match="已有一份在等答复"):
        enter(town, newcomer)
    assert Proposal.objects.count() == 2


def test_the_database_itself_keeps_two_from_waiting(town: Town) -> None:
    from django.db import IntegrityError, transaction

    proposal = leave(town)
    proposal.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        proposal.save(force_insert=True)


@pytest.mark.parametrize("state", ["declined", "withdrawn"])
def test_after_a_no_or_a_withdrawal_it_may_be_proposed_again(town: Town, newcomer: Organisation, state: str) -> None:
    proposal = enter(town, newcomer)
    if state == "declined":
        with pytest.raises(NotPossible, match="不同意要写明原因"):
            services.decline(proposal=proposal, by=town.person("newcomer_admin"), at=town.now, note=" ")
        services.decline(proposal=proposal, by=town.person("newcomer_admin"), at=town.now, note="下学期再议")
    else:
        with pytest.raises(Refused):
            services.withdraw(proposal=proposal, by=town.person("newcomer_admin"), at=town.now)
        services.withdraw(proposal=proposal, by=town.person("group_admin"), at=town.now)
    proposal.refresh_from_db()
    assert proposal.state == state
    with pytest.raises(NotPossible, match="已经办完"):
        services.accept(proposal=proposal, by=town.person("newcomer_admin"), at=town.now)
    services.accept(proposal=enter(town, newcomer), by=town.person("newcomer_admin"), at=town.now)
    assert newcomer.name in members(town, town.now)


def test_what_does_not_fit_the_facts_has_its_sentence(town: Town, newcomer: Organisation) -> None:
    with pytest.raises(NotPossible, match="已经在"):
        enter(town, town.member)
    with pytest.raises(NotPossible, match="不是学校"):
        enter(town, town.studio)
    with pytest.raises(NotPossible, match="核心校，不能退出"):
        services.propose_exit(
            school=town.lead, group=town.group, by=town.person("group_admin"), terms=TERMS, at=town.now
        )
    with pytest.raises(NotPossible, match="现在不在"):
        services.propose_exit(
            school=newcomer, group=town.group, by=town.person("newcomer_admin"), terms=TERMS, at=town.now
        )
    with pytest.raises(NotPossible, match="事由和依据文件"):
        enter(town, newcomer, reason=" ")


def test_a_closed_group_takes_nobody_in(town: Town, newcomer: Organisation) -> None:
    waiting = enter(town, newcomer)
    Organisation.objects.filter(pk=town.group.pk).update(closed_at=town.now)
    town.group.refresh_from_db()
    with pytest.raises(NotPossible, match="已关闭"):
        services.accept(proposal=waiting, by=town.person("newcomer_admin"), at=town.now)
    services.withdraw(proposal=waiting, by=town.person("group_admin"), at=town.now)
    with pytest.raises(NotPossible, match="已关闭"):
        enter(town, newcomer)


def test_nothing_is_shared_to_a_closed_group(town: Town) -> None:
    resource = town.draft()
    Organisation.objects.filter(pk=town.group.pk).update(closed_at=town.now)
    town.group.refresh_from_db()
    with pytest.raises(NotReady, match="已关闭，不能再共享给它，请换一个范围"):
        submit(resource=resource, by=town.person("teacher"), audiences=[Audience(organisation=town.group)], at=town.now)


def test_a_school_is_in_several_groups_and_a_grown_member_leads_a_new_one(town: Town, newcomer: Organisation) -> None:
    group = services.found_group(
        name="西溪教育集团",
        slug="西溪教育集团",
        lead=town.member,
        bureau=town.county,
        by=town.person("county_officer"),
        at=town.now,
        mode="loose",
    )
    assert town.member.name in members(town, town.now), "its first group is as it was"
    roles = OrganisationLink.objects.valid_at(town.now).filter(member=town.member, parent__kind="group")
    assert set(roles.values_list("parent__name", "role")) == {(town.group.name, "member"), (group.name, "lead")}
    with pytest.raises(Refused):
        services.found_group(
            name="另一个", slug="另一个", lead=town.member, bureau=town.county, by=town.person("teacher"), at=town.now
        )


def test_a_charter_ends_the_one_before_and_shows_outsiders_its_public_part(town: Town, newcomer: Organisation) -> None:
    admin = town.person("group_admin")
    told: dict[str, Any] = {"group": town.group, "by": admin, "at": town.now}
    services.adopt_charter(title="章程", body="第一条 共享", public_body="", starts_at=town.now - 9 * DAY, **told)
    services.adopt_charter(title="新章程", body="第一条 全文", public_body="公开的话", starts_at=town.now - DAY, **told)
    assert list(town.group.charters.values_list("title", "ends_at")) == [("新章程", None), ("章程", town.now - DAY)]
    address = reverse("memberships:charter", args=[town.group.slug])
    outside, inside = Client().get(address).content.decode(), signed_in(town.person("teacher")).get(address)
    assert "公开的话" in outside
    assert "第一条 全文" not in outside
    assert "第一条 全文" in inside.content.decode()
    with pytest.raises(NotPossible, match="起始日期"):
        services.adopt_charter(title="倒着", body="写", public_body="", starts_at=town.now - 5 * DAY, **told)
    with pytest.raises(Refused):
        services.adopt_charter(
            title="章程",
            body="写",
            public_body="",
            starts_at=town.now,
            group=town.group,
            by=town.person("teacher"),
            at=town.now,
        )


def test_the_modes_of_a_group_are_its_administrators_to_set(town: Town, newcomer: Organisation) -> None:
    services.set_modes(group=town.group, mode="tight", form="entrusted", by=town.person("group_admin"), at=town.now)
    town.group.refresh_from_db()
    assert (town.group.get_mode_display(), town.group.get_form_display()) == ("紧密型", "委托管理")
    with pytest.raises(NotPossible, match="办学形式"):
        services.set_modes(group=town.group, mode="none", form="", by=town.person("group_admin"), at=town.now)


def test_the_whole_way_in_the_browser(town: Town, newcomer: Organisation) -> None:
    page = reverse("memberships:proposals", args=[town.group.slug])
    admin = signed_in(town.person("group_admin"))
    sent = {"what": "entry", "other": newcomer.uid, "reason": "办学需要", "document_title": "协议"}
    assert admin.post(page, {**sent, "reason": ""}).status_code == 422
    answer = admin.post(page, sent)
    proposal = Proposal.objects.get()
    assert answer["Location"] == proposal.get_absolute_url()
    assert "已有一份在等答复" in admin.post(page, sent).content.decode()
    host = signed_in(town.person("newcomer_admin"))
    assert "同意加入" in host.get(proposal.get_absolute_url()).content.decode()
    assert "不同意要写明原因" in host.post(proposal.get_absolute_url(), {"deed": "decline"}).content.decode()
    assert host.post(proposal.get_absolute_url(), {"deed": "accept"}).status_code == 302
    assert newcomer.name in members(town, town.now + DAY)
    assert "已经办完" in host.post(proposal.get_absolute_url(), {"deed": "accept"}).content.decode()
    assert OrganisationLink.objects.filter(member=newcomer, parent=town.group).count() == 1


def test_proposals_are_their_sides_business(town: Town, newcomer: Organisation) -> None:
    proposal = enter(town, newcomer)
    addresses = [proposal.get_absolute_url(), reverse("memberships:proposals", args=[town.group.slug])]
    for address in addresses:
        opened = {name for name, person in town.people.items() if signed_in(person).get(address).status_code == 200}
        assert opened == {"group_admin", "newcomer_admin", "county_officer", "city_officer"}
        assert Client().get(address).status_code == 302
    nobody = signed_in(town.person("teacher")).post(proposal.get_absolute_url(), {"deed": "accept"})
    assert nobody.status_code == 403


def test_the_list_asks_the_same_number_of_queries_for_more_rows(town: Town, newcomer: Organisation) -> None:
    client, page = signed_in(town.person("group_admin")), reverse("memberships:proposals", args=[town.group.slug])
    enter(town, newcomer)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(page)
        counts.append(len(queries))
        for _ in range(10):
            services.withdraw(
                proposal=Proposal.objects.get(state="waiting"), by=town.person("group_admin"), at=town.now
            )
            enter(town, newcomer)
    assert counts[0] == counts[1]
    assert counts[1] <= 15


def test_a_bureaus_page_founds_a_group(town: Town, newcomer: Organisation) -> None:
    page = reverse("memberships:found", args=[town.county.slug])
    assert signed_in(town.person("teacher")).get(page).status_code == 403
    officer: Person = town.person("county_officer")
    sent = {"name": "南岭教育集团", "slug": "南岭教育集团", "lead": newcomer.uid, "mode": "tight"}
    answer = signed_in(officer).post(page, sent)
    assert answer.status_code == 302
    assert "已有机构在用" in signed_in(officer).post(page, sent).content.decode()
    assert Organisation.objects.filter(name="南岭教育集团").count() == 1
