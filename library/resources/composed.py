"""Any typed document as a reader sees it: numbered sections, labelled parts, rows; made from the schema alone.

A kind whose text needs no picture of its own is read, printed and taken home by this and writes no template but a line.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from library.documents import rich, schema, walk
from library.documents.fields import Document, Holds, Spec, ordered, specs
from library.resources import kinds
from library.resources.kinds import ExportedFile
from library.resources.models import Version

DIGITS = "零一二三四五六七八九十"
UNREAD = frozenset({"pages"})
"""Words that the program took from files: found by search, read in the file itself."""


@dataclass(frozen=True, slots=True)
class Part:
    """A labelled value."""

    label: str
    html: SafeString


@dataclass(frozen=True, slots=True)
class RowShown:
    """One row of a section, its name (任务1) and what it holds."""

    name: str
    key: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class SectionShown:
    """A section that holds something. `table` is set for rows of short texts: heads and cells."""

    name: str
    no: str
    label: str
    parts: tuple[Part, ...] = ()
    rows: tuple[RowShown, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()

    @property
    def anchor(self) -> str:
        return f"s-{self.name}"


def chinese(number: int) -> str:
    """一, 十二: numbers of printed headings, below a hundred."""
    tens, ones = divmod(number, 10)
    if not tens:
        return DIGITS[ones]
    return ("" if tens == 1 else DIGITS[tens]) + "十" + (DIGITS[ones] if ones else "")


def html_of(value: Any) -> SafeString:
    """Rich text as HTML; safe by construction, for every tag is written by `rich.to_html`."""
    return mark_safe(rich.to_html(value))


def sections_of(document: Document, skip: Iterable[str] = ()) -> list[SectionShown]:
    """Every section that holds something, numbered in printed order."""
    left_out = UNREAD | set(skip)
    filled = {leaf.path[0] for leaf in walk.walk(document) if not leaf.is_empty}
    wanted = [(n, spec) for n, spec in specs(type(document)) if n in filled and n not in left_out]
    return [_section(document, name, spec, chinese(at)) for at, (name, spec) in enumerate(wanted, 1)]


def _section(document: Document, name: str, spec: Spec, no: str) -> SectionShown:
    value = getattr(document, name)
    if spec.holds is Holds.GROUP:
        return SectionShown(name, no, spec.label, parts=_parts(value, document))
    if spec.holds is not Holds.ROWS or spec.of is None:
        return SectionShown(name, no, spec.label, parts=(Part("", _value(spec, value, document)),))
    if all(inner.holds in {Holds.TEXT, Holds.CHOICE, Holds.NUMBER} for _, inner in specs(spec.of)):
        return SectionShown(name, no, spec.label, table=_table(spec.of, [row for _, row in ordered(value)]))
    rows = tuple(
        RowShown(walk.row_place(spec, at), key, _parts(row, document))
        for at, (key, row) in enumerate(ordered(value), 1)
    )
    return SectionShown(name, no, spec.label, rows=rows)


def _table(of: type, rows: Sequence[Any]) -> tuple[tuple[str, ...], ...]:
    """Heads, then cells, of the columns in which something stands."""
    columns = [(n, spec) for n, spec in specs(of) if any(getattr(row, n) not in ("", None) for row in rows)]
    cells = (tuple(str(getattr(row, name) or "") for name, _ in columns) for row in rows)
    return (tuple(spec.label for _, spec in columns), *cells)


def _parts(value: Any, document: Document) -> tuple[Part, ...]:
    return tuple(
        Part(spec.label, _value(spec, getattr(value, name), document))
        for name, spec in specs(type(value))
        if not _is_empty(spec, getattr(value, name))
    )


def _is_empty(spec: Spec, value: Any) -> bool:
    return rich.is_empty(value) if spec.holds is Holds.RICH else value in ("", None, ())


def _value(spec: Spec, value: Any, document: Document) -> SafeString:
    if spec.holds is Holds.RICH:
        return html_of(value)
    if spec.target.startswith("#"):
        return mark_safe(f"<p>{escape('、'.join(serves(document, spec.target[1:], value)))}</p>")
    if spec.holds in {Holds.NAMES, Holds.REFS}:
        return mark_safe(f"<p>{escape('、'.join(value))}</p>")
    unit = f" {spec.unit}" if spec.unit else ""
    return mark_safe(f"<p>{escape(f'{value}{unit}')}</p>")


def serves(document: Document, section: str, keys: Sequence[str]) -> list[str]:
    """目标1, 目标3: what references to rows of this document are called; a removed row is left out."""
    spec = dict(specs(type(document)))[section]
    rows = ordered(getattr(document, section))
    return [walk.row_place(spec, at) for at, (key, _) in enumerate(rows, 1) if key in keys]


def contents(document: Document) -> list[tuple[str, str]]:
    """Anchors and labels for the outline beside the page."""
    return [(section.anchor, section.label) for section in sections_of(document)]


def export(version: Version) -> Iterable[ExportedFile]:
    """The composed text as one HTML page that opens anywhere and prints on A4; nothing where a file stands for it."""
    yield from exported(version, "library/export.html")


def exported(version: Version, template: str) -> Iterable[ExportedFile]:
    spec = kinds.spec_of(version.resource.kind)
    document = schema.load(spec.document, version.document)
    if not sections_of(document):
        return
    people = list(version.resource.contributions.select_related("person", "school_then"))
    context = {
        "resource": version.resource,
        "version": version,
        "spec": spec,
        "document": document,
        "authors": "、".join(f"{c.person.name}（{c.get_part_display()}）" for c in people),
        "school": next((c.school_then.name for c in people if c.school_then), ""),
    }
    yield ExportedFile(f"{version.title} {spec.label}.html", render_to_string(template, context).encode())
