"""Use is appended, with the school and group of that day; counters are derived from it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from groups.models import OrganisationKind, OrganisationLink, Person
from groups.viewer import viewer_for
from library.resources.models import Resource, UsageEvent, Version


@dataclass(frozen=True, slots=True)
class Use:
    """One use of a version by somebody, or by a visitor."""

    what: str
    resource: Resource
    version: Version | None
    person: Person | None
    at: datetime


def record_use(
    *, what: str, resource: Resource, version: Version | None, person: Person | None, at: datetime
) -> UsageEvent:
    """Append one use (使用记录)."""
    return record_uses([Use(what, resource, version, person, at)])[0]


def record_uses(uses: Iterable[Use]) -> list[UsageEvent]:
    """Append many; a person's school and group are asked once a day."""
    places: dict[tuple[int, str], tuple[int | None, int | None]] = {}
    events = []
    for use in uses:
        school, group = None, None
        if use.person is not None:
            key = (use.person.pk, use.at.date().isoformat())
            if key not in places:
                places[key] = place_of(use.person, use.at)
            school, group = places[key]
        events.append(
            UsageEvent(
                what=use.what,
                resource=use.resource,
                version=use.version,
                person=use.person,
                school_then_id=school,
                group_then_id=group,
                at=use.at,
            )
        )
    return UsageEvent.objects.bulk_create(events)


def place_of(person: Person, at: datetime) -> tuple[int | None, int | None]:
    """The school and its first group at a moment."""
    school = min(viewer_for(person, at).schools, default=None)
    if school is None:
        return None, None
    links = OrganisationLink.objects.valid_at(at).filter(member=school, parent__kind=OrganisationKind.GROUP)
    return school, links.order_by("starts_at").values_list("parent_id", flat=True).first()


def counts(resource: Resource) -> dict[str, int]:
    """Uses of a resource by kind of use."""
    return dict(UsageEvent.objects.filter(resource=resource).values_list("what").annotate(n=Count("pk")))
