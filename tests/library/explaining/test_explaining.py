"""`access_explain`: the rule's verdict with its chain of dated rules, as a command and as pages."""

import json
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from groups import services
from groups.access import Action
from groups.models import Nature, OrganisationLink
from library.explaining.asking import NotUnderstood, moment_of
from library.explaining.explain import explain
from library.explaining.selectors import reach
from library.resources import services as library
from library.resources.models import Resource
from tests.factories import people
from tests.factories.shelf import signed_in
from tests.factories.town import Town

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def asked(*words: str) -> dict[str, Any]:
    out = StringIO()
    call_command("access_explain", *words, stdout=out)
    told: dict[str, Any] = json.loads(out.getvalue())
    return told


@pytest.fixture
def shared(town: Town) -> Resource:
    """Published to the group a hundred days ago."""
    town.now -= 100 * DAY
    return town.published(library.Audience(organisation=town.group))


def day(moment: datetime) -> str:
    return timezone.localdate(moment).isoformat()


def test_the_chain_tells_appointment_membership_grant_and_state(town: Town, shared: Resource) -> None:
    told = asked(town.person("colleague").uid, shared.uid, "--on", day(town.now + 10 * DAY))
    assert told["allowed"] is True
    assert "共享范围" in told["reason"]
    assert [link["rule"] for link in told["chain"]] == [
        f"编制在{town.lead.name}（教师）",
        f"{town.lead.name}是{town.group.name}的核心校",
        f"本资源授权给{town.group.name}，可下载",
        "本资源的状态是“已发布”，读者看到的是第1版",
    ]
    assert all(link["from"] and link["to"] is None for link in told["chain"])


def test_a_school_that_left_explains_both_days(town: Town, shared: Resource) -> None:
    link = OrganisationLink.objects.get(member=town.lead, parent=town.group)
    OrganisationLink.objects.filter(pk=link.pk).update(ends_at=town.now + 20 * DAY)
    before = asked(town.person("colleague").uid, shared.uid, "--on", day(town.now + 10 * DAY))
    after = asked(town.person("colleague").uid, shared.uid, "--on", day(town.now + 30 * DAY))
    assert before["allowed"] is True
    membership = next(rule for rule in before["chain"] if "核心校" in rule["rule"])
    assert datetime.fromisoformat(membership["to"]) == town.now + 20 * DAY
    assert after["allowed"] is False
    assert after["chain"] == []
    assert town.group.name in after["reason"]


def test_every_relation_that_the_rule_answers_with_has_a_chain(town: Town, shared: Resource) -> None:
    admin = people.person("集团管理员")
    people.post(admin, town.group, "admin", "seat")
    people.post(admin, town.lead)
    town.people["group_admin"] = admin
    when = town.now + 10 * DAY
    for name in (
        "teacher",
        "colleague",
        "school_admin",
        "group_admin",
        "county_officer",
        "city_officer",
        "group_reviewer",
    ):
        answer = explain(town.person(name), shared, Action.READ, when)
        assert answer.allowed, name
        assert answer.chain, name
        assert all(fact.holds(when) for fact in answer.chain), (name, answer.chain)
    down = explain(admin, shared, Action.TAKE_DOWN, when)
    assert down.allowed
    assert {"管理员", "核心校"} <= {word for fact in down.chain for word in ("管理员", "核心校") if word in fact.rule}


def test_a_person_is_named_by_staff_number_and_school(town: Town, shared: Resource) -> None:
    colleague = town.person("colleague")
    colleague.staff_number, colleague.staff_school = "A017", town.lead
    colleague.save()
    when = (town.now + 10 * DAY).isoformat()
    assert asked("A017", shared.uid, "--school", town.lead.name, "--on", when)["allowed"] is True


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("nobody", "{uid}", "--on", "2026-03-01"), "没有编号为“nobody”的人"),
        (("{person}", "nothing", "--on", "2026-03-01"), "没有编号为“nothing”的资料"),
        (("{person}", "{uid}", "--on", "三月一日"), "不是日期"),
        (("{person}", "{uid}", "--on", "2026-02-30"), "不是日期"),
        (("{person}", "{uid}", "--on", "2026-03-01", "--action", "steal"), "没有“steal”这个操作"),
        (("1", "{uid}", "--school", "没有的学校", "--on", "2026-03-01"), "没有找到唯一的学校"),
    ],
)
def test_a_question_that_cannot_be_understood_says_what_to_write(
    town: Town, shared: Resource, words: tuple[str, ...], says: str
) -> None:
    named = {"uid": shared.uid, "person": town.person("colleague").uid}
    with pytest.raises(CommandError, match=says):
        asked(*(word.format(**named) for word in words))


def test_a_date_means_noon_in_the_citys_time() -> None:
    assert moment_of("2026-03-01").isoformat() == "2026-03-01T12:00:00+08:00"
    assert moment_of("2026-03-01T09:30").isoformat() == "2026-03-01T09:30:00+08:00"
    with pytest.raises(NotUnderstood):
        moment_of("")


