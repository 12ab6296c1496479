"""The table of pinned questions while it is changed: layer or section, minutes or points, order; which question stays as it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict

from library.documents.fields import ordered
from library.documents.homework import LAYERS, HomeworkDocument
from library.documents.paper import PaperDocument
from library.questions.reading import ItemShown
from library.resources import document_forms
from library.resources.keeping import typed_ids


@dataclass(frozen=True, slots=True)
class RowShown:
    """One row of the table: the question, what was chosen for it, and the sentence beside its number."""

    key: str
    item: ItemShown
    place: str
    amount: str
    error: str
    is_first: bool
    is_last: bool


@dataclass(slots=True)
class ItemsForm:
    """The document as the table says it."""

    document: HomeworkDocument | PaperDocument
    errors: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)

    @property
    def section_choices(self) -> list[tuple[str, str]]:
        if isinstance(self.document, HomeworkDocument):
            return []
        return [(key, row.title or "未命名") for key, row in ordered(self.document.sections)]

    def rows(self, shown: Mapping[str, ItemShown]) -> list[RowShown]:
        items = ordered(self.document.items)
        return [
            RowShown(
                key=key,
                item=shown[key],
                place=_place(row),
                amount=self.typed.get(key, _amount(row)),
                error=self.errors.get(key, ""),
                is_first=at == 0,
                is_last=at == len(items) - 1,
            )
            for at, (key, row) in enumerate(items)
        ]


def _place(row: Any) -> str:
    return str(row.layer) if hasattr(row, "layer") else (row.section[0] if row.section else "")


def _amount(row: Any) -> str:
    value = row.minutes if hasattr(row, "minutes") else row.points
    return "" if value is None else f"{value:g}"


def read(document: HomeworkDocument | PaperDocument, posted: QueryDict) -> ItemsForm:
    """Read the table. Rows that were not on the page stay; the deed of a button comes last."""
    form = ItemsForm(document)
    items: dict[str, Any] = dict(document.items)
    for key in typed_ids(posted.getlist("rows")):
        if key in items:
            items[key] = _read_row(form, key, items[key], posted)
    deed, _, key = posted.get("do", "save").partition(":")
    if deed in {"up", "down", "remove"}:
        items = document_forms.act(items, type(next(iter(items.values()), None)), deed, key)
    held: Any = document
    form.document = replace(held, items=items)
    return form


def _read_row(form: ItemsForm, key: str, row: Any, posted: QueryDict) -> Any:
    place, amount = posted.get(f"place.{key}", ""), posted.get(f"amount.{key}", "").strip()
    value = _number(form, key, amount, whole=hasattr(row, "minutes"))
    if hasattr(row, "layer"):
        return replace(row, layer=place if place in LAYERS else "", minutes=value)
    return replace(row, section=(place,) if place else (), points=value)


def _number(form: ItemsForm, key: str, typed: str, *, whole: bool) -> int | float | None:
    if not typed:
        return None
    if typed.isdecimal() and len(typed) < 5:
        return int(typed)
    if not whole and document_forms.HALVES.fullmatch(typed):
        return float(typed)
    form.typed[key] = typed
    form.errors[key] = f"“{typed[:20]}”不是{'整数' if whole else '分值'}，请填数字，如 {'3' if whole else '2.5'}"
    return None
