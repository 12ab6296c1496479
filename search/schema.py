"""The fields of the index, written once: every engine builds its own mapping from this table.

A change of a field, or of the way text becomes tokens (`TEXT_VERSION`), changes the fingerprint, and with it the name of
the index: an old index is never read with new eyes.
"""

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from enum import StrEnum
from functools import cache
from hashlib import sha256

TEXT_VERSION = 4
"""Counts the changes in `search.text` and `search.documents` that make stored tokens differ."""


class FieldKind(StrEnum):
    TOKENS = "tokens"
    """Space-joined tokens with frequencies: scored."""
    POSITIONS = "positions"
    """Space-joined tokens with positions: for exact phrases, not scored."""
    KEYWORD = "keyword"
    """Exact values, several allowed, counted."""
    NUMBER = "number"
    STORED = "stored"


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    kind: FieldKind
    boost: float = 0.0


TEXT_FIELDS = (
    Field("title_words", FieldKind.TOKENS, 2.0),
    Field("title_grams", FieldKind.TOKENS, 2.0),
    Field("title_whole", FieldKind.TOKENS, 1.0),
    Field("title_name", FieldKind.TOKENS, 1.0),
    Field("title_near", FieldKind.TOKENS, 1.0),
    Field("title_sound", FieldKind.TOKENS, 1.0),
    Field("title_initials", FieldKind.TOKENS, 1.0),
    Field("side_words", FieldKind.TOKENS, 1.0),
    Field("body_words", FieldKind.TOKENS, 1.0),
    Field("text_grams", FieldKind.TOKENS, 1.0),
    Field("prefixes", FieldKind.TOKENS),
    Field("exact", FieldKind.POSITIONS),
)

FACETS: dict[str, str] = {
    "kind": "类型",
    "quality": "质量级别",
    "subject": "学科",
    "grade": "年级",
    "volume": "册次",
    "edition": "版本",
    "unit_number": "单元",
    "unit": "单元",
    "lesson_number": "课",
    "lesson": "课",
    "node": "课题",
    "school": "学校",
    "studio": "工作室",
    "knowledge": "知识点",
    "competency": "核心素养",
    "standard": "课标",
    "year": "年份",
    "duration": "时长",
    "difficulty": "难度",
    "licence": "许可",
    "question_type": "题型",
    "picture": "附图",
    "source": "范围",
    "tab": "栏目",
}
"""Facet name → label. Values are the words a teacher reads: 五年级, 上册, 第6单元 多边形的面积, 人教版, 教学设计.

`unit_number` (第6单元) and `lesson_number` (第4课) are derived from `unit` and `lesson`, so that a typed coordinate finds
the unit or lesson of every book.
"""

TAB = "tab"
MAIN_TAB = "资源"
"""Where an entry stands that names no other tab."""

HIDDEN_FACETS = frozenset({TAB, "node", "unit_number", "lesson", "lesson_number"})
"""Filters of addresses and coordinates, not offered in the column beside the results."""
SHOWN_FACETS = tuple(name for name in FACETS if name not in HIDDEN_FACETS)

RULES = (
    Field("key", FieldKind.KEYWORD),
    Field("tokens", FieldKind.KEYWORD),
    Field("fold", FieldKind.KEYWORD),
    Field("primary", FieldKind.KEYWORD),
    Field("alive", FieldKind.KEYWORD),
)
SORTS = tuple(Field(name, FieldKind.NUMBER) for name in ("position", "published", "uses", "citations", "version"))
STORED = (Field("entry", FieldKind.STORED),)
LAST = 2**40
"""The position of an entry that has none."""


def facet_field(name: str) -> str:
    return f"facet_{name}"


FIELDS: tuple[Field, ...] = (
    TEXT_FIELDS + tuple(Field(facet_field(name), FieldKind.KEYWORD) for name in FACETS) + RULES + SORTS + STORED
)
BOOSTS = {field.name: field.boost for field in TEXT_FIELDS}


def fingerprint() -> str:
    """Twelve hexadecimal digits that name this schema."""
    return _fingerprint(TEXT_VERSION)


@cache
def _fingerprint(text_version: int) -> str:
    return sha256(repr((text_version, [astuple(field) for field in FIELDS])).encode()).hexdigest()[:12]


def next_generation(names: Iterable[str]) -> str:
    """Name of a new generation of this schema: numbers are never used again while an older one is there."""
    return f"{fingerprint()}-{max((number_of(name) for name in names), default=0) + 1:06d}"


def number_of(generation: str) -> int:
    number = generation.rpartition("-")[2]
    return int(number) if number.isdecimal() and "-" in generation else 0


def is_readable(generation: str) -> bool:
    """Made with the fields and tokens of this code."""
    return generation.startswith(f"{fingerprint()}-")
