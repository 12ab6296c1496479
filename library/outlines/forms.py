"""Rows as people type them, in the page's table or in a workbook, read into an outline's rows with every mistake named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalogue.models import Node, Outline
from catalogue.uids import new_uid
from library.outlines import contents
from library.outlines.snapshot import DEEPEST, Row
from library.resources.keeping import typed_text

LONGEST_TITLE = 120
LONGEST_NUMBER = 12
MOST_ROWS = 600
KINDS = {label: value for value, label in Node.Kind.choices}
FIELDS = ("uid", "depth", "kind", "number", "title", "page_from", "page_to", "periods", "knowledge")


@dataclass(frozen=True, slots=True)
class Typed:
    """One row as it was typed: where it stands for the person (第 7 行), and its cells as text."""

    place: str
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake: the row's place, the field's label, and what to do."""

    place: str
    field: str
    text: str

    def __str__(self) -> str:
        return f"{self.place} {self.field}：{self.text}"


@dataclass(slots=True)
class _Reading:
    uids: frozenset[str]
    names: Mapping[str, str]
    problems: list[Problem]
    seen: set[str]
    deepest: int = 0

    def say(self, typed: Typed, field: str, text: str) -> None:
        self.problems.append(Problem(typed.place, field, text))


def read(outline: Outline, typed: Sequence[Typed]) -> tuple[list[Row], list[Problem]]:
    """The rows, and every mistake in them; with a mistake the rows are not to be used."""
    uids = frozenset(outline.nodes.values_list("uid", flat=True))
    reading = _Reading(uids, contents.canonical_names(outline), [], set())
    rows = [_row(line, reading) for line in typed if any(line.cells.get(f, "").strip() for f in FIELDS[1:])]
    if len(rows) > MOST_ROWS:
        reading.problems.insert(0, Problem("整张表", "行数", f"最多 {MOST_ROWS} 行，现在 {len(rows)} 行，请分成几本"))
    return rows, reading.problems


def _row(typed: Typed, reading: _Reading) -> Row:
    cell = {field: typed_text(typed.cells.get(field)).strip() for field in FIELDS}
    title = cell["title"]
    if not title:
        reading.say(typed, "标题", "还空着，请填写；不要这一行就整行清空")
    if len(title) > LONGEST_TITLE:
        reading.say(typed, "标题", f"最长 {LONGEST_TITLE} 个字，请缩短")
    if len(cell["number"]) > LONGEST_NUMBER:
        reading.say(typed, "序号", f"最长 {LONGEST_NUMBER} 个字，请缩短")
    first, last = (
        _number(typed, "起始页", cell["page_from"], reading),
        _number(typed, "结束页", cell["page_to"], reading),
    )
    if first is not None and last is not None and last < first:
        reading.say(typed, "结束页", "比起始页小，请核对")
    return Row(
        uid=_uid(typed, cell["uid"], reading),
        depth=_depth(typed, cell["depth"], reading),
        kind=_kind(typed, cell["kind"], reading),
        number=cell["number"],
        title=title,
        page_from=first,
        page_to=last,
        periods=_number(typed, "建议课时", cell["periods"], reading),
        knowledge=_knowledge(typed, cell["knowledge"], reading),
    )


def _uid(typed: Typed, uid: str, reading: _Reading) -> str:
    if not uid:
        return new_uid()
    if uid not in reading.uids:
        reading.say(typed, "编号", f"{uid} 不是这本书的，请留空（新的一行），或者改回导出时的编号")
    if uid in reading.seen:
        reading.say(typed, "编号", f"{uid} 出现了两次，请删去重复的一行")
    reading.seen.add(uid)
    return uid


def _depth(typed: Typed, told: str, reading: _Reading) -> int:
    depth = int(told) if told.isdecimal() and len(told) == 1 else 0
    if not 1 <= depth <= DEEPEST:
        reading.say(typed, "层级", f"请填 1 到 {DEEPEST}，单元是 1，课是 2")
        depth = 1
    if depth > reading.deepest + 1:
        reading.say(typed, "层级", f"上一行是第 {reading.deepest} 层，这一行不能跳到第 {depth} 层")
    reading.deepest = depth
    return depth


def _kind(typed: Typed, told: str, reading: _Reading) -> str:
    kind = KINDS.get(told, told)
    if kind not in Node.Kind.values:
        reading.say(typed, "类型", f"没有“{told}”这种，请填：{'、'.join(KINDS)}")
    return kind


def _number(typed: Typed, field: str, told: str, reading: _Reading) -> int | None:
    if not told:
        return None
    if not told.isdecimal() or len(told) > 4:
        reading.say(typed, field, f"“{told}”不是数，请填 0 到 9999 的整数或留空")
        return None
    return int(told)


def _knowledge(typed: Typed, told: str, reading: _Reading) -> tuple[str, ...]:
    names = [name.strip() for name in told.replace("，", "、").replace(",", "、").split("、") if name.strip()]
    for name in names:
        if name not in reading.names:
            reading.say(typed, "知识点", f"这门学科没有“{name}”，请先在知识点里添加，或改成已有的名称")
    return tuple(sorted({reading.names.get(name, name) for name in names}))
