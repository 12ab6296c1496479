"""Signing in: a phone number, or a school with a staff number, and a password."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from groups.models import Person


class AccountBackend(ModelBackend):
    """Django's backend with our two names for a person."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> Person | None:
        if not username or password is None:
            return None
        person = self._find(username.strip(), kwargs.get("school"))
        if person is None:
            Person().set_password(password)
            return None
        return person if person.check_password(password) and self.user_can_authenticate(person) else None

    def _find(self, account: str, school: str | None) -> Person | None:
        by_phone = Person.objects.filter(phone=account).first()
        if by_phone is not None or not school:
            return by_phone
        return Person.objects.filter(staff_number=account, staff_school__uid=school).first()
