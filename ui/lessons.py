"""The minutes of a lesson to scale (时间条): widths in percent and what an overrun asks for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ui import wording

TONES = ("m1", "m2", "m3", "m4", "m5")


@dataclass(frozen=True, slots=True)
class Piece:
    label: str
    title: str
    minutes: int
    width: float
    tone: str


@dataclass(frozen=True, slots=True)
class MinutesBar:
    pieces: tuple[Piece, ...]
    total: int
    planned: int
    over: int
    ticks: tuple[int, ...]
    spoken: str
    advice: str


def _read(stage: Any, name: str) -> Any:
    return stage.get(name) if isinstance(stage, Mapping) else getattr(stage, name, None)


def minutes_bar(stages: Iterable[Any], planned: int) -> MinutesBar | None:
    """Lay the stages out to scale; None when no stage has minutes."""
    timed = [
        (index, str(_read(stage, "title") or ""), int(_read(stage, "minutes") or 0))
        for index, stage in enumerate(stages, start=1)
    ]
    total = sum(minutes for _, _, minutes in timed)
    if not total:
        return None
    scale = max(total, planned)
    pieces = tuple(
        Piece(
            _label(index, title, minutes, scale),
            title,
            minutes,
            round(minutes * 100 / scale, 2),
            TONES[(index - 1) % 5],
        )
        for index, title, minutes in timed
        if minutes
    )
    over = max(total - planned, 0)
    return MinutesBar(
        pieces=pieces,
        total=total,
        planned=planned,
        over=over,
        ticks=tuple(range(0, scale, 10)),
        spoken=f"{len(pieces)} 个环节共 {total} 分钟：" + "，".join(f"{p.title} {p.minutes} 分钟" for p in pieces),
        advice=_advice(over, timed),
    )


def _label(index: int, title: str, minutes: int, scale: int) -> str:
    number = wording.number(index)
    wide = minutes * 100 / scale >= 3.2 * len(title) + 7
    return f"{number} {title} {minutes}" if wide else f"{number} {minutes}"


def _advice(over: int, timed: list[tuple[int, str, int]]) -> str:
    if not over:
        return ""
    index, title, _ = max(timed, key=lambda stage: stage[2])
    return f"超出 {over} 分钟。减第{wording.number(index)}环节“{title}”，或把课分成两课时。"
