"""Around a preparation: the group or school in which it takes place, its schools, and who takes part by the rule."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from catalogue.models import Subject, Textbook
from groups.models import Adoption, Appointment, Organisation, OrganisationKind, OrganisationLink, Person, Role
from groups.models.dated import valid
from groups.selectors import schools_of_people
from groups.viewer import SCHOOL_LIKE, schools_below
from lessons.prep.models import Participant, Preparation
from lessons.prep.policies import PREP_BODIES

CIRCLES = SCHOOL_LIKE | {OrganisationKind.GROUP, OrganisationKind.PROJECT}


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody and the school they are at."""

    person: Person
    school: Organisation | None


def circle_of(body: Organisation, at: datetime) -> Organisation | None:
    """The group or school that a prep group is part of at a moment; a group or school is its own."""
    if body.kind in CIRCLES:
        return body
    links = OrganisationLink.objects.valid_at(at).filter(
        member=body, role=OrganisationLink.Role.PART, parent__kind__in=CIRCLES
    )
    found = links.select_related("parent").order_by("starts_at", "pk").first()
    return found.parent if found else None


def schools_in(circle: Organisation, at: datetime) -> list[Organisation]:
    """The schools that are in the circle at a moment."""
    below = schools_below({circle.pk}, at) | ({circle.pk} if circle.kind in SCHOOL_LIKE else frozenset())
    return list(Organisation.objects.filter(pk__in=below, closed_at__isnull=True).order_by("name", "pk"))


def is_in_circle(person: Person, preparation: Preparation, at: datetime) -> bool:
    """Works at a school of the circle now, or has a seat in the prep group."""
    schools = schools_below({preparation.circle_id}, at) | {preparation.circle_id}
    places = Q(organisation__in=schools, organisation__kind__in=SCHOOL_LIKE) | Q(
        organisation=preparation.body_id, organisation__kind__in=PREP_BODIES
    )
    return person.is_active and Appointment.objects.filter(places, valid(at), person=person).exists()


def people_in_circle(preparation: Preparation, at: datetime) -> QuerySet[Person]:
    """Everybody who may be named here: works at a school of the circle, or has a seat in the prep group."""
    schools = schools_below({preparation.circle_id}, at) | {preparation.circle_id}
    places = Q(organisation__in=schools, organisation__kind__in=SCHOOL_LIKE) | Q(organisation=preparation.body_id)
    held = Appointment.objects.filter(places, valid(at))
    return Person.objects.filter(is_active=True, pk__in=held.values("person")).order_by("name", "pk")


def by_rule(preparation: Preparation, at: datetime) -> list[Place]:
    """Who takes part by subject, grade and school: seats in the prep group, and the teachers of the subject and grade.

    The twin of the relation `prep_member` on what is only planned.
    """
    circle = schools_below({preparation.circle_id}, at) | {preparation.circle_id}
    seats = Q(organisation=preparation.body_id, organisation__kind__in=PREP_BODIES)
    teaches = Q(
        role=Role.TEACHER,
        subject=preparation.subject_id,
        grade=preparation.grade,
        organisation__in=circle & set(preparation.schools.values_list("pk", flat=True)),
    )
    held = Appointment.objects.filter(seats | teaches, valid(at), person__is_active=True)
    apart = Participant.objects.filter(preparation=preparation).exclude(
        role=Participant.Role.MEMBER, left_at__isnull=True
    )
    people = Person.objects.filter(pk__in=held.values("person")).exclude(pk__in=apart.values("person"))
    return places_of(people.order_by("name", "pk"), at)


def places_of(people: Iterable[Person], at: datetime) -> list[Place]:
    """People with the school where each is at a moment."""
    people = list(people)
    schools = schools_of_people(people, at)
    return [Place(person, schools.get(person.pk)) for person in people]


def other_books(
    schools: Iterable[Organisation], subject: Subject, grade: int | None, node_book: Textbook | None, at: datetime
) -> dict[int, str]:
    """Schools that use another textbook for the subject and grade than the shared plan's: school id → its book."""
    if node_book is None or grade is None:
        return {}
    adopted = Adoption.objects.filter(
        valid(at), school__in=[s.pk for s in schools], grade=grade, textbook__subject=subject
    ).select_related("textbook__edition", "textbook__subject")
    books: dict[int, list[Textbook]] = {}
    for one in adopted:
        books.setdefault(one.school_id, []).append(one.textbook)
    return {
        school: str(found[0])[:60]
        for school, found in books.items()
        if all(book.edition_id != node_book.edition_id for book in found)
    }
