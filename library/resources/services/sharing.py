"""Narrowing who sees a thing, naming authors, and inviting somebody to write with you. Widening goes through review: `submit`."""

from datetime import datetime

from django.db import transaction

from groups import access, audit
from groups.access import Action, Refused, Verdict
from groups.models import Organisation, Person
from library.history.keeping import author_added
from library.resources import events
from library.resources.models import Contribution, DraftInvitation, Grant, Resource
from library.resources.services.indexing import touch


@transaction.atomic
def end_grant(*, grant: Grant, by: Person, at: datetime) -> None:
    """End one audience now (缩小范围). Who received a version keeps it."""
    grant = Grant.objects.select_for_update().select_related("resource").get(pk=grant.pk)
    access.require(by, Action.NARROW_GRANT, grant.resource, at=at)
    if grant.ends_at is None or grant.ends_at > at:
        grant.ends_at = max(at, grant.starts_at)
        grant.end_told = True
        grant.save(update_fields=["ends_at", "end_told"])
    audit.record(by, "grant.ended", grant.resource, audience=str(grant))
    touch(grant.resource)


@transaction.atomic
def invite_editor(*, resource: Resource, by: Person, person: Person, at: datetime) -> DraftInvitation:
    """Invite a named person to the draft (邀请一起写); ends at publication or when revoked."""
    access.require(by, Action.INVITE_EDITOR, resource, at=at)
    invitation = DraftInvitation.objects.create(resource=resource, person=person, invited_by=by, invited_at=at)
    audit.record(by, "draft.invited", resource, person=person.uid)
    events.invited.send(sender=DraftInvitation, invitation=invitation, by=by, at=at)
    return invitation


@transaction.atomic
def revoke_editor(*, invitation: DraftInvitation, by: Person, at: datetime) -> None:
    """End an invitation (撤销邀请)."""
    access.require(by, Action.INVITE_EDITOR, invitation.resource, at=at)
    DraftInvitation.objects.filter(pk=invitation.pk, ended_at__isnull=True).update(ended_at=at)
    audit.record(by, "draft.invitation_revoked", invitation.resource, person=invitation.person.uid)


@transaction.atomic
def decline_editing(*, invitation: DraftInvitation, by: Person, at: datetime) -> None:
    """The invited person does not take part (不参加): the invitation ends.

    Raises:
        Refused: it is another person's invitation.
    """
    if invitation.person_id != by.pk:
        raise Refused(Verdict(False, "这份邀请不是给你的"))
    DraftInvitation.objects.filter(pk=invitation.pk, ended_at__isnull=True).update(ended_at=at)
    audit.record(by, "draft.invitation_declined", invitation.resource)


@transaction.atomic
def add_author(
    *, resource: Resource, by: Person, person: Person, part: str, school: Organisation | None, order: int, at: datetime
) -> Contribution:
    """Name a further author with their part and the school of this day (署名). Authors may edit and submit.

    Raises:
        Refused: only the owner names authors.
    """
    access.require(by, Action.INVITE_EDITOR, resource, at=at)
    if not resource.contributions.filter(person=person).exists():
        author_added(resource.pk, person.pk, at)
    written, _ = Contribution.objects.update_or_create(
        resource=resource, person=person, part=part, defaults={"school_then": school, "order": order}
    )
    audit.record(by, "resource.author_added", resource, person=person.uid, part=part)
    return written
