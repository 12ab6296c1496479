"""Joining a studio by request (加入申请): asked by anybody with an account, answered by its host."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from groups import access, audit
from groups import services as groups
from groups.access import Action, Refused, Verdict
from groups.inbox import services as inbox
from groups.models import Appointment, Nature, Person, Role, Studio
from studios.models import Application

SEATS = (Role.HOST, Role.MEMBER, Role.EDITOR)


class NotPossible(ValueError):
    """What was asked does not fit the facts; the sentence says what to do instead."""


@transaction.atomic
def ask_to_join(*, studio: Studio, by: Person, words: str, at: datetime) -> Application:
    """Ask to become a member (申请加入). The host is told.

    Raises:
        Refused: signed out, or the studio is closed.
        NotPossible: a member already, or a request waits.
    """
    access.require(by, Action.ASK_TO_JOIN, studio, at=at)
    if Appointment.objects.valid_at(at).filter(person=by, organisation=studio.pk, role__in=SEATS).exists():
        raise NotPossible(f"你已经是{studio.name}的成员")
    if studio.applications.filter(person=by, status=Application.Status.OPEN).exists():
        raise NotPossible("已经申请过，还在等主持人答复")
    made = Application.objects.create(studio_id=studio.pk, person=by, words=words.strip()[:500], at=at)
    audit.record(by, "studio.application_made", studio)
    hosts = Appointment.objects.valid_at(at).filter(organisation=studio.pk, role=Role.HOST).select_related("person")
    inbox.tell(
        people=[seat.person for seat in hosts],
        about=inbox.About.STUDIO,
        words=f"{by.name}申请加入{studio.name}",
        at=at,
        actor=by,
        url=reverse("studios:queue", args=[studio.uid]),
    )
    return made


@transaction.atomic
def answer_application(*, application: Application, by: Person, accept: bool, words: str, at: datetime) -> Application:
    """Take a person in, or not (接受、婉拒). Taken in, they have a seat from this moment.

    Raises:
        Refused: not the host of that studio while it runs.
        NotPossible: answered already.
    """
    application = Application.objects.select_for_update().select_related("person").get(pk=application.pk)
    studio = Studio.objects.get(pk=application.studio_id)
    if not access.may(by, Action.ACCEPT_MEMBER, studio, at=at):
        raise Refused(Verdict(False, f"{studio.name}的申请由它的主持人答复"))
    if application.status != Application.Status.OPEN:
        raise NotPossible("这份申请已经答复过了")
    if accept:
        groups.appoint(
            person=application.person,
            organisation=studio,
            by=None,
            at=at,
            role=Role.MEMBER,
            nature=Nature.SEAT,
            reason="申请加入，主持人接受",
        )
    application.status = Application.Status.ACCEPTED if accept else Application.Status.DECLINED
    application.answer, application.answered_by, application.answered_at = words.strip()[:200], by, at
    application.save(update_fields=["status", "answer", "answered_by", "answered_at"])
    audit.record(by, "studio.application_answered", studio, person=application.person.uid, accepted=accept)
    result = "接受了你的申请，你现在可以投稿" if accept else f"这次没有接受你的申请。{application.answer}"
    inbox.tell(
        people=[application.person],
        about=inbox.About.STUDIO,
        words=f"{studio.name}{result}",
        at=at,
        actor=by,
        url=studio_address(studio),
    )
    return application


def studio_address(studio: Studio) -> str:
    """The studio's page, or its entry among the organisations while it has none."""
    page = getattr(studio, "studio_page", None)
    return str(page.url) if page is not None and page.live else studio.get_absolute_url()
