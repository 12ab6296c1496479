"""What happens to a thing beside its text: withdrawn, archived, taken down, restored, binned."""

from datetime import datetime

from django.db import transaction

from groups import access, audit
from groups.access import Action, Refused, Verdict
from groups.models import Person, State
from groups.viewer import viewer_for
from library.resources import events, policies
from library.resources.models import Resource, Submission
from library.resources.services.indexing import touch


@transaction.atomic
def withdraw(*, resource: Resource, by: Person, at: datetime) -> None:
    """The owner takes a published thing back to their drafts (撤回). Its grants end, a review that waits too; forks stay."""
    resource = _permitted(resource, by, Action.WITHDRAW, at)
    waiting = resource.submissions.filter(status=Submission.Status.OPEN)
    waiting.update(status=Submission.Status.WITHDRAWN, closed_at=at)
    resource.grants.valid_at(at).update(ends_at=at, end_told=True)
    _change(resource, by, State.DRAFT, "resource.withdrawn", at)
    Resource.objects.filter(pk=resource.pk).update(published_version=None)


@transaction.atomic
def archive(*, resource: Resource, by: Person, at: datetime) -> None:
    """Put a published thing aside (归档): found only with the filter for archived things."""
    _change(_permitted(resource, by, Action.ARCHIVE, at), by, State.ARCHIVED, "resource.archived", at)


@transaction.atomic
def take_down(*, resource: Resource, by: Person, reason: str, at: datetime) -> None:
    """Take a published thing down (下架), with a reason its owner reads.

    Raises:
        Refused: the rule says no, the actor may not read the thing, or no reason was given.
    """
    resource = _permitted(resource, by, Action.TAKE_DOWN, at)
    if not reason.strip():
        raise Refused(Verdict(False, "下架要写明原因，作者会看到这句话"))
    rank = policies.rank_over(viewer_for(by, at), resource)
    Resource.objects.filter(pk=resource.pk).update(taken_down_as=rank)
    _change(resource, by, State.TAKEN_DOWN, "resource.taken_down", at, reason.strip())
    events.taken_down.send(sender=Resource, resource=resource, by=by, reason=reason.strip(), at=at)


@transaction.atomic
def restore(*, resource: Resource, by: Person, at: datetime) -> None:
    """Bring a taken-down thing back to its readers, or a binned draft back to its owner (恢复)."""
    resource = _permitted(resource, by, Action.RESTORE, at)
    state = State.PUBLISHED if resource.state == State.TAKEN_DOWN else State.DRAFT
    _change(resource, by, state, "resource.restored", at)


@transaction.atomic
def bin_draft(*, resource: Resource, by: Person, at: datetime) -> None:
    """Move a draft to the bin (移到回收站), kept for 30 days."""
    _change(_permitted(resource, by, Action.DELETE, at), by, State.BINNED, "resource.binned", at)


def _permitted(resource: Resource, by: Person, action: Action, at: datetime) -> Resource:
    resource = Resource.objects.select_for_update().get(pk=resource.pk)
    access.require(by, action, resource, at=at)
    return resource


def _change(resource: Resource, by: Person, state: State, deed: str, at: datetime, reason: str = "") -> None:
    before = resource.state
    Resource.objects.filter(pk=resource.pk).update(state=state, state_changed_at=at, state_reason=reason)
    audit.record(by, deed, resource, before=before, after=state, reason=reason)
    touch(resource)