def test_whom_it_reached_is_whom_the_rule_calls_readers(town: Town, shared: Resource) -> None:
    when = town.now + 10 * DAY
    found = {person.pk for person in reach(shared, when).people}
    readers = {
        person.pk
        for person in town.people.values()
        if any(
            "授权给" in fact.rule and "编制在" in " ".join(f.rule for f in explained)
            for explained in [explain(person, shared, Action.READ, when).chain]
            for fact in explained
        )
    }
    assert readers <= found
    for person in found:
        assert explain(next(p for p in town.people.values() if p.pk == person), shared, Action.READ, when).allowed


def test_the_page_is_for_the_row_and_for_nobody_else(town: Town, shared: Resource) -> None:
    address = reverse("explaining:resource", args=[shared.uid])
    allowed = {name: signed_in(person).get(address).status_code for name, person in town.people.items()}
    assert {name for name, status in allowed.items() if status == 200} == {
        "teacher",
        "school_admin",
        "county_officer",
        "city_officer",
    }
    assert set(allowed.values()) == {200, 403}
    assert Client().get(address).status_code == 302


def test_the_page_answers_for_one_person_and_asks_which_of_namesakes(town: Town, shared: Resource) -> None:
    client, address = signed_in(town.person("teacher")), reverse("explaining:resource", args=[shared.uid])
    people.person("王同名"), people.person("王同名")
    html = client.get(address, {"who": "黄志远", "on": day(town.now + 10 * DAY)}).content.decode()
    assert "黄志远那时能查看这份资料" in html
    assert "是哪一位" in client.get(address, {"who": "王同名"}).content.decode()
    assert "没有找到“无此人”" in client.get(address, {"who": "无此人"}).content.decode()
    assert "不是日期或时间" in client.get(address, {"on": "哪天"}).content.decode()


def test_the_reverse_question_is_for_oneself_the_schools_administrator_and_auditors(
    town: Town, shared: Resource
) -> None:
    auditor = people.person("审计员")
    people.post(auditor, town.city, "auditor")
    town.people["auditor"] = auditor
    address = reverse("explaining:person", args=[town.person("teacher").uid])
    opened = {name for name, person in town.people.items() if signed_in(person).get(address).status_code == 200}
    assert opened == {"teacher", "school_admin", "auditor"}


def test_the_reverse_question_never_shows_what_the_asker_may_not_list(town: Town, shared: Resource) -> None:
    town.draft(title="还没写完的草稿")
    address = reverse("explaining:person", args=[town.person("teacher").uid])
    assert "还没写完的草稿" in signed_in(town.person("teacher")).get(address).content.decode()
    assert "还没写完的草稿" not in signed_in(town.person("school_admin")).get(address).content.decode()


def test_the_pages_ask_the_same_number_of_queries_for_more_rows(
    town: Town, shared: Resource, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(town.person("school_admin"))
    addresses = [
        reverse("explaining:resource", args=[shared.uid]),
        reverse("explaining:person", args=[town.person("teacher").uid]),
    ]
    counts = [[_queries(client, address) for address in addresses]]
    for _ in range(12):
        somebody = people.person("新来的")
        people.post(somebody, town.lead)
        town.published(library.Audience(organisation=town.group))
    counts.append([_queries(client, address) for address in addresses])
    assert counts[0] == counts[1]
    assert max(counts[1]) <= 20


def _queries(client: Client, address: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_a_refusal_names_the_audiences_and_not_where_the_person_worked(town: Town, shared: Resource) -> None:
    elsewhere = people.organisation("school", "石桥小学")
    stranger = town.person("stranger")
    people.post(stranger, elsewhere)

    told = explain(stranger, shared, Action.READ, town.now + 10 * DAY)

    assert not told.allowed
    assert town.group.name in told.reason
    assert elsewhere.name not in told.reason


def test_a_rotation_explains_the_host_school(town: Town, shared: Resource) -> None:
    guest = people.person("交流教师")
    services.appoint(
        person=guest, organisation=town.lead, by=None, at=town.now, nature=Nature.ROTATION, ends_at=town.now + 50 * DAY
    )
    during = explain(guest, shared, Action.READ, town.now + 10 * DAY)
    assert during.chain[0].rule == f"交流轮岗在{town.lead.name}（教师）"
    assert during.chain[0].ends == town.now + 50 * DAY
    assert not explain(guest, shared, Action.READ, town.now + 60 * DAY).allowed


@pytest.mark.parametrize("on", ["0001-01-01", "0001-01-01T00:00", "9999-12-31T23:59", "9999-12-31T23:59-08:00"])
def test_a_day_beyond_every_calendar_is_told_and_not_reckoned_with(town: Town, on: str) -> None:
    resource = town.published(library.Audience(organisation=town.group))
    client = signed_in(town.person("teacher"))
    for address in (reverse("explaining:resource", args=[resource.uid]), f"/why/person/{town.person('teacher').uid}/"):
        page = client.get(address, {"on": on})
        assert page.status_code == 200
        assert "超出了能算的年份" in page.content.decode()
