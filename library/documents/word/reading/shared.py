"""A recognised plan in the shape in which plans are exchanged as JSON: plain text with $formulas$ in their places."""

from collections.abc import Sequence
from typing import Any

from library.documents.word.reading import words
from library.documents.word.reading.blocks import FIRST_OBJECT, Block, Formula, Line, Source
from library.documents.word.reading.plan import HEAD_KEYS, Plan, Stage, lines_of

_STAGE = {
    "teacher": "teacher",
    "pupils": "student",
    "intent": "intent",
    "checkpoints": "assessment",
    "second_preparation": "second_prep",
}
_LISTS = {
    "objectives": "objectives",
    "key_points": "key_point.what",
    "difficulties": "difficulty.what",
    "homework": "homework",
}
_TEXTS = {"preparation": "preparation.teacher", "board": "board", "reflection": "reflection"}
_ANALYSIS = {"textbook": "textbook.position", "students": "pupils.foundation"}


class Writer:
    """Writes plans of one source."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def text(self, line: Line) -> str:
        """A line with its formulas as $LaTeX$; pictures are counted, not told."""
        return "".join(self._sign(sign) for sign in line.text).strip()

    def _sign(self, sign: str) -> str:
        if ord(sign) < FIRST_OBJECT:
            return sign
        thing = self.source.thing(sign)
        return f"${thing.latex}$" if isinstance(thing, Formula) else ""

    def lines(self, blocks: Sequence[Block]) -> list[str]:
        return [text for line in lines_of(blocks) if (text := self.text(line))]

    def plan(self, plan: Plan, things: set[str]) -> dict[str, Any]:
        """One plan; `things` are the objects and comments that stand in it."""
        used = {*_LISTS.values(), *_TEXTS.values(), *_ANALYSIS.values()}
        made: dict[str, Any] = {key: plan.head[key] for key in HEAD_KEYS if plan.head.get(key)}
        for key, path in _LISTS.items():
            made[key] = [_without_number(line) for line in self.lines(plan.sections.get(path, ()))]
        made["analysis"] = {key: "\n".join(self.lines(plan.sections.get(p, ()))) for key, p in _ANALYSIS.items()}
        for key, path in _TEXTS.items():
            made[key] = "\n".join(self.lines(plan.sections.get(path, ())))
        made["stages"] = [self.stage(stage) for stage in plan.stages]
        made["unplaced"] = [
            *(line for piece in plan.unplaced for line in self.lines(piece.blocks)),
            *(line for path, blocks in plan.sections.items() if path not in used for line in self.lines(blocks)),
        ]
        objects = [self.source.thing(key) for key in sorted(things) if len(key) == 1 and ord(key) >= FIRST_OBJECT]
        made["formulas"] = [thing.latex for thing in objects if isinstance(thing, Formula)]
        made["images"] = sum(not isinstance(thing, Formula) for thing in objects)
        made["comments"] = sum(key.removeprefix("#") in self.source.comments for key in things if key[0] == "#")
        made["confidence"] = {path: round(share, 2) for path, share in plan.confidence.items()}
        return made

    def stage(self, stage: Stage) -> dict[str, Any]:
        made: dict[str, Any] = {"period": stage.period} if stage.period else {}
        made["name"] = self.text(stage.name)
        if stage.minutes:
            made["minutes"] = stage.minutes
        for part, key in _STAGE.items():
            if stage.parts.get(part) or key in {"teacher", "student", "intent"}:
                made[key] = "\n".join(self.lines(stage.parts.get(part, ())))
        for part, blocks in stage.parts.items():
            if part not in _STAGE:
                made[part] = "\n".join(self.lines(blocks))
        return made


def _without_number(line: str) -> str:
    """The line without its typed number: the list counts."""
    found = words.numbering(line)
    return line[found.end :] if found and found.kind not in {"step", "roman"} and found.end < len(line) else line


def things_of(plan: Plan) -> set[str]:
    """Characters of the objects in a plan, and #ids of the comments that are anchored in it."""
    blocks = [block for part in plan.sections.values() for block in part]
    blocks += [block for piece in plan.unplaced for block in piece.blocks]
    blocks += [block for stage in plan.stages for part in stage.parts.values() for block in part]
    lines = [*lines_of(blocks), *(stage.name for stage in plan.stages)]
    found = {sign for line in lines for sign in line.text if ord(sign) >= FIRST_OBJECT}
    return found | {f"#{key}" for line in lines for _, key in line.notes}


def plans(source: Source, found: Sequence[Plan]) -> list[dict[str, Any]]:
    """Every plan of a file; comments that are anchored nowhere stand with the first."""
    writer = Writer(source)
    things = [things_of(plan) for plan in found]
    anchored = set().union(*things) if things else set()
    if things:
        things[0] |= {f"#{key}" for key in source.comments} - anchored
    made = [writer.plan(plan, held) for plan, held in zip(found, things, strict=True)]
    if source.inserted or source.deleted:
        for plan in made:
            plan["tracked_changes"] = {"inserted": source.inserted, "deleted": source.deleted}
    return made
