"""What became of each entry of an old textbook in its new revision. Pure: rows in, proposed lines out.

A person corrects the proposal and another confirms it; this only spares them the entries that are plain.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from library.outlines.snapshot import Row, parents

NOT_LETTERS = re.compile(r"[\W_]+")
ALIKE = 0.6
"""Titles that share this much of their characters are the same entry under another name."""


@dataclass(frozen=True, slots=True)
class Line:
    """`old` and `new` are uids; one of them may be empty. `kind` is a word of `MappingLine.Kind`."""

    old: str
    new: str
    kind: str


def propose(old: Sequence[Row], new: Sequence[Row]) -> list[Line]:
    """Lines for every old entry, in its order, then for every new one that nothing came to.

    Equal titles first (相同, or 移动 where the unit is another one), then the most alike pairs (改名), of the same kind
    and best first. Sources of likeness: the title's characters, and shared knowledge points.
    """
    units_old, units_new = _units(old), _units(new)
    pairs = _same_titles(old, new, units_old, units_new)
    pairs |= _alike([r for r in old if r.uid not in pairs], [r for r in new if r.uid not in pairs.values()])
    by_uid = {row.uid: row for row in (*old, *new)}
    lines = []
    for row in old:
        found = pairs.get(row.uid, "")
        same_unit = bool(found) and key(units_old[row.uid]) == key(units_new[found])
        lines.append(Line(row.uid, found, _kind(row, by_uid.get(found), same_unit)))
    reached = set(pairs.values())
    return lines + [Line("", row.uid, "added") for row in new if row.uid not in reached]


def key(title: str) -> str:
    """A title without signs and spaces, for comparison."""
    return NOT_LETTERS.sub("", title).lower()


def _kind(old: Row, new: Row | None, same_unit: bool) -> str:
    if new is None:
        return "deleted"
    if key(old.title) != key(new.title):
        return "renamed"
    return "same" if same_unit or old.depth == 1 else "moved"


def _units(rows: Sequence[Row]) -> dict[str, str]:
    """uid → title of the entry it stands below; its own at the top."""
    titles = {row.uid: row.title for row in rows}
    above = parents(rows)
    return {row.uid: titles[above[row.uid] or row.uid] for row in rows}


def _same_titles(
    old: Sequence[Row], new: Sequence[Row], units_old: dict[str, str], units_new: dict[str, str]
) -> dict[str, str]:
    """Equal titles of equal kind: within the unit of the same title first, then anywhere, each new entry once."""
    pairs: dict[str, str] = {}
    for with_unit in (True, False):
        free: dict[tuple[str, ...], list[str]] = {}
        for row in new:
            if row.uid not in pairs.values():
                free.setdefault(_identity(row, units_new, with_unit), []).append(row.uid)
        for row in old:
            same = free.get(_identity(row, units_old, with_unit))
            if row.uid not in pairs and same:
                pairs[row.uid] = same.pop(0)
    return pairs


def _identity(row: Row, units: dict[str, str], with_unit: bool) -> tuple[str, ...]:
    return (row.kind, key(row.title), key(units[row.uid]) if with_unit else "")


def _alike(old: Sequence[Row], new: Sequence[Row]) -> dict[str, str]:
    candidates = sorted(_scored(old, new), key=lambda found: -found[0])
    pairs: dict[str, str] = {}
    for _, a, b in candidates:
        if a not in pairs and b not in pairs.values():
            pairs[a] = b
    return pairs


def _scored(old: Sequence[Row], new: Sequence[Row]) -> Iterable[tuple[float, str, str]]:
    for a in old:
        for b in new:
            score = _likeness(a, b) if (a.kind, a.depth) == (b.kind, b.depth) else 0.0
            if score >= ALIKE:
                yield score, a.uid, b.uid


def _likeness(a: Row, b: Row) -> float:
    shared = set(a.knowledge) & set(b.knowledge)
    taught = len(shared) / max(len(a.knowledge), len(b.knowledge)) if shared else 0.0
    return max(SequenceMatcher(None, key(a.title), key(b.title)).ratio(), taught * 0.9)
