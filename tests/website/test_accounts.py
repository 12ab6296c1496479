"""Signing in: phone, or school and staff number; the first password; the three taps."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from catalogue.models import Subject
from groups.models import Person
from tests.factories.town import Town

PASSWORD = "一个够长的密码9"


@pytest.fixture
def teacher(town: Town) -> Person:
    person = town.person("teacher")
    person.phone, person.staff_number, person.staff_school = "13900000001", "017", town.member
    person.set_password(PASSWORD)
    person.save()
    return person


def sign_in(client: Client, **data: str) -> int:
    return client.post(reverse("sign-in"), {"password": PASSWORD, **data}).status_code


def test_a_phone_number_signs_in(client: Client, teacher: Person) -> None:
    assert sign_in(client, account="13900000001") == 302
    assert client.session["_auth_user_id"] == str(teacher.pk)


def test_a_staff_number_signs_in_with_its_school_and_not_without(client: Client, teacher: Person, town: Town) -> None:
    assert sign_in(client, account="017") == 422
    assert sign_in(client, account="017", school=town.lead.uid) == 422
    assert sign_in(client, account="017", school=town.member.uid) == 302


def test_a_wrong_password_says_whom_to_ask_and_keeps_the_account(client: Client, teacher: Person, town: Town) -> None:
    response = client.post(
        reverse("sign-in"), {"account": "017", "school": town.member.uid, "password": "错的密码也够长"}
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert "忘记密码请找本校管理员：许老师" in page
    assert 'value="017"' in page


def test_after_five_wrong_passwords_the_right_one_waits(client: Client, teacher: Person) -> None:
    for _ in range(5):
        client.post(reverse("sign-in"), {"account": "13900000001", "password": "又错一次了吧"})
    response = client.post(reverse("sign-in"), {"account": "13900000001", "password": PASSWORD})
    assert response.status_code == 422
    assert "试得太快了" in response.content.decode()


@pytest.mark.parametrize("name", ["home", "my", "search:search"])
def test_until_the_first_password_is_changed_no_page_opens(client: Client, teacher: Person, name: str) -> None:
    Person.objects.filter(pk=teacher.pk).update(must_change_password=True)
    client.force_login(teacher)
    response = client.get(reverse(name))
    assert response.headers["Location"].startswith(reverse("new-password"))
    assert client.get(reverse("new-password")).status_code == 200
    assert client.post(reverse("sign-out")).headers["Location"] == reverse("home")


def test_choosing_another_school_each_time_does_not_let_a_phone_number_be_guessed_on(
    client: Client, teacher: Person, town: Town
) -> None:
    for school in (town.member, town.lead, town.member, town.lead, town.member):
        sign_in(client, account="13900000001", school=school.uid, password="不是这个")
    assert sign_in(client, account="13900000001") == 422


def test_a_disabled_account_does_not_sign_in(client: Client, teacher: Person) -> None:
    Person.objects.filter(pk=teacher.pk).update(is_active=False)
    assert sign_in(client, account="13900000001") == 422


def test_the_first_sign_in_changes_the_password(client: Client, teacher: Person) -> None:
    Person.objects.filter(pk=teacher.pk).update(must_change_password=True)
    response = client.post(reverse("sign-in"), {"account": "13900000001", "password": PASSWORD, "next": "/my/"})
    assert response.headers["Location"].startswith(reverse("new-password"))
    response = client.post(
        reverse("new-password"), {"password": "换成一个新的密码啦", "again": "换成一个新的密码了", "next": "/my/"}
    )
    assert "两次输入的不一样" in response.content.decode()
    client.post(
        reverse("new-password"), {"password": "换成一个新的密码啦", "again": "换成一个新的密码啦", "next": "/my/"}
    )
    teacher.refresh_from_db()
    assert teacher.check_password("换成一个新的密码啦")
    assert not teacher.must_change_password


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_sign_in_never_leads_off_the_site(client: Client, teacher: Person, target: str) -> None:
    response = client.post(reverse("sign-in"), {"account": "13900000001", "password": PASSWORD, "next": target})
    assert "evil" not in response.headers["Location"]
    assert "javascript" not in response.headers["Location"]


def test_sign_in_does_not_lead_to_itself(client: Client, teacher: Person) -> None:
    client.force_login(teacher)
    response = client.get(reverse("sign-in"), {"next": reverse("sign-in")})
    assert response.headers["Location"] == reverse("home")


def test_three_taps_are_remembered(client: Client, teacher: Person) -> None:
    subject = Subject.objects.create(code="maths", name="数学", block="数", colour="maths")
    client.force_login(teacher)
    page = client.get(reverse("taps"), {"subject": "maths", "grade": "5"}).content.decode()
    assert "五年级" in page
    client.post(reverse("taps"), {"subject": "maths", "grade": "5", "done": "1", "next": "/"})
    teacher.refresh_from_db()
    assert (teacher.preferred_subject, teacher.preferred_grade) == (subject, 5)


def test_large_type_is_switched_on_and_off(client: Client, teacher: Person) -> None:
    client.force_login(teacher)
    client.post(reverse("large-type"))
    teacher.refresh_from_db()
    assert teacher.large_type
    client.post(reverse("large-type"))
    teacher.refresh_from_db()
    assert not teacher.large_type


def test_demo_accounts_are_not_shown_outside_of_demo_mode(client: Client, db: None) -> None:
    assert "演示账号" not in client.get(reverse("sign-in")).content.decode()


def test_the_sign_in_page_costs_two_queries(
    client: Client, teacher: Person, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(2):
        client.get(reverse("sign-in"))


@pytest.mark.parametrize("tapped", [{"subject": "maths", "grade": "²"}, {"subject": "\x00", "grade": "5"}])
def test_garbled_taps_are_taken_as_not_tapped(client: Client, town: Town, tapped: dict[str, str]) -> None:
    client.force_login(town.person("teacher"))
    assert client.get(reverse("taps"), tapped).status_code == 200
    assert client.post(reverse("taps"), tapped).status_code == 200
