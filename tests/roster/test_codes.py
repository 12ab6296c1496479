"""One-time codes: told once, kept as a keyed digest, good once, and then a password of one's own."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from groups.access import Refused
from groups.models import AuditRow, Person
from groups.roster import codes
from groups.roster.models import SignInCode
from tests.factories.town import Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def teacher(town: Town) -> Person:
    person = town.person("teacher")
    person.staff_number, person.staff_school = "017", town.member
    person.set_password("一个够长的密码9")
    person.save()
    return person


def issue(town: Town, *people: Person, at: datetime | None = None) -> list[codes.Slip]:
    return codes.issue(people=people, by=town.person("school_admin"), at=at or timezone.now())


def enter(client: Client, town: Town, word: str) -> int:
    told = {"account": "017", "school": town.member.uid, "password": word}
    return client.post(reverse("sign-in"), told).status_code


def test_a_code_signs_in_once_and_leads_to_a_password_of_ones_own(client: Client, town: Town, teacher: Person) -> None:
    (slip,) = issue(town, teacher)
    assert enter(client, town, slip.code) == 302
    assert client.get(reverse("home")).headers["Location"].startswith(reverse("new-password"))
    assert "设定密码" in client.get(reverse("new-password")).content.decode()
    client.post(reverse("new-password"), {"password": "换成一个新的密码啦", "again": "换成一个新的密码啦"})
    assert client.get(reverse("home")).status_code == 200
    assert enter(Client(), town, slip.code) == 422
    assert enter(Client(), town, "换成一个新的密码啦") == 302
    assert AuditRow.objects.filter(action="person.signed_in_by_code", actor=teacher).count() == 1


@pytest.mark.parametrize("typed", ["{}", " {} ", "{upper}", "{plain}"])
def test_a_code_is_read_as_people_type_it(client: Client, town: Town, teacher: Person, typed: str) -> None:
    (slip,) = issue(town, teacher)
    word = typed.format(slip.code, upper=slip.code.upper(), plain=slip.code.replace("-", ""))
    assert enter(client, town, word) == 302


def test_the_code_stands_nowhere_in_the_clear(town: Town, teacher: Person) -> None:
    (slip,) = issue(town, teacher)
    plain = slip.code.replace("-", "")
    assert re.fullmatch(r"[2-9a-z]{5}-[2-9a-z]{5}", slip.code)
    kept = [*SignInCode.objects.values(), *AuditRow.objects.values(), *Person.objects.values()]
    assert not any(plain in str(row) or slip.code in str(row) for row in kept)
    assert SignInCode.objects.get().digest == codes.digest(teacher, plain)


def test_a_code_is_bound_to_its_person_and_to_the_key_of_the_site(
    town: Town, teacher: Person, settings: pytest.FixtureRequest
) -> None:
    (slip,) = issue(town, teacher)
    admin = town.person("school_admin")
    assert codes.digest(admin, slip.code) != codes.digest(teacher, slip.code)
    before = codes.digest(teacher, slip.code)
    settings.SECRET_KEY = "another-key-of-another-site-0123456789-0123456789-0123456789"  # type: ignore[attr-defined]
    assert codes.digest(teacher, slip.code) != before


def test_issuing_takes_the_old_password_and_the_old_code_away(client: Client, town: Town, teacher: Person) -> None:
    (first,) = issue(town, teacher)
    (second,) = issue(town, teacher)
    assert enter(client, town, "一个够长的密码9") == 422
    assert enter(client, town, first.code) == 422
    assert enter(client, town, second.code) == 302


def test_a_code_ends_after_four_weeks(client: Client, town: Town, teacher: Person) -> None:
    (slip,) = issue(town, teacher, at=timezone.now() - codes.LIFETIME)
    assert enter(client, town, slip.code) == 422


def test_of_two_who_use_a_code_at_the_same_moment_one_is_let_in(town: Town, teacher: Person) -> None:
    (slip,) = issue(town, teacher)
    now = timezone.now()
    assert [codes.spend(teacher, slip.code, now), codes.spend(teacher, slip.code, now)] == [True, False]


def test_a_disabled_account_is_not_opened_by_a_code_and_the_code_is_kept(
    client: Client, town: Town, teacher: Person
) -> None:
    (slip,) = issue(town, teacher)
    Person.objects.filter(pk=teacher.pk).update(is_active=False)
    assert enter(client, town, slip.code) == 422
    Person.objects.filter(pk=teacher.pk).update(is_active=True)
    assert enter(client, town, slip.code) == 302


def test_guessing_codes_is_slowed_down_like_guessing_passwords(client: Client, town: Town, teacher: Person) -> None:
    (slip,) = issue(town, teacher)
    for _ in range(5):
        assert enter(client, town, "aaaaa-aaaaa") == 422
    assert enter(client, town, slip.code) == 422


def test_a_code_is_compared_in_constant_time(town: Town, teacher: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[str, str]] = []

    def compare(held: str, given: str) -> bool:
        compared.append((held, given))
        return held == given

    monkeypatch.setattr(codes, "constant_time_compare", compare)
    (slip,) = issue(town, teacher)
    assert not codes.spend(teacher, "aaaaa-aaaaa", timezone.now())
    assert codes.spend(teacher, slip.code, timezone.now())
    assert not codes.spend(town.person("stranger"), slip.code, timezone.now())
    assert len(compared) == 3


@pytest.mark.parametrize("who", ["county_officer", "teacher", "school_reviewer"])
def test_only_whom_the_rule_allows_gives_codes_and_one_refusal_refuses_all(
    town: Town, teacher: Person, who: str
) -> None:
    with pytest.raises(Refused):
        codes.issue(people=[teacher], by=town.person(who), at=timezone.now())
    with pytest.raises(Refused):
        issue(town, teacher, town.person("colleague"))
    teacher.refresh_from_db()
    assert not SignInCode.objects.exists()
    assert teacher.check_password("一个够长的密码9")


def test_four_weeks_are_four_weeks() -> None:
    assert timedelta(weeks=4) == codes.LIFETIME
