"""How the access rule speaks about resources and their versions.

Each relation is one query; `may` and the queryset twin are both made of them. `index_tokens` says the same in the
words of the search index, for published resources.
"""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from groups import access
from groups.access import Relation, relations
from groups.models import Role
from groups.models.dated import valid
from groups.viewer import Viewer, areas_above
from library.resources.models import (
    Contribution,
    DraftInvitation,
    Grant,
    Resource,
    ReviewStep,
    Submission,
)

SETTLED_STATES = ("published", "archived")


def owner(viewer: Viewer) -> Q | None:
    """The owner; one who left the home school keeps every right to a draft that was never submitted."""
    still = relations.owner(viewer)
    left = relations.owner_left(viewer)
    if still is None or left is None:
        return None
    return still | (
        left & Q(state__in=("draft", "binned")) & ~Q(Exists(Submission.objects.filter(resource=OuterRef("pk"))))
    )


def co_author(viewer: Viewer) -> Q | None:
    if viewer.person is None:
        return None
    written = Contribution.objects.filter(resource=OuterRef("pk"), person=viewer.person_id)
    return Q(Exists(written)) & ~Q(owner=viewer.person_id)


def draft_editor(viewer: Viewer) -> Q | None:
    if viewer.person is None:
        return None
    return Q(
        Exists(DraftInvitation.objects.filter(resource=OuterRef("pk"), person=viewer.person_id, ended_at__isnull=True))
    )


def reader(viewer: Viewer) -> Q | None:
    return relations.grants_now(Grant, viewer)


def downloader(viewer: Viewer) -> Q | None:
    return relations.downloads_now(Grant, viewer)


def _steps(viewer: Viewer) -> Q:
    return Q(organisation__in=viewer.reviewing) | Q(delegated_to__in=viewer.in_role(Role.REVIEWER))


def _not_an_author(viewer: Viewer) -> Q:
    return ~Q(owner=viewer.person_id) & ~Q(
        Exists(Contribution.objects.filter(resource=OuterRef("pk"), person=viewer.person_id))
    )


def reviewer_of_target(viewer: Viewer) -> Q | None:
    """Reviews the open submission, or reviewed for the published version; never an author of the thing."""
    if not viewer.reviewing:
        return None
    open_or_published = Q(submission__status=Submission.Status.OPEN) | Q(
        submission__version=OuterRef("published_version"), submission__status=Submission.Status.APPROVED
    )
    steps = ReviewStep.objects.filter(_steps(viewer), open_or_published, submission__resource=OuterRef("pk"))
    return Q(Exists(steps)) & _not_an_author(viewer)


def home_school_admin(viewer: Viewer) -> Q | None:
    """Reaches published and archived things only through a grant as wide as a school."""
    administers = relations.home_school_admin(viewer)
    if administers is None:
        return None
    return administers & (
        ~Q(state__in=SETTLED_STATES) | relations.wide_grant(Grant, viewer, relations.AS_WIDE_AS_A_SCHOOL)
    )


def group_admin(viewer: Viewer) -> Q | None:
    """Reaches a thing only through a grant to a group that the person administers, to an area, or to the public."""
    administers = relations.group_admin(viewer)
    if administers is None:
        return None
    as_wide = (
        Q(is_public=True)
        | Q(organisation__in=viewer.in_role(Role.ADMIN) - viewer.schools)
        | Q(organisation__kind__in=("county", "city"))
    )
    return administers & Q(Exists(Grant.objects.filter(valid(viewer.at), as_wide, resource=OuterRef("pk"))))


def officer_of_area(viewer: Viewer) -> Q | None:
    """Reaches a thing only through a grant to a school, a studio or wider."""
    officer = relations.officer_of_area(viewer)
    if officer is None:
        return None
    return officer & relations.wide_grant(Grant, viewer, relations.AS_WIDE_AS_A_STUDIO)


RESOURCE_RELATIONS: dict[Relation, access.rule.RelationQuery] = {
    Relation.OWNER: owner,
    Relation.OWNER_LEFT: relations.owner_left,
    Relation.CO_AUTHOR: co_author,
    Relation.DRAFT_EDITOR: draft_editor,
    Relation.READER: reader,
    Relation.DOWNLOADER: downloader,
    Relation.REVIEWER_OF_TARGET: reviewer_of_target,
    Relation.HOME_SCHOOL_ADMIN: home_school_admin,
    Relation.GROUP_ADMIN: group_admin,
    Relation.OFFICER_OF_AREA: officer_of_area,
    Relation.SYSTEM_ADMIN: relations.system_admin,
}


def register() -> None:
    access.register(Resource, thing="resource", relations=RESOURCE_RELATIONS)


def index_tokens(resource: Resource, at: datetime) -> frozenset[str]:
    """The words by which a published resource is found: the twin of `LIST` in the search index.

    `resource` comes with `grants__organisation`, `contributions` and `submissions__steps` prefetched.
    """
    grants = [g for g in resource.grants.all() if g.starts_at <= at and (g.ends_at is None or g.ends_at > at)]
    tokens = {f"owner:{resource.owner_id}"} | {f"author:{c.person_id}" for c in resource.contributions.all()}
    tokens |= {
        "public" if g.is_public else f"org:{g.organisation_id}" if g.organisation_id else f"person:{g.person_id}"
        for g in grants
    }
    kinds = {g.organisation.kind for g in grants if g.organisation}
    is_public = any(g.is_public for g in grants)
    if resource.home_school and (is_public or kinds & set(relations.AS_WIDE_AS_A_SCHOOL)):
        tokens.add(f"admin:{resource.home_school_id}")
    if resource.home_school and (is_public or kinds & set(relations.AS_WIDE_AS_A_STUDIO)):
        tokens |= {f"area:{pk}" for pk in areas_above(resource.home_school, at)}
    for submission in resource.submissions.all():
        if submission.status == Submission.Status.OPEN or (
            submission.status == Submission.Status.APPROVED and submission.version_id == resource.published_version_id
        ):
            tokens |= {f"reviewer:{s.delegated_to_id or s.organisation_id}" for s in submission.steps.all()}
            tokens |= {f"reviewer:{s.organisation_id}" for s in submission.steps.all()}
    return frozenset(tokens)
