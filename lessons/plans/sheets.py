"""The plan as a workbook: out, and in again. Looked at first, then carried out row by row; a bad row is named.

The column 编号 tells a row of the plan; without it a row is a new lesson. An empty cell changes nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from catalogue.models import Node
from groups import access, audit, calendar
from groups.access import Action
from groups.models import Person
from groups.roster import reading, writing
from groups.roster.cells import Cells
from groups.roster.sheets import Column, Row, Sheet
from groups.services import NotPossible
from lessons.plans.board import rows_of, state_of
from lessons.plans.circles import members_of
from lessons.plans.models import PlanRow, SheetUpload, TermPlan, weeks_in_words
from lessons.plans.services import add_row, assign, move
from lessons.plans.services.weeks import Seen

NAME = "备课计划"
SHEET = Sheet(
    NAME,
    (
        Column("编号", "不要改；空着就是新加的一课", width=14),
        Column("起始周", "数字，如 9", required=True, width=10),
        Column("结束周", "数字；不填就是起始周", width=10),
        Column("单元", "只供查看", width=26),
        Column("课题", "和教材目录里的写法一样", required=True, width=30),
        Column("课时", "只供查看", width=8),
        Column("主备人", "备课组里老师的姓名；不填就不改", width=12),
        Column("状态", "只供查看", width=12),
    ),
)
SHEETS = {NAME: SHEET}
KEPT = timedelta(days=1)


def write(plan: TermPlan) -> bytes:
    """The plan as it is; read back in it changes nothing."""
    rows = rows_of(plan)
    headings, units = _units(plan)
    lines = [
        {
            "编号": row.uid,
            "起始周": str(row.first_week),
            "结束周": str(row.last_week),
            "单元": headings.get(units.get(row.node_id, 0), ""),
            "课题": row.title,
            "课时": str(row.node.periods or ""),
            "主备人": row.leader.name if row.leader else "",
            "状态": state_of(row, 0)[0],
        }
        for row in rows
    ]
    return writing.filled({NAME: lines}, sheets=SHEETS)


def _units(plan: TermPlan) -> tuple[dict[int, str], dict[int, int]]:
    nodes = list(Node.objects.filter(outline=plan.textbook.outline_id))
    parents = {node.pk: node.parent_id for node in nodes}

    def top(pk: int) -> int:
        above = parents.get(pk)
        return pk if above is None else top(above)

    return {node.pk: node.heading for node in nodes}, {pk: top(pk) for pk in parents}


@dataclass(frozen=True, slots=True)
class Said:
    """A good row: what it asks for, and what it would change, in words. `row` is empty for a new lesson."""

    number: int
    row: str
    version: int
    node: str
    first_week: int
    last_week: int
    lead: str
    told: str


class Reader:
    """Reads the workbook's rows against the plan as it is now."""

    def __init__(self, plan: TermPlan, at: datetime) -> None:
        self.rows = {row.uid: row for row in rows_of(plan)}
        nodes = Node.objects.filter(outline=plan.textbook.outline_id, status=Node.Status.ACTIVE).order_by("-order")
        self.nodes = {name: node for node in nodes for name in (node.title, node.heading)}
        self.people = {person.name: person for person in members_of(plan.body, at)}
        self.weeks = {str(week): week for week in range(1, calendar.weeks_in(plan.term) + 1)}
        self.seen: dict[str, int] = {}

    def read(self, line: Row) -> tuple[Said | None, list[str]]:
        """What the row asks for, or what is wrong with it; neither where it changes nothing."""
        cells = Cells(line)
        row = self._row(cells)
        first = cells.choice("起始周", self.weeks, required=True, say=f"1 到 {len(self.weeks)} 的数字")
        last = cells.choice("结束周", self.weeks, say=f"1 到 {len(self.weeks)} 的数字") or first
        if first is not None and last is not None and last < first:
            cells.bad("结束周", f"第 {last} 周早于起始的第 {first} 周，请核对")
        node = row.node if row else self._node(cells)
        lead = self._lead(cells, row)
        if cells.problems or node is None or first is None or last is None:
            return None, [str(problem) for problem in cells.problems]
        told = _told(row, node, first, last, lead)
        if not told:
            return None, []
        version = row.version if row else 0
        said = Said(line.number, row.uid if row else "", version, node.uid, first, last, lead.uid if lead else "", told)
        return said, []

    def _row(self, cells: Cells) -> PlanRow | None:
        uid = cells.text("编号", 20)
        if uid is None:
            return None
        if uid in self.seen:
            cells.bad("编号", f"和第 {self.seen[uid]} 行重复，请只留一行；要加一课就把编号空着")
        self.seen.setdefault(uid, cells.row.number)
        if uid not in self.rows:
            cells.bad("编号", f"这份计划里没有“{uid}”。要加一课就把编号空着，要改就用导出的表")
        return self.rows.get(uid)

    def _node(self, cells: Cells) -> Node | None:
        return cells.choice("课题", self.nodes, required=True, say="教材目录里的课题或单元")

    def _lead(self, cells: Cells, row: PlanRow | None) -> Person | None:
        name = cells.text("主备人", 30)
        if name is None or (row is not None and row.leader is not None and row.leader.name == name):
            return None
        if row is not None and row.work:
            cells.bad("主备人", "这一课已经开始备课，换主备请到它的备课页")
        if name not in self.people:
            cells.bad("主备人", f"备课组里没有“{name}”，请核对姓名，或请管理员把人加进备课组")
        return self.people.get(name)


