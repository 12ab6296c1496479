"""Three-way merge of base, mine and theirs: over the schema alone, so that a new field needs no line here.

Nothing that somebody wrote is dropped. What both sides changed incompatibly is a conflict with all three texts; the
document holds mine then, or where one side deleted, what the other side wrote.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from library.documents import schema
from library.documents.difference import ORDER, Change, difference, leaf_place, put
from library.documents.fields import Document, Holds, Row, Spec, ordered, specs
from library.documents.order import between, spread
from library.documents.rich_merge import merged_rich
from library.documents.walk import Path, row_place

D = TypeVar("D", bound=Document)
Rows = Mapping[str, Row]


@dataclass(frozen=True, slots=True)
class Conflict:
    """One place that both changed. JSON values; None: nothing there, or deleted. Of a move the order keys."""

    path: Path
    place: str
    base: Any
    mine: Any
    theirs: Any


@dataclass(frozen=True, slots=True)
class Merged(Generic[D]):
    """The result. `taken` is what changed in mine because of theirs, what stands in a conflict not among it."""

    document: D
    conflicts: tuple[Conflict, ...]
    taken: tuple[Change, ...]


def merge(base: D, mine: D, theirs: D) -> Merged[D]:
    """Bring the changes from `base` to `theirs` into `mine`."""
    conflicts: list[Conflict] = []
    document = _merged(type(mine), (base, mine, theirs), (), "", conflicts)
    asked = {conflict.path for conflict in conflicts}
    taken = tuple(change for change in difference(mine, document) if change.path not in asked)
    return Merged(document, tuple(conflicts), taken)


def settled(merged: Merged[D], choices: Mapping[Path, Any]) -> D:
    """The document with what was chosen for its conflicts; a conflict that is not named stays as the document holds it.

    Raises:
        DocumentProblem: a path without a conflict, or a value that the schema refuses.
    """
    of = type(merged.document)
    data = schema.dump(merged.document)
    asked = {conflict.path for conflict in merged.conflicts}
    for path, value in choices.items():
        if path not in asked:
            raise schema.DocumentProblem(path, "这一处没有冲突，不用选择")
        put(data, of, path, value)
    return parted(schema.load(of, data), merged.document)


def _merged(of: type, sides: tuple[Any, Any, Any], path: Path, place: str, found: list[Conflict]) -> Any:
    """One document, group or row of the three sides."""
    values: dict[str, Any] = {}
    for name, spec in specs(of):
        three = tuple(getattr(side, name) for side in sides)
        base, mine, theirs = three
        at = (*path, name)
        if spec.holds is Holds.GROUP and spec.of:
            values[name] = _merged(spec.of, (base, mine, theirs), at, place or spec.label, found)
        elif spec.holds is Holds.ROWS:
            values[name] = _rows(spec, base, mine, theirs, at, place, found)
        else:
            values[name] = _leaf(spec, base, mine, theirs, at, place, found)
    return replace(sides[1], **values)


def _leaf(spec: Spec, base: Any, mine: Any, theirs: Any, path: Path, place: str, found: list[Conflict]) -> Any:
    before, ours, others = (schema.written(spec, value) for value in (base, mine, theirs))
    if ours == before:
        return theirs
    if others in (ours, before):
        return mine
    together = _together(spec, base, mine, theirs) if ours is not None and others is not None else None
    if together is not None:
        return together
    found.append(Conflict(path, leaf_place(spec, place), before, ours, others))
    return mine if ours is not None else theirs


def _together(spec: Spec, base: Any, mine: Any, theirs: Any) -> Any:
    if spec.holds is Holds.RICH:
        return merged_rich(base, mine, theirs)
    return merged_list(base, mine, theirs) if spec.holds in {Holds.NAMES, Holds.REFS} else None


def merged_list(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> tuple[str, ...] | None:
    """Ordered sets: what either took out is out, what either added stands behind what it was put behind."""
    if any(len({*side, ""}) <= len(side) for side in (base, mine, theirs)):
        return None
    kept = [one for one in base if one in mine and one in theirs]
    ours, others = ([one for one in side if one in set(kept)] for side in (mine, theirs))
    if ours != others and kept not in (ours, others):
        return None
    whole: list[str] = []
    added = [_added(side, set(base), set(kept)) for side in (mine, theirs)]
    for anchor in ["", *(others if ours == kept else ours)]:
        whole += [anchor] if anchor else []
        first, second = sorted(side.get(anchor, []) for side in added)
        whole += [one for one in (*first, *second) if one not in whole]
    return tuple(whole)


def _added(side: Sequence[str], base: set[str], kept: set[str]) -> dict[str, list[str]]:
    """What one side added, by the kept element that it stands behind."""
    found: dict[str, list[str]] = {}
    anchor = ""
    for one in side:
        if one in kept:
            anchor = one
        elif one not in base:
            found.setdefault(anchor, []).append(one)
    return found


def _rows(
    spec: Spec, base: Rows, mine: Rows, theirs: Rows, path: Path, place: str, found: list[Conflict]
) -> dict[str, Row]:
    called: dict[str, str] = {}
    for side in (base, theirs, mine):
        called |= {key: place + row_place(spec, number) for number, (key, _) in enumerate(ordered(side), 1)}
    whole: dict[str, Row] = {}
    for key in sorted({**base, **mine, **theirs}, key=lambda key: _reading_place(key, base, mine, theirs)):
        row = _row(spec, (base.get(key), mine.get(key), theirs.get(key)), (*path, key), called[key], found)
        if row is not None:
            whole[key] = row
    return spaced(whole, mine, theirs)


def _reading_place(key: str, base: Rows, mine: Rows, theirs: Rows) -> tuple[str, str]:
    row = mine.get(key) or theirs.get(key) or base[key]
    return row.order, key


def _row(
    spec: Spec, sides: tuple[Row | None, Row | None, Row | None], path: Path, place: str, found: list[Conflict]
) -> Row | None:
    base, mine, theirs = sides
    if mine is not None and theirs is not None:
        return _both(base, mine, theirs, path, place, found)
    left = mine if mine is not None else theirs
    if base is None or left is None:
        return left
    if schema.row_written(left) == schema.row_written(base):
        return None
    three = (None if side is None else schema.row_written(side) for side in sides)
    found.append(Conflict(path, place, *three))
    return left


def _both(base: Row | None, mine: Row, theirs: Row, path: Path, place: str, found: list[Conflict]) -> Row:
    before = base if base is not None else type(mine)()
    row: Row = _merged(type(mine), (before, mine, theirs), path, place, found)
    if mine.order in (theirs.order, before.order):
        return replace(row, order=theirs.order)
    if theirs.order != before.order:
        three = (order or None for order in (before.order, mine.order, theirs.order))
        found.append(Conflict((*path, ORDER), f"{place} 的位置", *three))
    return row


def spaced(rows: Rows, *sides: Rows) -> dict[str, Row]:
    """Rows without equal order keys, except where one side had them equal itself; the later ids move a little."""
    whole = dict(ordered(rows))
    groups: dict[str, list[str]] = {}
    for key, row in whole.items():
        groups.setdefault(row.order, []).append(key)
    new = {order: keys for order, keys in groups.items() if len(keys) > 1 and not _were_equal(order, keys, sides)}
    if not new:
        return whole
    try:
        return _pushed(whole, new, sorted(groups))
    except ValueError:
        return {
            key: replace(row, order=order) for (key, row), order in zip(whole.items(), spread(len(whole)), strict=True)
        }


def _were_equal(order: str, keys: Sequence[str], sides: Sequence[Rows]) -> bool:
    return any(all(key in side and side[key].order == order for key in keys) for side in sides)


def _pushed(whole: dict[str, Row], groups: Mapping[str, Sequence[str]], orders: Sequence[str]) -> dict[str, Row]:
    for order, keys in groups.items():
        after = orders.index(order) + 1
        high = orders[after] if after < len(orders) else ""
        low = order
        for key in keys[1:]:
            low = between(low, high)
            whole[key] = replace(whole[key], order=low)
    return whole


def parted(document: D, before: D) -> D:
    """A document that was put together by hand, without equal order keys that `before` does not have."""
    whole: D = _parted(type(document), document, before)
    return whole


def _parted(of: type, value: Any, before: Any) -> Any:
    """A settled document whose choices brought no equal order keys."""
    values: dict[str, Any] = {}
    for name, spec in specs(of):
        now, was = getattr(value, name), getattr(before, name)
        if spec.holds is Holds.GROUP and spec.of:
            values[name] = _parted(spec.of, now, was)
        elif spec.holds is Holds.ROWS and spec.of:
            kept = {key: _parted(spec.of, row, was.get(key, row)) for key, row in now.items()}
            values[name] = spaced(kept, was)
    return replace(value, **values)
