"""The plan in a calendar program: read by another library, at an address that can be closed, under the rule of now."""

from datetime import timedelta
from typing import Any

import vobject
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from groups import calendar
from lessons.plans import services
from lessons.plans.models import CalendarFeed
from tests.plans.conftest import HOLIDAY_WEEK, Desk


def address(client: Client, desk: Desk) -> str:
    client.force_login(desk.member)
    page = client.post(reverse("plans:feed"), {"do": "make"}, follow=True).content.decode()
    found = page.split('value="http://testserver', 1)[1].split('"', 1)[0]
    client.logout()
    return found


def events(client: Client, url: str) -> list[Any]:
    answer = client.get(url)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/calendar")
    text = answer.content.decode()
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    book = vobject.readOne(text)
    assert book.version.value == "2.0"
    return list(getattr(book, "vevent_list", []))


def test_another_program_reads_each_lesson_on_its_teaching_days(client: Client, desk: Desk) -> None:
    plan = desk.plan()
    row = desk.row(plan)
    services.move(row=row, first_week=4, last_week=HOLIDAY_WEEK, seen=desk.seen(row), by=desk.leader, at=desk.at)
    services.claim(row=row, by=desk.member, at=desk.at)
    found = {event.uid.value: event for event in events(client, address(client, desk))}
    assert len(found) == 3
    own = found[f"row-{row.uid}@gongbei"]
    days = calendar.week_days(desk.term, 4)
    assert own.dtstart.value == days[0]
    assert own.dtend.value == days[-1] + timedelta(days=1)
    assert own.summary.value == "【我主备】平行四边形的面积"
    assert own.valarm.trigger.value == timedelta(days=-7)
    row.refresh_from_db()
    assert int(own.sequence.value) == row.version


def test_a_deadline_of_a_begun_lesson_is_an_event_for_whoever_may_read_it(client: Client, desk: Desk) -> None:
    row = desk.row(desk.plan(), 2)
    services.move(row=row, first_week=15, last_week=15, seen=desk.seen(row), by=desk.leader, at=desk.at)
    services.claim(row=row, by=desk.member, at=desk.at)
    made = services.start(row=row, by=desk.member, at=desk.at)
    texts = {event.summary.value: event for event in events(client, address(client, desk))}
    assert texts["初备截止：组合图形的面积"].dtstart.value == made.drafting_due


def test_who_left_the_prep_group_reads_an_empty_calendar(client: Client, desk: Desk) -> None:
    desk.plan()
    url = address(client, desk)
    assert len(events(client, url)) == 3
    desk.body.appointments.filter(person=desk.member).update(ends_at=timezone.now())
    assert events(client, url) == []


def test_a_new_address_closes_the_old_one_and_revoking_closes_it(client: Client, desk: Desk) -> None:
    old = address(client, desk)
    new = address(client, desk)
    assert client.get(old).status_code == 404
    assert client.get(new).status_code == 200
    services.revoke_feed(person=desk.member, at=desk.at)
    assert client.get(new).status_code == 404
    token = new.split("/")[-1].removesuffix(".ics")
    assert not CalendarFeed.objects.filter(token_sha256=token).exists(), "the token itself is stored nowhere"


def test_a_disabled_account_feeds_no_calendar(client: Client, desk: Desk) -> None:
    url = address(client, desk)
    desk.member.is_active = False
    desk.member.save()
    assert client.get(url).status_code == 404
