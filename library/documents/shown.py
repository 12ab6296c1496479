"""A difference in a reader's words: for each change how it is called, what stood there, what stands there, piece by piece."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from library.documents import rich
from library.documents.difference import ORDER, Change, Path, key_of, seen
from library.documents.fields import Document, Holds, Spec, specs
from library.documents.words_changed import Piece, text_difference

WORDS: Mapping[str, str] = {"changed": "修改", "added": "新增", "removed": "删除", "moved": "移动"}
SIGNS: Mapping[str, str] = {"changed": "改", "added": "增", "removed": "删", "moved": "移"}


@dataclass(frozen=True, slots=True)
class Shown:
    """One change for a page: `before` and `after` in words; of a moved row they say that it was moved."""

    path: Path
    place: str
    kind: Literal["changed", "added", "removed", "moved", "respaced"]
    before: str
    after: str

    @property
    def key(self) -> str:
        return key_of(self.path, self.kind)

    @property
    def word(self) -> str:
        return WORDS[self.kind]

    @property
    def sign(self) -> str:
        """The word in one character, for a narrow column."""
        return SIGNS[self.kind]

    @property
    def pieces(self) -> tuple[Piece, ...]:
        return text_difference(self.before, self.after)


def shown(changes: Iterable[Change], of: type[Document]) -> list[Shown]:
    """The changes that a reader can see, in words."""
    return [_shown(change, of) for change in seen(changes)]


def _shown(change: Change, of: type[Document]) -> Shown:
    if change.kind == "moved":
        return Shown(change.path, change.place, change.kind, "原在别处", "移到这里")
    before, after = (words(of, change.path, value) for value in (change.old, change.new))
    return Shown(change.path, change.place, change.kind, before, after)


def words(of: type, path: Path, value: Any) -> str:
    """The JSON value of a field or a row as a reader's words; an order key has none."""
    if value is None or path[-1] == ORDER:
        return ""
    spec, is_row = spec_at(of, path)
    if is_row:
        return row_words(spec.of, value) if spec.of and isinstance(value, Mapping) else ""
    return leaf_words(spec, value)


def spec_at(of: type, path: Path) -> tuple[Spec, bool]:
    """What the schema says of a path, and whether it leads to a row."""
    steps = iter(path)
    spec: Spec | None = None
    for name in steps:
        spec = dict(specs(of))[name]
        of = spec.of or of
        if spec.holds is Holds.ROWS and next(steps, None) is None:
            return spec, False
        is_row = spec.holds is Holds.ROWS
    if spec is None:
        raise LookupError("the root of a document is no field")
    return spec, is_row


def row_words(of: type, row: Mapping[str, Any]) -> str:
    """What a row or a group holds, a line a field, each with its label."""
    lines = []
    for name, spec in specs(of):
        value = row.get(name)
        if value is None:
            continue
        if spec.holds is Holds.ROWS and spec.of:
            lines += [row_words(spec.of, inner) for inner in sorted(value.values(), key=lambda one: one.get(ORDER, ""))]
        elif spec.holds is Holds.GROUP and spec.of:
            lines.append(row_words(spec.of, value))
        else:
            lines.append(f"{spec.label}：{leaf_words(spec, value)}")
    return "\n".join(line for line in lines if line)


def leaf_words(spec: Spec, value: Any) -> str:
    """Numbers with their unit; references that are no words by themselves are counted."""
    if spec.holds is Holds.RICH:
        return rich.to_text(value)
    if spec.holds is Holds.REFS and spec.target != "standard":
        return f"{len(value)} 项"
    if spec.holds in {Holds.NAMES, Holds.REFS}:
        return "、".join(value)
    return f"{value} {spec.unit}".strip()
