"""Every write to organisations, memberships, appointments and accounts: dated rows, never deleted, audited.

A row that the rule must judge (a membership, an appointment) is written first and judged then, in one transaction: a
refusal rolls it back. `by=None` is the installation itself: imports and demo content, never a request.
"""

from datetime import datetime
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils.text import slugify

from catalogue.models import Subject, Textbook
from groups import access, audit
from groups.access import Action, Refused, Verdict
from groups.models import (
    Appointment,
    Nature,
    Organisation,
    OrganisationKind,
    OrganisationLink,
    Person,
    Role,
)
from groups.viewer import POWERS, viewer_for

GROUP_KINDS = frozenset({OrganisationKind.GROUP, OrganisationKind.PROJECT})


class NotPossible(ValueError):
    """What was asked does not fit the facts; the sentence says what to do instead."""


@transaction.atomic
def create_organisation(
    *,
    kind: OrganisationKind,
    name: str,
    slug: str,
    by: Person | None,
    at: datetime,
    parent: Organisation | None = None,
    **details: Any,
) -> Organisation:
    """Found an organisation (新建机构), in its parent at once where one is given.

    A bureau's school lies in its area; a prep group, studio or campus is part of its parent. Allowed to whoever may
    edit the parent, to the bureau's officers for what lies in their area, and to the installation.

    Raises:
        Refused: the rule says no.
        NotPossible: the address is taken or empty.
    """
    _require_founder(parent, by, at)
    address = slugify(slug, allow_unicode=True)
    if not address or Organisation.objects.filter(slug=address).exists():
        raise NotPossible(f"网址“{slug}”是空的或已有机构在用，请换一个")
    organisation = Organisation.objects.create(kind=kind, name=name, slug=address, **details)
    if parent is not None:
        in_area = parent.kind in {OrganisationKind.CITY, OrganisationKind.COUNTY}
        role = OrganisationLink.Role.AREA if in_area else OrganisationLink.Role.PART
        OrganisationLink.objects.create(member=organisation, parent=parent, role=role, starts_at=at, approved_by=by)
    audit.record(by, "organisation.created", organisation, kind=str(kind), parent=parent.uid if parent else "")
    return organisation


def _require_founder(parent: Organisation | None, by: Person | None, at: datetime) -> None:
    if by is None:
        return
    if parent is None:
        raise Refused(Verdict(False, "新机构要放在一个上级机构下，请先选上级"))
    held = access.may(by, Action.EDIT, parent, at=at)
    if not held and access.Relation.OFFICER_OF_AREA not in access.relations_of(viewer_for(by, at), parent):
        raise Refused(held)


@transaction.atomic
def join_group(
    *,
    school: Organisation,
    group: Organisation,
    by: Person | None,
    accepted_by: Person | None,
    at: datetime,
    reason: str = "",
    role: OrganisationLink.Role = OrganisationLink.Role.MEMBER,
    mode: str = "",
) -> OrganisationLink:
    """A school enters a group (入团): proposed by the group, accepted by the school. One row; no resource is touched.

    Raises:
        Refused: `by` may not propose it, or `accepted_by` may not accept it.
        NotPossible: not a group, or the school is in it already.
    """
    if group.kind not in GROUP_KINDS:
        raise NotPossible(f"“{group.name}”不是集团，学校不能加入")
    if OrganisationLink.objects.valid_at(at).filter(member=school, parent=group).exists():
        raise NotPossible(f"{school.name}已经在{group.name}里")
    link = OrganisationLink.objects.create(
        member=school, parent=group, role=role, mode=mode, starts_at=at, reason=reason, approved_by=accepted_by
    )
    if by is not None:
        access.require(by, Action.PROPOSE_ENTRY, link, at=at)
        access.require(accepted_by, Action.ACCEPT_ENTRY, link, at=at)
    audit.record(by, "membership.began", school, group=group.uid, reason=reason, accepted_by=_uid(accepted_by))
    return link


@transaction.atomic
def leave_group(
    *,
    school: Organisation,
    group: Organisation,
    by: Person | None,
    approved_by: Person | None,
    at: datetime,
    reason: str,
) -> OrganisationLink:
    """A school leaves a group (退团): proposed by either, approved by the lead school's bureau. Grants stay as they are.

    Raises:
        Refused: `by` may not propose it, or `approved_by` may not approve it.
        NotPossible: the school is not in the group now, or there is no reason.
    """
    if not reason.strip():
        raise NotPossible("退出集团要写明事由")
    link = OrganisationLink.objects.select_for_update().valid_at(at).filter(member=school, parent=group).first()
    if link is None:
        raise NotPossible(f"{school.name}现在不在{group.name}里")
    if by is not None:
        access.require(by, Action.PROPOSE_EXIT, link, at=at)
        access.require(approved_by, Action.APPROVE_EXIT, link, at=at)
    link.ends_at, link.reason, link.approved_by = at, reason.strip(), approved_by
    link.save(update_fields=["ends_at", "reason", "approved_by"])
    audit.record(by, "membership.ended", school, group=group.uid, reason=reason, approved_by=_uid(approved_by))
    return link


