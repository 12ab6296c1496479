"""Entries into the flat fields that engines store, by several processes when there are many: segmentation is the work."""

import orjson

from search import schema
from search.documents import document
from search.ports import Entry, Prepared

KEYWORDS = frozenset(field.name for field in schema.FIELDS if field.kind is schema.FieldKind.KEYWORD)


def flat(entry: Entry) -> dict[str, list[str] | int | str]:
    """Field → number, exact values, or tokens joined by blanks."""
    return {
        name: " ".join(value) if isinstance(value, list) and name not in KEYWORDS else value
        for name, value in document(entry).items()
    }


def prepare(entry: Entry) -> Prepared:
    return Prepared(entry.key, entry.version, orjson.dumps(flat(entry)).decode())
