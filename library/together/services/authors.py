"""Being asked to sign as an author (署名邀请): credit is given only by accepting, with the school of that day."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from groups import access, audit
from groups.access import Action, Refused, Verdict
from groups.inbox import services as inbox
from groups.models import Person
from groups.selectors import home_school_of
from library.resources import services as library
from library.resources.models import Contribution, Resource
from library.together.models import Invitation
from library.together.services.talk import NotPossible


@transaction.atomic
def invite_author(*, resource: Resource, by: Person, person: Person, part: str, at: datetime) -> Invitation:
    """Ask a colleague to sign with a part (邀请署名). While the question is open they may read and edit the draft.

    Raises:
        Refused: only the owner invites, and only to a draft.
        NotPossible: no such part, oneself, signed with it already, or asked already.
    """
    access.require(by, Action.INVITE_EDITOR, resource, at=at)
    if part not in Contribution.Part.values:
        raise NotPossible("角色：请从主备、参备、执教、指导、录制、整理里选一个")
    if person.pk == resource.owner_id:
        raise NotPossible("你本来就是作者，不用邀请自己")
    if resource.contributions.filter(person=person, part=part).exists():
        raise NotPossible(f"{person.name}已经署名{Contribution.Part(part).label}")
    if resource.author_invitations.filter(person=person, part=part, answered_at__isnull=True).exists():
        raise NotPossible(f"已经邀请过{person.name}，还在等答复")
    made = Invitation.objects.create(resource=resource, person=person, part=part, invited_by=by, invited_at=at)
    library.invite_editor(resource=resource, by=by, person=person, at=at)
    audit.record(by, "author.invited", resource, person=person.uid, part=part)
    inbox.tell(
        people=[person],
        about=inbox.About.INVITATION,
        words=f"{by.name}请你在{{thing}}署名{made.get_part_display()}，等你答复",
        at=at,
        actor=by,
        thing="resource",
        thing_uid=resource.uid,
        url=reverse("together:invitations"),
    )
    return made


@transaction.atomic
def answer_invitation(*, invitation: Invitation, by: Person, accept: bool, at: datetime) -> Invitation:
    """Accept or decline (接受、婉拒). Accepting signs with the school where the person works on this day.

    Raises:
        Refused: another person's invitation, or the thing is no longer a draft of the inviter.
        NotPossible: answered already.
    """
    invitation = Invitation.objects.select_for_update().select_related("resource", "invited_by").get(pk=invitation.pk)
    if invitation.person_id != by.pk:
        raise Refused(Verdict(False, "这份邀请不是给你的"))
    if invitation.answered_at is not None:
        raise NotPossible("这份邀请已经答复过了")
    resource = invitation.resource
    if accept:
        if not access.may(invitation.invited_by, Action.INVITE_EDITOR, resource, at=at):
            raise Refused(Verdict(False, "这份资料已经送审或不在草稿里，现在不能加作者。请作者撤回后再邀请你"))
        library.add_author(
            resource=resource,
            by=invitation.invited_by,
            person=by,
            part=invitation.part,
            school=home_school_of(by, at),
            order=resource.contributions.count(),
            at=at,
        )
    for draft in resource.draft_invitations.filter(person=by, ended_at__isnull=True):
        library.decline_editing(invitation=draft, by=by, at=at)
    invitation.answered_at, invitation.accepted = at, accept
    invitation.save(update_fields=["answered_at", "accepted"])
    audit.record(by, "author.accepted" if accept else "author.declined", resource, part=invitation.part)
    answer = f"{by.name}{'接受' if accept else '婉拒'}了在{{thing}}署名{invitation.get_part_display()}的邀请"
    inbox.tell(
        people=[invitation.invited_by],
        about=inbox.About.INVITATION,
        words=answer,
        at=at,
        actor=by,
        thing="resource",
        thing_uid=resource.uid,
    )
    return invitation
