"""The back office's lists of people and organisations, and the rights on pages, follow the rule."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail.permissions import policy_registry

from groups import page_rights
from groups.back_office import AppointmentViewSet, AuditRowViewSet, GroupsGroup, OrganisationViewSet, PersonViewSet
from groups.deeds import deed
from groups.models import AuditRow, Organisation, Person
from groups.page_rights import EDITING, Right
from groups.viewer import Viewer
from tests.factories import people as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> Organisation:
    return make.organisation("city")


def _somebody(organisation: Organisation, role: str) -> Person:
    person = make.person(f"{role}老师")
    make.post(person, organisation, role)
    return person


def _list(client: Client, viewset: type) -> str:
    model = viewset.model  # type: ignore[attr-defined]
    return reverse(f"wagtailsnippets_{model._meta.app_label}_{model._meta.model_name}:list")


def test_a_teacher_opens_no_list_and_an_auditor_opens_the_log(client: Client, city: Organisation) -> None:
    AuditRow.objects.create(action="test.deed", thing="test", thing_uid="x", thing_title="一件事")
    for role, opens in (("teacher", False), ("site_editor", False), ("auditor", True), ("system_admin", True)):
        client.force_login(_somebody(city, role))
        response = client.get(_list(client, AuditRowViewSet))
        assert (response.status_code == 200) == opens, role
        assert ("一件事" in response.content.decode()) == opens, role


def test_people_and_organisations_are_listed_without_telephone_numbers(client: Client, city: Organisation) -> None:
    make.person("陈老师", phone="13800000009")
    client.force_login(_somebody(city, "officer"))
    shown = client.get(_list(client, PersonViewSet)).content.decode()
    assert "陈老师" in shown
    assert "13800000009" not in shown
    assert client.get(_list(client, OrganisationViewSet)).status_code == 200


def test_appointments_are_listed_to_the_officer_of_the_area_alone(client: Client, city: Organisation) -> None:
    mine, other = make.organisation("county"), make.organisation("county")
    here, there = make.organisation("school", "本县小学"), make.organisation("school", "邻县小学")
    make.link(here, mine, "area")
    make.link(there, other, "area")
    make.post(make.person("本县教师"), here)
    make.post(make.person("邻县教师"), there)
    client.force_login(_somebody(mine, "officer"))
    shown = client.get(_list(client, AppointmentViewSet)).content.decode()
    assert "本县教师" in shown
    assert "邻县教师" not in shown


@pytest.mark.parametrize("viewset", GroupsGroup.items)
def test_nothing_is_added_changed_or_deleted_there(city: Organisation, viewset: type) -> None:
    policy = policy_registry.get_by_type(viewset.model)  # type: ignore[attr-defined]
    officer = _somebody(city, "officer")
    assert not any(policy.user_has_permission(officer, action) for action in ("add", "change", "delete", "publish"))


def test_rights_on_pages_are_those_that_the_owning_package_names_now(
    city: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = Page.objects.filter(depth=1).first() or Page.add_root(title="根", slug="root")
    mine, other = root.add_child(title="工作室甲", slug="a"), root.add_child(title="工作室乙", slug="b")
    studio = make.organisation("studio")

    def rights(viewer: Viewer) -> list[Right]:
        return [Right(mine, EDITING)] if studio.pk in viewer.in_role("host") else []  # type: ignore[arg-type]

    monkeypatch.setattr(page_rights, "_rights", [rights])
    host, teacher = _somebody(studio, "host"), _somebody(make.organisation("school"), "teacher")
    assert mine.permissions_for_user(host).can_edit()
    assert mine.permissions_for_user(host).can_publish()
    assert not other.permissions_for_user(host).can_edit()
    assert not mine.permissions_for_user(teacher).can_edit()
    host.appointments.update(ends_at=host.appointments.get().starts_at)
    assert not mine.permissions_for_user(Person.objects.get(pk=host.pk)).can_edit(), "the studio's cycle is over"


def test_every_code_that_the_site_records_has_a_name() -> None:
    packages = ("groups", "library", "lessons", "studios", "search", "website")
    sources = [path.read_text() for package in packages for path in Path(package).rglob("*.py")]
    recorded = {code for text in sources for code in re.findall(r'record(?:_each)?\([^"()]*"([a-z]+\.[a-z_]+)"', text)}

    assert len(recorded) > 60
    assert {code for code in recorded if deed(code) == code} == set()
