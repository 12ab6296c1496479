"""People, organisations and their dated relations."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from groups.models import Appointment, Nature, Organisation, OrganisationKind, OrganisationLink, Person, Role

_numbers = count(1)
LONG = timedelta(days=400)


def person(name: str = "李敏", **fields: Any) -> Person:
    """An active account without a usable password; log it in with `client.force_login`."""
    made = Person(name=name, **fields)
    made.set_unusable_password()
    made.save()
    return made


def organisation(kind: str | OrganisationKind, name: str = "", **fields: Any) -> Organisation:
    number = next(_numbers)
    title = name or f"{OrganisationKind(kind).label}{number}"
    return Organisation.objects.create(kind=kind, name=title, slug=fields.pop("slug", f"{title}-{number}"), **fields)


def link(
    member: Organisation,
    parent: Organisation,
    role: str = "member",
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> OrganisationLink:
    begins = starts_at or timezone.now() - LONG
    return OrganisationLink.objects.create(member=member, parent=parent, role=role, starts_at=begins, ends_at=ends_at)


def post(
    holder: Person,
    at: Organisation,
    role: str | Role = Role.TEACHER,
    nature: str | Nature = Nature.MAIN,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    **fields: Any,
) -> Appointment:
    begins = starts_at or timezone.now() - LONG
    return Appointment.objects.create(
        person=holder, organisation=at, role=role, nature=nature, starts_at=begins, ends_at=ends_at, **fields
    )
