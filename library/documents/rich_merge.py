"""Three versions of one rich text: edits that do not touch each other go together, block by block and inside a block.

A list, a table and a quotation are blocks of blocks; a paragraph is merged by character, words and numbers whole. What
touches is never guessed: the field is a conflict then.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from library.documents import rich
from library.documents.fields import RichText
from library.documents.sequences import Hunk, hunks
from library.documents.words_changed import units

ANCHOR = 3
"""Fewer equal characters in a row between two edits of one side are taken for chance: the edits are one."""
ALIKE = 0.5
PAIRS = 2_500
"""Blocks × blocks that are compared for likeness; beyond it replaced blocks count as deleted and written."""

Node = Mapping[str, Any]


class Touching(Exception):
    """Both sides changed one place."""


def merged_rich(base: RichText, mine: RichText, theirs: RichText) -> RichText | None:
    """The text with the edits of both sides; None where they touch."""
    try:
        return _node(base, mine, theirs)
    except Touching:
        return None


def _node(base: Node, mine: Node, theirs: Node) -> Node:
    if mine in (theirs, base):
        return theirs
    if theirs == base:
        return mine
    kind = base.get("type")
    if {mine.get("type"), theirs.get("type")} != {kind} or kind in rich.LEAVES:
        raise Touching
    attrs = _either(base.get("attrs"), mine.get("attrs"), theirs.get("attrs"))
    contents = [list(node.get("content") or ()) for node in (base, mine, theirs)]
    content = _inline(*contents) if kind in {"paragraph", "heading"} else _blocks(str(kind), *contents)
    whole = {"type": kind} | ({"attrs": attrs} if attrs else {})
    return whole | ({"content": content} if content or kind == "doc" else {})


def _either(base: Any, mine: Any, theirs: Any) -> Any:
    if mine in (theirs, base):
        return theirs
    if theirs == base:
        return mine
    raise Touching


@dataclass(frozen=True, slots=True)
class _Aligned:
    """One side beside the base: what became of each block (None: deleted), and what was written in each gap."""

    became: list[Node | None]
    written: list[list[Node]]

    def is_cleared_around(self, gap: int) -> bool:
        """Deleted on both sides of the gap: what the other side writes there stands in a passage that is gone."""
        return 0 < gap < len(self.became) and self.became[gap - 1] is None and self.became[gap] is None


def _blocks(kind: str, base: list[Node], mine: list[Node], theirs: list[Node]) -> list[Node]:
    by_place = kind == "table_row"
    if by_place and not len(base) == len(mine) == len(theirs):
        raise Touching
    ours, others = (_aligned(base, side, by_place=by_place) for side in (mine, theirs))
    _refuse_moved_and_deleted(base, ours, others)
    content: list[Node] = []
    for gap in range(len(base) + 1):
        content += _gap(ours, others, gap)
        if gap < len(base):
            content += _block(base[gap], ours.became[gap], others.became[gap])
    if kind == "table" and not _is_sound(mine, theirs, content):
        raise Touching
    return content


def _refuse_moved_and_deleted(base: list[Node], ours: _Aligned, others: _Aligned) -> None:
    """A block that one side moved and the other deleted or moved too would be back, or twice, without anybody's saying."""
    gone = [node for node, one, other in zip(base, ours.became, others.became, strict=True) if one is None is other]
    apart = [gap for gap, written in enumerate(ours.written) if written != others.written[gap]]
    moved = [node for side in (ours, others) for gap in apart for node in side.written[gap]] if gone else []
    bags = [(node, _bag(node)) for node in moved]
    for node in gone:
        bag = _bag(node)
        if any(_alike(node, other, bag, other_bag) >= ALIKE for other, other_bag in bags):
            raise Touching


def _gap(ours: _Aligned, others: _Aligned, gap: int) -> list[Node]:
    mine, theirs = ours.written[gap], others.written[gap]
    if mine == theirs:
        return mine
    if (mine and theirs) or (mine and others.is_cleared_around(gap)) or (theirs and ours.is_cleared_around(gap)):
        raise Touching
    return mine or theirs


def _block(base: Node, mine: Node | None, theirs: Node | None) -> list[Node]:
    if mine is None or theirs is None:
        if (mine or theirs or base) != base:
            raise Touching
        return []
    return [_node(base, mine, theirs)]


def _is_sound(mine: Sequence[Node], theirs: Sequence[Node], merged: Sequence[Node]) -> bool:
    """A column of one side and a row of the other make no table with holes; merged cells allow no guess at all."""
    if any((cell.get("attrs") or {}).get("rowspan", 1) != 1 for row in merged for cell in row.get("content") or ()):
        return len(mine) == len(theirs) == len(merged)
    return len(_widths(merged)) <= max(len(_widths(mine)), len(_widths(theirs)), 1)


