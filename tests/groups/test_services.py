"""Founding, joining, leaving, appointing, accounts."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from groups import services
from groups.access import Refused
from groups.models import AuditRow, Nature, Organisation, OrganisationKind, OrganisationLink, Person, Role
from groups.selectors import administrator_of, groups_of, home_school_of, members_of, school_of
from groups.viewer import viewer_for
from tests.factories import people as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def area() -> dict[str, Organisation]:
    found = {kind: make.organisation(kind) for kind in ("city", "county", "group")}
    found |= {name: make.organisation("school", name) for name in ("lead", "school")}
    make.link(found["county"], found["city"], "area")
    make.link(found["lead"], found["county"], "area")
    make.link(found["school"], found["county"], "area")
    make.link(found["lead"], found["group"], "lead")
    return found


def _with(organisation: Organisation, role: str) -> Person:
    person = make.person()
    make.post(person, organisation, role)
    return person


def test_a_school_joins_by_proposal_of_the_group_and_acceptance_of_the_school(
    area: dict[str, Organisation], now: datetime
) -> None:
    group_admin, school_admin = _with(area["group"], "admin"), _with(area["school"], "admin")
    link = services.join_group(
        school=area["school"], group=area["group"], by=group_admin, accepted_by=school_admin, at=now, reason="办学协议"
    )
    assert link.approved_by == school_admin
    assert area["group"] in groups_of(area["school"], now)
    assert [row.member for row in members_of(area["group"], now)] == [area["lead"], area["school"]]
    assert AuditRow.objects.filter(action="membership.began", actor=group_admin).exists()


def test_a_school_is_not_taken_in_without_its_own_acceptance(area: dict[str, Organisation], now: datetime) -> None:
    group_admin = _with(area["group"], "admin")
    with pytest.raises(Refused):
        services.join_group(school=area["school"], group=area["group"], by=group_admin, accepted_by=group_admin, at=now)
    assert not OrganisationLink.objects.filter(member=area["school"], parent=area["group"]).exists()


def test_a_school_leaves_by_proposal_and_the_bureaus_approval_and_the_row_stays(
    area: dict[str, Organisation], now: datetime
) -> None:
    link = make.link(area["school"], area["group"])
    school_admin, officer = _with(area["school"], "admin"), _with(area["county"], "officer")
    with pytest.raises(Refused):
        services.leave_group(
            school=area["school"], group=area["group"], by=school_admin, approved_by=school_admin, at=now, reason="搬迁"
        )
    services.leave_group(
        school=area["school"], group=area["group"], by=school_admin, approved_by=officer, at=now, reason="搬迁"
    )
    link.refresh_from_db()
    assert (link.ends_at, link.reason, link.approved_by) == (now, "搬迁", officer)


def test_leaving_needs_a_reason_and_a_membership(area: dict[str, Organisation], now: datetime) -> None:
    for reason in ("", "搬迁"):
        with pytest.raises(services.NotPossible):
            services.leave_group(
                school=area["school"], group=area["group"], by=None, approved_by=None, at=now, reason=reason
            )


def test_a_rotation_is_a_second_appointment_and_the_school_of_the_day_is_the_host(
    area: dict[str, Organisation], now: datetime
) -> None:
    teacher = _with(area["school"], "teacher")
    away = services.appoint(
        person=teacher, organisation=area["lead"], by=_with(area["county"], "officer"), nature=Nature.ROTATION, at=now
    )
    assert school_of(teacher, now) == area["lead"]
    assert home_school_of(teacher, now) == area["school"]
    assert viewer_for(teacher, now).schools == {area["lead"].pk, area["school"].pk}
    services.end_appointment(appointment=away, by=_with(area["lead"], "admin"), at=now, reason="期满")
    assert school_of(teacher, now) == area["school"]


def test_a_school_administrator_appoints_at_their_school_and_at_no_other(
    area: dict[str, Organisation], now: datetime
) -> None:
    admin, teacher = _with(area["school"], "admin"), make.person()
    services.appoint(person=teacher, organisation=area["school"], by=admin, at=now)
    with pytest.raises(Refused):
        services.appoint(person=teacher, organisation=area["lead"], by=admin, at=now)


def test_nobody_becomes_system_administrator_at_a_school(area: dict[str, Organisation], now: datetime) -> None:
    admin = _with(area["school"], "admin")
    with pytest.raises(services.NotPossible, match="系统管理员"):
        services.appoint(person=admin, organisation=area["school"], role=Role.SYSTEM_ADMIN, by=admin, at=now)
    make.post(admin, area["school"], "system_admin")
    assert not viewer_for(admin, now).is_system_admin


def test_a_password_of_ones_own_is_not_one_that_everybody_has(area: dict[str, Organisation], now: datetime) -> None:
    teacher = _with(area["school"], "teacher")
    with pytest.raises(ValidationError):
        services.choose_password(person=teacher, password="12345678", at=now)
    services.choose_password(person=teacher, password="秋天的雨很好听2026", at=now)
    assert not teacher.must_change_password


def test_a_switched_off_account_is_refused_and_nobody_switches_off_their_own(
    area: dict[str, Organisation], now: datetime
) -> None:
    admin, teacher = _with(area["school"], "admin"), _with(area["school"], "teacher")
    services.disable(person=teacher, by=admin, at=now, reason="调离")
    teacher.refresh_from_db()
    assert viewer_for(teacher, now).disabled
    services.enable(person=teacher, by=admin, at=now)
    with pytest.raises(services.NotPossible):
        services.disable(person=admin, by=admin, at=now)


def test_an_organisation_is_founded_below_its_parent_by_who_may_edit_it(
    area: dict[str, Organisation], now: datetime
) -> None:
    founded = services.create_organisation(
        kind=OrganisationKind.PREP_GROUP,
        name="三年级数学备课组",
        slug="三年级数学备课组",
        by=_with(area["school"], "admin"),
        parent=area["school"],
        at=now,
    )
    assert OrganisationLink.objects.get(member=founded).role == "part"
    with pytest.raises(services.NotPossible, match="网址"):
        services.create_organisation(
            kind=OrganisationKind.PREP_GROUP, name="又一个", slug="三年级数学备课组", by=None, at=now
        )
    with pytest.raises(Refused):
        services.create_organisation(
            kind=OrganisationKind.SCHOOL, name="新学校", slug="新学校", by=make.person(), parent=area["county"], at=now
        )
    officer = _with(area["county"], "officer")
    school = services.create_organisation(
        kind=OrganisationKind.SCHOOL, name="新学校", slug="新学校", by=officer, parent=area["county"], at=now
    )
    assert OrganisationLink.objects.get(member=school).role == "area"


def test_the_administrator_to_ask_is_the_schools_own_and_active(area: dict[str, Organisation], now: datetime) -> None:
    assert administrator_of(area["school"], now) is None
    admin = _with(area["school"], "admin")
    assert administrator_of(area["school"], now) == admin
    assert administrator_of(area["school"], now - timedelta(days=500)) is None
