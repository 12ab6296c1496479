"""Beside the chain: reminding reviewers, appealing a take-down, awarding quality marks (催办、申诉、质量标识)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse

from groups import access, audit
from groups.access import Action, Refused, Verdict
from groups.inbox import services as inbox
from groups.models import Appointment, AuditRow, Organisation, OrganisationKind, Person, Role
from groups.viewer import areas_above, viewer_for
from library.resources import services as library
from library.resources.models import Contribution, Resource, ReviewStep, Submission
from library.resources.services.reviewing import current_step
from library.together.models import Appeal, QualityMark, Reminder
from library.together.services.talk import NotPossible

Level = QualityMark.Level
ONCE_IN = timedelta(hours=24)
PATIENCE = timedelta(days=3)
ROLE_OF_LEVEL = {"studio": Role.HOST, "county": Role.OFFICER, "city": Role.OFFICER}


def reviewers_of(step: ReviewStep, at: datetime) -> list[Person]:
    """Whoever may decide a step now: reviewers, the host, officers, and those of the group it was handed to."""
    role = ROLE_OF_LEVEL.get(step.level, Role.REVIEWER)
    held = Appointment.objects.valid_at(at).filter(organisation=step.organisation_id, role=role)
    if step.delegated_to_id:
        held = held | Appointment.objects.valid_at(at).filter(organisation=step.delegated_to_id, role=Role.REVIEWER)
    resource = step.submission.resource
    written = Contribution.objects.filter(resource=resource).values("person")
    seats = held.exclude(person=resource.owner_id).exclude(person__in=written).select_related("person")
    return list({seat.person_id: seat.person for seat in seats}.values())


@transaction.atomic
def remind(*, submission: Submission, by: Person, at: datetime) -> int:
    """Ask the reviewers of the waiting step to look (催一下), once a day. Answers how many were told.

    Raises:
        Refused: not an author of the thing.
        NotPossible: nothing waits, it was reminded today, or nobody can review it.
    """
    submission = Submission.objects.select_for_update().select_related("resource").get(pk=submission.pk)
    resource = submission.resource
    if resource.owner_id != by.pk and not resource.contributions.filter(person=by).exists():
        raise Refused(Verdict(False, "只有作者能催"))
    step = current_step(submission) if submission.status == Submission.Status.OPEN else None
    if step is None:
        raise NotPossible("这份送审已经处理完了，不用催")
    if step.reminders.filter(at__gt=at - ONCE_IN).exists():
        raise NotPossible("一天催一次就好，审核人已经收到了")
    told = _remind(step, by, at)
    if not told:
        raise NotPossible(f"{step.organisation.name}现在没有能审的人，请联系本校管理员")
    audit.record(by, "review.reminded", resource, level=step.level)
    return told


def _remind(step: ReviewStep, by: Person | None, at: datetime) -> int:
    Reminder.objects.create(step=step, by=by, at=at)
    days = (at - waiting_since(step)).days
    return inbox.tell(
        people=reviewers_of(step, at),
        about=inbox.About.REVIEW,
        words=f"{{thing}}等你审已经 {days} 天" if days else "{thing}在等你审",
        at=at,
        actor=by,
        thing="resource",
        thing_uid=step.submission.resource.uid,
        url=f"/review/{step.submission_id}/",
    )


def waiting_since(step: ReviewStep) -> datetime:
    """Since when this step is the one that waits: the decision before it, or the submission."""
    decided = [s.decided_at for s in step.submission.steps.all() if s.order < step.order and s.decided_at]
    return max(decided, default=step.submission.submitted_at)


@transaction.atomic
def remind_waiting(now: datetime) -> int:
    """Remind of every step that has waited three days and was not reminded of in the last three. Answers how many."""
    reminded = Reminder.objects.filter(at__gt=now - PATIENCE).values("step")
    waiting = (
        ReviewStep.objects.filter(decision=ReviewStep.Decision.WAITING, submission__status=Submission.Status.OPEN)
        .filter(submission__submitted_at__lte=now - PATIENCE)
        .exclude(pk__in=reminded)
        .select_related("submission__resource", "organisation")
        .prefetch_related("submission__steps")
    )
    due = [step for step in waiting if _is_next(step) and waiting_since(step) <= now - PATIENCE]
    for step in due:
        _remind(step, None, now)
    return len(due)


def _is_next(step: ReviewStep) -> bool:
    return all(other.decision or other.order >= step.order for other in step.submission.steps.all())


@transaction.atomic
def appeal(*, resource: Resource, by: Person, words: str, at: datetime) -> Appeal:
    """Ask for a taken-down thing to come back (申诉), once until it is answered.

    Raises:
        Refused: only the owner appeals, and only against a take-down.
        NotPossible: no reason, or an appeal waits already.
    """
    resource = Resource.objects.select_for_update().get(pk=resource.pk)
    access.require(by, Action.APPEAL, resource, at=at)
    if not words.strip():
        raise NotPossible("申诉理由：还没有写。说说改了什么，或为什么不该下架")
    if resource.appeals.filter(status=Appeal.Status.OPEN).exists():
        raise NotPossible("已经申诉过，还在等答复")
    made = Appeal.objects.create(resource=resource, by=by, words=words.strip()[:1000], at=at)
    audit.record(by, "resource.appealed", resource)
    taken = AuditRow.objects.filter(action="resource.taken_down", thing_uid=resource.uid).order_by("-pk").first()
    inbox.tell(
        people=[taken.actor] if taken and taken.actor else [],
        about=inbox.About.REVIEW,
        words=f"{by.name}对{{thing}}的下架提出申诉",
        at=at,
        actor=by,
        thing="resource",
        thing_uid=resource.uid,
        url=reverse("together:appeals"),
    )
    return made


@transaction.atomic
def answer_appeal(*, appeal: Appeal, by: Person, uphold: bool, words: str, at: datetime) -> Appeal:
    """Bring the thing back, or say why not (答复申诉). The owner is told.

    Raises:
        Refused: of a lower rank than who took it down.
        NotPossible: answered already, or a refusal without a word.
    """
    appeal = Appeal.objects.select_for_update().select_related("resource", "by").get(pk=appeal.pk)
    resource = appeal.resource
    if appeal.status != Appeal.Status.OPEN:
        raise NotPossible("这份申诉已经答复过了")
    access.require(by, Action.RESTORE, resource, at=at)
    if not uphold and not words.strip():
        raise NotPossible("答复：不恢复要写明原因，作者会看到")
    if uphold:
        library.restore(resource=resource, by=by, at=at)
    appeal.status = Appeal.Status.UPHELD if uphold else Appeal.Status.DECLINED
    appeal.answer, appeal.answered_by, appeal.answered_at = words.strip()[:1000], by, at
    appeal.save(update_fields=["status", "answer", "answered_by", "answered_at"])
    audit.record(by, "appeal.answered", resource, upheld=uphold)
    result = "已恢复" if uphold else f"没有恢复：{appeal.answer}"
    inbox.tell(
        people=[appeal.by],
        about=inbox.About.REVIEW,
        words=f"你对{{thing}}的申诉有答复了，{result}",
        at=at,
        actor=by,
        thing="resource",
        thing_uid=resource.uid,
    )
    return appeal


def bodies_to_award(resource: Resource, by: Person, at: datetime) -> list[tuple[Level, Organisation]]:
    """The levels and bodies for which a person may award a mark to this resource: only those that are theirs."""
    if resource.home_school is None:
        return []
    viewer, home = viewer_for(by, at), resource.home_school
    groups = {group for group, schools in viewer.runs.items() if home.pk in schools}
    areas = viewer.in_role(Role.OFFICER) & areas_above(home, at)
    level = {
        OrganisationKind.GROUP: Level.GROUP,
        OrganisationKind.COUNTY: Level.COUNTY,
        OrganisationKind.CITY: Level.CITY,
    }
    bodies = Organisation.objects.filter(pk__in=groups | areas, kind__in=list(level)).order_by("kind", "name")
    return [(level[OrganisationKind(body.kind)], body) for body in bodies]


@transaction.atomic
def award_mark(
    *, resource: Resource, by: Person, organisation: Organisation, certificate: str, at: datetime
) -> QualityMark:
    """Give a published thing the quality mark of one's own level (授予质量标识), for the version published now.

    Raises:
        Refused: the rule says no, or another body's level.
        NotPossible: no certificate number, one that is taken, or the body has given its mark already.
    """
    resource = Resource.objects.select_for_update(of=("self",)).select_related("home_school").get(pk=resource.pk)
    access.require(by, Action.AWARD_MARK, resource, at=at)
    level = next((lv for lv, body in bodies_to_award(resource, by, at) if body.pk == organisation.pk), None)
    if level is None:
        raise Refused(Verdict(False, "只能授予你自己这一级的质量标识"))
    number = certificate.strip()
    if not number or len(number) > 40:
        raise NotPossible("证书编号：还没有填" if not number else "证书编号：最多 40 个字符，请核对")
    if QualityMark.objects.filter(certificate=number).exists():
        raise NotPossible(f"证书编号：{number} 已经用过，请核对")
    if resource.marks.filter(organisation=organisation).exists():
        raise NotPossible(f"{organisation.name}已经给过这份资料标识，要换证书请先撤销")
    version = resource.published_version
    assert version is not None, "only published things are awarded a mark"
    mark = QualityMark.objects.create(
        resource=resource,
        level=level,
        organisation=organisation,
        certificate=number,
        awarded_by=by,
        awarded_at=at,
        version=version,
    )
    audit.record(by, "mark.awarded", resource, level=str(level), certificate=number)
    _tell_authors(resource, f"{{thing}}获得{mark.get_level_display()}，证书编号 {number}", by, at)
    return mark


@transaction.atomic
def revoke_mark(*, mark: QualityMark, by: Person, at: datetime) -> None:
    """Take a mark back (撤销标识): the body that gave it.

    Raises:
        Refused: the rule says no, or another body's mark.
    """
    access.require(by, Action.AWARD_MARK, mark.resource, at=at)
    if mark.organisation_id not in {body.pk for _, body in bodies_to_award(mark.resource, by, at)}:
        raise Refused(Verdict(False, "只能撤销你自己这一级的质量标识"))
    audit.record(by, "mark.revoked", mark.resource, level=mark.level, certificate=mark.certificate)
    QualityMark.objects.filter(pk=mark.pk).delete()


def _tell_authors(resource: Resource, words: str, by: Person, at: datetime) -> None:
    authors: Iterable[Person] = [c.person for c in resource.contributions.select_related("person")]
    inbox.tell(
        people=[resource.owner, *authors],
        about=inbox.About.REVIEW,
        words=words,
        at=at,
        actor=by,
        thing="resource",
        thing_uid=resource.uid,
    )
