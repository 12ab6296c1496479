"""What changed between two documents of one kind, field by field and row by row, as values that can be applied.

The schema alone is walked: a field that a document gains tomorrow is compared without a line here.
"""

import copy
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from library.documents import schema
from library.documents.fields import Document, Holds, Row, Spec, ordered, specs
from library.documents.sequences import rising
from library.documents.walk import Path, row_place
from library.documents.words_changed import Piece, text_difference

__all__ = ["ORDER", "Change", "Path", "Piece", "applied", "difference", "put", "seen", "text_difference"]

D = TypeVar("D", bound=Document)

ORDER = "order"
"""The last step of a path that leads to a row's order key."""


@dataclass(frozen=True, slots=True)
class Change:
    """One field or one row that differs.

    Attributes:
        path: field names and row ids from the root; of a row ("stages", "k3").
        place: what a teacher calls it: 环节2 教师活动, 板书设计; of a row 环节2.
        kind: "respaced" is a new order key of a row that stands where it stood; nobody needs to see it.
        old, new: JSON values, None where there is nothing. Of a moved row its order keys, of a row its JSON.
    """

    path: Path
    place: str
    kind: Literal["changed", "added", "removed", "moved", "respaced"]
    old: Any
    new: Any

    @property
    def key(self) -> str:
        """Its name in a form: of one row, a move and its own fields differ."""
        return key_of(self.path, self.kind)


def key_of(path: Path, kind: str) -> str:
    return f"{'/'.join(path)}:{kind}"


def difference(old: Document, new: Document) -> tuple[Change, ...]:
    """Every change from `old` to `new`, in the printed order of both together."""
    return tuple(_fields(type(new), old, new, (), ""))


def seen(changes: Iterable[Change]) -> tuple[Change, ...]:
    """The changes that a reader can see."""
    return tuple(change for change in changes if change.kind != "respaced")


def _fields(of: type, old: Any, new: Any, path: Path, place: str) -> Iterator[Change]:
    for name, spec in specs(of):
        was, now, at = getattr(old, name), getattr(new, name), (*path, name)
        if spec.holds is Holds.GROUP:
            yield from _fields(type(now), was, now, at, place or spec.label)
        elif spec.holds is Holds.ROWS:
            yield from _rows(spec, was, now, at, place)
        else:
            yield from _leaf(spec, was, now, at, place)


def _leaf(spec: Spec, was: Any, now: Any, path: Path, place: str) -> Iterator[Change]:
    before, after = schema.written(spec, was), schema.written(spec, now)
    if before != after:
        kind: Literal["changed", "added", "removed"] = "changed"
        if before is None or after is None:
            kind = "added" if before is None else "removed"
        yield Change(path, leaf_place(spec, place), kind, before, after)


def leaf_place(spec: Spec, place: str) -> str:
    """环节2 教师活动: the row or section and the field; a section of one field is called by its name alone."""
    return f"{place} {spec.label}" if place else spec.label


def _rows(spec: Spec, old: Mapping[str, Row], new: Mapping[str, Row], path: Path, place: str) -> Iterator[Change]:
    called = {**_called(spec, old, place), **_called(spec, new, place)}
    moved = _moved(old, new)
    for key in sorted({**old, **new}, key=lambda key: ((new.get(key) or old[key]).order, key)):
        at, row_called = (*path, key), called[key]
        if key not in new:
            yield Change(at, row_called, "removed", schema.row_written(old[key]), None)
        elif key not in old:
            yield Change(at, row_called, "added", None, schema.row_written(new[key]))
        else:
            if old[key].order != new[key].order:
                kind: Literal["moved", "respaced"] = "moved" if key in moved else "respaced"
                yield Change(at, row_called, kind, old[key].order, new[key].order)
            yield from _fields(type(new[key]), old[key], new[key], at, row_called)


def _called(spec: Spec, rows: Mapping[str, Row], place: str) -> dict[str, str]:
    return {key: place + row_place(spec, number) for number, (key, _) in enumerate(ordered(rows), 1)}


def _moved(old: Mapping[str, Row], new: Mapping[str, Row]) -> set[str]:
    """The fewest rows whose move explains the new order, those with an unchanged key never among them."""
    before = [key for key, _ in ordered(old) if key in new]
    if all(old[key].order == new[key].order for key in before):
        return set()
    place = {key: at for at, (key, _) in enumerate(ordered(new))}
    fixed = [key for key in before if old[key].order == new[key].order]
    moved: set[str] = set()
    gap: list[str] = []
    low, rest = -1, [*fixed, None]
    for key in [*before, None]:
        if key is not None and key != rest[0]:
            gap.append(key)
            continue
        high = place[key] if key is not None else len(place)
        inside = [one for one in gap if low < place[one] < high]
        kept = {inside[at] for at in rising([place[one] for one in inside])}
        moved |= set(gap) - kept
        low, gap = high, []
        rest.pop(0)
    return moved


def applied(old: D, changes: Iterable[Change]) -> D:
    """The document that `difference` started from, with its changes.

    Raises:
        DocumentProblem: a change that leads into a row which is not there, or a value that the schema refuses.
    """
    data = schema.dump(old)
    for change in changes:
        moves = change.kind in {"moved", "respaced"}
        put(data, type(old), (*change.path, ORDER) if moves else change.path, change.new)
    return schema.load(type(old), data)


def put(data: dict[str, Any], of: type, path: Path, value: Any) -> None:
    """Set one field, row or order key in a dumped document; None or an empty key takes it out."""
    *above, last = path
    here, names = data, iter(above)
    for name in names:
        spec = dict(specs(of))[name]
        of = spec.of or of
        here = here.setdefault(name, {})
        key = next(names, None) if spec.holds is Holds.ROWS else None
        if key is not None:
            if key not in here:
                raise schema.DocumentProblem(path, "这一行已经不在了，改动没有地方放")
            here = here[key]
    if value is None or value == "":
        here.pop(last, None)
    else:
        here[last] = copy.deepcopy(value)
