"""The pages' answers: whom a resource reached at a moment, and everything that a person could see then."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from groups import access
from groups.access import Action
from groups.models import Appointment, Person
from groups.models.dated import valid
from groups.viewer import SCHOOL_LIKE, SEATED, Viewer, schools_below, viewer_for
from library.explaining import facts
from library.explaining.explain import grants_then
from library.explaining.facts import Fact
from library.resources.models import Grant, Receipt, Resource, Version


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom a resource was shared with at a moment."""

    state: Fact | None
    grants: tuple[Fact, ...]
    is_public: bool
    people: QuerySet[Person]


def reach(resource: Resource, at: datetime) -> Reach:
    """The state, the grants and the persons in them; the reverse of what `reader` asks of one person."""
    grants = grants_then(resource, at)
    return Reach(
        state=facts.of_state(resource, at),
        grants=tuple(facts.of_grant(grant) for grant in grants),
        is_public=any(grant.is_public for grant in grants),
        people=people_in(grants, at),
    )


def people_in(grants: list[Grant], at: datetime) -> QuerySet[Person]:
    """Persons named in these grants, or belonging at the moment to an organisation that is."""
    organisations = [grant.organisation for grant in grants if grant.organisation]
    places = {o.pk for o in organisations if o.kind in SCHOOL_LIKE | SEATED}
    places |= schools_below({o.pk for o in organisations}, at) if organisations else frozenset()
    here = Appointment.objects.filter(valid(at), person=OuterRef("pk"), organisation__in=places)
    named = [grant.person_id for grant in grants if grant.person_id]
    return Person.objects.filter(Q(Exists(here)) | Q(pk__in=named), is_active=True).order_by("name", "pk")


def seen_by(person: Person, at: datetime, asker: Viewer) -> QuerySet[Any]:
    """Everything that `person` could see in lists at the moment; for another asker only what they may list now."""
    found = access.narrow(Resource.objects.all(), viewer_for(person, at), Action.LIST)
    if asker.person_id != person.pk:
        found = found.filter(pk__in=access.narrow(Resource.objects.order_by(), asker, Action.LIST).values("pk"))
    return found.select_related("owner", "home_school", "published_version").order_by("title", "pk")


@dataclass(frozen=True, slots=True)
class Kept:
    """One received version; closed while its thing is taken down or withdrawn."""

    receipt: Receipt
    is_open: bool


def receipts(viewer: Viewer) -> QuerySet[Receipt]:
    """What this person, or a school they work at, has received, the last first."""
    holder = Q(person=viewer.person_id) | Q(school__in=viewer.schools)
    related = ("version__resource__owner", "version__resource__home_school", "school")
    return Receipt.objects.filter(holder).select_related(*related).order_by("-received_at", "-pk")


def kept_rows(rows: list[Receipt], viewer: Viewer) -> list[Kept]:
    wanted = Version.objects.filter(pk__in=[row.version_id for row in rows])
    readable = set(access.narrow(wanted, viewer, Action.READ).values_list("pk", flat=True))
    return [Kept(row, row.version_id in readable) for row in rows]
