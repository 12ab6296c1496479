"""The relations that any protected thing with grants has: owner, reader, administrators, officers.

Upper packages build their registrations from these and add their own (co-author, reviewer).
"""

from django.db.models import Exists, OuterRef, Q, QuerySet

from groups.models import AbstractGrant, GrantLevel, OrganisationKind, Role
from groups.models.dated import valid
from groups.viewer import Viewer

AS_WIDE_AS_A_SCHOOL = (
    OrganisationKind.SCHOOL,
    OrganisationKind.CAMPUS,
    OrganisationKind.GROUP,
    OrganisationKind.COUNTY,
    OrganisationKind.CITY,
)
AS_WIDE_AS_A_STUDIO = (*AS_WIDE_AS_A_SCHOOL, OrganisationKind.STUDIO, OrganisationKind.CENTRE, OrganisationKind.PROJECT)


def anyone(viewer: Viewer) -> Q | None:
    return Q(pk__isnull=False)


def signed_in(viewer: Viewer) -> Q | None:
    return Q(pk__isnull=False) if viewer.person else None


def system_admin(viewer: Viewer) -> Q | None:
    return Q(pk__isnull=False) if viewer.is_system_admin else None


def owner(viewer: Viewer) -> Q | None:
    """Created it and still works at its home school, or it has none."""
    if viewer.person is None:
        return None
    return Q(owner=viewer.person_id) & (Q(home_school__isnull=True) | Q(home_school__in=viewer.schools))


def owner_left(viewer: Viewer) -> Q | None:
    if viewer.person is None:
        return None
    return Q(owner=viewer.person_id) & Q(home_school__isnull=False) & ~Q(home_school__in=viewer.schools)


def audience(viewer: Viewer, prefix: str = "") -> Q:
    """Grant rows that reach the viewer: public, a person, an organisation the viewer belongs to."""
    reached = Q(**{f"{prefix}is_public": True})
    if viewer.person is None:
        return reached
    return reached | Q(**{f"{prefix}person": viewer.person_id}) | Q(**{f"{prefix}organisation__in": viewer.belongs})


def grants_now(grant: type[AbstractGrant], viewer: Viewer, thing: str = "resource", outer: str = "pk") -> Q:
    """A grant of the outer row that is valid now and reaches the viewer."""
    rows: QuerySet[AbstractGrant] = grant._default_manager.filter(valid(viewer.at), audience(viewer))
    return Q(Exists(rows.filter(Q((thing, OuterRef(outer))))))


def downloads_now(grant: type[AbstractGrant], viewer: Viewer, thing: str = "resource", outer: str = "pk") -> Q:
    """As `grants_now`, by a grant that allows download."""
    rows: QuerySet[AbstractGrant] = grant._default_manager.filter(
        valid(viewer.at), audience(viewer), level=GrantLevel.DOWNLOAD
    )
    return Q(Exists(rows.filter(Q((thing, OuterRef(outer))))))


def wide_grant(
    grant: type[AbstractGrant], viewer: Viewer, kinds: tuple[str, ...], thing: str = "resource", outer: str = "pk"
) -> Q:
    """A grant of the outer row, valid now, to an organisation of these kinds or to the public."""
    wide = Q(is_public=True) | Q(organisation__kind__in=kinds)
    rows: QuerySet[AbstractGrant] = grant._default_manager.filter(valid(viewer.at), wide)
    return Q(Exists(rows.filter(Q((thing, OuterRef(outer))))))


def home_school_admin(viewer: Viewer) -> Q | None:
    """Administers the home school. On published things `library` also asks for a grant as wide as a school."""
    administered = viewer.in_role(Role.ADMIN)
    return Q(home_school__in=administered) if administered else None


def group_admin(viewer: Viewer) -> Q | None:
    """Administers a group that the home school belongs to now."""
    return Q(home_school__in=viewer.group_schools) if viewer.group_schools else None


def officer_of_area(viewer: Viewer) -> Q | None:
    """Works in the education bureau of the home school's county or city."""
    return Q(home_school__in=viewer.area_schools) if viewer.area_schools else None
