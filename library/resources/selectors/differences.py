"""What changed between two texts of one kind, place by place: for a reviewer, and for two who saved at once."""

from collections.abc import Iterator
from dataclasses import dataclass

from library.documents import walk
from library.documents.fields import Document


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs; an empty side was added or removed."""

    place: str
    label: str
    before: str
    after: str


def changes(before: Document, after: Document) -> list[Change]:
    """Fields whose words or numbers differ, in the printed order of the later text, then what only the earlier has."""
    old = {leaf.path: leaf for leaf in walk.walk(before)}
    found: list[Change] = []
    seen = set()
    for leaf in walk.walk(after):
        seen.add(leaf.path)
        earlier = _words(old[leaf.path]) if leaf.path in old else ""
        if earlier != _words(leaf):
            found.append(Change(leaf.place, leaf.spec.label, earlier, _words(leaf)))
    return found + [Change(leaf.place, leaf.spec.label, _words(leaf), "") for leaf in _gone(old, seen)]


def _gone(old: dict[walk.Path, walk.Leaf], seen: set[walk.Path]) -> Iterator[walk.Leaf]:
    return (leaf for path, leaf in old.items() if path not in seen and _words(leaf))


def _words(leaf: walk.Leaf) -> str:
    if leaf.text:
        return leaf.text
    if leaf.value in (None, "", ()) or isinstance(leaf.value, dict):
        return ""
    return "、".join(leaf.value) if isinstance(leaf.value, tuple) else str(leaf.value)
