"""求资源: asked once, answered by colleagues with what the asker may read."""

from datetime import datetime

from django.db import transaction

from catalogue.models import Node
from groups import access, audit
from groups.access import Action
from groups.inbox import services as inbox
from groups.models import Person
from groups.selectors import home_school_of
from library.resources.models import Kind, Resource
from library.together.models import Wish, WishAnswer
from library.together.services.talk import NotPossible

MOST_OPEN = 20


@transaction.atomic
def ask(*, by: Person, words: str, at: datetime, details: str = "", node: Node | None = None, kind: str = "") -> Wish:
    """Ask colleagues for something that is missing (求资源).

    Raises:
        NotPossible: no words, or twenty wishes of one's own wait already.
    """
    said = words.strip()
    if not said or len(said) > 120:
        raise NotPossible("求什么：还没有写" if not said else "求什么：最多 120 字，细节写在说明里")
    if kind and kind not in Kind.values:
        raise NotPossible("类型：请从列表里选")
    if Wish.objects.filter(asker=by, closed_at__isnull=True).count() >= MOST_OPEN:
        raise NotPossible(f"你已有 {MOST_OPEN} 条在求，先把找到的标为已解决")
    wish = Wish.objects.create(
        asker=by,
        school_then=home_school_of(by, at),
        words=said,
        details=details.strip()[:500],
        node=node,
        kind=kind,
        at=at,
    )
    audit.record(by, "wish.asked", wish)
    return wish


@transaction.atomic
def answer(*, wish: Wish, by: Person, resource: Resource, words: str, at: datetime) -> WishAnswer:
    """Answer with a resource (我有这份). The asker is told.

    Raises:
        Refused: signed out, or a resource that the answerer may not read.
        NotPossible: closed, answered with it already, or the asker may not read it.
    """
    wish = Wish.objects.select_for_update().select_related("asker").get(pk=wish.pk)
    if wish.closed_at is not None:
        raise NotPossible("这条已经解决了，谢谢你")
    access.require(by, Action.ANSWER, wish, at=at)
    access.require(by, Action.READ, resource, at=at)
    if not access.may(wish.asker, Action.READ, resource, at=at):
        raise NotPossible(f"{wish.asker.name}还看不到这份资料。先把共享范围开到对方学校，再来回应")
    if wish.answers.filter(resource=resource).exists():
        raise NotPossible("已经有人用这份回应过了")
    made = WishAnswer.objects.create(wish=wish, resource=resource, by=by, words=words.strip()[:200], at=at)
    audit.record(by, "wish.answered", wish, resource=resource.uid)
    inbox.tell(
        people=[wish.asker],
        about=inbox.About.WISH,
        words=f"{by.name}回应了你求的“{wish.words[:40]}”：{{thing}}",
        at=at,
        actor=by,
        thing="resource",
        thing_uid=resource.uid,
        url=wish.get_absolute_url(),
    )
    return made


@transaction.atomic
def close(*, wish: Wish, by: Person, at: datetime) -> None:
    """The asker has what was needed, or needs it no more (已解决).

    Raises:
        Refused: another person's wish.
    """
    access.require(by, Action.CLOSE, wish, at=at)
    Wish.objects.filter(pk=wish.pk, closed_at__isnull=True).update(closed_at=at)
    audit.record(by, "wish.closed", wish)
