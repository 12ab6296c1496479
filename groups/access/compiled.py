"""A narrow read under the rule whose SQL is kept: building and compiling the rule costs ten times what the database needs.

The rule turns a viewer into SQL that depends on their memberships; only the moment and the asked uids differ from one
request to the next. The SQL is made once for each set of memberships, with marks in their places; every read puts the
real ones in and asks the database anew. A past moment or a disabled account takes the ordinary way.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from groups.viewer import Viewer

MOST_KEPT = 512
MARK = datetime(2000, 1, 1, tzinfo=UTC)
TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with its values; where a value is the moment or an asked uid, how far from the moment and which uid."""

    sql: str
    values: tuple[Any, ...]
    moments: Mapping[int, timedelta]
    uids: Mapping[int, int]

    def filled(self, at: datetime, uids: Sequence[str]) -> list[Any]:
        values = list(self.values)
        for place, distance in self.moments.items():
            values[place] = connection.ops.adapt_datetimefield_value(at + distance)
        for place, number in self.uids.items():
            values[place] = uids[min(number, len(uids) - 1)]
        return values


@dataclass(slots=True)
class Compiled:
    """Rows of `make(viewer, uids)`, a queryset of tuples that depends on the viewer through the rule alone.

    The values are as the database's driver gives them: a truth value may be 0 or 1.
    """

    make: Callable[[Viewer, Sequence[str]], "QuerySet[Any, Any]"]
    at_once: int = 20
    _kept: "OrderedDict[Hashable, Statement | None]" = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def rows(self, viewer: Viewer, uids: Sequence[str]) -> list[tuple[Any, ...]]:
        if viewer.is_past or viewer.disabled:
            return list(self.make(viewer, uids))
        statement = self._statement(viewer)
        if statement is None:
            return []
        found: list[tuple[Any, ...]] = []
        with connection.cursor() as cursor:
            for start in range(0, len(uids), self.at_once):
                cursor.execute(statement.sql, statement.filled(viewer.at, uids[start : start + self.at_once]))
                found += cursor.fetchall()
        return found

    def _statement(self, viewer: Viewer) -> Statement | None:
        key = (connection.vendor, *memberships(viewer))
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = self._compile(viewer)
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return made

    def _compile(self, viewer: Viewer) -> Statement | None:
        """Compiled at two moments: the values that differ are moments. None: the rule lets this viewer see nothing."""
        marks = {f"?{number}": number for number in range(self.at_once)}
        try:
            sql, values = self.make(_at(viewer, MARK), list(marks)).query.sql_with_params()
            _, later = self.make(_at(viewer, MARK + TICK), list(marks)).query.sql_with_params()
        except EmptyResultSet:
            return None
        moments = {
            n: _moment(one) - MARK for n, (one, other) in enumerate(zip(values, later, strict=True)) if one != other
        }
        uids = {n: marks[value] for n, value in enumerate(values) if isinstance(value, str) and value in marks}
        return Statement(sql, tuple(values), moments, uids)


def memberships(viewer: Viewer) -> tuple[Hashable, ...]:
    """Everything of a viewer but the moment."""
    values = (getattr(viewer, one.name) for one in fields(Viewer) if one.name != "at")
    found = (frozenset(value.items()) if isinstance(value, Mapping) else value for value in values)
    return (viewer.is_system_admin, *found)


def _at(viewer: Viewer, moment: datetime) -> Viewer:
    """The same memberships at a moment; a request's viewer is lazy, which `dataclasses.replace` refuses."""
    return Viewer(**{one.name: getattr(viewer, one.name) for one in fields(Viewer)} | {"at": moment})


def _moment(value: Any) -> datetime:
    """A moment as a driver is given it: text without a zone in SQLite."""
    found = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
