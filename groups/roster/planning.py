"""What a sheet's rows would do: the shape that all planners share. A plan writes nothing."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from groups.roster.cells import Cells
from groups.roster.scope import NOT_YOURS, Place, Scope
from groups.roster.sheets import Problem, Row


class Outcome(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    UPDATED = "updated"
    SAME = "same"
    BAD = "bad"


LABELS = {Outcome.NEW: "新增", Outcome.UPDATED: "更新", Outcome.SAME: "不变", Outcome.BAD: "有误"}


@dataclass(slots=True)
class Change:
    """A row with what becomes of it.

    Attributes:
        told: what is new or different, for the preview.
        key: names the thing that an update touches; `before` is its fingerprint.
        act: what the planner needs to carry it out.
    """

    row: Row
    outcome: Outcome
    problems: list[Problem] = field(default_factory=list)
    told: str = ""
    key: str = ""
    before: str = ""
    about: str = ""
    act: Any = None

    def refuse(self, column: str, what: str) -> None:
        self.outcome, self.act = Outcome.BAD, None
        self.problems.append(Problem(self.row.sheet, self.row.number, column, what))


def bad(cells: Cells) -> Change:
    return Change(cells.row, Outcome.BAD, cells.problems)


def fingerprint(*values: object) -> str:
    return hashlib.sha256("\x1f".join(map(str, values)).encode()).hexdigest()[:20]


def difference(pairs: Iterable[tuple[str, object, object]]) -> str:
    """姓名 李敏 → 李敏敏，职称 一级教师 → 高级教师."""
    return "，".join(f"{name} {old or '空'} → {new}" for name, old, new in pairs)


@dataclass
class Ahead:
    """What earlier sheets and rows of the same workbook hold; kept through the whole run.

    Attributes:
        people: (school, staff number) → the row that has it, and whether that row is good.
        seen: key of a row → its number, so that a second one is told.
    """

    people: dict[tuple[Place, str], tuple[int, bool]] = field(default_factory=dict)
    seen: dict[object, int] = field(default_factory=dict)

    def first(self, key: object, row: int) -> int | None:
        """The earlier row with this key, if there is one."""
        earlier = self.seen.setdefault(key, row)
        return None if earlier == row else earlier


class Planner(ABC):
    """Plans and carries out the rows of one sheet."""

    def __init__(self, scope: Scope, ahead: Ahead) -> None:
        self.scope = scope
        self.ahead = ahead

    @abstractmethod
    def plan(self, rows: Sequence[Row]) -> list[Change]: ...

    @abstractmethod
    def apply(self, changes: Sequence[Change]) -> None: ...

    def place(self, cells: Cells, column: str = "学校", required: bool = True, school: bool = True) -> Place | None:
        """The one organisation that a cell names."""
        handle = cells.text(column, 80, required)
        if handle is None:
            return None
        found = [place for place in self.scope.named(handle) if place.is_school or not school]
        if not found:
            add = "；新学校请写在学校表里" if school else ""
            cells.bad(column, f"没有“{handle}”，请核对名称或填机构代码{add}")
            return None
        if len(found) > 1:
            cells.bad(column, f"有 {len(found)} 个机构叫“{handle}”，请填机构代码")
            return None
        return found[0]

    def appointing(self, cells: Cells, column: str, place: Place | None) -> None:
        if place is not None and not place.appoints:
            cells.bad(column, f"{place.name}{NOT_YOURS}")

    def editing(self, cells: Cells, column: str, place: Place | None) -> None:
        if place is not None and not place.edits:
            cells.bad(column, f"{place.name}{NOT_YOURS}")

    def unique(self, cells: Cells, column: str, key: object, what: str) -> None:
        earlier = self.ahead.first(key, cells.row.number)
        if earlier is not None:
            cells.bad(column, f"{what}和第 {earlier} 行重复，请只留一行")

    def subject(self, cells: Cells, required: bool = False) -> Any:
        return cells.choice("学科", self.scope.subjects, required, "网站上有的学科名称")
