"""The field language of typed documents: each dataclass field says its label and what it holds.

A document is a frozen dataclass whose fields are made by the functions below. Rows (objectives, stages, tasks) are
maps by id whose values carry a fractional `order` key, so that nothing is identified by its position and a move is one
changed value.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from enum import StrEnum
from typing import Any, ClassVar, TypeVar

RichText = Mapping[str, Any]
"""ProseMirror JSON of the closed list in `rich`."""

EMPTY_RICH: RichText = {"type": "doc", "content": []}


class Holds(StrEnum):
    """What a field holds."""

    TEXT = "text"
    RICH = "rich"
    NUMBER = "number"
    CHOICE = "choice"
    NAMES = "names"
    REFS = "refs"
    GROUP = "group"
    ROWS = "rows"


@dataclass(frozen=True, slots=True)
class Spec:
    """What the schema knows of one field.

    Attributes:
        label: Chinese name, as a form and a printed plan show it.
        holds: kind of value.
        required: counted by completeness.
        choices: for CHOICE.
        target: for REFS: node, standard, competency, knowledge, resource, or rows of this document (`#objectives`).
        of: dataclass of a GROUP or of each of the ROWS.
        noun: for ROWS: what one row is called (环节), or a pattern for its number (第{}页).
        unit: for NUMBER.
        halves: for NUMBER: 2.5 is one too.
        hint: a sentence below the field.
    """

    label: str
    holds: Holds
    required: bool = False
    choices: tuple[str, ...] = ()
    target: str = ""
    of: type | None = None
    noun: str = ""
    unit: str = ""
    hint: str = ""
    halves: bool = False


SPEC = "spec"


def text(label: str, *, required: bool = False, hint: str = "") -> Any:
    return field(default="", metadata={SPEC: Spec(label, Holds.TEXT, required, hint=hint)})


def rich(label: str, *, required: bool = False, hint: str = "") -> Any:
    return field(
        default_factory=lambda: dict(EMPTY_RICH), metadata={SPEC: Spec(label, Holds.RICH, required, hint=hint)}
    )


def number(label: str, *, required: bool = False, unit: str = "", hint: str = "", halves: bool = False) -> Any:
    spec = Spec(label, Holds.NUMBER, required, unit=unit, hint=hint, halves=halves)
    return field(default=None, metadata={SPEC: spec})


def choice(label: str, choices: Iterable[str], *, required: bool = False, hint: str = "") -> Any:
    spec = Spec(label, Holds.CHOICE, required, choices=tuple(choices), hint=hint)
    return field(default="", metadata={SPEC: spec})


def names(label: str, *, required: bool = False, hint: str = "") -> Any:
    """A short list of plain names, in order."""
    return field(default=(), metadata={SPEC: Spec(label, Holds.NAMES, required, hint=hint)})


def refs(label: str, target: str, *, required: bool = False, hint: str = "") -> Any:
    """References by uid or code to things of one sort, or to rows of this document (`#objectives`)."""
    return field(default=(), metadata={SPEC: Spec(label, Holds.REFS, required, target=target, hint=hint)})


def group(label: str, of: type, *, hint: str = "") -> Any:
    return field(default_factory=of, metadata={SPEC: Spec(label, Holds.GROUP, of=of, hint=hint)})


def rows(label: str, of: type, *, noun: str, required: bool = False, hint: str = "") -> Any:
    spec = Spec(label, Holds.ROWS, required, of=of, noun=noun, hint=hint)
    return field(default_factory=dict, metadata={SPEC: spec})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Base of every row: `order` is a fractional key (see `order.between`)."""

    order: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Base of every document. `FORMAT` grows when stored documents must be migrated; `upgraded` then reads the older ones."""

    FORMAT: ClassVar[int] = 1

    @classmethod
    def upgraded(cls, data: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """The fields of a document one or more formats older as this format has them; None: it cannot be read."""
        return None


R = TypeVar("R", bound=Row)


def ordered(rows_by_id: Mapping[str, R]) -> list[tuple[str, R]]:
    """Rows with their ids in reading order; equal keys, which a merge of two inserts can make, fall to the id."""
    return sorted(rows_by_id.items(), key=lambda item: (item[1].order, item[0]))


def specs(of: type) -> list[tuple[str, Spec]]:
    """The fields of a document, group or row dataclass in their printed order."""
    if not is_dataclass(of):
        raise TypeError(f"{of!r} is no document dataclass")
    return [(f.name, f.metadata[SPEC]) for f in fields(of) if SPEC in f.metadata]