def _told(row: PlanRow | None, node: Node, first: int, last: int, lead: Person | None) -> str:
    weeks = weeks_in_words(first, last)
    leads = f"，主备人{lead.name}" if lead else ""
    if row is None:
        return f"新加《{node.heading}》，{weeks}{leads}"
    moved = f"从{row.weeks}改到{weeks}" if (row.first_week, row.last_week) != (first, last) else ""
    if not moved and not lead:
        return ""
    return f"《{row.title}》{moved}{leads if moved else leads.removeprefix('，')}"


@transaction.atomic
def look(*, plan: TermPlan, content: bytes, name: str, by: Person, at: datetime) -> SheetUpload:
    """Read a workbook without carrying anything out (导入预览).

    Raises:
        Refused: the rule says no.
        UnreadableFile: it is no workbook of this kind.
    """
    access.require(by, Action.EDIT, plan, at=at)
    lines = reading.read(content, name, SHEETS).rows.get(NAME, [])
    reader = Reader(plan, at)
    good: list[Said] = []
    problems: list[str] = []
    for line in lines:
        said, wrong = reader.read(line)
        problems += wrong
        if said is not None:
            good.append(said)
    SheetUpload.objects.filter(at__lt=at - KEPT).delete()
    changes = [{field: getattr(said, field) for field in Said.__slots__} for said in good]
    return SheetUpload.objects.create(plan=plan, by=by, name=name[:200], changes=changes, problems=problems, at=at)


@dataclass(frozen=True, slots=True)
class Done:
    """How many rows went in, and a sentence for each that did not."""

    count: int
    problems: tuple[str, ...]


@transaction.atomic
def carry_out(*, upload: SheetUpload, by: Person, at: datetime) -> Done:
    """Carry out what was looked at (确认导入), once. A row that somebody changed in between stays as it is and is named.

    Raises:
        Refused: the rule says no.
        NotPossible: it was carried out already, or is somebody else's.
    """
    found = SheetUpload.objects.select_for_update().filter(pk=upload.pk, by=by).first()
    if found is None:
        raise NotPossible("这次导入已经办完了，或者放了一天以上，请重新选择文件")
    plan = found.plan
    access.require(by, Action.EDIT, plan, at=at)
    rows = {row.uid: row for row in rows_of(plan)}
    problems = []
    said = [Said(**change) for change in found.changes]
    for one in said:
        problem = _carry_out(plan, one, rows, by, at)
        if problem:
            problems.append(f"{NAME}表 第 {one.number} 行：{problem}")
    found.delete()
    audit.record(by, "plan.imported", plan, rows=len(said) - len(problems), refused=len(problems))
    return Done(len(said) - len(problems), tuple(problems))


def _carry_out(plan: TermPlan, said: Said, rows: dict[str, PlanRow], by: Person, at: datetime) -> str:
    """One row, all of it or nothing; what hindered it."""
    lead = Person.objects.filter(uid=said.lead).first() if said.lead else None
    try:
        with transaction.atomic():
            row = rows.get(said.row)
            if said.row and row is None:
                raise NotPossible("这一课已经从计划里拿掉了")
            if row is None:
                node = Node.objects.get(uid=said.node)
                row = add_row(plan=plan, node=node, first_week=said.first_week, last_week=said.last_week, by=by, at=at)
            else:
                seen = Seen(said.version, row.first_week, row.last_week)
                row = move(row=row, first_week=said.first_week, last_week=said.last_week, seen=seen, by=by, at=at)
            if lead is not None:
                assign(row=row, lead=lead, version=row.version, by=by, at=at)
    except NotPossible as problem:
        return str(problem)
    return ""


def changes_of(upload: SheetUpload) -> Sequence[dict[str, Any]]:
    found: Iterable[dict[str, Any]] = upload.changes
    return list(found)
