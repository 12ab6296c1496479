"""Django's mail settings from one address: `smtp://name:password@host:587`, `smtps://host:465`; empty is no mail."""

from typing import Any
from urllib.parse import unquote, urlsplit

from config.environment import EnvironmentProblem

TIMEOUT = 5
"""Seconds for a mail server or a robot's server: the worker has other things to do."""
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
PORTS = {"smtp": 587, "smtps": 465}


def from_url(url: str, sender: str) -> dict[str, Any]:
    """Settings for Django. On this machine itself `smtp://` goes without TLS, elsewhere never.

    Raises:
        EnvironmentProblem: no such address, or no sender.
    """
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend", "EMAIL_TIMEOUT": TIMEOUT}
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise EnvironmentProblem("MAIL_URL: write smtp://name:password@host:587 or smtps://name:password@host:465")
    if "@" not in sender:
        raise EnvironmentProblem("MAIL_FROM: write the address that mails come from, such as gongbei@example.org")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and parts.hostname not in LOCAL,
        "EMAIL_TIMEOUT": TIMEOUT,
        "DEFAULT_FROM_EMAIL": sender,
    }