@transaction.atomic
def appoint(
    *,
    person: Person,
    organisation: Organisation,
    by: Person | None,
    at: datetime,
    role: Role = Role.TEACHER,
    nature: Nature = Nature.MAIN,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    subject: Subject | None = None,
    grade: int | None = None,
    reason: str = "",
) -> Appointment:
    """Give a person a dated place in an organisation (任职): also a rotation, a seat, an administrator's role.

    Raises:
        Refused: the rule says no.
        NotPossible: the role has no power in such an organisation, or the dates are turned round.
    """
    if role in POWERS and organisation.kind not in POWERS[role]:
        raise NotPossible(f"“{role.label}”不能设在{organisation.get_kind_display()}，请选别的机构或职责")
    begins = starts_at or at
    if ends_at is not None and ends_at < begins:
        raise NotPossible("任职的止期早于起期，请核对日期")
    appointment = Appointment.objects.create(
        person=person,
        organisation=organisation,
        role=role,
        nature=nature,
        subject=subject,
        grade=grade,
        starts_at=begins,
        ends_at=ends_at,
        reason=reason,
        approved_by=by,
    )
    if by is not None:
        access.require(by, Action.CREATE, appointment, at=at)
    audit.record(by, "appointment.began", person, organisation=organisation.uid, role=str(role), nature=str(nature))
    return appointment


@transaction.atomic
def end_appointment(
    *, appointment: Appointment, by: Person | None, at: datetime, reason: str = "", ends_at: datetime | None = None
) -> Appointment:
    """End a place (结束任职), now or at `ends_at`: a rotation is over, a teacher moves on. What they wrote stays.

    Raises:
        Refused: the rule says no.
        NotPossible: it would end before it began.
    """
    appointment = Appointment.objects.select_for_update().get(pk=appointment.pk)
    if by is not None:
        access.require(by, Action.END, appointment, at=at)
    if ends_at is not None and ends_at < appointment.starts_at:
        raise NotPossible("任职的止期早于起期，请核对日期")
    ends = max(ends_at or at, appointment.starts_at)
    if appointment.ends_at is None or appointment.ends_at > ends:
        appointment.ends_at = ends
        appointment.reason = reason or appointment.reason
        appointment.save(update_fields=["ends_at", "reason"])
    audit.record(by, "appointment.ended", appointment.person, organisation=appointment.organisation.uid, reason=reason)
    return appointment


@transaction.atomic
def choose_password(*, person: Person, password: str, at: datetime) -> None:
    """Set one's own new password (换密码).

    Raises:
        django.core.exceptions.ValidationError: too short, too common or only digits.
    """
    access.require(person, Action.EDIT, person, at=at)
    validate_password(password, person)
    person.set_password(password)
    person.must_change_password = False
    person.save(update_fields=["password", "must_change_password"])
    audit.record(person, "person.password_chosen", person)


@transaction.atomic
def disable(*, person: Person, by: Person, at: datetime, reason: str = "") -> None:
    """Switch an account off (停用账号): refused everything from the next request on.

    Raises:
        Refused: the rule says no.
        NotPossible: one's own account.
    """
    access.require(by, Action.DISABLE, person, at=at)
    if person.pk == by.pk:
        raise NotPossible("不能停用自己的账号，请另一位管理员来办")
    Person.objects.filter(pk=person.pk).update(is_active=False)
    audit.record(by, "person.disabled", person, reason=reason)


@transaction.atomic
def enable(*, person: Person, by: Person, at: datetime) -> None:
    """Switch an account on again (启用账号); the same people may as switch it off."""
    access.require(by, Action.DISABLE, person, at=at)
    Person.objects.filter(pk=person.pk).update(is_active=True)
    audit.record(by, "person.enabled", person)


@transaction.atomic
def set_preferences(
    *, person: Person, subject: Subject | None, grade: int | None, textbook: Textbook | None, at: datetime
) -> None:
    """Remember the three taps (学科、年级、教材).

    Raises:
        NotPossible: the textbook is another subject's.
    """
    access.require(person, Action.EDIT, person, at=at)
    if textbook is not None and subject is not None and textbook.subject_id != subject.pk:
        raise NotPossible(f"《{textbook.title}》不是{subject.name}教材，请重新选")
    person.preferred_subject, person.preferred_grade, person.preferred_textbook = subject, grade, textbook
    person.save(update_fields=["preferred_subject", "preferred_grade", "preferred_textbook"])


def set_large_type(*, person: Person, on: bool) -> None:
    """大字, on or off: one's own display, no deed worth a row in the log."""
    Person.objects.filter(pk=person.pk).update(large_type=on)
    person.large_type = on


def _uid(person: Person | None) -> str:
    return person.uid if person else ""
