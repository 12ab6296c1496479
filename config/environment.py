"""The typed environment: every variable the site reads is named here once, with its default.

Settings modules take finished values from `read()`; nothing else reads `os.environ`.
docs/settings.md documents each field, and a test fails when one is missing there.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Environment:
    """Values from the process environment, parsed and defaulted."""

    secret_key: str
    allowed_hosts: tuple[str, ...]
    var_dir: Path
    database_url: str
    search_engine: str
    elasticsearch_url: str
    elasticsearch_ca: str
    reference_data: Path
    site_address: str
    s3_bucket: str
    redis_url: str
    cache_dir: Path | None
    mail_url: str
    mail_from: str
    robot_hosts: tuple[str, ...]
    robot_ca: str


class EnvironmentProblem(RuntimeError):
    """A variable is missing or malformed; the message names it and says what to write."""


ENGINES = ("memory", "tantivy", "elasticsearch")


def read(source: Mapping[str, str] = os.environ) -> Environment:
    """Parse the environment.

    Raises:
        EnvironmentProblem: a variable has a value the site cannot use.
    """
    engine = source.get("ENGINE", "tantivy")
    if engine not in ENGINES:
        raise EnvironmentProblem(f"ENGINE={engine!r}: write one of {', '.join(ENGINES)}")
    var_dir = Path(source.get("VAR_DIR", BASE_DIR / "var"))
    return Environment(
        secret_key=source.get("SECRET_KEY", ""),
        allowed_hosts=tuple(h.strip() for h in source.get("ALLOWED_HOSTS", "").split(",") if h.strip()),
        var_dir=var_dir,
        database_url=source.get("DATABASE_URL", f"sqlite:///{var_dir / 'gongbei.sqlite3'}"),
        search_engine=engine,
        elasticsearch_url=source.get("ELASTICSEARCH_URL", ""),
        elasticsearch_ca=source.get("ELASTICSEARCH_CA", ""),
        reference_data=Path(source.get("REFERENCE_DATA", BASE_DIR.parent / "shared" / "data")),
        site_address=source.get("SITE_ADDRESS", "http://127.0.0.1:8000"),
        s3_bucket=source.get("S3_BUCKET", ""),
        redis_url=source.get("REDIS_URL", ""),
        cache_dir=Path(source["GONGBEI_CACHE"]) if source.get("GONGBEI_CACHE") else None,
        mail_url=source.get("MAIL_URL", ""),
        mail_from=source.get("MAIL_FROM", ""),
        robot_hosts=tuple(h.strip() for h in source.get("ROBOT_HOSTS", "").split(",") if h.strip()),
        robot_ca=source.get("ROBOT_CA", ""),
    )
