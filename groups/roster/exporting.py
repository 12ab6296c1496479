"""The same sheets out again: an export read back in changes nothing."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import QuerySet

from catalogue.models import GRADE_NAMES
from groups import access
from groups.access import Action
from groups.models import Adoption, Appointment, Organisation, OrganisationKind, OrganisationLink, Person, Term
from groups.roster import writing
from groups.roster.adoptions import VOLUMES
from groups.roster.cells import day_of, last_day
from groups.roster.selectors import shown_phone
from groups.roster.sheets import ADOPTIONS, CALENDAR, PLACES, SCHOOLS, TEACHERS
from groups.roster.teachers import main_posts
from groups.roster.terms import HOLIDAY, TERM
from groups.viewer import Viewer

BATCH = 1_000
Line = dict[str, str]


def export(schools: QuerySet[Organisation], viewer: Viewer | None, at: datetime) -> bytes:
    """Schools with their people, appointments, textbooks and calendars as a workbook.

    Args:
        viewer: who takes it along; phone numbers that they may not read are masked. None is the installation, which
            also exports the city's calendar.
    """
    chosen = list(schools.order_by("name", "pk"))
    handles = _handles()
    rows = {
        SCHOOLS: _schools(chosen, at),
        TEACHERS: _teachers(chosen, handles, viewer),
        PLACES: _places(chosen, handles),
        ADOPTIONS: _adoptions(chosen, handles),
        CALENDAR: _calendar(chosen, handles, city=viewer is None),
    }
    return writing.filled(rows)


def _handles() -> Mapping[int, str]:
    """Organisation id → what names it alone: its name, else its code, else its uid."""
    everything = list(Organisation.objects.values_list("pk", "name", "code", "uid"))
    seen = Counter(text for _, name, code, uid in everything for text in {name, code, uid} - {""})
    return {
        pk: next(h for h in (name, code, uid) if h and (seen[h] == 1 or h == uid)) for pk, name, code, uid in everything
    }


def _day(moment: datetime | None) -> str:
    return day_of(moment).isoformat() if moment else ""


def _last(moment: datetime | None) -> str:
    day = last_day(moment)
    return day.isoformat() if day else ""


def _schools(schools: Sequence[Organisation], at: datetime) -> Iterator[Line]:
    counties = dict(
        OrganisationLink.objects.valid_at(at)
        .filter(member__in=schools, role=OrganisationLink.Role.AREA, parent__kind=OrganisationKind.COUNTY)
        .values_list("member_id", "parent__name")
    )
    for school in schools:
        if school.pk in counties:
            yield {
                "学校名称": school.name,
                "机构代码": school.code,
                "简称": school.short_name,
                "所属县区": counties[school.pk],
                "乡村学校": "是" if school.is_rural else "否",
            }


def _people(schools: Sequence[Organisation]) -> Iterator[list[Person]]:
    """People with a staff number, in batches."""
    found = Person.objects.filter(staff_school__in=schools).exclude(staff_number="")
    found = found.order_by("staff_school__name", "staff_number")
    batch: list[Person] = []
    for person in found.iterator(chunk_size=BATCH):
        batch.append(person)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _teachers(schools: Sequence[Organisation], handles: Mapping[int, str], viewer: Viewer | None) -> Iterator[Line]:
    for batch in _people(schools):
        posts = main_posts(person.pk for person in batch)
        readable = _readable(batch, viewer)
        for person in batch:
            post = posts.get(person.pk)
            yield {
                "学校": handles[person.staff_school_id or 0],
                "工号": person.staff_number,
                "姓名": person.name,
                "手机号": shown_phone(person, person.pk in readable),
                "邮箱": person.email if person.pk in readable else "",
                "职称": person.title,
                **(
                    _teaching(post) | {"入校日期": _day(post.starts_at), "离校日期": _last(post.ends_at)}
                    if post
                    else {}
                ),
            }


def _readable(batch: Sequence[Person], viewer: Viewer | None) -> frozenset[int]:
    people = Person.objects.filter(pk__in=[person.pk for person in batch])
    found = access.narrow(people, viewer, Action.READ_CONTACT) if viewer else people
    return frozenset(found.order_by().values_list("pk", flat=True))


def _teaching(post: Appointment) -> Line:
    subject = post.subject.name if post.subject else ""
    return {"学科": subject, "年级": GRADE_NAMES.get(post.grade or 0, "")}


def _places(schools: Sequence[Organisation], handles: Mapping[int, str]) -> Iterator[Line]:
    for batch in _people(schools):
        people = {person.pk: person for person in batch}
        main = {post.pk for post in main_posts(people).values()}
        posts = Appointment.objects.filter(person__in=people, organisation__closed_at__isnull=True)
        for post in posts.exclude(pk__in=main).select_related("subject").order_by("person__name", "starts_at", "pk"):
            person = people[post.person_id]
            yield {
                "学校": handles[person.staff_school_id or 0],
                "工号": person.staff_number,
                "任职单位": handles[post.organisation_id],
                "职责": post.get_role_display(),
                "性质": post.get_nature_display(),
                **_teaching(post),
                "起": _day(post.starts_at),
                "止": _last(post.ends_at),
                "事由": post.reason,
            }


def _adoptions(schools: Sequence[Organisation], handles: Mapping[int, str]) -> Iterator[Line]:
    volumes = {str(volume): label for label, volume in VOLUMES.items()}
    found = Adoption.objects.filter(school__in=schools).select_related("textbook__subject", "textbook__edition")
    for adoption in found.order_by("school__name", "grade", "textbook__subject__order", "starts_at", "pk"):
        book = adoption.textbook
        yield {
            "学校": handles[adoption.school_id],
            "年级": GRADE_NAMES.get(adoption.grade, str(adoption.grade)),
            "学科": book.subject.name,
            "版本": book.edition.name if book.edition else "",
            "册次": volumes[book.volume],
            "教材编号": book.uid,
            "起": _day(adoption.starts_at),
            "止": _last(adoption.ends_at),
        }


def _calendar(schools: Sequence[Organisation], handles: Mapping[int, str], city: bool) -> Iterator[Line]:
    terms = Term.objects.filter(school__in=schools)
    if city:
        terms = terms | Term.objects.filter(school__isnull=True)
    for term in terms.order_by("school__name", "year", "half").prefetch_related("holidays"):
        line = partial(_line, handles.get(term.school_id or 0, ""), term)
        yield line(TERM, "", term)
        for holiday in term.holidays.all():
            yield line(HOLIDAY, holiday.name, holiday)


def _line(school: str, term: Term, kind: str, name: str, days: Any) -> Line:
    return {
        "学校": school,
        "学年": str(term.year),
        "学期": term.get_half_display(),
        "类型": kind,
        "名称": name,
        "起": days.first_day.isoformat(),
        "止": days.last_day.isoformat(),
    }
