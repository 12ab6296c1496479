"""课时包: the parts of a package, each a resource with the version it is pinned to, or following."""

from collections.abc import Mapping
from dataclasses import dataclass

from library.documents.fields import Document, RichText, Row, number, rich, rows, text


@dataclass(frozen=True, slots=True, kw_only=True)
class Part(Row):
    """One part. `version` empty: follows what is published."""

    resource: str = text("资源", required=True)
    version: int | None = number("版本")
    role: str = text("用途", hint="如 教学设计、检测题")


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageDocument(Document):
    """A package's words and parts."""

    introduction: RichText = rich("说明")
    parts: Mapping[str, Part] = rows("组成", Part, noun="组成", required=True)
