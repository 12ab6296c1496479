"""What a teacher made different from the shared plan, in words: a list of changes, and the whole text with its marks.

Pure: two documents in, finished values for a page out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from library.documents import rich, walk
from library.documents.difference import Change, Path, Piece, difference, seen, text_difference
from library.documents.fields import Document, Holds, Spec, ordered, specs
from library.documents.walk import Leaf, row_place

KINDS: Mapping[str, str] = {"changed": "改", "added": "增", "removed": "删", "moved": "移"}
SECOND = "second_preparation"
"""The field of a stage that is there for one's own notes (二次备课)."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One change for a page: what it is called, how it reads by character, and the key under which it is chosen."""

    key: str
    place: str
    kind: str
    word: str
    pieces: tuple[Piece, ...]
    path: Path


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


def key_of(change: Change) -> str:
    """A change's name in a form: of one row, a move and its own fields differ."""
    return f"{'/'.join(change.path)}:{change.kind}"


def own_changes(base: Document, mine: Document) -> tuple[Change, ...]:
    """What a reader can see of the differences."""
    return seen(difference(base, mine))


def shown(base: Document, mine: Document, changes: Sequence[Change] | None = None) -> list[Shown]:
    """The changes in words, in printed order."""
    before, after = _words(base), _words(mine)
    found = own_changes(base, mine) if changes is None else changes
    return [
        Shown(
            key=key_of(change),
            place=change.place,
            kind=change.kind,
            word=KINDS[change.kind],
            pieces=_pieces(change, before, after),
            path=change.path,
        )
        for change in found
        if change.kind in KINDS
    ]


def _pieces(change: Change, before: Mapping[Path, str], after: Mapping[Path, str]) -> tuple[Piece, ...]:
    if change.kind == "moved":
        return ()
    return text_difference(_under(before, change.path), _under(after, change.path))


def _under(words: Mapping[Path, str], path: Path) -> str:
    """The words of a field, or of all fields of a row."""
    return "\n".join(text for at, text in words.items() if at[: len(path)] == path and text)


def _words(document: Document) -> dict[Path, str]:
    return {leaf.path: words_of(leaf) for leaf in walk.walk(document)}


def words_of(leaf: Leaf) -> str:
    """A leaf as a reader sees it, numbers with their unit; references say how many they are."""
    if leaf.text:
        return leaf.text
    if leaf.is_empty or leaf.spec.holds is Holds.RICH:
        return ""
    if leaf.spec.holds is Holds.REFS:
        return f"{leaf.spec.label} {len(leaf.value)} 项"
    return f"{leaf.value} {leaf.spec.unit}".strip()


def marked(base: Document | None, mine: Document) -> list[Section]:
    """The whole text, section by section, with what differs from `base` marked; empty fields are left out."""
    changes = {change.path: change for change in own_changes(base, mine)} if base is not None else {}
    before = _words(base) if base is not None else {}
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
            words = _under(before, path)
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
