"""What the editor's page sends, read into a typed document or refused with a sentence that names the field."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from library.documents import schema
from library.documents.fields import Document, Holds, specs
from library.resources.kinds import KindSpec
from library.resources.models import WorkingCopy

LARGEST = 4_000_000
"""Bytes of one text; the longest lesson design that teachers have written is a hundredth of it."""

LONGEST_TITLE = 120
MOST_ROWS = 500
_HALVES = re.compile("[\ud800-\udfff]")
"""Halves of characters beyond the first 65,536, left where a cut went through one."""

_ID = re.compile(r"[0-9A-Za-z_-]{1,40}")
_ORDER = re.compile(r"([0-9A-Za-z]{0,99}[1-9A-Za-z])?")


@dataclass(frozen=True, slots=True)
class Unusable(ValueError):
    """Something sent that cannot be kept as it is. `path` leads to the field; nothing was written."""

    path: tuple[str, ...]
    sentence: str
    status: int = 422


@dataclass(frozen=True, slots=True)
class Sent:
    """A text as it was sent, and the state of the stored one that it was typed over."""

    title: str
    document: Any
    lock_version: int


def read_json(body: bytes) -> Mapping[str, Any]:
    """One JSON object of what a database can store: no zero character, no half of an emoji, no number without end.

    Raises:
        Unusable: too large, or no JSON object.
    """
    if len(body) > LARGEST:
        raise Unusable((), "这份内容太大，存不下。请把大图片改成上传的图片，或分成两份", 413)
    try:
        found = _storable(json.loads(body.replace(b"\\u0000", b"")))
    except (ValueError, RecursionError):
        raise Unusable((), "传来的内容不完整，请再保存一次", 400) from None
    if not isinstance(found, dict):
        raise Unusable((), "传来的内容不完整，请再保存一次", 400)
    return found


def _storable(value: Any) -> Any:
    """What can be stored of a value; NaN and Infinity become words, which the schema refuses by the field's name."""
    if isinstance(value, str):
        return _HALVES.sub("\ufffd", value)
    if isinstance(value, list):
        return [_storable(one) for one in value]
    if isinstance(value, dict):
        return {_storable(key): _storable(one) for key, one in value.items()}
    return str(value) if isinstance(value, float) and not isfinite(value) else value


def read_sent(found: Mapping[str, Any], spec: KindSpec, copy: WorkingCopy) -> Sent:
    """Title, document and lock of one save.

    Raises:
        Unusable: a field that cannot be kept; the sentence names it.
    """
    lock = found.get("lock_version")
    if not isinstance(lock, int) or isinstance(lock, bool):
        raise Unusable(("lock_version",), "传来的内容不完整，请再保存一次", 400)
    return Sent(read_title(found.get("title")), read_document(found.get("document"), spec, copy), lock)


def read_title(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise Unusable(("title",), "课题：还没有写。写上课题再继续，别的内容都在")
    title = " ".join(value.split())
    if len(title) > LONGEST_TITLE:
        raise Unusable(("title",), f"课题：有 {len(title)} 个字，最多 {LONGEST_TITLE} 个，请缩短")
    return title


def read_document(value: Any, spec: KindSpec, copy: WorkingCopy) -> Document:
    """A document of this kind. Sections that have a form of their own stay as they are stored."""
    if not isinstance(value, Mapping):
        raise Unusable(("document",), "传来的内容不完整，请再保存一次", 400)
    stored = {name: copy.document[name] for name in kept_sections(spec) if name in copy.document}
    try:
        document = schema.load(spec.document, {k: v for k, v in value.items() if k not in kept_sections(spec)} | stored)
    except schema.DocumentProblem as problem:
        raise Unusable(problem.path, problem.sentence) from problem
    _check_rows(document)
    return document


def kept_sections(spec: KindSpec) -> frozenset[str]:
    """Sections that the editor shows or hides but never writes: they have a form of their own, or come from files."""
    return frozenset(spec.forms) | {"pages"}


def _check_rows(document: Document) -> None:
    """As many as a page can carry, under ids that addresses can carry, in an order that has room between any two."""
    for name, field in specs(type(document)):
        if field.holds is not Holds.ROWS:
            continue
        rows = getattr(document, name)
        if len(rows) > MOST_ROWS:
            raise Unusable((name,), f"{field.label}：最多 {MOST_ROWS} 行，请分成两份")
        for key, row in rows.items():
            if not _ID.fullmatch(key) or not _ORDER.fullmatch(row.order):
                raise Unusable((name, key), f"{field.label}：有一行的编号不对，请删去这一行再写一次")
