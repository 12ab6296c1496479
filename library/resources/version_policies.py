"""How the access rule speaks about versions, and about the files in them.

A version mostly follows its resource. Its own: readers see only versions whose review covers an audience they belong
to, a reviewer sees what was submitted to them, a receipt keeps the one version that was received, and of a resource in
work who does not write it sees only what was put out.
"""

from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q

from groups import access
from groups.access import Action, Relation, Verdict, relations
from groups.access.rule import RelationQuery, StatesOverTime
from groups.viewer import Viewer
from library.resources import work
from library.resources.models import (
    Receipt,
    Resource,
    ReviewStep,
    Submission,
    SubmissionAudience,
    Version,
    VersionFile,
    WorkingFile,
)
from library.resources.policies import (
    RESOURCE_RELATIONS,
    SETTLED_STATES,
    approved_then,
    judged,
    judged_by,
    not_an_author,
    open_then,
    steps_of,
)
from media import containers
from media.models import File

IN_WORK = ("in_work", "in_work_review")
UNSETTLED = ("draft", "in_review", "taken_down", "binned")


def _in_state(viewer: Viewer, *states: str) -> Q:
    """The version's resource is judged by one of these states at the viewer's moment."""
    return judged(viewer, states, "resource", "resource__")


def _is_submitted(viewer: Viewer) -> Q:
    waiting = Submission.objects.filter(open_then(viewer), version=OuterRef("pk"))
    return _in_state(viewer, "in_review") & Q(Exists(waiting))


def _through(relation: Relation) -> RelationQuery:
    """The relation in which the viewer stands to the version's resource."""

    def ask(viewer: Viewer) -> Q | None:
        query = RESOURCE_RELATIONS[relation](viewer)
        return None if query is None else Q(Exists(Resource.objects.filter(query, pk=OuterRef("resource")).order_by()))

    return ask


def _covered(viewer: Viewer) -> Q:
    """The version's approved review covers an audience that the viewer belongs to."""
    asked = SubmissionAudience.objects.filter(
        relations.audience(viewer), approved_then(viewer, "submission__"), submission__version=OuterRef("pk")
    )
    return Q(Exists(asked))


def _covered_reader(relation: Relation) -> RelationQuery:
    through = _through(relation)

    def ask(viewer: Viewer) -> Q | None:
        query = through(viewer)
        return None if query is None else query & _covered(viewer)

    return ask


def _put_out(relation: Relation) -> RelationQuery:
    """The relation to a resource in work, on the versions that were put out; who writes it has them all."""
    through, writes = _through(relation), _through(Relation.EDITS_WORK)

    def ask(viewer: Viewer) -> Q | None:
        query, own = through(viewer), writes(viewer)
        if query is None:
            return None
        return query & (work.put_out() if own is None else work.put_out() | own)

    return ask


def _steps(viewer: Viewer, status: Q) -> Q:
    steps = ReviewStep.objects.filter(steps_of(viewer), status, submission__version=OuterRef("pk"))
    return Q(Exists(steps)) & not_an_author(viewer, "resource", "resource__")


def reviewer_of_target(viewer: Viewer) -> Q | None:
    """Approved this version; or reviews the resource that waits, whose earlier version this is."""
    waiting = _through(Relation.REVIEWER_OF_TARGET)(viewer)
    if waiting is None:
        return None
    approved = _steps(viewer, approved_then(viewer, "submission__"))
    return (_in_state(viewer, *SETTLED_STATES) & approved) | (
        _in_state(viewer, "in_review", "in_work_review") & waiting
    )


def reviewer_it_was_submitted_to(viewer: Viewer) -> Q | None:
    """This version was submitted to them, and not withdrawn."""
    if not viewer.reviewing:
        return None
    standing = ~Q(submission__status=Submission.Status.WITHDRAWN)
    if viewer.is_past:
        standing = Q(submission__submitted_at__lte=viewer.at) & (standing | Q(submission__closed_at__gt=viewer.at))
    return _steps(viewer, standing)


def receipt_holder(viewer: Viewer) -> Q | None:
    """Received this very version, in person or as one of a school (留存凭据)."""
    if viewer.person is None:
        return None
    holder = Q(person=viewer.person_id) | Q(school__in=viewer.schools)
    return Q(Exists(Receipt.objects.filter(holder, version=OuterRef("pk"), received_at__lte=viewer.at)))


