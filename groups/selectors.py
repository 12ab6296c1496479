"""Questions about people and organisations at a moment. What a person may see is asked of `groups.access`, not here."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import QuerySet

from catalogue.models import Subject, Textbook
from groups.models import Adoption, Appointment, Nature, Organisation, OrganisationKind, OrganisationLink, Person, Role
from groups.models.dated import valid
from groups.viewer import SCHOOL_LIKE

BY_NATURE = (Nature.MAIN, Nature.ROTATION, Nature.SUPPORT, Nature.PART_TIME, Nature.SHADOWING, Nature.SEAT)


def school_of(person: Person, at: datetime) -> Organisation | None:
    """The school a person is thought to be at: where they work now, by rotation before the school that sent them."""
    return schools_of_people([person], at).get(person.pk)


def schools_of_people(people: Iterable[Person], at: datetime) -> dict[int, Organisation]:
    """`school_of` for many in one query: person id → school, without those who are at none."""
    places = Appointment.objects.valid_at(at).filter(
        person__in=[p.pk for p in people], organisation__kind__in=SCHOOL_LIKE
    )
    held: dict[int, list[Appointment]] = defaultdict(list)
    for appointment in places.select_related("organisation").order_by("-starts_at", "pk"):
        held[appointment.person_id].append(appointment)
    return {person: _school_among(appointments) for person, appointments in held.items()}


def _school_among(held: Sequence[Appointment]) -> Organisation:
    away = [a for a in held if a.nature in (Nature.ROTATION, Nature.SUPPORT)]
    return (away[0] if away else min(held, key=lambda a: BY_NATURE.index(Nature(a.nature)))).organisation


def home_school_of(person: Person, at: datetime) -> Organisation | None:
    """The school that employs a person (编制校): what they make belongs to it."""
    main = Appointment.objects.valid_at(at).filter(
        person=person, organisation__kind__in=SCHOOL_LIKE, nature=Nature.MAIN
    )
    appointment = main.select_related("organisation").order_by("starts_at", "pk").first()
    return appointment.organisation if appointment else school_of(person, at)


def textbook_for(who: Person | Organisation, subject: Subject, grade: int, at: datetime) -> Textbook | None:
    """The textbook for a subject and grade: the person's own choice, else what the school adopted, else the active one.

    Of a book in two volumes it is the one of the running term: first from August to January, second from February on.
    """
    if isinstance(who, Person):
        own = who.preferred_textbook
        if own is not None and own.subject_id == subject.pk and who.preferred_grade == grade:
            return own
    school = school_of(who, at) if isinstance(who, Person) else who
    volume = Textbook.Volume.SECOND if 2 <= at.month <= 7 else Textbook.Volume.FIRST
    adopted = Adoption.objects.filter(valid(at), school=school, grade=grade, textbook__subject=subject)
    books = [a.textbook for a in adopted.select_related("textbook__outline", "textbook__edition", "textbook__subject")]
    if not books:
        active = Textbook.objects.filter(subject=subject, is_active=True, grade_from__lte=grade, grade_to__gte=grade)
        books = list(active.filter(outline__isnull=False).select_related("outline", "edition", "subject"))
    in_order = (volume, Textbook.Volume.WHOLE)
    return min(books, key=lambda b: (in_order.index(b.volume) if b.volume in in_order else 9, b.pk), default=None)


def groups_of(school: Organisation, at: datetime) -> QuerySet[Organisation]:
    """The groups a school is in."""
    links = OrganisationLink.objects.valid_at(at).filter(member=school, parent__kind=OrganisationKind.GROUP)
    return Organisation.objects.filter(pk__in=links.values("parent"))


def members_of(group: Organisation, at: datetime) -> QuerySet[OrganisationLink]:
    """The schools of a group with their role and since when, the lead school first."""
    links = OrganisationLink.objects.valid_at(at).filter(parent=group, member__kind__in=SCHOOL_LIKE)
    return links.select_related("member").order_by("role", "starts_at", "pk")


def people_of(organisation: Organisation, at: datetime) -> QuerySet[Appointment]:
    """The appointments valid now. Ask `organisation, see_people` before showing them."""
    held = Appointment.objects.valid_at(at).filter(organisation=organisation, person__is_active=True)
    return held.select_related("person", "subject").order_by("person__name", "pk")


def administrator_of(school: Organisation, at: datetime) -> Person | None:
    """Whom to ask at a school: 忘记密码请找本校管理员."""
    held = people_of(school, at).filter(role=Role.ADMIN).order_by("starts_at", "pk").first()
    return held.person if held else None
