"""How the access rule speaks about resources.

Each relation is one query; `may` and the queryset twin are both made of them. `index_tokens` says the same in the
words of the search index, for published resources. Versions and files: `version_policies`.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from groups import access
from groups.access import Relation, relations
from groups.access.rule import StatesOverTime
from groups.models import Role
from groups.models.dated import valid
from groups.viewer import ARCHIVED, Viewer, areas_above
from library.history.then import in_state, not_named_later, spans, state_of, unchanged_since
from library.resources import work
from library.resources.models import (
    Contribution,
    DraftInvitation,
    Grant,
    Resource,
    ReviewStep,
    Submission,
)

SETTLED_STATES = ("published", "archived")
BIN_DAYS = 30


def _valid_when(moment: str) -> Q:
    """Grants that were valid at a moment that the outer row names."""
    return Q(starts_at__lte=OuterRef(moment)) & (Q(ends_at__isnull=True) | Q(ends_at__gt=OuterRef(moment)))


def granted_when_taken_down(viewer: Viewer, reaching: Q) -> Q:
    """A grant of this reach was valid at the take-down: who could read it before."""
    now = relations.granted(Grant, reaching, _valid_when("state_changed_at"))
    if not viewer.is_past:
        return now
    grants = Grant.objects.filter(_valid_when("starts_at"), reaching, resource=OuterRef("resource"))
    return (now & unchanged_since(viewer)) | Q(Exists(spans(viewer).filter(Exists(grants), state="taken_down")))


def open_then(viewer: Viewer, prefix: str = "") -> Q:
    """Submissions that wait at the viewer's moment."""
    waits = Q(**{f"{prefix}status": Submission.Status.OPEN})
    if not viewer.is_past:
        return waits
    return Q(**{f"{prefix}submitted_at__lte": viewer.at}) & (waits | Q(**{f"{prefix}closed_at__gt": viewer.at}))


def approved_then(viewer: Viewer, prefix: str = "") -> Q:
    """Submissions whose chain has been gone through at the viewer's moment."""
    approved = Q(**{f"{prefix}status": Submission.Status.APPROVED})
    if not viewer.is_past:
        return approved
    return approved & (Q(**{f"{prefix}closed_at__isnull": True}) | Q(**{f"{prefix}closed_at__lte": viewer.at}))


RANKS = ("home_school_admin", "group_admin", "county_officer", "city_officer", "system_admin")
"""Who takes down, in rising order; only the same rank or a higher one brings the thing back."""


def owner(viewer: Viewer) -> Q | None:
    """The owner; one who left keeps every right to drafts never submitted and to unpublished adaptations."""
    if viewer.person is None:
        return None
    submissions = Submission.objects.filter(resource=OuterRef("pk"))
    if viewer.is_past:
        submissions = submissions.filter(submitted_at__lte=viewer.at)
    keeps = in_state(viewer, ("draft", "binned")) & (Q(primary=False) | ~Q(Exists(submissions)))
    return Q(owner=viewer.person_id) & (~Q(home_school__in=viewer.left) | keeps) & _not_expired(viewer)


def _not_expired(viewer: Viewer) -> Q:
    oldest = viewer.at - timedelta(days=BIN_DAYS)
    expired = Q(state="binned", state_changed_at__lte=oldest)
    if not viewer.is_past:
        return ~Q(state="binned") | Q(state_changed_at__gt=oldest)
    return ~expired & ~Q(Exists(spans(viewer).filter(state="binned", starts_at__lte=oldest)))


def co_author(viewer: Viewer) -> Q | None:
    if viewer.person is None:
        return None
    written = Contribution.objects.filter(resource=OuterRef("pk"), person=viewer.person_id)
    return Q(Exists(written)) & ~Q(owner=viewer.person_id) & not_named_later(viewer)


def draft_editor(viewer: Viewer) -> Q | None:
    if viewer.person is None:
        return None
    valid_now = Q(invited_at__lte=viewer.at) & (Q(ended_at__isnull=True) | Q(ended_at__gt=viewer.at))
    return Q(Exists(DraftInvitation.objects.filter(valid_now, resource=OuterRef("pk"), person=viewer.person_id)))


def reader(viewer: Viewer) -> Q | None:
    return relations.grants_now(Grant, viewer)


def downloader(viewer: Viewer) -> Q | None:
    return relations.downloads_now(Grant, viewer)