VERSION_RELATIONS: dict[Relation, RelationQuery] = {
    **{
        relation: _through(relation)
        for relation in (
            Relation.OWNER,
            Relation.OWNER_LEFT,
            Relation.CO_AUTHOR,
            Relation.DRAFT_EDITOR,
            Relation.HOME_SCHOOL_ADMIN,
            Relation.GROUP_ADMIN,
            Relation.OFFICER_OF_AREA,
        )
    },
    **{relation: _put_out(relation) for relation in (Relation.READS_WORK, Relation.TAKES_WORK)},
    Relation.READER: _covered_reader(Relation.READER),
    Relation.DOWNLOADER: _covered_reader(Relation.DOWNLOADER),
    Relation.REVIEWER_OF_TARGET: reviewer_of_target,
    Relation.REVIEWER_IT_WAS_SUBMITTED_TO: reviewer_it_was_submitted_to,
    Relation.RECEIPT_HOLDER: receipt_holder,
}


def in_version_states(states: frozenset[str], viewer: Viewer) -> Q:
    """The versions that are judged by one of these states at the viewer's moment."""
    published = Q(published_at__lte=viewer.at) if viewer.is_past else Q(published_at__isnull=False)
    cut = Q(cut_at__lte=viewer.at) if viewer.is_past else Q()
    unpublished = ~published & cut & ~_in_state(viewer, *IN_WORK)
    queries = {
        "published": published & _in_state(viewer, *SETTLED_STATES),
        "unpublished": unpublished & ~_is_submitted(viewer),
        "submitted": unpublished & _is_submitted(viewer),
        **{f"of_{state}": published & _in_state(viewer, state) for state in UNSETTLED},
        **{f"of_{state}": cut & _in_state(viewer, state) for state in IN_WORK},
    }
    return reduce(or_, (queries[state] for state in sorted(states)))


def version_state_of(version: Version, viewer: Viewer) -> str:
    """The state by which a loaded version is judged; the twin of `in_version_states`. Empty before it was cut."""
    state = judged_by(version.resource, viewer)
    if state in IN_WORK:
        return f"of_{state}" if not viewer.is_past or version.cut_at <= viewer.at else ""
    was_published = version.published_at is not None and (not viewer.is_past or version.published_at <= viewer.at)
    if was_published:
        return "published" if state in SETTLED_STATES else f"of_{state}"
    if viewer.is_past and version.cut_at > viewer.at:
        return ""
    waits = state == "in_review" and version.submissions.filter(open_then(viewer)).exists()
    return "submitted" if waits else "unpublished"


def of_file(viewer: Viewer, file: File, action: Action) -> Verdict | None:
    """The verdict on a file by what contains it: any version or working copy that allows; None when nothing does.

    A working copy's files follow the draft, or the next draft of a published thing, or of a thing in work that was put
    out before.
    """
    versions = Version.objects.filter(pk__in=VersionFile.objects.filter(file=file).values("version"))
    drafts = Resource.objects.filter(
        pk__in=WorkingFile.objects.filter(file=file).values("working_copy__resource")
    ).order_by()
    if access.narrow(versions, viewer, action).exists():
        return Verdict(True, "")
    given_out = Version.objects.filter(work.put_out(), resource=OuterRef("pk"))
    unpublished = Q(state__in=("draft", "in_review")) & (Q(work="") | ~Q(Exists(given_out)))
    if access.narrow(drafts.filter(unpublished), viewer, action).exists():
        return Verdict(True, "")
    if access.narrow(drafts.exclude(unpublished), viewer, Action.SEE_DRAFTS).exists():
        return Verdict(True, "")
    contained = versions.exists() or drafts.exists()
    return Verdict(False, "这个文件没有对你开放，想用请联系作者或本校管理员") if contained else None


def register() -> None:
    states = StatesOverTime(in_version_states, version_state_of)
    of_work = frozenset(f"of_{state}" for state in IN_WORK)
    rare = dict.fromkeys((Relation.READS_WORK, Relation.TAKES_WORK), of_work)
    access.register(Version, thing="version", relations=VERSION_RELATIONS, state=states, only_in=rare)
    containers.register(of_file)
