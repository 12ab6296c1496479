"""The fields of the index, written once: every engine builds its own mapping from this table.

A change of a field, or of the way text becomes tokens (`TEXT_VERSION`), changes the fingerprint, and with it the name of
the index: an old index is never read with new eyes.
"""

from dataclasses import astuple, dataclass
from enum import StrEnum
from hashlib import sha256

TEXT_VERSION = 1
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
    "source": "范围",
}
"""Facet name → label. Values are the words a teacher reads: 五年级, 上册, 第6单元 多边形的面积, 人教版, 教学设计.

`unit_number` (第6单元) is derived from `unit`, so that a typed coordinate finds the unit of every book.
"""

HIDDEN_FACETS = frozenset({"node", "unit_number"})
"""Filters of addresses and coordinates, not offered in the column beside the results."""

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
    return sha256(repr((TEXT_VERSION, [astuple(field) for field in FIELDS])).encode()).hexdigest()[:12]
