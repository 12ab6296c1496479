"""Rows of any table as text and back, the same on every database.

A table's rows are JSON lines: one list of values in the order of its columns. A line is canonical, so that the same row
has the same hash on SQLite and on PostgreSQL.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DEFAULT_DB_ALIAS, connection, models
from django.utils.encoding import is_protected_type

LEFT_OUT = {
    "search",  # what is waiting for the index; the index is built anew
    "wagtailsearch",  # likewise, of the back office
    "sessions",  # whoever was signed in signs in again
}
"""Apps whose rows are the state of a machine and not the city's."""

BATCH = 500
HASH_SPACE = 1 << 256

Table = type[models.Model]


def tables() -> list[Table]:
    """Every table that a backup holds, also those between two others, by name."""
    found = apps.get_models(include_auto_created=True)
    kept = [m for m in found if m._meta.managed and not m._meta.proxy and m._meta.app_label not in LEFT_OUT]
    return sorted(kept, key=name_of)


def tables_left_out() -> list[Table]:
    """Tables that a restore empties, because they speak of rows that are gone."""
    found = apps.get_models(include_auto_created=True)
    return [m for m in found if m._meta.managed and not m._meta.proxy and m._meta.app_label in LEFT_OUT]


def name_of(table: Table) -> str:
    return table._meta.label_lower


def columns(table: Table) -> list[models.Field[Any, Any]]:
    """The columns of this table alone: a child row has its own and the pointer to its parent."""
    return list(table._meta.local_concrete_fields)


def lines(table: Table) -> Iterator[str]:
    """Every row of a table as a canonical line, by primary key."""
    fields = columns(table)
    for row in table._base_manager.order_by("pk").iterator(chunk_size=BATCH):
        yield json.dumps([_told(field, row) for field in fields], cls=_Encoder, ensure_ascii=False, sort_keys=True)


def _told(field: models.Field[Any, Any], row: models.Model) -> Any:
    value = field.value_from_object(row)
    return value if is_protected_type(value) else field.value_to_string(row)


class _Encoder(DjangoJSONEncoder):
    """Django's, but a moment keeps its microseconds and is told in UTC."""

    def default(self, o: Any) -> Any:
        if isinstance(o, datetime):
            return o.astimezone(UTC).isoformat() if o.tzinfo else o.isoformat()
        return super().default(o)


class RowsHash:
    """A hash of a set of rows, whatever their order: the sum of SHA-256 of the lines, modulo 2²⁵⁶."""

    def __init__(self) -> None:
        self.count = 0
        self._sum = 0

    def add(self, line: str) -> None:
        self.count += 1
        self._sum = (self._sum + int.from_bytes(hashlib.sha256(line.encode()).digest())) % HASH_SPACE

    @property
    def value(self) -> str:
        return f"{self._sum:064x}"


def hash_of_rows(found: Iterable[str]) -> RowsHash:
    digest = RowsHash()
    for line in found:
        digest.add(line)
    return digest


def write(table: Table, found: Iterable[str]) -> int:
    """Insert lines as rows, with the keys they had. Returns how many; nothing is signalled and nothing is computed."""
    fields = columns(table)
    batch_size = max(1, min(BATCH, connection.ops.bulk_batch_size(fields, range(BATCH))))
    waiting = iter(found)
    count = 0
    while batch := list(islice(waiting, batch_size)):
        table._base_manager._insert(  # type: ignore[attr-defined]
            [_row(table, fields, line) for line in batch], fields=fields, using=DEFAULT_DB_ALIAS, raw=True
        )
        count += len(batch)
    return count


def _row(table: Table, fields: list[models.Field[Any, Any]], line: str) -> models.Model:
    """The row as if read from the database: no default of a column that stands in a parent's table is asked for."""
    values = [_read(field, value) for field, value in zip(fields, json.loads(line), strict=True)]
    return table.from_db(DEFAULT_DB_ALIAS, [field.attname for field in fields], values)


def _read(field: models.Field[Any, Any], value: Any) -> Any:
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    return target.to_python(value)


def empty(found: Iterable[Table]) -> None:
    """Delete every row of these tables. Foreign keys are looked at when the transaction ends."""
    with connection.cursor() as cursor:
        for table in found:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table._meta.db_table)}")


def count_on(found: list[Table]) -> None:
    """New rows get numbers after the highest one there is."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), found):
            cursor.execute(statement)
