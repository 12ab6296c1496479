"""Comments, thanks, following (评论、感谢、关注)."""

from datetime import datetime

from django.db import transaction
from django.db.models import Model

from groups import access, audit
from groups.access import Action, Refused, Verdict
from groups.inbox import services as inbox
from groups.models import Appointment, Organisation, Person, Role, Studio
from library.resources.models import Resource
from library.together.models import Comment, CommentReport, Follow, Thanks

MOST_WORDS = 1000


class NotPossible(ValueError):
    """What was asked does not fit the facts; the sentence says what to do instead."""


@transaction.atomic
def comment(*, resource: Resource, by: Person, words: str, at: datetime, answering: Comment | None = None) -> Comment:
    """Say something under a published resource, or answer what somebody said. The owner and who is answered are told.

    Raises:
        Refused: the rule says no.
        NotPossible: no words, too many, or what is answered is gone or lies under another resource.
    """
    access.require(by, Action.COMMENT, resource, at=at)
    said = _words(words)
    if answering is not None:
        answering = Comment.objects.select_for_update().get(pk=answering.pk)
        if answering.resource_id != resource.pk or answering.deleted_at is not None:
            raise NotPossible("你要回复的那条评论已经删除，可以另写一条")
        answering = answering.answers or answering
    written = Comment.objects.create(resource=resource, author=by, answers=answering, words=said, at=at)
    audit.record(by, "comment.written", resource, comment=written.pk)
    _tell_of(written, answering, at)
    return written


def _tell_of(written: Comment, answering: Comment | None, at: datetime) -> None:
    """The owner, and everybody in the thread that is answered."""
    owner, by = written.resource.owner, written.author
    thread = {answering.author, *(r.author for r in answering.replies.all())} if answering else set()
    for person, words in ((owner, "评论了{thing}"), *((p, "在{thing}回复了你") for p in thread if p != owner)):
        _tell([person], inbox.About.COMMENT, f"{by.name}{words}", written.resource, by, at, "#talk")


def _tell(
    people: list[Person], about: str, words: str, resource: Resource, by: Person, at: datetime, anchor: str = ""
) -> None:
    inbox.tell(
        people=people,
        about=about,
        words=words,
        at=at,
        actor=by,
        thing="resource",
        thing_uid=resource.uid,
        url=f"{resource.get_absolute_url()}{anchor}",
    )


def _words(words: str) -> str:
    said = words.strip()
    if not said:
        raise NotPossible("评论：还没有写")
    if len(said) > MOST_WORDS:
        raise NotPossible(f"评论：最多 {MOST_WORDS} 字，现在 {len(said)} 字，请写短一些")
    return said


@transaction.atomic
def edit_comment(*, written: Comment, by: Person, words: str, at: datetime) -> Comment:
    """Change one's own words, until someone answers (改评论).

    Raises:
        Refused: not one's own, or answered already.
        NotPossible: no words, or too many.
    """
    written = Comment.objects.select_for_update().get(pk=written.pk)
    if not access.may(by, Action.EDIT, written, at=at):
        raise Refused(Verdict(False, "只能改自己写的、还没有人回复的评论"))
    written.words, written.edited_at = _words(words), at
    written.save(update_fields=["words", "edited_at"])
    audit.record(by, "comment.edited", written.resource, comment=written.pk)
    return written


@transaction.atomic
def delete_comment(*, written: Comment, by: Person, at: datetime) -> None:
    """Take the words away and leave a trace of who did (删评论). Answers stay.

    Raises:
        Refused: neither the commenter nor a moderator of the resource.
    """
    written = Comment.objects.select_for_update().get(pk=written.pk)
    access.require(by, Action.DELETE, written, at=at)
    if written.deleted_at is not None:
        return
    audit.record(by, "comment.deleted", written.resource, comment=written.pk, author=written.author.uid)
    written.words, written.deleted_at, written.deleted_by = "", at, by
    written.save(update_fields=["words", "deleted_at", "deleted_by"])


@transaction.atomic
def report_comment(*, written: Comment, by: Person, reason: str, at: datetime) -> CommentReport:
    """Tell who moderates that a comment does not belong there (举报). Once a person and comment.

    Raises:
        Refused: not a reader of the resource.
        NotPossible: no reason, or the comment is gone.
    """
    access.require(by, Action.REPORT, written, at=at)
    if written.deleted_at is not None:
        raise NotPossible("这条评论已经删除，不用再举报")
    if not reason.strip():
        raise NotPossible("原因：还没有写，请写一句哪里不合适")
    report, is_new = CommentReport.objects.get_or_create(
        comment=written, by=by, defaults={"reason": reason.strip()[:200], "at": at}
    )
    if is_new:
        audit.record(by, "comment.reported", written.resource, comment=written.pk, reason=report.reason)
        words = f"有人举报{{thing}}下面的一条评论：{report.reason}"
        _tell(_moderators(written, at), inbox.About.COMMENT, words, written.resource, by, at, "#talk")
    return report


def _moderators(written: Comment, at: datetime) -> list[Person]:
    """The owner; of the owner's own words the administrators of the home school."""
    resource = written.resource
    if written.author_id != resource.owner_id:
        return [resource.owner]
    held = Appointment.objects.valid_at(at).filter(organisation=resource.home_school_id, role=Role.ADMIN)
    return [appointment.person for appointment in held.select_related("person")]


@transaction.atomic
def toggle_thanks(*, resource: Resource, by: Person, at: datetime) -> bool:
    """Say thank you, or take it back (谢谢). Answers whether it stands now.

    Raises:
        Refused: who may not comment may not thank.
        NotPossible: one's own.
    """
    access.require(by, Action.COMMENT, resource, at=at)
    if resource.owner_id == by.pk:
        raise NotPossible("这是你自己的资料，不用感谢自己")
    removed, _ = Thanks.objects.filter(resource=resource, person=by).delete()
    if removed:
        return False
    _, is_new = Thanks.objects.get_or_create(resource=resource, person=by, defaults={"at": at})
    if is_new:
        _tell([resource.owner], inbox.About.THANKS, f"{by.name}感谢你分享{{thing}}", resource, by, at)
    return True


@transaction.atomic
def toggle_follow(
    *,
    by: Person,
    at: datetime,
    studio: Organisation | None = None,
    person: Person | None = None,
    resource: Resource | None = None,
) -> bool:
    """Follow a studio, a person or a resource, or no longer (关注). Answers whether it is followed now.

    Raises:
        Refused: the rule says no.
        NotPossible: oneself.
    """
    target: Model | None = studio or person or resource
    name = "studio" if studio else "person" if person else "resource"
    if target is None:
        raise NotPossible("没有说要关注谁")
    _require_followable(by, at, target)
    removed, _ = Follow.objects.filter(**{"follower": by, name: target}).delete()
    if removed:
        return False
    Follow.objects.get_or_create(**{"follower": by, name: target}, defaults={"at": at, "told_until": at})
    return True


def _require_followable(by: Person, at: datetime, target: Model) -> None:
    if isinstance(target, Person):
        access.require(by, Action.READ_CARD, target, at=at)
        if target.pk == by.pk:
            raise NotPossible("不用关注自己，你的更新都在“我的资源”里")
    elif isinstance(target, Organisation):
        access.require(by, Action.FOLLOW, Studio.objects.get(pk=target.pk), at=at)
    else:
        access.require(by, Action.FAVOURITE, target, at=at)