def steps_of(viewer: Viewer) -> Q:
    """Review steps that are the viewer's: of an organisation they review for, or delegated to their group."""
    return Q(organisation__in=viewer.reviewing) | Q(delegated_to__in=viewer.in_role(Role.REVIEWER))


def not_an_author(viewer: Viewer, resource: str = "pk", prefix: str = "") -> Q:
    """Never an author of the thing, at any step."""
    written = Contribution.objects.filter(resource=OuterRef(resource), person=viewer.person_id)
    return ~Q(**{f"{prefix}owner": viewer.person_id}) & ~Q(Exists(written))


def reviewer_of_next(viewer: Viewer) -> Q | None:
    """Reviews the submission that waits."""
    if not viewer.reviewing:
        return None
    steps = ReviewStep.objects.filter(
        steps_of(viewer), open_then(viewer, "submission__"), submission__resource=OuterRef("pk")
    )
    return Q(Exists(steps)) & not_an_author(viewer)


def _reviewed_the_published(viewer: Viewer) -> Q:
    steps = ReviewStep.objects.filter(steps_of(viewer), approved_then(viewer, "submission__"))
    of_current = Q(Exists(steps.filter(submission__version=OuterRef("published_version"))))
    if viewer.is_past:
        of_past = steps.filter(submission__version=OuterRef("published_version"))
        of_current = (of_current & unchanged_since(viewer)) | Q(Exists(spans(viewer).filter(Exists(of_past))))
    return of_current & not_an_author(viewer)


def reviewer_of_target(viewer: Viewer) -> Q | None:
    """Reviews the submission of the version concerned: the one that waits, or the one that was published."""
    following = reviewer_of_next(viewer)
    if following is None:
        return None
    reviewed = in_state(viewer, ("published",)) & _reviewed_the_published(viewer)
    return reviewed | (in_state(viewer, ("in_review",)) & following)


def home_school_admin(viewer: Viewer) -> Q | None:
    """Reaches published and archived things only through a grant as wide as a school."""
    administers = relations.home_school_admin(viewer)
    if administers is None:
        return None
    wide = relations.granted(Grant, relations.as_wide_as(relations.AS_WIDE_AS_A_SCHOOL), valid(viewer.at))
    return administers & (~in_state(viewer, SETTLED_STATES) | wide) & _not_expired(viewer)


def group_admin(viewer: Viewer) -> Q | None:
    """Reaches a thing only through a grant as wide as the group; a taken-down one only where they read it before."""
    now = relations.group_admin_through(viewer, lambda to: relations.granted(Grant, to, valid(viewer.at)))
    before = relations.group_admin_through(viewer, lambda to: granted_when_taken_down(viewer, to))
    if now is None or before is None:
        return None
    read_before = granted_when_taken_down(viewer, relations.audience(viewer)) | _reviewed_the_published(viewer)
    down = in_state(viewer, ("taken_down",))
    return (~down & now) | (down & before & read_before)


def _officer_of(schools: frozenset[int], viewer: Viewer) -> Q:
    wide = relations.as_wide_as(relations.AS_WIDE_AS_A_STUDIO)
    down = in_state(viewer, ("taken_down",))
    now = ~down & relations.granted(Grant, wide, valid(viewer.at))
    return Q(home_school__in=schools) & (now | (down & granted_when_taken_down(viewer, wide)))


def officer_of_area(viewer: Viewer) -> Q | None:
    """Reaches a thing only through a grant to a school, a studio or wider; a taken-down one as it was before."""
    return _officer_of(viewer.area_schools, viewer) if viewer.area_schools else None


def _ranked(viewer: Viewer) -> dict[str, Q]:
    """Rank → the things that the viewer may act on from that rank."""
    found = {
        "home_school_admin": home_school_admin(viewer),
        "group_admin": group_admin(viewer),
        "county_officer": _officer_of(viewer.county_schools, viewer) if viewer.county_schools else None,
        "city_officer": _officer_of(viewer.city_schools, viewer) if viewer.city_schools else None,
        "system_admin": relations.system_admin(viewer),
    }
    return {rank: query for rank, query in found.items() if query is not None}


