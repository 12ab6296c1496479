"""One person at a time, by the school's administrator: add, correct, end an appointment."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from catalogue.models import Subject
from groups import access, audit
from groups import services as people
from groups.access import Action
from groups.models import Appointment, AuditRow, Organisation, Person
from groups.roster.cells import day_of, end_of
from groups.roster.teachers import fingerprint_of, main_posts
from groups.services import NotPossible


class ChangedMeanwhile(NotPossible):
    """Somebody else saved the same person since this page was opened; nothing was overwritten."""


@dataclass(frozen=True, slots=True)
class Particulars:
    """What the administrator's form holds."""

    name: str
    phone: str | None = None
    email: str = ""
    title: str = ""
    subject: Subject | None = None
    grade: int | None = None


def seen_of(person: Person) -> str:
    """How the person looks now, for a form to carry along and hand back to `edit_person`."""
    return fingerprint_of(person, main_posts([person.pk]).get(person.pk))


@transaction.atomic
def add_person(
    *, school: Organisation, staff_number: str, particulars: Particulars, by: Person, at: datetime
) -> Person:
    """A new person with a place as a teacher of the school (新增人员). No password: a code is issued afterwards.

    Raises:
        Refused: the rule says no.
        NotPossible: the staff number or the phone number is taken.
    """
    Organisation.objects.select_for_update().get(pk=school.pk)
    if Person.objects.filter(staff_school=school, staff_number=staff_number).exists():
        raise NotPossible(f"{school.name}已有工号 {staff_number}，请在名单里查找，或换一个工号")
    _free(particulars.phone, None)
    person = Person(
        name=particulars.name,
        phone=particulars.phone,
        email=particulars.email,
        title=particulars.title,
        staff_school=school,
        staff_number=staff_number,
        must_change_password=True,
    )
    person.set_unusable_password()
    person.save()
    audit.record(by, "person.created", person)
    people.appoint(
        person=person, organisation=school, by=by, at=at, subject=particulars.subject, grade=particulars.grade
    )
    return person


@transaction.atomic
def edit_person(*, person: Person, particulars: Particulars, seen: str, by: Person, at: datetime) -> Person:
    """Correct a person's particulars (改人员信息).

    Args:
        seen: `seen_of(person)` when the form was opened.

    Raises:
        Refused: the rule says no.
        ChangedMeanwhile: somebody else saved this person since then.
        NotPossible: the phone number is taken.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    access.require(by, Action.EDIT, person, at=at)
    if seen_of(person) != seen:
        raise ChangedMeanwhile(_by_whom(person))
    _free(particulars.phone, person)
    changed = [
        field for field in ("name", "phone", "email", "title") if getattr(person, field) != getattr(particulars, field)
    ]
    for field in changed:
        setattr(person, field, getattr(particulars, field))
    if changed:
        person.save(update_fields=changed)
        audit.record(by, "person.edited", person, fields=changed)
    _edit_post(person, particulars, by, at)
    return person


def _edit_post(person: Person, particulars: Particulars, by: Person, at: datetime) -> None:
    post = main_posts([person.pk]).get(person.pk)
    wanted = (particulars.subject, particulars.grade)
    if post is None or (post.subject, post.grade) == wanted:
        return
    access.require(by, Action.CREATE, post, at=at)
    post.subject, post.grade = wanted
    post.save(update_fields=["subject", "grade"])
    audit.record(by, "appointment.edited", person)


def _free(phone: str | None, person: Person | None) -> None:
    others = Person.objects.filter(~Q(pk=person.pk) if person else Q(), phone=phone)
    if phone and others.exists():
        raise NotPossible(f"手机号 {phone} 已登记在别人名下，请核对；换了学校的老师请先由原学校改掉")


def _by_whom(person: Person) -> str:
    last = AuditRow.objects.filter(thing="person", thing_uid=person.uid).select_related("actor").first()
    who = last.actor.name if last and last.actor else "有人"
    return f"你打开这一页以后，{who}改过{person.name}的信息，没有覆盖。现在登记的写在每一格下面，请核对后再保存一次"


@transaction.atomic
def end_post(*, post: Appointment, last_day: date, reason: str, by: Person, at: datetime) -> Appointment:
    """End an appointment after its last day (结束任职), today at once.

    Raises:
        Refused: the rule says no.
        NotPossible: no reason, it has ended already, or it would end before it began.
    """
    post = Appointment.objects.select_for_update().select_related("person", "organisation").get(pk=post.pk)
    if post.ends_at is not None and post.ends_at <= at:
        raise NotPossible(f"{post.person.name}的这一任职已在 {day_of(post.ends_at)} 结束")
    if not reason.strip():
        raise NotPossible("结束任职要写明事由")
    if last_day < day_of(post.starts_at) - timedelta(days=1):
        raise NotPossible(f"最后一天早于任职的开始 {day_of(post.starts_at)}，请核对")
    ends = at if last_day == day_of(at) else max(end_of(last_day), post.starts_at)
    return people.end_appointment(appointment=post, by=by, at=at, reason=reason.strip(), ends_at=ends)
