"""A teacher's whole text with marks where it differs from the shared plan, and changes as a proposal keeps them.

Pure: two documents in, finished values for a page out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from library.documents import rich, shown, walk
from library.documents.difference import Change, Path, Piece, difference, seen, text_difference
from library.documents.fields import Document, Holds, Spec, ordered, specs
from library.documents.shown import leaf_words
from library.documents.walk import Leaf, row_place


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the marked text; `pieces` only where it differs. A field without rich text has its words in `text`."""

    label: str
    html: SafeString
    text: str = ""
    pieces: tuple[Piece, ...] = ()
    kind: str = "same"


@dataclass(frozen=True, slots=True)
class Block:
    """A row of a section (环节二), or the section's own fields under an empty title. `kind` is that of the whole row."""

    title: str
    kind: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the plan with how many of its fields and rows were changed."""

    name: str
    label: str
    blocks: tuple[Block, ...]
    changed: int


def own_changes(base: Document, mine: Document) -> tuple[Change, ...]:
    """What a reader can see of the differences."""
    return seen(difference(base, mine))


def words_of(leaf: Leaf) -> str:
    return "" if leaf.is_empty else leaf_words(leaf.spec, leaf.value)


def marked(base: Document | None, mine: Document) -> list[Section]:
    """The whole text, section by section, with what differs from `base` marked; empty fields are left out."""
    changes = {change.path: change for change in own_changes(base, mine)} if base is not None else {}
    before = {leaf.path: words_of(leaf) for leaf in walk.walk(base)} if base is not None else {}
    found = []
    for name, spec in specs(type(mine)):
        blocks = tuple(_blocks(name, spec, base, mine, changes, before))
        if blocks:
            changed = sum(1 for path in changes if path[0] == name)
            found.append(Section(name, spec.label, blocks, changed))
    return found


def _blocks(
    name: str,
    spec: Spec,
    base: Document | None,
    mine: Document,
    changes: Mapping[Path, Change],
    before: Mapping[Path, str],
) -> Iterator[Block]:
    value = getattr(mine, name)
    if spec.holds is not Holds.ROWS:
        leaves = [leaf for leaf in walk.walk(mine) if leaf.path[0] == name]
        fields = tuple(_fields(leaves, changes, before))
        if fields:
            yield Block("", "same", fields)
        return
    by_row: dict[str, list[Leaf]] = {key: [] for key in value}
    for leaf in walk.walk(mine):
        if leaf.path[0] == name:
            by_row[leaf.path[1]].append(leaf)
    for number, (key, row) in enumerate(ordered(value), 1):
        change = changes.get((name, key))
        title = f"{row_place(spec, number)} {getattr(row, 'title', '')}".strip()
        yield Block(title, change.kind if change else "same", tuple(_fields(by_row[key], changes, before)))
    for path, change in changes.items():
        if path[0] == name and len(path) == 2 and change.kind == "removed":
            words = shown.words(type(mine), path, change.old)
            gone = Field("", SafeString(""), "", (Piece("removed", words),), "removed")
            yield Block(f"删去的{change.place}", "removed", (gone,))


def _fields(leaves: Sequence[Leaf], changes: Mapping[Path, Change], before: Mapping[Path, str]) -> Iterator[Field]:
    for leaf in leaves:
        change = changes.get(leaf.path)
        words = words_of(leaf)
        if change is not None:
            pieces = text_difference(before.get(leaf.path, ""), words)
            yield Field(leaf.spec.label, _html(leaf), words, pieces, change.kind)
        elif words and leaf.spec.holds is not Holds.REFS and not _is_title(leaf.path):
            yield Field(leaf.spec.label, _html(leaf), words)


def _is_title(path: Path) -> bool:
    """A row's own title stands in its heading."""
    return len(path) == 3 and path[-1] == "title"


def _html(leaf: Leaf) -> SafeString:
    """Safe by construction: `rich.to_html` escapes every text and writes every tag itself."""
    if leaf.spec.holds is Holds.RICH:
        return mark_safe(rich.to_html(leaf.value))
    return SafeString("")


def as_json(changes: Sequence[Change]) -> list[dict[str, Any]]:
    """Changes as a proposal keeps them."""
    return [{"path": list(c.path), "place": c.place, "kind": c.kind, "old": c.old, "new": c.new} for c in changes]


def from_json(kept: Sequence[Mapping[str, Any]]) -> tuple[Change, ...]:
    return tuple(Change(tuple(k["path"]), k["place"], k["kind"], k["old"], k["new"]) for k in kept)
