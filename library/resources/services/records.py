"""No published byte without a review record of exactly that hash: checked at every publication, and again at leisure.

A version's `sha256` covers title, document and the bytes of every file. `require_record` stands before each publication;
`unrecorded` finds what is published without its record, whatever wrote it: the worker asks daily, `manage.py
review_verify` at any time.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from groups.models import OrganisationKind
from library.resources.models import Resource, ReviewStep, Submission, SubmissionAudience, Version
from library.resources.services.versions import digest

WITHOUT_REVIEW = frozenset({OrganisationKind.PREP_GROUP, OrganisationKind.RESEARCH_GROUP})
SHOWN_STATES = ("published", "archived")


class NoRecord(RuntimeError):
    """A publication without its review record was about to happen; nothing was written."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A published resource whose record does not hold, and why."""

    resource: Resource
    reason: str


def require_record(submission: Submission) -> None:
    """Let a submission publish only what its whole chain has read.

    Raises:
        NoRecord: a step is not approved, was decided by an author or on other bytes, or the bytes have changed since.
    """
    steps = list(submission.steps.all())
    audiences = list(submission.audiences.select_related("organisation"))
    authors = set(submission.resource.contributions.values_list("person_id", flat=True))
    authors.add(submission.resource.owner_id)
    reason = why_not(submission.version, steps, _asks_for_review(audiences), authors)
    if reason:
        raise NoRecord(f"{submission.resource.uid} v{submission.version.number}: {reason}")


def why_not(version: Version, steps: Iterable[ReviewStep], asked: bool, authors: set[int]) -> str:
    """Why these steps are no record of this version's bytes; empty when they are."""
    steps = list(steps)
    if asked and not steps:
        return "the audience asks for a review and there is none"
    if any(step.decision != ReviewStep.Decision.APPROVED for step in steps):
        return "a step has not approved"
    if any(step.sha256 != version.sha256 for step in steps):
        return "a step approved other bytes"
    if any(step.decided_by_id in authors for step in steps):
        return "an author approved"
    if digest_of(version) != version.sha256:
        return "the bytes are not those of the hash"
    return ""


def digest_of(version: Version) -> str:
    """The hash of what the version holds now."""
    attachments = version.attachments.order_by("order", "id").values_list("file__blob_id", "purpose")
    return digest(version.title, version.document, list(attachments))


def unrecorded(resources: QuerySet[Resource] | None = None) -> Iterator[Gap]:
    """Every shown resource whose published version has no whole record, one after the other."""
    found = Resource.objects.all() if resources is None else resources
    for resource in found.filter(state__in=SHOWN_STATES).select_related("published_version").order_by("pk").iterator():
        reason = _gap(resource)
        if reason:
            yield Gap(resource, reason)


def _gap(resource: Resource) -> str:
    version = resource.published_version
    if version is None:
        return "published without a version"
    approved = resource.submissions.filter(version=version, status=Submission.Status.APPROVED)
    records = list(approved.prefetch_related("steps", "audiences__organisation"))
    if not records:
        return "no approved submission of this version"
    for submission in records:
        asked = _asks_for_review(submission.audiences.all())
        reason = why_not(version, submission.steps.all(), asked, {resource.owner_id, submission.submitted_by_id})
        if reason:
            return reason
    return ""


def _asks_for_review(audiences: Iterable[SubmissionAudience]) -> bool:
    """Does any of these audiences have a chain: a school or wider, a studio, everybody?"""
    return any(a.is_public or (a.organisation and a.organisation.kind not in WITHOUT_REVIEW) for a in audiences)