def _widths(rows: Sequence[Node]) -> set[int]:
    return {
        sum(int((cell.get("attrs") or {}).get("colspan") or 1) for cell in row.get("content") or ()) for row in rows
    }


def _aligned(base: list[Node], side: list[Node], *, by_place: bool = False) -> _Aligned:
    if by_place:
        return _Aligned(list(side), [[] for _ in range(len(base) + 1)])
    found = _Aligned([None] * len(base), [[] for _ in range(len(base) + 1)])
    at = new_at = 0
    changed = hunks([_key(node) for node in base], [_key(node) for node in side])
    for hunk in [*changed, Hunk(len(base), len(base), len(side), len(side))]:
        found.became[at : hunk.start] = side[new_at : hunk.new_start]
        partner = dict(_pairs(base[hunk.start : hunk.end], side[hunk.new_start : hunk.new_end]))
        gap = hunk.start
        for number, node in enumerate(side[hunk.new_start : hunk.new_end]):
            if number in partner:
                found.became[hunk.start + partner[number]] = node
                gap = hunk.start + partner[number] + 1
            else:
                found.written[gap].append(node)
        at, new_at = hunk.end, hunk.new_end
    return found


def _key(node: Node) -> str:
    return json.dumps(node, sort_keys=True)


def _pairs(old: list[Node], new: list[Node]) -> list[tuple[int, int]]:
    """(place in new, place in old) of blocks that are edits of each other, in order, as alike as possible together."""
    if len(old) * len(new) > PAIRS:
        return []
    bags = [[_bag(node) for node in side] for side in (old, new)]
    best: list[list[tuple[float, list[tuple[int, int]]]]] = [[(0.0, [])] * (len(new) + 1)]
    for i, before in enumerate(old):
        row: list[tuple[float, list[tuple[int, int]]]] = [(0.0, [])]
        for j, after in enumerate(new):
            like = _alike(before, after, bags[0][i], bags[1][j])
            score, pairs = best[i][j]
            kept = (score + like, [*pairs, (j, i)]) if like >= ALIKE else (-1.0, [])
            row.append(max(best[i][j + 1], row[j], kept, key=lambda one: one[0]))
        best.append(row)
    return best[-1][-1][1]


def _bag(node: Node) -> Counter[str]:
    return Counter(units(rich.to_text(node)))


def _alike(one: Node, other: Node, bag: Counter[str], other_bag: Counter[str]) -> float:
    if one.get("type") != other.get("type"):
        return 0.0
    if one.get("type") == "image":
        return float((one.get("attrs") or {}).get("file") == (other.get("attrs") or {}).get("file"))
    total = bag.total() + other_bag.total()
    return 2 * (bag & other_bag).total() / total if total else 1.0


_Unit = tuple[str, str]
"""(character, word or number; its marks), or ("", a whole node) for a formula, a card, a line break."""


def _inline(base: list[Node], mine: list[Node], theirs: list[Node]) -> list[Node]:
    before, ours, others = (_units(side) for side in (base, mine, theirs))
    edits = {(h.start, h.end, tuple(ours[h.new_start : h.new_end])) for h in hunks(before, ours, ANCHOR)}
    edits |= {(h.start, h.end, tuple(others[h.new_start : h.new_end])) for h in hunks(before, others, ANCHOR)}
    whole: list[_Unit] = []
    at = -1
    for start, end, written in sorted(edits):
        if start <= at:
            raise Touching
        whole += before[max(at, 0) : start]
        whole += written
        at = end
    return _nodes([*whole, *before[max(at, 0) :]])


def _units(content: list[Node]) -> list[_Unit]:
    found: list[_Unit] = []
    for node in content:
        if node.get("type") == "text":
            marks = json.dumps(node.get("marks") or [], sort_keys=True)
            found += [(unit, marks) for unit in units(str(node["text"]))]
        else:
            found.append(("", json.dumps(node, sort_keys=True)))
    return found


def _nodes(whole: Sequence[_Unit]) -> list[Any]:
    content: list[dict[str, Any]] = []
    last = ""
    for unit, rest in whole:
        if not unit:
            content.append(json.loads(rest))
            last = ""
        elif rest == last:
            content[-1]["text"] += unit
        else:
            marks = json.loads(rest)
            content.append({"type": "text", "text": unit} | ({"marks": marks} if marks else {}))
            last = rest
    return content
