"""The administrator's list: found, filtered, corrected; codes told once; nobody else gets in."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from groups.models import Appointment, AuditRow, Person
from groups.roster import services as roster
from groups.roster.models import SignInCode
from tests.factories import people as make
from tests.factories.shelf import signed_in
from tests.factories.town import Town

pytestmark = pytest.mark.django_db

MOST_QUERIES = 15


@pytest.fixture
def admin(town: Town) -> Client:
    return signed_in(town.person("school_admin"))


@pytest.fixture
def teacher(town: Town) -> Person:
    person = town.person("teacher")
    person.phone, person.staff_number, person.staff_school = "13900000001", "017", town.member
    person.last_login = timezone.now()
    person.save()
    return person


def page(client: Client, name: str, *args: object, **query: str) -> str:
    return client.get(reverse(f"people:{name}", args=args), query).content.decode()


def form_of(person: Person, **more: str) -> dict[str, str]:
    return {"name": person.name, "phone": person.phone or "", "seen": roster.seen_of(person)} | more


def test_an_administrator_of_one_school_is_led_to_its_list(admin: Client, town: Town) -> None:
    answer = admin.get(reverse("people:index"))
    assert answer.headers["Location"] == reverse("people:school", args=[town.member.slug])


def test_an_officer_sees_the_schools_of_the_area_with_how_many_never_came(town: Town) -> None:
    html = page(signed_in(town.person("county_officer")), "index")
    assert "西溪小学" in html
    assert "清源实验小学" in html


@pytest.mark.parametrize("who", ["teacher", "school_reviewer", "colleague", "host", "group_reviewer"])
def test_who_runs_nothing_is_refused_and_told_whom_to_ask(town: Town, who: str) -> None:
    client = signed_in(town.person(who))
    for address in (
        reverse("people:index"),
        reverse("people:imports"),
        reverse("people:template"),
        reverse("people:school", args=[town.member.slug]),
        reverse("people:export", args=[town.member.slug]),
    ):
        answer = client.get(address)
        assert answer.status_code == 403, address
        assert "找本校管理员" in answer.content.decode()


def test_the_list_has_tabs_for_who_never_came_who_left_and_who_is_disabled(
    admin: Client, town: Town, teacher: Person
) -> None:
    now = timezone.now()
    gone, off = make.person("施离"), make.person("关停", is_active=False)
    make.post(gone, town.member, ends_at=now - timedelta(days=1))
    make.post(off, town.member)
    never = town.person("school_reviewer").name
    shown = {
        show: page(admin, "school", town.member.slug, show=show) for show in ("here", "never", "ended", "disabled")
    }
    for name, tabs in (
        (teacher.name, {"here"}),
        (never, {"here", "never"}),
        (gone.name, {"ended"}),
        (off.name, {"disabled"}),
    ):
        assert {show for show, html in shown.items() if f">{name}</a>" in html} == tabs


def test_a_name_or_the_beginning_of_a_staff_number_finds(admin: Client, town: Town, teacher: Person) -> None:
    for words in ("晓雯", "01"):
        assert teacher.name in page(admin, "school", town.member.slug, q=words)
    assert "没有找到" in page(admin, "school", town.member.slug, q="没有这个人")
    assert admin.get(reverse("people:school", args=[town.member.slug]), {"q": "\x00", "page": "x"}).status_code == 200


def test_the_phone_is_whole_for_the_administrator_and_masked_for_the_officer(
    admin: Client, town: Town, teacher: Person
) -> None:
    assert "13900000001" in page(admin, "school", town.member.slug)
    for name, args in (("school", [town.member.slug]), ("person", [town.member.slug, teacher.uid])):
        html = page(signed_in(town.person("county_officer")), name, *args)
        assert "139****0001" in html
        assert "13900000001" not in html
    exported = signed_in(town.person("county_officer")).get(reverse("people:export", args=[town.member.slug]))
    from groups.roster import reading

    (row,) = reading.read(exported.content, "导出.xlsx").rows["教师"]
    assert row.cells["手机号"] == "139****0001"


@pytest.mark.parametrize("count", [10, 45])
def test_the_list_costs_the_same_at_any_length(
    admin: Client, town: Town, count: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        make.post(make.person(f"老师{number}"), town.member)
    with django_assert_max_num_queries(MOST_QUERIES) as asked:
        admin.get(reverse("people:school", args=[town.member.slug]))
    with django_assert_max_num_queries(MOST_QUERIES):
        admin.get(reverse("people:slips", args=[town.member.slug]))
    assert len(asked.captured_queries) <= 14


def test_the_lists_cost_is_equal_at_ten_and_at_a_thousand_people(
    admin: Client, town: Town, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    cost = []
    for more in (10, 990):
        made = Person.objects.bulk_create(Person(name=f"老师{n}", password="!") for n in range(more))
        now = timezone.now()
        Appointment.objects.bulk_create(Appointment(person=p, organisation=town.member, starts_at=now) for p in made)
        with django_assert_max_num_queries(MOST_QUERIES) as asked:
            admin.get(reverse("people:school", args=[town.member.slug]))
        cost.append(len(asked.captured_queries))
    assert cost[0] == cost[1]


def test_somebody_new_is_added_once(admin: Client, town: Town) -> None:
    address = reverse("people:add", args=[town.member.slug])
    told = {"staff_number": "099", "name": "新老师", "phone": "139 0000 0099"}
    assert admin.post(address, told).status_code == 302
    person = Person.objects.get(staff_school=town.member, staff_number="099")
    assert (person.phone, person.appointments.get().organisation) == ("13900000099", town.member)
    again = admin.post(address, told)
    assert again.status_code == 422
    assert "西溪小学已有工号 099" in again.content.decode()
    other = admin.post(address, told | {"staff_number": "100"})
    assert "已登记在别人名下" in other.content.decode()
    assert "不是 11 位手机号" in admin.post(address, told | {"phone": "12"}).content.decode()


def test_an_officer_adds_and_ends_but_does_not_correct(town: Town, teacher: Person) -> None:
    officer = signed_in(town.person("county_officer"))
    assert (
        officer.post(
            reverse("people:add", args=[town.member.slug]), {"staff_number": "099", "name": "新老师"}
        ).status_code
        == 302
    )
    address = reverse("people:person", args=[town.member.slug, teacher.uid])
    assert officer.post(address, form_of(teacher, name="换名")).status_code == 403
    teacher.refresh_from_db()
    assert teacher.name == "林晓雯"


def test_particulars_are_corrected_and_recorded(admin: Client, town: Town, teacher: Person) -> None:
    address = reverse("people:person", args=[town.member.slug, teacher.uid])
    assert admin.post(address, form_of(teacher, title="高级教师", grade="4")).status_code == 302
    teacher.refresh_from_db()
    assert (teacher.title, teacher.appointments.get().grade) == ("高级教师", 4)
    assert AuditRow.objects.get(action="person.edited").detail == {"fields": ["title"]}


def test_the_second_of_two_who_change_one_person_is_told_and_overwrites_nothing(
    admin: Client, town: Town, teacher: Person
) -> None:
    other = make.person("苏晚")
    make.post(other, town.member, "admin")
    address = reverse("people:person", args=[town.member.slug, teacher.uid])
    mine = form_of(teacher, title="一级教师")
    assert signed_in(other).post(address, form_of(teacher, phone="13900000002")).status_code == 302
    answer = admin.post(address, mine)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "你打开这一页以后，苏晚改过林晓雯的信息，没有覆盖" in html
    assert "现在登记的是：13900000002" in html
    assert 'value="一级教师"' in html
    teacher.refresh_from_db()
    assert (teacher.phone, teacher.title) == ("13900000002", "")
    seen = re.search(r'name="seen" value="(\w+)"', html)
    assert seen
    assert admin.post(address, mine | {"phone": "13900000002", "seen": seen[1]}).status_code == 302


def test_an_appointment_ends_on_a_date_with_a_reason(admin: Client, town: Town, teacher: Person) -> None:
    post = teacher.appointments.get()
    address = reverse("people:end_post", args=[town.member.slug, post.pk])
    assert admin.get(address).status_code == 200
    assert "必填" in admin.get(address).content.decode()
    assert admin.post(address, {"last_day": "2020-01-01", "reason": "调走"}).status_code == 422
    assert admin.post(address, {"last_day": str(timezone.localdate()), "reason": " "}).status_code == 422
    assert admin.post(address, {"last_day": str(timezone.localdate()), "reason": "调往云山"}).status_code == 302
    post.refresh_from_db()
    assert post.ends_at is not None
    assert post.ends_at <= timezone.now()
    assert post.reason == "调往云山"
    again = admin.post(address, {"last_day": str(timezone.localdate()), "reason": "又一次"})
    assert "结束" in again.content.decode()
    assert again.status_code == 422


def test_an_end_may_lie_ahead(admin: Client, town: Town, teacher: Person) -> None:
    day = timezone.localdate() + timedelta(days=30)
    post = teacher.appointments.get()
    admin.post(reverse("people:end_post", args=[town.member.slug, post.pk]), {"last_day": str(day), "reason": "退休"})
    post.refresh_from_db()
    assert post.ends_at is not None
    assert timezone.localdate(post.ends_at) == day + timedelta(days=1)


def test_an_account_is_switched_off_and_on_again_but_not_ones_own(admin: Client, town: Town, teacher: Person) -> None:
    for name, active in (("disable", False), ("enable", True)):
        assert admin.post(reverse(f"people:{name}", args=[town.member.slug, teacher.uid])).status_code == 302
        teacher.refresh_from_db()
        assert teacher.is_active is active
    own = reverse("people:disable", args=[town.member.slug, town.person("school_admin").uid])
    assert "不能停用自己的账号" in admin.post(own, follow=True).content.decode()


def test_a_new_code_is_shown_once_on_a_slip(admin: Client, town: Town, teacher: Person) -> None:
    answer = admin.post(reverse("people:code", args=[town.member.slug, teacher.uid]))
    code = re.search(r'class="slip-code">([2-9a-z]{5}-[2-9a-z]{5})<', answer.content.decode())
    assert code
    assert "no-store" in answer.headers["Cache-Control"]
    after = page(admin, "person", town.member.slug, teacher.uid) + page(admin, "school", town.member.slug)
    assert code[1] not in after
    assert admin.get(reverse("people:code", args=[town.member.slug, teacher.uid])).status_code == 405
    told = {"account": "017", "school": town.member.uid, "password": code[1]}
    assert Client().post(reverse("sign-in"), told).status_code == 302


def test_a_sheet_of_slips_has_one_for_each_chosen_and_offers_who_never_came(
    admin: Client, town: Town, teacher: Person
) -> None:
    address = reverse("people:slips", args=[town.member.slug])
    html = admin.get(address).content.decode()
    ticked = re.findall(r'value="(\w{10})" checked', html)
    assert teacher.uid not in ticked
    assert town.person("school_reviewer").uid in ticked
    answer = admin.post(address, {"people": ticked})
    assert answer.content.decode().count('class="slip"') == len(ticked) == SignInCode.objects.count()
    assert admin.post(address, {}).status_code == 422
    assert admin.post(address, {"people": [town.person("colleague").uid]}).status_code == 422
    assert SignInCode.objects.count() == len(ticked)


def test_an_officer_gives_no_codes(town: Town, teacher: Person) -> None:
    officer = signed_in(town.person("county_officer"))
    assert officer.get(reverse("people:slips", args=[town.member.slug])).status_code == 403
    assert officer.post(reverse("people:code", args=[town.member.slug, teacher.uid])).status_code == 403


def test_nobody_of_another_school_is_reached_through_ones_own(admin: Client, town: Town) -> None:
    stranger = town.person("colleague")
    for name in ("person", "code", "disable"):
        address = reverse(f"people:{name}", args=[town.member.slug, stranger.uid])
        assert admin.post(address).status_code == 404, name
        elsewhere = reverse(f"people:{name}", args=[town.lead.slug, stranger.uid])
        assert admin.post(elsewhere).status_code == 403, name
    post = stranger.appointments.get()
    assert admin.post(reverse("people:end_post", args=[town.member.slug, post.pk])).status_code == 404
    assert admin.post(reverse("people:end_post", args=[town.lead.slug, post.pk])).status_code == 403