def taker_or_above(viewer: Viewer) -> Q | None:
    """Of the rank that took it down, or of a higher one (下架人或其上级)."""
    ranked = _ranked(viewer)
    found = None
    for rank, query in ranked.items():
        reach = query & Q(taken_down_as__in=RANKS[: RANKS.index(rank) + 1])
        found = reach if found is None else found | reach
    return found


def rank_over(viewer: Viewer, resource: Resource) -> str:
    """The highest rank from which `viewer` may take `resource` down; what `take_down` remembers. Empty: none."""
    ranked = _ranked(viewer)
    rows = Resource.objects.filter(pk=resource.pk)
    return next((rank for rank in reversed(RANKS) if rank in ranked and rows.filter(ranked[rank]).exists()), "")


RESOURCE_RELATIONS: dict[Relation, access.rule.RelationQuery] = {
    Relation.OWNER: owner,
    Relation.OWNER_LEFT: relations.owner_left,
    Relation.CO_AUTHOR: co_author,
    Relation.DRAFT_EDITOR: draft_editor,
    Relation.READER: reader,
    Relation.DOWNLOADER: downloader,
    Relation.REVIEWER_OF_TARGET: reviewer_of_target,
    Relation.REVIEWER_OF_NEXT: reviewer_of_next,
    Relation.HOME_SCHOOL_ADMIN: home_school_admin,
    Relation.GROUP_ADMIN: group_admin,
    Relation.OFFICER_OF_AREA: officer_of_area,
    Relation.SYSTEM_ADMIN: relations.system_admin,
    Relation.TAKER_OR_ABOVE: taker_or_above,
    Relation.STUDIO_HOST: relations.studio_host,
    **work.RELATIONS,
}


def judged(viewer: Viewer, states: Collection[str], ref: str = "pk", prefix: str = "") -> Q:
    """The resource is judged by one of these states at the viewer's moment; `ref`, `prefix` as in `then.in_state`."""
    plain = {f"{prefix}work": ""}
    found = in_state(viewer, [s for s in states if s not in {*work.STATES, *work.STATES.values()}], ref, prefix)
    for own, state in work.STATES.items():
        if state in states and own in states:
            found |= in_state(viewer, (state,), ref, prefix)
        elif state in states:
            found |= in_state(viewer, (state,), ref, prefix) & Q(**plain)
        elif own in states:
            found |= in_state(viewer, (state,), ref, prefix) & ~Q(**plain)
    return found


def judged_by(resource: Resource, viewer: Viewer) -> str:
    """The state by whose rows a loaded resource is judged at the viewer's moment."""
    return work.judged_by(state_of(resource, viewer), resource.work)


def register() -> None:
    from library.resources import version_policies

    states = StatesOverTime(lambda states, viewer: judged(viewer, states), judged_by)
    rare = dict.fromkeys(work.RELATIONS, frozenset(work.STATES))
    access.register(Resource, thing="resource", relations=RESOURCE_RELATIONS, state=states, only_in=rare)
    version_policies.register()


def index_tokens(resource: Resource, at: datetime, areas: dict[int, set[int]] | None = None) -> frozenset[str]:
    """The words by which a published or archived resource is found: the twin of `LIST` in the search index.

    Of archived things, reviewers and officers have no list, and the words are marked: who does not ask for archived
    things does not find them.
    `resource` comes with `grants__organisation`, `contributions` and `submissions__steps` prefetched; `areas` keeps what
    lies above a school for the next resource of it, at the same moment.
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
    if resource.state == "archived":
        return frozenset(f"{ARCHIVED}{token}" for token in tokens)
    if resource.home_school and (is_public or kinds & set(relations.AS_WIDE_AS_A_STUDIO)):
        areas = {} if areas is None else areas
        school = resource.home_school
        if school.pk not in areas:
            areas[school.pk] = areas_above(school, at)
        tokens |= {f"area:{pk}" for pk in areas[school.pk]}
    return frozenset(tokens | _reviewer_tokens(resource))


def _reviewer_tokens(resource: Resource) -> set[str]:
    """Who reviewed the published version; whoever reviews a next one finds it in the queue, not here."""
    approved = [
        submission
        for submission in resource.submissions.all()
        if submission.status == Submission.Status.APPROVED and submission.version_id == resource.published_version_id
    ]
    steps = [step for submission in approved for step in submission.steps.all()]
    bodies = {step.organisation_id for step in steps} | {step.delegated_to_id for step in steps}
    return {f"reviewer:{pk}" for pk in bodies if pk}
