"""From draft to published: a version asks for audiences, the chain of reviewers answers, approval opens the grants."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from groups import access, audit
from groups.access import Action, Refused, Verdict
from groups.models import GrantLevel, Organisation, OrganisationKind, OrganisationLink, Person, Role, State, Studio
from groups.viewer import AREAS, areas_above, viewer_for
from library.documents import walk
from library.resources import events, kinds
from library.resources.models import (
    DraftInvitation,
    Grant,
    Resource,
    ReviewStep,
    Submission,
    SubmissionAudience,
)
from library.resources.services.indexing import touch
from library.resources.services.records import require_record
from library.resources.services.versions import cut_version
from library.resources.services.writing import DEFAULT_PURPOSE, document_of, sync_columns

Level = ReviewStep.Level
WITHOUT_REVIEW = frozenset({OrganisationKind.PREP_GROUP, OrganisationKind.RESEARCH_GROUP})


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a version is submitted for. Neither organisation nor person: everybody, signed out too."""

    organisation: Organisation | None = None
    person: Person | None = None
    level: GrantLevel = GrantLevel.DOWNLOAD
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    @property
    def is_public(self) -> bool:
        return self.organisation is None and self.person is None


class NotReady(ValueError):
    """The text or the audience is not fit to be submitted; the sentence says what is missing."""


def chain_for(
    audiences: Iterable[Audience], school: Organisation | None, at: datetime
) -> list[tuple[Level, Organisation]]:
    """The reviewers' chain for these audiences, in order (审核链).

    Only me, named persons, prep and research groups: none. School: the home school. Group: school, group. Studio: its
    host. County: school, group, county. City and public: school, group, city.
    """
    wide = {_width(a) for a in audiences if a.person is None} - WITHOUT_REVIEW
    steps: list[tuple[Level, Organisation]] = []
    if school is not None and wide - {OrganisationKind.STUDIO}:
        steps.append((Level.SCHOOL, school))
    steps += [(Level.GROUP, group) for group in _groups(audiences, wide, school, at)]
    steps += [
        (Level.STUDIO, a.organisation)
        for a in audiences
        if a.organisation and a.organisation.kind == OrganisationKind.STUDIO
    ]
    areas = list(Organisation.objects.filter(pk__in=areas_above(school, at))) if school else []
    asked = {a.organisation for a in audiences if a.organisation and a.organisation.kind in AREAS}
    if OrganisationKind.COUNTY in wide:
        steps += [(Level.COUNTY, area) for area in asked if area.kind == OrganisationKind.COUNTY]
    if OrganisationKind.CITY in wide:
        cities = [a for a in asked if a.kind == OrganisationKind.CITY] or [
            a for a in areas if a.kind == OrganisationKind.CITY
        ]
        steps += [(Level.CITY, city) for city in cities[:1]]
    return steps


def _width(audience: Audience) -> OrganisationKind:
    return OrganisationKind.CITY if audience.organisation is None else OrganisationKind(audience.organisation.kind)


def _groups(
    audiences: Iterable[Audience], wide: set[OrganisationKind], school: Organisation | None, at: datetime
) -> list[Organisation]:
    """The groups that review: those asked for, or the school's first group when the audience is an area or everybody."""
    asked = [
        a.organisation
        for a in audiences
        if a.organisation and a.organisation.kind in {OrganisationKind.GROUP, OrganisationKind.PROJECT}
    ]
    if asked or school is None or not wide & AREAS:
        return asked
    link = (
        OrganisationLink.objects.valid_at(at)
        .filter(member=school, parent__kind=OrganisationKind.GROUP)
        .select_related("parent")
        .order_by("starts_at", "pk")
        .first()
    )
    return [link.parent] if link else []


