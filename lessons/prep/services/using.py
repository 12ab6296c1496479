"""下发 and 修订: the shared plan goes to the teachers, and moves on with what they found."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from catalogue.models import Textbook
from groups.access import Action
from groups.models import Appointment, Organisation, Person, Role
from groups.models.dated import valid
from lessons.prep import events
from lessons.prep.circles import Place, other_books, places_of, schools_in
from lessons.prep.models import HandDown, Preparation, State
from lessons.prep.services.drafting import differs, plan_of
from lessons.prep.services.settling import give_credit
from lessons.prep.services.steps import NotReady, inform, load, move, participants, who_read
from library.resources import services
from library.resources.models import Version
from library.resources.services.reviewing import missing_sections


@transaction.atomic
def hand_down(
    *,
    preparation: Preparation,
    by: Person,
    at: datetime,
    schools: Sequence[Organisation] = (),
    people: Sequence[Person] = (),
    seen: int | None = None,
) -> Preparation:
    """Hand the shared plan down (下发): to the subject's teachers of these schools, and to persons by name.

    Asked again, it reaches those who are new. Whose school uses another textbook gets it too, and is told.

    Raises:
        Refused, Stale: as every step.
        NotReady: a school outside the circle, nobody to receive it, or nobody new.
    """
    row = load(preparation, by, Action.HAND_DOWN, at, seen)
    outside = [school.name for school in schools if school not in schools_in(row.circle, at)]
    if outside:
        raise NotReady(f"{'、'.join(outside)}现在不在{row.circle.display_name}里，收不到下发。请去掉，或点名下发给老师")
    reached = _reached(row, schools, people, at)
    if not reached:
        raise NotReady("这些学校没有这门课的老师，请换学校，或点名下发")
    had = set(row.hand_downs.filter(person__isnull=False).values_list("person", flat=True))
    new = [(place, school) for place, school in reached if place.person.pk not in had]
    if not new:
        raise NotReady("选中的老师都已经收到下发，不用再发一次")
    _write(row, schools, new, by, at)
    row = move(row, action=Action.HAND_DOWN, to=State.IN_USE, by=by, at=at, detail={"people": len(new)})
    told = [place.person for place, _ in new]
    inform(row, told, f"{by.name}下发了{{thing}}的共案，可以接收到自己的备课里", by, at)
    events.handed_down.send(sender=Preparation, preparation=row, people=told, by=by, at=at)
    return row


Reached = tuple[Place, Organisation | None]
"""Somebody, and the school through which it reaches them; None: by name."""


def _reached(
    row: Preparation, schools: Sequence[Organisation], people: Sequence[Person], at: datetime
) -> list[Reached]:
    taking_part = participants(row)
    teachers = Appointment.objects.filter(
        valid(at),
        organisation__in=schools,
        role=Role.TEACHER,
        subject=row.subject,
        grade=row.grade,
        person__is_active=True,
    ).values("person")
    of_schools = Person.objects.filter(pk__in=teachers)
    chosen = {school.pk for school in schools}
    found: dict[int, Reached] = {}
    for place in places_of({p.pk: p for p in [*of_schools, *taking_part]}.values(), at):
        if place.school and place.school.pk in chosen:
            found[place.person.pk] = (place, place.school)
    for place in places_of(people, at):
        found.setdefault(place.person.pk, (place, None))
    return list(found.values())


def _write(row: Preparation, schools: Sequence[Organisation], new: Sequence[Reached], by: Person, at: datetime) -> None:
    at_schools = {place.school.pk: place.school for place, _ in new if place.school}
    others = other_books(at_schools.values(), row.subject, row.grade, book_of(row), at)
    HandDown.objects.bulk_create(
        [HandDown(preparation=row, organisation=school, by=by, at=at) for school in schools], ignore_conflicts=True
    )
    HandDown.objects.bulk_create(
        [
            HandDown(
                preparation=row,
                person=place.person,
                organisation=school,
                by=by,
                at=at,
                other_edition=others.get(place.school.pk, "") if place.school else "",
            )
            for place, school in new
        ],
        ignore_conflicts=True,
    )


def book_of(row: Preparation) -> Textbook | None:
    """The textbook of the lesson that the shared plan is for."""
    if row.node_id is None:
        return None
    return Textbook.objects.select_related("edition", "subject").filter(outline__nodes=row.node_id).first()


@transaction.atomic
def revise(*, preparation: Preparation, by: Person, at: datetime, reason: str, seen: int | None = None) -> Preparation:
    """The shared plan moves on (修订共案 vX.1); nobody's adaptation changes, each is told.

    Raises:
        Refused, Stale: as every step.
        NotReady: nothing was changed, a section is empty, or no word about what is new.
    """
    row = load(preparation, by, Action.REVISE, at, seen)
    before = row.settled_version
    resource = plan_of(row)
    if before is None:
        raise NotReady("还没有定稿，不用修订")
    if not reason.strip():
        raise NotReady("请写一句改了什么，接收共案的老师会看到")
    if not differs(row, before):
        raise NotReady(f"教案和共案 {before.label} 一个字没变，改过以后再发布修订")
    if empty := missing_sections(resource):
        raise NotReady(f"还缺：{'、'.join(empty)}。补上再发布修订")
    label = next_label(before.label)
    version = services.cut_version(
        resource=resource, by=by, at=at, label=label, reason=reason.strip()[:200], even_unchanged=True
    )
    give_credit(row, at)
    detail = {"version": version.number, "label": label}
    row = move(
        row,
        action=Action.REVISE,
        to=row.state,
        by=by,
        at=at,
        reason=reason[:500],
        detail=detail,
        settled_version=version,
    )
    _tell_of(row, before, version, by, at)
    return row


def _tell_of(row: Preparation, before: Version, version: Version, by: Person, at: datetime) -> None:
    """Who was handed it down and may read it still; not whom a package above has told already."""
    said = {"preparation": row, "before": before, "version": version}
    heard: list[tuple[Any, Any]] = events.revised.send(sender=Preparation, **said, by=by, at=at)
    already: set[int] = {pk for _, people in heard for pk in people or ()}
    had = row.hand_downs.filter(person__isnull=False).exclude(person__in=already).values("person")
    told = who_read(row, Person.objects.filter(pk__in=had), at)
    inform(row, told, f"{{thing}}的共案更新到 {version.label}：{version.reason}", by, at)


def next_label(label: str) -> str:
    """v1.0 → v1.1."""
    major, _, minor = label.removeprefix("v").partition(".")
    return f"v{major}.{int(minor) + 1}"
