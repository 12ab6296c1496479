"""`DATABASE_URL` turned into Django's dictionary: SQLite for one machine, PostgreSQL for a city."""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from config.environment import EnvironmentProblem

BUSY_TIMEOUT_SECONDS = 20
KEPT_SECONDS = 60
"""Opening SQLite anew for each request cost more than a kept page does."""
SQLITE_PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000;"


def from_url(url: str) -> dict[str, Any]:
    """Return the `DATABASES["default"]` of a `sqlite:///path` or `postgres://user:password@host:port/name` address.

    A `?host=/directory` names a socket directory. SQLite runs in WAL mode and takes its write lock at the start of
    a transaction, so that two writers wait for each other instead of failing half-way.

    Raises:
        EnvironmentProblem: the scheme is neither of the two.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        options = {"transaction_mode": "IMMEDIATE", "timeout": BUSY_TIMEOUT_SECONDS, "init_command": SQLITE_PRAGMAS}
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path.removeprefix("/")),
            "OPTIONS": options,
            "CONN_MAX_AGE": KEPT_SECONDS,
        }
    if parts.scheme in {"postgres", "postgresql"}:
        query = parse_qs(parts.query)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.removeprefix("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": query.get("host", [parts.hostname or ""])[0],
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": KEPT_SECONDS,
        }
    raise EnvironmentProblem(f"DATABASE_URL={url!r}: write sqlite:///path or postgres://user:password@host/name")