@transaction.atomic
def submit(
    *, resource: Resource, by: Person, audiences: Sequence[Audience], at: datetime, reason: str = "", label: str = ""
) -> Submission:
    """Cut a version and ask for these audiences (送审); where no review is asked, it is published at once.

    Raises:
        Refused: the rule says no.
        NotReady: no audience, a closed one, or sections that a composed kind must have are empty.
    """
    resource = Resource.objects.select_for_update().get(pk=resource.pk)
    access.require(by, Action.SUBMIT, resource, at=at)
    if not audiences:
        raise NotReady("还没有选共享范围，请至少选一个")
    if resource.submissions.filter(status=Submission.Status.OPEN).exists():
        raise NotReady("这份资料已有一份在审，请先撤回再送审")
    closed = next((a.organisation for a in audiences if a.organisation and a.organisation.closed_at), None)
    if closed:
        raise NotReady(f"“{closed.name}”已关闭，不能再共享给它，请换一个范围")
    _require_membership(audiences, by, at)
    _require_whole(resource)
    audiences = [*audiences, *_still_shared(resource, audiences, at)]
    steps = chain_for(audiences, resource.home_school, at)
    _require_reviewers(audiences, steps)
    version = cut_version(resource=resource, by=by, at=at, reason=reason, label=label)
    submission = Submission.objects.create(resource=resource, version=version, submitted_by=by, submitted_at=at)
    SubmissionAudience.objects.bulk_create(
        SubmissionAudience(
            submission=submission,
            organisation=a.organisation,
            person=a.person,
            is_public=a.is_public,
            level=a.level,
            starts_at=a.starts_at,
            ends_at=a.ends_at,
        )
        for a in audiences
    )
    ReviewStep.objects.bulk_create(
        ReviewStep(submission=submission, order=n, level=level, organisation=organisation)
        for n, (level, organisation) in enumerate(steps, 1)
    )
    audit.record(by, "resource.submitted", resource, version=version.number, steps=[f"{lv}:{o.uid}" for lv, o in steps])
    if not steps:
        _publish(submission, by, at)
    else:
        if resource.state == State.DRAFT:
            _set_state(resource, State.IN_REVIEW, at)
        touch(resource)
    return submission


def _require_membership(audiences: Sequence[Audience], by: Person, at: datetime) -> None:
    """A studio takes what its members and its host submit (投稿)."""
    asked = {a.organisation.pk for a in audiences if a.organisation and a.organisation.kind == OrganisationKind.STUDIO}
    for studio in Studio.objects.filter(pk__in=asked):
        if not access.may(by, Action.SUBMIT_TO, studio, at=at):
            raise Refused(Verdict(False, f"只有{studio.name}的成员可以向它投稿，可以先在工作室主页申请加入"))


def _require_reviewers(audiences: Sequence[Audience], steps: Sequence[tuple[Level, Organisation]]) -> None:
    """Without a reviewer nothing is published to a school or wider: a thing without a school has no chain of its own."""
    levels = {level for level, _ in steps}
    wide = [a for a in audiences if a.is_public or (a.organisation and a.organisation.kind not in WITHOUT_REVIEW)]
    for_city = any(a.is_public or (a.organisation and a.organisation.kind == OrganisationKind.CITY) for a in wide)
    if (wide and not levels) or (for_city and Level.CITY not in levels):
        raise NotReady("这个范围要有人审核，但这份资料找不到审核机构。请先设所属学校，或换一个范围")


def _still_shared(resource: Resource, asked: Sequence[Audience], at: datetime) -> list[Audience]:
    """The audiences that have grants already: the next version is reviewed for them too, for they will read it."""
    targets = {(a.organisation and a.organisation.pk, a.person and a.person.pk) for a in asked}
    lasting = resource.grants.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at)).select_related(
        "organisation", "person"
    )
    return [
        Audience(
            organisation=grant.organisation,
            person=grant.person,
            level=GrantLevel(grant.level),
            starts_at=grant.starts_at if grant.starts_at > at else None,
            ends_at=grant.ends_at,
        )
        for grant in lasting
        if (grant.organisation_id, grant.person_id) not in targets
    ]


def missing_sections(resource: Resource) -> list[str]:
    """Labels of what a text still lacks before it may be submitted; a main file stands for a text that needs no file."""
    copy = resource.working_copy
    if not kinds.spec_of(resource.kind).needs_files and copy.attachments.filter(purpose=DEFAULT_PURPOSE).exists():
        return []
    return walk.missing(document_of(resource, copy.document))


