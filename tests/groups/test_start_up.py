"""Forgetting is found at start-up; permission names are answered by the rule."""

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.test import Client

from catalogue.models import Subject
from catalogue.signals import catalogue_edited
from groups import access, checks
from groups.models import AuditRow
from search import worker
from tests.factories import people as make

pytestmark = pytest.mark.django_db


def test_every_model_with_an_address_is_registered() -> None:
    assert checks.models_with_an_address_are_registered(None) == []


def test_a_model_with_an_address_and_no_registration_is_refused_with_a_way_to_mend_it() -> None:
    class Forgotten(models.Model):
        class Meta:
            app_label = "tests_forgotten"
            managed = False

        def get_absolute_url(self) -> str:
            return "/forgotten/"

    assert checks.unregistered([Forgotten]) == [Forgotten]
    message = checks._unregistered(Forgotten)
    assert "register" in str(message.hint)


def test_a_thing_without_policy_rows_cannot_be_registered() -> None:
    with pytest.raises(LookupError, match="policy"):
        access.register(AuditRow, thing="nonsense", relations={})


def test_signing_in_by_phone_or_by_the_schools_staff_number() -> None:
    school, other = make.organisation("school"), make.organisation("school")
    person = make.person("李敏", phone="13800000001", staff_number="007", staff_school=school)
    twin = make.person("王芳", staff_number="007", staff_school=other)
    for one in (person, twin):
        one.set_password("秋天的雨")
        one.save()
    assert authenticate(username="13800000001", password="秋天的雨") == person
    assert authenticate(username="007", password="秋天的雨", school=other.uid) == twin
    assert authenticate(username="007", password="秋天的雨") is None
    assert authenticate(username="007", password="秋天的雪", school=other.uid) is None
    person.is_active = False
    person.save()
    assert authenticate(username="13800000001", password="秋天的雨") is None


def test_permission_names_are_answered_by_the_rule() -> None:
    city, school = make.organisation("city"), make.organisation("school")
    subject = Subject.objects.create(code="start-up", name="起步", block="起", colour="blue")
    curator, teacher = make.person(), make.person()
    make.post(curator, city, "subject_curator", subject=subject)
    make.post(teacher, school)
    assert curator.has_perm("catalogue.change_subject", subject)
    assert curator.has_perm("catalogue.change_node")
    assert teacher.has_perm("catalogue.view_node")
    assert not teacher.has_perm("catalogue.change_node")
    assert not teacher.has_perm("library.change_resource")
    assert "catalogue.change_subject" in curator.get_all_permissions()
    assert teacher.get_all_permissions() >= {"catalogue.view_node"}
    assert not curator.has_perm("wagtailadmin.access_admin")
    assert not AnonymousUser().has_perm("catalogue.view_node")


def test_an_edit_of_the_catalogue_is_in_the_audit_log() -> None:
    person = make.person()
    subject = Subject.objects.create(code="audited", name="留痕", block="痕", colour="blue")
    catalogue_edited.send(sender=Subject, actor=person, thing=subject, verb="edited")
    assert AuditRow.objects.get(action="catalogue.edited").actor == person


def test_the_worker_seals_the_log() -> None:
    assert "seal the audit log" in worker.periodic()


def test_a_switched_off_account_with_a_live_session_is_refused_what_a_visitor_sees(client: Client) -> None:
    person = make.person()
    client.force_login(person)
    person.is_active = False
    person.save()
    assert client.get("/").wsgi_request.viewer.disabled  # type: ignore[attr-defined]
