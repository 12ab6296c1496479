"""Use is appended, with the school and group of that day; counters are derived from it."""

from datetime import datetime

from django.db.models import Count

from groups.models import OrganisationKind, OrganisationLink, Person
from groups.viewer import viewer_for
from library.resources.models import Resource, UsageEvent, Version


def record_use(
    *, what: str, resource: Resource, version: Version | None, person: Person | None, at: datetime
) -> UsageEvent:
    """Append one use (使用记录)."""
    school = next(iter(sorted(viewer_for(person, at).schools)), None) if person else None
    group = (
        OrganisationLink.objects.valid_at(at)
        .filter(member=school, parent__kind=OrganisationKind.GROUP)
        .order_by("starts_at")
        .values_list("parent_id", flat=True)
        .first()
        if school
        else None
    )
    return UsageEvent.objects.create(
        what=what, resource=resource, version=version, person=person, school_then_id=school, group_then_id=group, at=at
    )


def counts(resource: Resource) -> dict[str, int]:
    """Uses of a resource by kind of use."""
    return dict(UsageEvent.objects.filter(resource=resource).values_list("what").annotate(n=Count("pk")))
