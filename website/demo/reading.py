"""The demo's YAML, read once, with errors that name the file."""

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils import timezone

CONTENT = Path(__file__).parent / "content"

Facts = Mapping[str, Any]


class DemoProblem(ValueError):
    """Something in the content does not fit; the message names the file and what is wrong."""


@cache
def read(name: str) -> Any:
    """One YAML file below `content/`."""
    path = CONTENT / name
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except (OSError, yaml.YAMLError) as problem:
        raise DemoProblem(f"{name}: {problem}") from problem


def read_all(folder: str) -> Iterator[tuple[str, Any]]:
    """(name, content) of every YAML file of a folder, by name."""
    for path in sorted((CONTENT / folder).glob("*.yaml")):
        yield path.name, read(f"{folder}/{path.name}")


def moment(facts: Facts | None, now: datetime, default_days: int = 0) -> datetime:
    """`{days_ago, time}` as a moment; never later than `now` unless the days are negative."""
    told = facts or {}
    days = int(told.get("days_ago", default_days))
    day = timezone.localtime(now).date() - timedelta(days=days)
    at = datetime.combine(
        day, time.fromisoformat(str(told.get("time", "09:00"))), tzinfo=timezone.get_current_timezone()
    )
    return min(at, now) if days >= 0 else at


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML without dates and sexagesimal numbers: `1/2` and `10:32` stay text."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in {"tag:yaml.org,2002:timestamp"}]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
