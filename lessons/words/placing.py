"""Where a piece of the tray can go in a lesson design, and how it gets there; pure over the typed document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from library.documents import order, rich, walk
from library.documents.fields import Holds, RichText, Spec, ordered, specs
from library.documents.lesson_design import LessonDesignDocument, Objective, Reference, Stage, Task

NEW = "+"
_NEW_ROWS: Mapping[str, tuple[type, str]] = {
    "objectives": (Objective, "statement"),
    "tasks": (Task, "task"),
    "stages": (Stage, "teacher"),
    "references": (Reference, "title"),
}


class NoSuchPlace(ValueError):
    """The document has no such field (any more)."""


@dataclass(frozen=True, slots=True)
class Target:
    """A place to move to: its key in a form and its name."""

    key: str
    label: str


def targets(document: LessonDesignDocument) -> list[Target]:
    """Every text of the document in printed order, and a new row where rows can be added."""
    found: list[Target] = []
    for name, spec in specs(LessonDesignDocument):
        if name in _NEW_ROWS:
            for number, (key, row) in enumerate(ordered(getattr(document, name)), 1):
                place = walk.row_place(spec, number)
                found += [Target(f"{name}.{key}.{n}", f"{place}：{s.label}") for n, s in specs(type(row)) if _takes(s)]
            found.append(Target(f"{name}.{NEW}", f"新的{spec.noun}"))
        elif spec.holds is Holds.GROUP and spec.of:
            found += [Target(f"{name}.{n}", f"{spec.label}：{s.label}") for n, s in specs(spec.of) if _takes(s)]
        elif _takes(spec):
            found.append(Target(name, spec.label))
    return found


def _takes(spec: Spec) -> bool:
    return spec.holds in {Holds.RICH, Holds.TEXT}


def placed(document: LessonDesignDocument, target: str, text: RichText) -> LessonDesignDocument:
    """The document with the text at the end of a field, or as a new row.

    Raises:
        NoSuchPlace: the target is not among `targets`.
    """
    if target not in {one.key for one in targets(document)}:
        raise NoSuchPlace("这个位置已经不在了，请重新选一个")
    path = target.split(".")
    if path[-1] == NEW:
        return _with_row(document, path[0], text)
    return _changed(document, path, lambda spec, value: _joined(spec, value, text))


def lifted(document: LessonDesignDocument, target: str) -> tuple[LessonDesignDocument, RichText]:
    """The document without what a field holds, and what it held.

    Raises:
        NoSuchPlace: there is no such field.
    """
    if target not in {one.key for one in targets(document)} or target.endswith(NEW):
        raise NoSuchPlace("这一段已经不在这里了，请看看刷新后的页面")
    held: list[RichText] = []

    def emptied(spec: Spec, value: Any) -> Any:
        held.append(value if spec.holds is Holds.RICH else _paragraphs(str(value)))
        return {"type": "doc", "content": []} if spec.holds is Holds.RICH else ""

    changed = _changed(document, target.split("."), emptied)
    return changed, held[0]


def _changed(holder: Any, path: Sequence[str], change: Any) -> Any:
    """A copy with one leaf changed by `change(spec, value)`."""
    name, rest = path[0], path[1:]
    value = getattr(holder, name)
    if isinstance(value, Mapping) and rest and rest[0] in value and "type" not in value:
        return replace(holder, **{name: {**value, rest[0]: _changed(value[rest[0]], rest[1:], change)}})
    if rest and is_dataclass(value):
        return replace(holder, **{name: _changed(value, rest, change)})
    spec = dict(specs(type(holder)))[name]
    return replace(holder, **{name: change(spec, value)})


def _joined(spec: Spec, value: Any, text: RichText) -> Any:
    if spec.holds is Holds.TEXT:
        return "，".join(part for part in (str(value), rich.to_text(text).replace("\n", "，")) if part)
    return {"type": "doc", "content": [*(value.get("content") or ()), *(text.get("content") or ())]}


def _with_row(document: LessonDesignDocument, section: str, text: RichText) -> LessonDesignDocument:
    kind, name = _NEW_ROWS[section]
    rows = getattr(document, section)
    last = max((row.order for row in rows.values()), default="")
    number = len(rows) + 1
    while f"{section[0]}{number}" in rows:
        number += 1
    is_text = next(f.type for f in fields(kind) if f.name == name) in {str, "str"}
    row = kind(order=order.between(last, ""), **{name: rich.to_text(text) if is_text else text})
    changed: dict[str, Any] = {section: {**rows, f"{section[0]}{number}": row}}
    return replace(document, **changed)


def _paragraphs(text: str) -> RichText:
    lines = [rich.paragraph({"type": "text", "text": line}) for line in text.split("\n") if line]
    return {"type": "doc", "content": lines}
