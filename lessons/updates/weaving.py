"""The merge of one update as places to decide: pure, from three documents and the choices to the new text.

What only the shared plan changed may be taken or left; what both changed is decided by the teacher; what only the
teacher changed is not touched. Words that the new text does not hold are told, so that they can be kept.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lessons.updates.models import Choice, Unused
from library.documents import schema, shown
from library.documents.difference import ORDER, Change, Path, applied, difference, put, seen
from library.documents.fields import Document, Holds, specs
from library.documents.merge import Merged, merge, parted

Way = Choice.Way


@dataclass(frozen=True, slots=True)
class Place:
    """One place that the shared plan changed.

    Attributes:
        base, mine, theirs: JSON values; None is nothing, or deleted. Of a place that only the shared plan changed,
            `theirs` is what would stand there.
        both: what 两边都留 would write; None where two values cannot stand together.
    """

    path: Path
    key: str
    name: str
    kind: str
    is_conflict: bool
    base: Any
    mine: Any
    theirs: Any
    both: Any = None
    is_text: bool = False

    @property
    def seen(self) -> str:
        """Changes when either side of the place changes."""
        told = json.dumps([self.base, self.mine, self.theirs], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(told.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was decided for a place; `value` is set for the teacher's own words."""

    way: str
    value: Any = None


@dataclass(frozen=True, slots=True)
class Left:
    """Words that stay out of the new text."""

    key: str
    place: str
    side: str
    value: Any


@dataclass(frozen=True, slots=True)
class Weave:
    """One update: the merge, its places in printed order, and the teacher's own changes that stay as they are."""

    mine: Document
    merged: Merged[Any]
    places: tuple[Place, ...]
    own: tuple[Change, ...]

    @property
    def conflicts(self) -> tuple[Place, ...]:
        return tuple(place for place in self.places if place.is_conflict)

    @property
    def ready(self) -> tuple[Place, ...]:
        return tuple(place for place in self.places if not place.is_conflict)


def weave(base: Document, mine: Document, theirs: Document) -> Weave:
    merged: Merged[Any] = merge(base, mine, theirs)
    of = type(mine)
    before = {change.path: change.old for change in difference(base, theirs)}
    places = [
        Place(
            path=change.path,
            key=key_of(change.path, change.kind),
            name=change.place,
            kind=change.kind,
            is_conflict=False,
            base=before.get(change.path),
            mine=change.old,
            theirs=change.new,
        )
        for change in seen(merged.taken)
    ]
    places += [
        Place(
            path=one.path,
            key="/".join(one.path),
            name=one.place,
            kind="conflict",
            is_conflict=True,
            base=one.base,
            mine=one.mine,
            theirs=one.theirs,
            both=both_of(of, one.path, one.mine, one.theirs),
            is_text=is_text(of, one.path),
        )
        for one in merged.conflicts
    ]
    texts = [schema.dump(document) for document in (merged.document, mine, base)]
    places.sort(key=lambda place: standing(of, texts, place.path))
    touched = [place.path for place in places]
    own = tuple(c for c in seen(difference(base, mine)) if not any(c.path[: len(path)] == path for path in touched))
    return Weave(mine, merged, tuple(places), own)


def key_of(path: Path, kind: str) -> str:
    """The name of a place in a form: a row's move is another place than the row."""
    return "/".join((*path, ORDER) if kind == "moved" else path)


def standing(of: type, texts: Sequence[Mapping[str, Any]], path: Path) -> tuple[tuple[int, str, str], ...]:
    """Where a path stands on the page: field by field as declared, row by row by its order key in the first text."""
    found: list[tuple[int, str, str]] = []
    steps = iter(path)
    for name in steps:
        names = [one for one, _ in specs(of)]
        if name not in names:
            break
        found.append((names.index(name), "", ""))
        spec = dict(specs(of))[name]
        of, texts = spec.of or of, [_inner(text, name) for text in texts]
        if spec.holds is Holds.ROWS and (key := next(steps, None)) is not None:
            rows = [_inner(text, key) for text in texts]
            found.append((0, next((str(row[ORDER]) for row in rows if ORDER in row), ""), key))
            texts = rows
    return tuple(found)


def _inner(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = data.get(name)
    return found if isinstance(found, Mapping) else {}


def is_text(of: type, path: Path) -> bool:
    """A field of words, which a teacher can write anew."""
    if path[-1] == ORDER:
        return False
    spec, is_row = shown.spec_at(of, path)
    return not is_row and spec.holds in {Holds.TEXT, Holds.RICH}


def both_of(of: type, path: Path, mine: Any, theirs: Any) -> Any:
    """Mine, and below it what only the shared plan has; None where one place cannot hold two things."""
    if mine is None or theirs is None or path[-1] == ORDER:
        return None
    spec, is_row = shown.spec_at(of, path)
    if is_row:
        return None
    if spec.holds is Holds.RICH:
        mine_has = list(mine["content"])
        return {"type": "doc", "content": [*mine_has, *(node for node in theirs["content"] if node not in mine_has)]}
    if spec.holds in {Holds.NAMES, Holds.REFS}:
        return list(dict.fromkeys([*mine, *theirs]))
    return f"{mine}；{theirs}" if spec.holds is Holds.TEXT else None


def woven(weave: Weave, choices: Mapping[str, Chosen]) -> tuple[Document, tuple[Left, ...]]:
    """The new text, and the words that it does not hold. A place without a choice stays as the teacher has it.

    Raises:
        DocumentProblem: own words that do not fit the field.
    """
    of = type(weave.mine)
    taken = {place.key for place in weave.ready if way_of(choices, place) == Way.THEIRS}
    changes = [c for c in weave.merged.taken if c.kind == "respaced" or key_of(c.path, c.kind) in taken]
    data = schema.dump(applied(weave.mine, changes))
    for place in weave.conflicts:
        if way_of(choices, place) not in ("", Way.MINE):
            put(data, of, place.path, value_of(place, choices[place.key]))
    document: Document = parted(schema.load(of, data), weave.merged.document)
    return document, tuple(one for place in weave.places for one in _left(of, place, choices.get(place.key)))


def way_of(choices: Mapping[str, Chosen], place: Place) -> str:
    chosen = choices.get(place.key)
    return chosen.way if chosen else ""


def value_of(place: Place, chosen: Chosen) -> Any:
    """What a decision puts at its place."""
    if chosen.way == Way.BOTH and place.both is None:
        raise schema.DocumentProblem(place.path, f"“{place.name}”只能留一边，请选用我的或用共案的")
    return {Way.MINE: place.mine, Way.THEIRS: place.theirs, Way.BOTH: place.both, Way.OWN: chosen.value}[
        Way(chosen.way)
    ]


def _left(of: type, place: Place, chosen: Chosen | None) -> list[Left]:
    """The side that a decision leaves out; of own words both sides, as far as they are not among them."""
    way = chosen.way if chosen else Way.MINE
    if way == Way.BOTH or (way == Way.THEIRS and not place.is_conflict):
        return []
    sides = {Unused.Side.MINE: place.mine, Unused.Side.THEIRS: place.theirs}
    if way in (Way.MINE, Way.THEIRS):
        sides.pop(Unused.Side.MINE if way == Way.MINE else Unused.Side.THEIRS)
    used = shown.words(of, place.path, chosen.value) if chosen and way == Way.OWN else ""
    return [
        Left(place.key, place.name, side, value)
        for side, value in sides.items()
        if (text := shown.words(of, place.path, value)) and text not in used
    ]
