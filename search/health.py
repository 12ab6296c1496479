"""How the index and its worker are: the figures of `/health/`, for a monitor as JSON and for staff in words.

Other packages add what they watch by `register(name, check)`; a check that cannot be made is itself an alarm.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min, Sum

from search import engines, schema
from search.models import Defect, Generation, Heartbeat, OutboxRow
from search.ports import EngineDown

logger = logging.getLogger(__name__)
WORKER = "worker"
SILENCE = timedelta(seconds=60)
"""A worker that was not seen for so long is missed; it signs every ten seconds."""
PATIENCE = timedelta(minutes=2)
"""A change that waits longer than this for the index is late."""


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that is watched: its label and value in words, and what to do when it is not well."""

    label: str
    value: str
    is_well: bool = True
    advice: str = ""


Check = Callable[[datetime], Sign]
_checks: dict[str, Check] = {}


def register(name: str, check: Check) -> None:
    """Watch one more thing; a name registered again replaces."""
    _checks[name] = check


def signs(at: datetime) -> dict[str, Sign]:
    """Every sign by its name, in the order of registration."""
    return {name: _made(name, check, at) for name, check in _checks.items()}


def _made(name: str, check: Check, at: datetime) -> Sign:
    try:
        return check(at)
    except Exception:
        logger.exception("health: %s could not be checked", name)
        return Sign(name, "查不到", is_well=False, advice="原因在网站日志里（var/log/web.log）。")


def beat(at: datetime) -> None:
    """The worker signs."""
    Heartbeat.objects.update_or_create(name=WORKER, defaults={"at": at})


def _worker(at: datetime) -> Sign:
    seen = Heartbeat.objects.filter(name=WORKER).values_list("at", flat=True).first()
    value = f"{spoken(at - seen)}前来过" if seen else "还没有来过"
    advice = "启动它：manage.py worker；新的改动要等它写进检索。"
    return Sign("后台任务", value, is_well=seen is not None and at - seen <= SILENCE, advice=advice)


def _outbox(at: datetime) -> Sign:
    waiting = OutboxRow.objects.filter(pending=True, parked=False)
    count, oldest = waiting.count(), waiting.aggregate(oldest=Min("changed_at"))["oldest"]
    if not count:
        return Sign("等着写进检索的改动", "没有")
    age = at - oldest if oldest else timedelta(0)
    value = f"{count} 条，最早的等了 {spoken(age)}"
    return Sign("等着写进检索的改动", value, is_well=age <= PATIENCE, advice="看看后台任务和检索引擎是否在运行。")


def _parked(at: datetime) -> Sign:
    count = OutboxRow.objects.filter(parked=True).count()
    advice = "在管理后台的“索引待办”里看原因，改好以后点“再试一次”。"
    return Sign("写不进检索、已搁置的", f"{count} 条" if count else "没有", is_well=not count, advice=advice)


def _engine(at: datetime) -> Sign:
    """Asked as a page asks: an engine that is silent must not silence this page too."""
    try:
        count = engines.reader().count()
    except EngineDown:
        advice = "找资源现在只按标题查（简化搜索）。检查检索引擎；它回来后会自己补上。"
        return Sign("检索引擎", "没有回应", is_well=False, advice=advice)
    return Sign("检索引擎", f"在运行，检索里有 {count} 份")


def _ailments(at: datetime) -> Sign:
    try:
        found = engines.reader().ailments()
    except EngineDown:
        found = ("没有回应",)
    advice = "docs/operations.md 的“警报”一节说每一种怎么办。"
    return Sign("检索引擎的身体", "；".join(found) or "健康", is_well=not found, advice=advice)


def _generation(at: datetime) -> Sign:
    try:
        live = engines.reader().live()
    except EngineDown:
        live = ""
    staged = Generation.objects.filter(state=Generation.State.STAGED).first()
    if not live:
        return Sign("索引", "没有启用的", is_well=False, advice="运行 manage.py search_rebuild。")
    building = f"，正在建 {staged.name}" if staged else ""
    advice = "重建没有做完：再运行一次 manage.py search_rebuild，它会接着做。"
    is_well = staged is None or not staged.error
    return Sign("索引", f"第 {schema.number_of(live)} 代（{live}）{building}", is_well=is_well, advice=advice)


def _defects(at: datetime) -> Sign:
    count = Defect.objects.aggregate(times=Sum("count"))["times"] or 0
    advice = "运行 manage.py search_reconcile --repair，再看“检索与权限不一致”。"
    return Sign("检索与权限不一致", f"{count} 次" if count else "没有", is_well=not count, advice=advice)


def spoken(span: timedelta) -> str:
    """12 秒, 5 分钟, 3 小时, 2 天."""
    seconds = max(0, int(span.total_seconds()))
    for size, name in ((86_400, "天"), (3_600, "小时"), (60, "分钟")):
        if seconds >= size:
            return f"{seconds // size} {name}"
    return f"{seconds} 秒"


for _name, _check in (
    ("worker", _worker),
    ("outbox", _outbox),
    ("parked", _parked),
    ("engine", _engine),
    ("ailments", _ailments),
    ("generation", _generation),
    ("defects", _defects),
):
    register(_name, _check)
