"""Making, revoking and opening share links."""

import hashlib
import secrets
from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import F

from groups import access, audit, throttle
from groups.access import Action
from groups.models import GrantLevel, Person
from library.links.models import ShareLink
from library.resources.models import Resource

TOKEN_BYTES = 18
MOST_AT_ONCE = 50
PASSWORD_FROM = 4


class NotPossible(ValueError):
    """What was asked does not fit; the sentence says what to do instead."""


class WrongPassword(ValueError):
    """The password does not fit, or was tried too often; the sentence says which."""


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def make(
    *,
    resource: Resource,
    by: Person,
    at: datetime,
    level: GrantLevel = GrantLevel.VIEW,
    ends_at: datetime | None = None,
    password: str = "",
    note: str = "",
) -> tuple[ShareLink, str]:
    """Make a link to a published thing (建分享链接). Returns it with its token, which is stored nowhere.

    Raises:
        Refused: only who may share the thing.
        NotPossible: an end in the past, a password that is too short, or too many links at once.
    """
    resource = Resource.objects.select_for_update().get(pk=resource.pk)
    access.require(by, Action.GRANT, resource, at=at)
    if ends_at is not None and ends_at <= at:
        raise NotPossible("到期：这一天已经过去，请选今天或以后的日子")
    if password and len(password) < PASSWORD_FROM:
        raise NotPossible(f"密码：太短，请至少写 {PASSWORD_FROM} 位，或者不设密码")
    if ShareLink.objects.valid_at(at).filter(resource=resource).count() >= MOST_AT_ONCE:
        raise NotPossible(f"这份资料已有 {MOST_AT_ONCE} 个有效的链接，请先收回不用的")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = ShareLink.objects.create(
        resource=resource,
        token_sha256=digest(token),
        note=note.strip(),
        password=make_password(password) if password else "",
        level=level,
        made_by=by,
        starts_at=at,
        ends_at=ends_at,
    )
    audit.record(by, "link.made", resource, level=str(level), ends_at=ends_at.isoformat() if ends_at else "")
    return link, token


@transaction.atomic
def revoke(*, link: ShareLink, by: Person, at: datetime) -> ShareLink:
    """End a link now (收回). What has ended already stays as it is.

    Raises:
        Refused: only who may share the thing.
    """
    link = ShareLink.objects.select_for_update().select_related("resource").get(pk=link.pk)
    access.require(by, Action.GRANT, link.resource, at=at)
    if link.ends_at is None or link.ends_at > at:
        link.ends_at, link.revoked_by = max(at, link.starts_at), by
        link.save(update_fields=["ends_at", "revoked_by"])
        audit.record(by, "link.revoked", link.resource, note=link.note)
    return link


def check(*, link: ShareLink, password: str, address: str, at: datetime) -> None:
    """Does the password fit? Guessing is slowed down, for the link and for the address.

    Raises:
        WrongPassword: no, or tried too often.
    """
    account = f"link:{link.pk}"
    wait = throttle.wait_seconds(account, address, at)
    if wait:
        raise WrongPassword(f"试得太快了，请 {max(1, round(wait / 60))} 分钟后再试")
    if not check_password(password, link.password):
        throttle.failed(account, address, at)
        raise WrongPassword("密码不对，请向给你链接的老师核对")
    throttle.succeeded(account, address, at)


def count_visit(link: ShareLink) -> None:
    ShareLink.objects.filter(pk=link.pk).update(visits=F("visits") + 1)


def count_download(link: ShareLink) -> None:
    ShareLink.objects.filter(pk=link.pk).update(downloads=F("downloads") + 1)
