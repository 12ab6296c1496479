"""An outline as plain rows, and what differs between two of them. Pure: no database.

Rows stand in reading order; `depth` says what stands below what, as in the printed contents. A row is known by its uid
through every change, so that a renamed lesson keeps its address and its resources.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of an outline.

    Attributes:
        uid: the node's; new entries bring a fresh one.
        depth: 1 for a unit, 2 for what stands below it, …
        kind: a word of `Node.Kind`.
        number: as printed, may be empty.
        periods: suggested number of 课时; None where nothing is taught.
        knowledge: names of knowledge points of the subject, sorted.
    """

    uid: str
    depth: int
    kind: str
    number: str
    title: str
    page_from: int | None = None
    page_to: int | None = None
    periods: int | None = None
    knowledge: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that changed: the word for it, what it was, what it is; the row as it is now, or was at last."""

    word: str
    row: Row
    was: str = ""
    now: str = ""


def to_json(rows: Iterable[Row]) -> list[dict[str, Any]]:
    return [{**asdict(row), "knowledge": list(row.knowledge)} for row in rows]


def from_json(told: Iterable[dict[str, Any]]) -> list[Row]:
    return [Row(**{**row, "knowledge": tuple(row["knowledge"])}) for row in told]


def parents(rows: Sequence[Row]) -> dict[str, str]:
    """uid → uid of the row that it stands below; "" at the top."""
    found: dict[str, str] = {}
    above: list[str] = []
    for row in rows:
        del above[row.depth - 1 :]
        found[row.uid] = above[-1] if above else ""
        above.append(row.uid)
    return found


def differences(before: Sequence[Row], after: Sequence[Row]) -> list[Difference]:
    """What a reader of both would say: 新增, 停用, 改名, 移动 and the rest, in the order of the new outline.

    Only the fewest rows that explain the new order count as moved: the longest run that kept its order stayed.
    """
    old = {row.uid: row for row in before}
    new = {row.uid: row for row in after}
    moved = _moved(before, after)
    found: list[Difference] = []
    for row in after:
        if row.uid not in old:
            found.append(Difference("新增", row, now=row.title))
        else:
            found += _changes(old[row.uid], row, row.uid in moved)
    return found + [Difference("停用", row, was=row.title) for row in before if row.uid not in new]


def _changes(was: Row, now: Row, moved: bool) -> list[Difference]:
    found = [Difference("移动", now)] if moved else []
    told = (
        ("改名", was.title, now.title),
        ("改序号", was.number, now.number),
        ("改类型", was.kind, now.kind),
        ("改课时", _number(was.periods), _number(now.periods)),
        ("改页码", _pages(was), _pages(now)),
        ("改知识点", "、".join(was.knowledge), "、".join(now.knowledge)),
    )
    return found + [Difference(word, now, a, b) for word, a, b in told if a != b]


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _pages(row: Row) -> str:
    return "–".join(_number(page) for page in (row.page_from, row.page_to) if page is not None)


def _moved(before: Sequence[Row], after: Sequence[Row]) -> set[str]:
    """Rows with another parent, and the fewest others that must be lifted to get from one order to the other."""
    was, now = parents(before), parents(after)
    at = {row.uid: number for number, row in enumerate(before)}
    kept = [row.uid for row in after if row.uid in at]
    others = {uid for uid in kept if was[uid] != now[uid]}
    stayed = _longest_rising([at[uid] for uid in kept if uid not in others])
    return others | {uid for uid in kept if uid not in others and at[uid] not in stayed}


def _longest_rising(numbers: Sequence[int]) -> set[int]:
    """The members of a longest strictly rising subsequence, in O(n log n)."""
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for number in numbers:
        at = bisect_left(ends, number)
        before[number] = ends[at - 1] if at else None
        ends[at : at + 1] = [number]
    found: set[int] = set()
    step = ends[-1] if ends else None
    while step is not None:
        found.add(step)
        step = before[step]
    return found
