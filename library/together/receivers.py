"""Translates what happens in the library into messages."""

from typing import Any

from django.dispatch import receiver

from groups.inbox import services as inbox
from library.resources import events
from library.resources.models import Resource, Submission


def _tell(resource: Resource, words: str, people: list[Any], by: Any, at: Any, about: str = "review") -> None:
    inbox.tell(people=people, about=about, words=words, at=at, actor=by, thing="resource", thing_uid=resource.uid)


@receiver(events.decided)
def tell_the_authors(sender: Any, submission: Submission, step: Any, by: Any, at: Any, **kwargs: Any) -> None:
    """A returned submission, and one that went through its whole chain; steps in between are no news."""
    if submission.status == Submission.Status.OPEN:
        return
    result = "已通过审核，已经发布" if submission.status == Submission.Status.APPROVED else "退回修改，看看审核人的意见"
    resource = submission.resource
    _tell(resource, f"{{thing}}{result}", [submission.submitted_by, resource.owner], by, at)


@receiver(events.taken_down)
def tell_the_owner(sender: Any, resource: Resource, by: Any, reason: str, at: Any, **kwargs: Any) -> None:
    _tell(resource, f"{{thing}}已下架：{reason}", [resource.owner], by, at)


@receiver(events.invited)
def tell_the_invited(sender: Any, invitation: Any, by: Any, at: Any, **kwargs: Any) -> None:
    if invitation.resource.author_invitations.filter(person=invitation.person, answered_at__isnull=True).exists():
        return
    words = f"{by.name}请你一起写{{thing}}"
    _tell(invitation.resource, words, [invitation.person], by, at, inbox.About.INVITATION)
