"""A plain form for any typed document: made from its schema, read back into it, and working without JavaScript.

`inputs_of` turns a section into things a template prints; `read` turns what was posted into the section again; `act`
adds, removes and moves rows. No field is named here: the schema's field language says it all.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict

from catalogue.models import Node, Standard
from catalogue.uids import new_uid
from library.documents import rich
from library.documents.fields import Document, Holds, Row, Spec, ordered, specs
from library.documents.order import between
from library.resources.keeping import typed_ids, typed_text
from library.resources.models import Resource

HALVES = re.compile(r"\d{1,4}(\.\d)?")
SEPARATORS = re.compile(r"[、,，;；\n\r]+")
TARGETS: Mapping[str, tuple[Any, str, str]] = {
    "node": (Node, "uid", "目录节点的地址或编号"),
    "resource": (Resource, "uid", "资源的地址或编号"),
    "standard": (Standard, "code", "课标条目的编码"),
}
HIDDEN_TARGETS = frozenset({"question"})
"""References to kinds that cannot be chosen on this site yet; what a document holds of them is kept as it is."""


@dataclass(frozen=True, slots=True)
class Input:
    """One control of the form.

    Attributes:
        name: of the control; `id` is the same with dots replaced.
        holds: which control to print.
        value: as typed; a tuple of ids for the checkboxes of `#objectives`.
        choices: (value, label) for selects and checkboxes.
    """

    name: str
    label: str
    holds: str
    value: Any
    required: bool = False
    hint: str = ""
    unit: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    error: str = ""

    @property
    def id(self) -> str:
        return self.name.replace(".", "-")


@dataclass(frozen=True, slots=True)
class RowInputs:
    """One row with its controls and whether it can move."""

    key: str
    number: int
    noun: str
    inputs: tuple[Input, ...]
    is_first: bool
    is_last: bool


@dataclass(frozen=True, slots=True)
class Section:
    """A top-level field of a document as part of a form."""

    name: str
    label: str
    is_rows: bool
    noun: str
    hint: str
    inputs: tuple[Input, ...] = ()
    rows: tuple[RowInputs, ...] = ()


@dataclass(slots=True)
class Reading:
    """What was read from a form, with what is wrong with it: control name → sentence."""

    value: Any
    errors: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)


def section_of(document: Document, name: str, reading: Reading | None = None) -> Section:
    """One section as controls; `reading` puts back what was typed and the sentences beside it."""
    spec = dict(specs(type(document)))[name]
    value = reading.value if reading else getattr(document, name)
    row_names = _row_names(document, name, value)
    if spec.holds is Holds.ROWS:
        items = ordered(value)
        shown = tuple(
            RowInputs(
                key,
                at,
                spec.noun,
                _inputs(row, f"{name}.{key}.", row_names, reading),
                is_first=at == 1,
                is_last=at == len(items),
            )
            for at, (key, row) in enumerate(items, 1)
        )
        return Section(name, spec.label, True, spec.noun, spec.hint, rows=shown)
    if spec.holds is Holds.GROUP:
        return Section(name, spec.label, False, "", spec.hint, inputs=_inputs(value, f"{name}.", row_names, reading))
    return Section(name, spec.label, False, "", spec.hint, inputs=(_input(spec, name, value, row_names, reading),))


def _row_names(document: Document, name: str, value: Any) -> dict[str, tuple[tuple[str, str], ...]]:
    """`#objectives` → its rows as (id, 目标1), for the checkboxes that refer to them."""
    found = {}
    for other, spec in specs(type(document)):
        if spec.holds is Holds.ROWS:
            rows = value if other == name else getattr(document, other)
            found[f"#{other}"] = tuple((key, f"{spec.noun}{at}") for at, (key, _) in enumerate(ordered(rows), 1))
    return found


def _inputs(
    value: Any, prefix: str, row_names: Mapping[str, tuple[tuple[str, str], ...]], reading: Reading | None
) -> tuple[Input, ...]:
    return tuple(
        _input(spec, f"{prefix}{name}", getattr(value, name), row_names, reading)
        for name, spec in specs(type(value))
        if spec.target not in HIDDEN_TARGETS
    )


def _input(
    spec: Spec,
    name: str,
    value: Any,
    row_names: Mapping[str, tuple[tuple[str, str], ...]],
    reading: Reading | None,
) -> Input:
    holds = "ticks" if spec.target.startswith("#") else spec.holds.value
    choices = row_names.get(spec.target, ()) if holds == "ticks" else tuple((c, c) for c in spec.choices)
    shown = reading.typed.get(name, _shown(spec, value)) if reading else _shown(spec, value)
    return Input(
        name=name,
        label=spec.label,
        holds=holds,
        value=value if holds == "ticks" else shown,
        required=spec.required,
        hint=spec.hint or _hint(spec),
        unit=spec.unit,
        choices=choices,
        error=reading.errors.get(name, "") if reading else "",
    )


def _hint(spec: Spec) -> str:
    if spec.target in TARGETS:
        return f"填{TARGETS[spec.target][2]}，一行一个"
    return "几项之间用顿号隔开" if spec.holds is Holds.NAMES else ""


def _shown(spec: Spec, value: Any) -> str:
    if spec.holds is Holds.RICH:
        return rich.to_markup(value)
    if spec.holds is Holds.NAMES:
        return "、".join(value)
    if spec.holds is Holds.REFS:
        return "\n".join(value)
    return "" if value is None else str(value)


def read(document: Document, name: str, posted: QueryDict) -> Reading:
    """Read one section from a form. Controls that were not sent keep what the document holds."""
    spec = dict(specs(type(document)))[name]
    held = getattr(document, name)
    reading = Reading(held)
    if spec.holds is Holds.ROWS and spec.of:
        reading.value = _read_rows(spec.of, name, held, posted, reading)
    elif spec.holds is Holds.GROUP:
        reading.value = _read_fields(held, f"{name}.", posted, reading, dict(specs(type(held))))
    else:
        reading.value = _read_value(spec, name, held, posted, reading)
    _check_references(reading, document, name)
    return reading


def _read_rows(of: type, name: str, held: Mapping[str, Any], posted: QueryDict, reading: Reading) -> dict[str, Any]:
    """Rows that were on the form, by the order of their hidden ids; rows that were not on it stay."""
    sent = typed_ids(posted.getlist(f"{name}.rows"))
    rows = dict(held)
    for key in sent:
        row = rows.get(key) or of(order=_after(rows))
        rows[key] = _read_fields(row, f"{name}.{key}.", posted, reading, dict(specs(of)))
    return rows


def _read_fields(value: Any, prefix: str, posted: QueryDict, reading: Reading, known: Mapping[str, Spec]) -> Any:
    changed = {
        name: _read_value(spec, f"{prefix}{name}", getattr(value, name), posted, reading)
        for name, spec in known.items()
        if spec.target not in HIDDEN_TARGETS
    }
    return replace(value, **changed)


def _read_value(spec: Spec, name: str, held: Any, posted: QueryDict, reading: Reading) -> Any:
    if spec.target.startswith("#"):
        return tuple(typed_ids(posted.getlist(name)))
    if spec.holds is Holds.ROWS and spec.of:
        return _read_rows(spec.of, name, held, posted, reading)
    if name not in posted:
        return held
    typed = typed_text(str(posted.get(name, "")))
    if spec.holds is Holds.RICH:
        return rich.from_markup(typed, held)
    if spec.holds in {Holds.NAMES, Holds.REFS}:
        return tuple(dict.fromkeys(part for part in map(str.strip, SEPARATORS.split(typed)) if part))
    if spec.holds is Holds.NUMBER:
        return _number(spec, name, held, typed.strip(), reading)
    if spec.holds is Holds.CHOICE and typed and typed not in spec.choices:
        reading.errors[name] = f"{spec.label}：没有“{typed}”这一项，请从列表里选"
        return held
    return typed.strip()


def _number(spec: Spec, name: str, held: Any, typed: str, reading: Reading) -> int | float | None:
    if not typed:
        return None
    if spec.halves and HALVES.fullmatch(typed):
        return float(typed) if "." in typed else int(typed)
    if not typed.isdecimal() or int(typed) > 10_000:
        reading.typed[name] = typed
        unit = f"（{spec.unit}）" if spec.unit else ""
        reading.errors[name] = f"{spec.label}{unit}：“{typed[:20]}”不是整数，请填数字，如 10"
        return held
    return int(typed)


def _check_references(reading: Reading, document: Document, name: str) -> None:
    """References typed as addresses become ids; an id that nothing has is named beside its field."""
    spec = dict(specs(type(document)))[name]
    if spec.holds is Holds.ROWS:
        for key, row in reading.value.items():
            reading.value[key] = _resolved(row, f"{name}.{key}.", reading)
    elif spec.holds is Holds.GROUP:
        reading.value = _resolved(reading.value, f"{name}.", reading)


def _resolved(value: Any, prefix: str, reading: Reading) -> Any:
    changed: dict[str, tuple[str, ...]] = {}
    for name, spec in specs(type(value)):
        typed = getattr(value, name)
        if spec.target not in TARGETS or not typed:
            continue
        model, column, words = TARGETS[spec.target]
        ids = tuple(part.rstrip("/").rpartition("/")[2] for part in typed)
        known = set(model.objects.filter(**{f"{column}__in": ids}).values_list(column, flat=True))
        unknown = [part for part in ids if part not in known]
        if unknown:
            reading.errors[f"{prefix}{name}"] = f"{spec.label}：找不到“{unknown[0]}”，请填{words}"
            reading.typed[f"{prefix}{name}"] = "\n".join(typed)
        changed[name] = tuple(part for part in ids if part in known)
    return replace(value, **changed) if changed else value


def act(rows: Mapping[str, Any], of: type, deed: str, key: str) -> dict[str, Any]:
    """Add, remove or move a row; a move changes that row's order key alone."""
    found = dict(rows)
    if deed == "add":
        found[new_uid().lower()] = of(order=_after(found))
    elif deed == "remove":
        found.pop(key, None)
    elif deed in {"up", "down"} and key in found:
        found[key] = replace(found[key], order=_moved(found, key, -1 if deed == "up" else 1))
    return found


def _after(rows: Mapping[str, Row]) -> str:
    last = max((row.order for row in rows.values()), default="")
    return between(last, "")


def _moved(rows: Mapping[str, Row], key: str, step: int) -> str:
    """The key between the two rows that the moved row comes to stand between."""
    keys = [name for name, _ in ordered(rows)]
    at = keys.index(key)
    to = at + step
    if not 0 <= to < len(keys):
        return rows[key].order
    rest = keys[:at] + keys[at + 1 :]
    low = rows[rest[to - 1]].order if to > 0 else ""
    high = rows[rest[to]].order if to < len(rest) else ""
    return between(low, high)


def section_names(of: type[Document], skip: Iterable[str] = ()) -> Sequence[tuple[str, str]]:
    """The sections of a kind of document in printed order."""
    return [(name, spec.label) for name, spec in specs(of) if name not in set(skip)]
