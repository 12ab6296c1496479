"""A teacher comes to a school for a time: registered with dates by who may appoint, ended by itself or by hand."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from groups import access
from groups.access import Action
from groups.models import Appointment, Nature
from groups.viewer import viewer_for
from tests.factories.shelf import signed_in
from tests.factories.town import Town

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def sent(town: Town, **more: str) -> dict[str, str]:
    today = timezone.localdate(town.now)
    told = {"who": town.person("colleague").uid, "nature": "rotation"}
    return {**told, "starts_on": today.isoformat(), "ends_on": (today + 9 * DAY).isoformat(), **more}


def test_a_rotation_begins_and_ends_by_its_dates_and_unites_the_rights(town: Town) -> None:
    page = reverse("memberships:exchanges", args=[town.member.slug])
    assert signed_in(town.person("school_admin")).post(page, sent(town)).status_code == 302
    held = Appointment.objects.get(person=town.person("colleague"), organisation=town.member)
    assert held.nature == Nature.ROTATION
    during, after = (viewer_for(town.person("colleague"), town.now + n * DAY) for n in (5, 11))
    assert during.schools == {town.lead.pk, town.member.pk}
    assert after.schools == {town.lead.pk}


def test_a_guest_brings_no_account_along(town: Town) -> None:
    """Who may register a stranger as a guest may not read their number, reset their password or shut them out by it."""
    admin, guest = town.person("school_admin"), town.person("colleague")
    page = reverse("memberships:exchanges", args=[town.member.slug])
    assert signed_in(admin).post(page, sent(town)).status_code == 302
    for action in (Action.READ_CONTACT, Action.EDIT, Action.RESET_PASSWORD, Action.DISABLE):
        assert not access.may(admin, action, guest, at=timezone.now())
    answer = signed_in(admin).post(reverse("people:code", args=[town.member.slug, guest.uid]))
    assert answer.status_code == 403


def test_it_is_for_the_schools_administrator_and_the_bureau(town: Town) -> None:
    page = reverse("memberships:exchanges", args=[town.member.slug])
    opened = {name for name, person in town.people.items() if signed_in(person).get(page).status_code == 200}
    assert opened == {"school_admin", "county_officer", "city_officer"}
    assert signed_in(town.person("teacher")).post(page, sent(town)).status_code == 403
    assert not Appointment.objects.filter(person=town.person("colleague"), organisation=town.member).exists()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"who": "没有这个人"}, "没有找到"),
        ({"ends_on": "2001-01-01"}, "止期早于起期"),
        ({"starts_on": "下周"}, "不是日期"),
        ({"ends_on": "9999-12-31"}, "年份不对"),
        ({"starts_on": "0001-01-01"}, "年份不对"),
        ({"who": ""}, "还没有写是哪位老师"),
    ],
)
def test_what_does_not_fit_is_named(town: Town, wrong: dict[str, str], says: str) -> None:
    page = reverse("memberships:exchanges", args=[town.member.slug])
    answer = signed_in(town.person("school_admin")).post(page, sent(town, **wrong))
    assert answer.status_code == 422
    assert says in answer.content.decode()


def test_it_may_be_ended_by_hand_by_the_same_people(town: Town) -> None:
    page = reverse("memberships:exchanges", args=[town.member.slug])
    admin = signed_in(town.person("school_admin"))
    admin.post(page, sent(town))
    held = Appointment.objects.get(person=town.person("colleague"), organisation=town.member)
    end = reverse("memberships:end_exchange", args=[town.member.slug, held.pk])
    assert signed_in(town.person("teacher")).post(end).status_code == 403
    assert admin.post(end).status_code == 302
    held.refresh_from_db()
    assert held.ends_at is not None
    assert held.ends_at <= timezone.now()
