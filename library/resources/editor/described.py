"""The schema of a document as the editor's page reads it: no second list of fields in any script."""

from collections.abc import Iterable
from typing import Any

from library.documents.fields import Spec, specs


def described(of: type, skip: Iterable[str] = ()) -> list[dict[str, Any]]:
    """The fields of a document, group or row in printed order; empty facts are left out."""
    left_out = frozenset(skip)
    return [_field(name, spec) for name, spec in specs(of) if name not in left_out]


def _field(name: str, spec: Spec) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": name,
        "label": spec.label,
        "holds": spec.holds.value,
        "required": spec.required,
        "choices": list(spec.choices),
        "target": spec.target,
        "noun": spec.noun,
        "unit": spec.unit,
        "hint": spec.hint,
        "halves": spec.halves,
        "fields": described(spec.of) if spec.of else [],
    }
    return {key: value for key, value in told.items() if value}
