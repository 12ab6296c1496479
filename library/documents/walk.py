"""The one traversal of a document: its leaves in printed order, each with its path and its place in a teacher's words."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from library.documents import rich
from library.documents.fields import Document, Holds, Spec, ordered, specs

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One field that holds a value.

    Attributes:
        path: field names and row ids from the root: ("stages", "k3", "teacher").
        place: section, and row where there is one: 教学重点, 环节2; of a row within a row both: 小题2选项1.
        spec: what the schema knows of the field.
        value: the value itself.
    """

    path: Path
    place: str
    spec: Spec
    value: Any

    @property
    def text(self) -> str:
        """The leaf's words; references and numbers have none."""
        if self.spec.holds is Holds.RICH:
            return rich.to_text(self.value)
        if self.spec.holds is Holds.NAMES:
            return "、".join(self.value)
        return self.value if self.spec.holds in {Holds.TEXT, Holds.CHOICE} else ""

    @property
    def is_empty(self) -> bool:
        return rich.is_empty(self.value) if self.spec.holds is Holds.RICH else self.value in ("", None, ())


def walk(document: Document) -> Iterator[Leaf]:
    """Every leaf, empty ones too, in printed order."""
    for name, spec in specs(type(document)):
        yield from _walk(getattr(document, name), spec, (name,), spec.label)


def _walk(value: Any, spec: Spec, path: Path, place: str) -> Iterator[Leaf]:
    if spec.holds is Holds.GROUP:
        for name, inner in specs(type(value)):
            yield from _walk(getattr(value, name), inner, (*path, name), place)
    elif spec.holds is Holds.ROWS:
        above = place if len(path) > 1 else ""
        for number, (key, row) in enumerate(ordered(value), 1):
            for name, inner in specs(type(row)):
                yield from _walk(getattr(row, name), inner, (*path, key, name), above + row_place(spec, number))
    else:
        yield Leaf(path, place, spec, value)


def row_place(spec: Spec, number: int) -> str:
    """环节2, 第7页: what a teacher calls the row with this number."""
    return spec.noun.format(number) if "{}" in spec.noun else f"{spec.noun}{number}"


def passages(document: Document) -> list[tuple[str, str]]:
    """(place, text) for search: the words of one place together, in printed order."""
    found: dict[str, list[str]] = {}
    for leaf in walk(document):
        if leaf.text.strip():
            found.setdefault(leaf.place, []).append(leaf.text.strip())
    return [(place, "\n".join(texts)) for place, texts in found.items()]


def word_count(document: Document) -> int:
    """Characters without white space, as Word counts Chinese."""
    return sum(len("".join(leaf.text.split())) for leaf in walk(document))


def completeness(document: Document) -> int:
    """Per cent of the schema's required top-level sections that hold something."""
    wanted = [(name, spec) for name, spec in specs(type(document)) if _is_required(spec)]
    if not wanted:
        return 100
    done = sum(_is_filled(getattr(document, name), spec, (name,)) for name, spec in wanted)
    return round(100 * done / len(wanted))


def missing(document: Document) -> list[str]:
    """Labels of required sections that hold nothing yet."""
    return [
        s.label for n, s in specs(type(document)) if _is_required(s) and not _is_filled(getattr(document, n), s, (n,))
    ]


def _is_required(spec: Spec) -> bool:
    if spec.holds is Holds.GROUP and spec.of:
        return any(inner.required for _, inner in specs(spec.of))
    return spec.required


def _is_filled(value: Any, spec: Spec, path: Path) -> bool:
    leaves = list(_walk(value, spec, path, spec.label))
    if spec.holds is Holds.GROUP:
        return all(not leaf.is_empty for leaf in leaves if leaf.spec.required)
    return any(not leaf.is_empty for leaf in leaves)
