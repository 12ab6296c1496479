"""One-time codes (一次性登录码): how somebody without a password signs in for the first time.

The site keeps a keyed digest and never the code. A code is told once, right after it was made; it ends when it is
used, when it is replaced, and after four weeks.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from groups import access, audit
from groups.access import Action, Refused
from groups.models import Person
from groups.roster.models import SignInCode
from groups.viewer import viewer_for

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without what is read as something else: 0, 1, i, l, o."""

LENGTH = 10
LIFETIME = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Slip:
    """A code as it is told to one person, on paper. Lives no longer than the page that shows it."""

    person: Person
    code: str
    expires_at: datetime


def digest(person: Person, code: str) -> str:
    """HMAC-SHA-256 of the code under the site's key, bound to the person."""
    return salted_hmac("groups.roster.codes", f"{person.uid}:{_plain(code)}", algorithm="sha256").hexdigest()


def _plain(code: str) -> str:
    return "".join(code.split()).replace("-", "").lower()


def _new_code() -> str:
    letters = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return f"{letters[:5]}-{letters[5:]}"


@transaction.atomic
def issue(*, people: Sequence[Person], by: Person, at: datetime) -> list[Slip]:
    """Give each of these people a new code and take away password and earlier code (重置密码、发登录码).

    Raises:
        Refused: the rule does not let `by` reset one of them; nobody gets a code then.
    """
    wanted = Person.objects.filter(pk__in=[person.pk for person in people])
    # Of two administrators who press at once the second waits, and its code is the one that holds.
    list(wanted.select_for_update().order_by("pk"))
    if access.narrow(wanted, viewer_for(by, at), Action.RESET_PASSWORD).count() != len(people):
        raise Refused(access.Verdict(False, "名单里有不归你管的人，没有发登录码"))
    slips = [Slip(person, _new_code(), at + LIFETIME) for person in people]
    for person in people:
        person.password, person.must_change_password = make_password(None), True
    Person.objects.bulk_update(people, ["password", "must_change_password"], batch_size=200)
    SignInCode.objects.filter(person__in=[person.pk for person in people]).delete()
    SignInCode.objects.bulk_create(
        SignInCode(
            person=s.person, digest=digest(s.person, s.code), issued_by=by, issued_at=at, expires_at=s.expires_at
        )
        for s in slips
    )
    audit.record_each(by, "person.code_issued", [(person, {}) for person in people])
    return slips


def spend(person: Person, code: str, at: datetime) -> bool:
    """Is this the person's code, good at this moment? It is good once: of two who come together one is let in."""
    held = SignInCode.objects.filter(person=person).first()
    right = constant_time_compare(held.digest if held else "", digest(person, code))
    if held is None or not right or held.used_at is not None or held.expires_at <= at:
        return False
    return SignInCode.objects.filter(pk=held.pk, digest=held.digest, used_at=None).update(used_at=at) == 1