def _require_whole(resource: Resource) -> None:
    if kinds.spec_of(resource.kind).needs_files and not resource.working_copy.attachments.exists():
        raise NotReady("还没有文件，请先上传再送审")
    empty = missing_sections(resource)
    if empty:
        raise NotReady(f"还缺：{'、'.join(empty)}。补上再送审")
    unready = list(kinds.spec_of(resource.kind).unready(document_of(resource, resource.working_copy.document)))
    if unready:
        raise NotReady(f"{'；'.join(unready)}。改好再送审")


def current_step(submission: Submission) -> ReviewStep | None:
    """The first step that nobody has decided."""
    return submission.steps.filter(decision=ReviewStep.Decision.WAITING).order_by("order").first()


@transaction.atomic
def approve(
    *,
    submission: Submission,
    by: Person,
    at: datetime,
    opinion: str = "",
    internal_note: str = "",
    checked: Sequence[str] = (),
) -> Submission:
    """Approve the step that waits for `by` (通过); after the last one the version is published unchanged.

    Raises:
        Refused: not a reviewer of the waiting step, an author of the thing, or the submission is closed.
    """
    submission, step = _step_for(submission, by, at)
    step.checked = list(checked)
    _decide(step, by, at, ReviewStep.Decision.APPROVED, opinion, internal_note)
    audit.record(by, "review.approved", submission.resource, version=submission.version.number, level=step.level)
    if current_step(submission) is None:
        _publish(submission, by, at)
    else:
        touch(submission.resource)
    events.decided.send(sender=Submission, submission=submission, step=step, by=by, at=at)
    return submission


@transaction.atomic
def return_for_changes(
    *,
    submission: Submission,
    by: Person,
    at: datetime,
    reasons: Sequence[str],
    opinion: str,
    internal_note: str = "",
    checked: Sequence[str] = (),
) -> Submission:
    """Send it back with reasons (退回修改). A published version stays as it was.

    Raises:
        Refused: as in `approve`.
        NotReady: neither a reason nor an opinion.
    """
    if not reasons and not opinion.strip():
        raise NotReady("退回要写明原因：勾选一条，或写一句修改意见")
    submission, step = _step_for(submission, by, at)
    step.reasons, step.checked = list(reasons), list(checked)
    _decide(step, by, at, ReviewStep.Decision.RETURNED, opinion, internal_note)
    _close(submission, Submission.Status.RETURNED, at)
    audit.record(by, "review.returned", submission.resource, reasons=list(reasons), opinion=opinion)
    events.decided.send(sender=Submission, submission=submission, step=step, by=by, at=at)
    return submission


@transaction.atomic
def withdraw_submission(*, resource: Resource, by: Person, at: datetime) -> None:
    """Take the open submission back (撤回); a first one becomes a draft again.

    Raises:
        Refused: the rule says no, or there is nothing to withdraw.
    """
    resource = Resource.objects.select_for_update().get(pk=resource.pk)
    action = Action.WITHDRAW if resource.state == State.IN_REVIEW else Action.WITHDRAW_SUBMISSION
    access.require(by, action, resource, at=at)
    submission = resource.submissions.filter(status=Submission.Status.OPEN).first()
    if submission is None:
        raise Refused(Verdict(False, "这份资料没有在审，不用撤回"))
    _close(submission, Submission.Status.WITHDRAWN, at)
    audit.record(by, "resource.submission_withdrawn", resource)


@transaction.atomic
def delegate(*, step: ReviewStep, by: Person, to: Organisation, at: datetime) -> ReviewStep:
    """A city officer hands a city step to a group's reviewers (委托审核).

    Raises:
        Refused: not an officer of that city, or not a waiting city step.
    """
    step = ReviewStep.objects.select_for_update().select_related("submission__resource").get(pk=step.pk)
    viewer = viewer_for(by, at)
    allowed = step.level == Level.CITY and step.organisation_id in viewer.in_role(Role.OFFICER) and not step.decision
    if not allowed or to.kind != OrganisationKind.GROUP:
        raise Refused(Verdict(False, "只有市级审核可以委托给集团，且要由市教育局人员来办"))
    step.delegated_to = to
    step.save(update_fields=["delegated_to"])
    audit.record(by, "review.delegated", step.submission.resource, to=to.uid)
    return step


