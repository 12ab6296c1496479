"""The relations that any protected thing with grants has: owner, reader, administrators, officers.

Upper packages build their registrations from these and add their own (co-author, reviewer).
"""

from collections.abc import Callable
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, QuerySet

from groups.access.rule import EVERYTHING
from groups.models import AbstractGrant, GrantLevel, OrganisationKind, Role
from groups.models.dated import valid
from groups.viewer import Viewer

AREA_KINDS = (OrganisationKind.COUNTY, OrganisationKind.CITY)
AS_WIDE_AS_A_SCHOOL = (
    OrganisationKind.SCHOOL,
    OrganisationKind.CAMPUS,
    OrganisationKind.GROUP,
    OrganisationKind.PROJECT,
    *AREA_KINDS,
)
AS_WIDE_AS_A_STUDIO = (*AS_WIDE_AS_A_SCHOOL, OrganisationKind.STUDIO, OrganisationKind.CENTRE)


def anyone(viewer: Viewer) -> Q | None:
    return EVERYTHING


def signed_in(viewer: Viewer) -> Q | None:
    return EVERYTHING if viewer.person else None


def system_admin(viewer: Viewer) -> Q | None:
    return EVERYTHING if viewer.is_system_admin else None


def auditor(viewer: Viewer) -> Q | None:
    return EVERYTHING if viewer.in_role(Role.AUDITOR) else None


def site_editor(viewer: Viewer) -> Q | None:
    return EVERYTHING if viewer.in_role(Role.SITE_EDITOR) else None


def studio_host(viewer: Viewer) -> Q | None:
    """Hosts a studio: may recommend on its page what they read, whoever made it."""
    return EVERYTHING if viewer.in_role(Role.HOST) else None


def owner(viewer: Viewer) -> Q | None:
    """Created it and still works at its home school, or never left it."""
    if viewer.person is None:
        return None
    return Q(owner=viewer.person_id) & ~Q(home_school__in=viewer.left)


def owner_left(viewer: Viewer) -> Q | None:
    """Created it; the last appointment at its home school has ended."""
    if viewer.person is None or not viewer.left:
        return None
    return Q(owner=viewer.person_id, home_school__in=viewer.left)


def audience(viewer: Viewer, prefix: str = "") -> Q:
    """Grant rows that reach the viewer: public, a person, an organisation the viewer belongs to."""
    reached = Q(**{f"{prefix}is_public": True})
    if viewer.person is None:
        return reached
    return reached | Q(**{f"{prefix}person": viewer.person_id}) | Q(**{f"{prefix}organisation__in": viewer.belongs})


def granted(grant: type[AbstractGrant], reaching: Q, when: Q, thing: str = "resource") -> Q:
    """The outer row has a grant of this reach at this time."""
    rows: QuerySet[AbstractGrant] = grant._default_manager.filter(when, reaching)
    return Q(Exists(rows.filter(Q((thing, OuterRef("pk"))))))


def grants_now(grant: type[AbstractGrant], viewer: Viewer) -> Q:
    """A grant of the outer row that is valid now and reaches the viewer."""
    return granted(grant, audience(viewer), valid(viewer.at))


def downloads_now(grant: type[AbstractGrant], viewer: Viewer) -> Q:
    """As `grants_now`, by a grant that allows download."""
    return granted(grant, audience(viewer) & Q(level=GrantLevel.DOWNLOAD), valid(viewer.at))


def as_wide_as(kinds: tuple[str, ...]) -> Q:
    """Grant rows to an organisation of these kinds or to everybody."""
    return Q(is_public=True) | Q(organisation__kind__in=kinds)


def home_school_admin(viewer: Viewer) -> Q | None:
    """Administers the home school. On published things `library` also asks for a grant as wide as a school."""
    return Q(home_school__in=viewer.administers) if viewer.administers else None


def group_admin_through(viewer: Viewer, granted_to: Callable[[Q], Q]) -> Q | None:
    """Administers a group that the home school belongs to now, and a grant reaches that group or wider."""
    of_each = [
        Q(home_school__in=schools) & granted_to(as_wide_as(AREA_KINDS) | Q(organisation=group))
        for group, schools in sorted(viewer.runs.items())
        if schools
    ]
    return reduce(or_, of_each) if of_each else None


def officer_of_area(viewer: Viewer) -> Q | None:
    """Works in the education bureau of the home school's county or city."""
    return Q(home_school__in=viewer.area_schools) if viewer.area_schools else None
