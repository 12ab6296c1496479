"""Reading a question: which person, which resource, which moment."""

from datetime import date, datetime, time

from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from groups.days import EARLIEST, LATEST
from groups.models import Organisation, Person
from library.resources.models import Resource

NOON = time(12)


class NotUnderstood(ValueError):
    """The question names something that is not there; the sentence says what and how to ask."""


def moment_of(words: str) -> datetime:
    """An ISO date, meaning noon, or an ISO time; without a zone it is the city's own.

    Raises:
        NotUnderstood: neither.
    """
    try:
        day = parse_date(words)
        moment = datetime.combine(day, NOON) if day else parse_datetime(words)
    except ValueError:
        moment = None
    if moment is None:
        raise NotUnderstood(f"“{words}”不是日期或时间，请写成 2026-03-01 或 2026-03-01T09:30")
    if not EARLIEST <= moment.date() <= LATEST:
        raise NotUnderstood(f"“{words}”超出了能算的年份，请核对")
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment


def noon_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, NOON))


def person_named(words: str, school: str = "") -> Person:
    """By uid, or by staff number at a school.

    Raises:
        NotUnderstood: no such school or person.
    """
    if not school:
        found = Person.objects.filter(uid=words).first()
        if found is None:
            raise NotUnderstood(f"没有编号为“{words}”的人；如果这是工号，请同时用 --school 给出学校")
        return found
    named = Q(name=school) | Q(slug=school) | Q(uid=school) | Q(code=school)
    where = list(Organisation.objects.filter(named)[:2])
    if len(where) != 1:
        raise NotUnderstood(f"没有找到唯一的学校“{school}”，请写学校的全称或编号")
    found = Person.objects.filter(staff_school=where[0], staff_number=words).first()
    if found is None:
        raise NotUnderstood(f"{where[0].name}没有工号为“{words}”的人，请核对工号")
    return found


def resource_named(uid: str) -> Resource:
    """By uid.

    Raises:
        NotUnderstood: no such resource.
    """
    found = Resource.objects.select_related("home_school", "published_version", "owner").filter(uid=uid).first()
    if found is None:
        raise NotUnderstood(f"没有编号为“{uid}”的资料，编号在资源页的网址里")
    return found
