"""JSON to typed document and back, by the field language alone: no second list of fields anywhere."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from math import isfinite
from typing import Any, TypeVar

from library.documents import rich
from library.documents.fields import SPEC, Document, Holds, Row, Spec, specs

D = TypeVar("D")

FORMAT = "format"


@dataclass(frozen=True, slots=True)
class DocumentProblem(ValueError):
    """A document that does not fit its schema. `path` leads to the field; `sentence` says what to do, in Chinese."""

    path: tuple[str, ...]
    sentence: str

    def __str__(self) -> str:
        return self.sentence


def load(of: type[D], data: Mapping[str, Any]) -> D:
    """Read a stored or received document.

    Missing fields take their defaults, so an older document of the same format stays readable; one of an older format
    is read through the document's own `upgraded`, so that immutable versions stay as they were stored.

    Raises:
        DocumentProblem: a field that the schema does not know, a value of the wrong shape, or a format that cannot be read.
    """
    expected = getattr(of, "FORMAT", 1)
    stored = data.get(FORMAT, expected) if data else expected
    if stored != expected:
        older = _upgraded(of, data) if isinstance(stored, int) and stored < expected else None
        if older is None:
            raise DocumentProblem((FORMAT,), f"文档格式是第 {stored} 版，这里只认第 {expected} 版，请先升级")
        data = older
    return _load(of, {name: value for name, value in data.items() if name != FORMAT}, ())


def _upgraded(of: type, data: Mapping[str, Any]) -> Mapping[str, Any] | None:
    return of.upgraded(data) if issubclass(of, Document) else None


def _load(of: type[D], data: Mapping[str, Any], path: tuple[str, ...]) -> D:
    if not isinstance(data, Mapping):
        raise DocumentProblem(path, "这一部分应当是一组字段")
    known = {f.name: f for f in fields(of)}  # type: ignore[arg-type]
    for name in data:
        if name not in known:
            raise DocumentProblem((*path, name), f"不认识的字段“{name}”")
    values = {
        name: str(data[name]) if SPEC not in f.metadata else _value(f.metadata[SPEC], data[name], (*path, name))
        for name, f in known.items()
        if name in data
    }
    return of(**values)


def _value(spec: Spec, value: Any, path: tuple[str, ...]) -> Any:
    if spec.holds is Holds.RICH:
        return _rich(spec, value, path)
    if spec.holds is Holds.GROUP and spec.of:
        return _load(spec.of, value, path)
    if spec.holds is Holds.ROWS and spec.of:
        if not isinstance(value, Mapping):
            raise DocumentProblem(path, f"“{spec.label}”应当按编号存放")
        return {str(key): _load(spec.of, row, (*path, str(key))) for key, row in value.items()}
    if spec.holds in {Holds.NAMES, Holds.REFS}:
        if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
            raise DocumentProblem(path, f"“{spec.label}”应当是一列文字")
        return tuple(value)
    return _scalar(spec, value, path)


def _rich(spec: Spec, value: Any, path: tuple[str, ...]) -> Any:
    try:
        rich.check(value)
    except rich.RichProblem as problem:
        raise DocumentProblem(path, f"“{spec.label}”：{problem.sentence}") from problem
    return value


def _scalar(spec: Spec, value: Any, path: tuple[str, ...]) -> Any:
    if spec.holds is Holds.NUMBER:
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise DocumentProblem(path, f"“{spec.label}”应当填数字")
        if isinstance(value, float) and not isfinite(value):
            raise DocumentProblem(path, f"“{spec.label}”应当填一个有限的数")
        return value
    if not isinstance(value, str):
        raise DocumentProblem(path, f"“{spec.label}”应当是文字")
    if spec.holds is Holds.CHOICE and value and value not in spec.choices:
        raise DocumentProblem(path, f"“{spec.label}”没有“{value}”这一项，可选：{'、'.join(spec.choices)}")
    return value


def dump(document: Document) -> dict[str, Any]:
    """Write a document as JSON values, with its format number. Empty fields are left out: equal documents are equal JSON."""
    return {FORMAT: getattr(type(document), "FORMAT", 1), **_dump(document)}


def _dump(value: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    order = getattr(value, "order", "")
    if order:
        found["order"] = order
    for name, spec in specs(type(value)):
        held = getattr(value, name)
        stored = written(spec, held)
        if stored is not None:
            found[name] = stored
    return found


def written(spec: Spec, held: Any) -> Any:
    """One field as JSON; None where it holds nothing."""
    found = _written(spec, held)
    return None if found in ("", None, [], {}) else found


def row_written(row: Row) -> dict[str, Any]:
    """One row as JSON with its order key; an empty row is an empty mapping."""
    return _dump(row)


def _written(spec: Spec, held: Any) -> Any:
    if spec.holds is Holds.GROUP:
        return _dump(held)
    if spec.holds is Holds.ROWS:
        return {key: _dump(row) for key, row in held.items()}
    if spec.holds in {Holds.NAMES, Holds.REFS}:
        return list(held)
    if spec.holds is Holds.RICH:
        return dict(held) if held.get("content") else {}
    return held