def may_decide(step: ReviewStep, by: Person, at: datetime) -> bool:
    """Is this the person for this step: reviewer of a school or group, host of a studio, officer of an area, delegate."""
    viewer = viewer_for(by, at)
    if step.delegated_to_id and step.delegated_to_id in viewer.in_role(Role.REVIEWER):
        return True
    role = {Level.STUDIO: Role.HOST, Level.COUNTY: Role.OFFICER, Level.CITY: Role.OFFICER}.get(
        Level(step.level), Role.REVIEWER
    )
    return step.organisation_id in viewer.in_role(role)


def _step_for(submission: Submission, by: Person, at: datetime) -> tuple[Submission, ReviewStep]:
    submission = Submission.objects.select_for_update().select_related("resource", "version").get(pk=submission.pk)
    resource = Resource.objects.select_for_update().get(pk=submission.resource_id)
    access.require(by, Action.REVIEW, resource, at=at)
    step = current_step(submission) if submission.status == Submission.Status.OPEN else None
    if step is None:
        raise Refused(Verdict(False, "这份送审已经处理完了，请回到审核列表看下一份"))
    if not may_decide(step, by, at):
        raise Refused(Verdict(False, f"现在轮到{step.organisation.name}审核，还没到你这一步"))
    return submission, step


def _decide(step: ReviewStep, by: Person, at: datetime, decision: ReviewStep.Decision, opinion: str, note: str) -> None:
    step.decision = decision
    step.decided_by = by
    step.decided_at = at
    step.opinion = opinion
    step.internal_note = note
    step.sha256 = step.submission.version.sha256
    step.save()


def _close(submission: Submission, status: Submission.Status, at: datetime) -> None:
    Submission.objects.filter(pk=submission.pk).update(status=status, closed_at=at)
    submission.status = status
    resource = Resource.objects.get(pk=submission.resource_id)
    if resource.state == State.IN_REVIEW:
        _set_state(resource, State.DRAFT, at)
    touch(resource)


def _set_state(resource: Resource, state: State, at: datetime, reason: str = "") -> None:
    Resource.objects.filter(pk=resource.pk).update(state=state, state_changed_at=at, state_reason=reason)
    resource.state = state


def _publish(submission: Submission, by: Person, at: datetime) -> None:
    """Move `published_version` to the reviewed version unchanged and open its grants."""
    resource, version = submission.resource, submission.version
    require_record(submission)
    Submission.objects.filter(pk=submission.pk).update(status=Submission.Status.APPROVED, closed_at=at)
    submission.status = Submission.Status.APPROVED
    for audience in submission.audiences.all():
        _open_grant(resource, audience, submission.submitted_by, at)
    if version.published_at is None:
        type(version).objects.filter(pk=version.pk).update(published_at=at)
    Resource.objects.filter(pk=resource.pk).update(
        state=State.PUBLISHED,
        state_reason="",
        state_changed_at=at,
        published_version=version,
        published_at=at,
        studio=_studio_of(submission) or resource.studio_id,
    )
    resource.refresh_from_db()
    sync_columns(resource, version.title, document_of(resource, version.document))
    DraftInvitation.objects.filter(resource=resource, ended_at__isnull=True).update(ended_at=at)
    audit.record(by, "resource.published", resource, version=version.number, sha256=version.sha256)
    touch(resource)


def _studio_of(submission: Submission) -> int | None:
    """The studio whose host let it in: what is published through a studio is its work (工作室)."""
    through = submission.steps.filter(level=Level.STUDIO, submission__resource__studio__isnull=True)
    return through.values_list("organisation", flat=True).first()


def _open_grant(resource: Resource, audience: SubmissionAudience, given_by: Person, at: datetime) -> None:
    same = Q(
        organisation=audience.organisation, person=audience.person, is_public=audience.is_public, level=audience.level
    )
    begins = max(audience.starts_at or at, at)
    if resource.grants.filter(same, ends_at=audience.ends_at, starts_at__lte=begins).exists():
        return
    Grant.objects.create(
        resource=resource,
        organisation=audience.organisation,
        person=audience.person,
        is_public=audience.is_public,
        level=audience.level,
        starts_at=begins,
        ends_at=audience.ends_at,
        given_by=given_by,
    )
