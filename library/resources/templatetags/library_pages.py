"""Small translations of typed documents for the library's templates."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString, mark_safe

from library.documents import rich as rich_text
from library.documents.fields import Document, RichText, ordered
from library.documents.files import Chapter, Line, MicroLessonDocument, chapters
from library.documents.worksheet import WorksheetDocument
from library.resources import composed as composed_text
from library.resources import worksheets
from library.resources.document_forms import Input, RowInputs
from library.resources.kinds import spec_of
from ui.templatetags.ui import icon

register = template.Library()


@register.filter
def rich(value: RichText) -> SafeString:
    """Rich text as HTML; safe by construction, for every tag is written by `rich.to_html`."""
    return mark_safe(rich_text.to_html(value))


@register.filter
def has_text(value: RichText) -> bool:
    return not rich_text.is_empty(value)


@register.filter
def chapters_of(document: MicroLessonDocument) -> Sequence[Chapter]:
    return chapters(document)


@register.filter
def transcript_of(document: MicroLessonDocument) -> Sequence[Line]:
    return [line for _, line in ordered(document.transcript)]


@register.filter
def subtitles(attachments: Iterable[Any]) -> list[Any]:
    """The subtitle files among a version's attachments."""
    return [a.file for a in attachments if a.purpose == "subtitle"]


@register.simple_tag
def composed(document: Document) -> list[composed_text.SectionShown]:
    """`{% composed document as sections %}`: the sections of any typed document that hold something."""
    return composed_text.sections_of(document)


@register.inclusion_tag("library/partials/composed.html")
def composed_read(document: Document) -> dict[str, Any]:
    """A whole typed document, section by section, for a reader of another package."""
    return {"sections": composed_text.sections_of(document)}


@register.inclusion_tag("library/partials/composed_section.html")
def composed_section(section: composed_text.SectionShown) -> dict[str, Any]:
    """What stands below the heading of one section."""
    return {"section": section}


@register.inclusion_tag("library/partials/text_files.html", takes_context=True)
def text_files(context: Context, main_label: str = "") -> dict[str, Any]:
    """The files beside a written text, or those that stand for it."""
    return {"text": context["text"], "page": context.get("page"), "main_label": main_label}


@register.inclusion_tag("library/partials/export_style.html")
def export_style() -> dict[str, Any]:
    """The look of a text that is taken home as one file."""
    return {}


@register.simple_tag
def task_sheet(document: WorksheetDocument) -> worksheets.Sheet:
    """`{% task_sheet document as sheet %}`"""
    return worksheets.sheet_of(document)


@register.filter
def has_answers(document: WorksheetDocument) -> bool:
    return worksheets.has_answers(document)


@register.simple_tag
def row_name(row: RowInputs) -> str:
    """任务一, 第2行: what a row of a form is called."""
    return row.noun.format(row.number) if "{}" in row.noun else f"{row.noun}{composed_text.chinese(row.number)}"


@register.inclusion_tag("library/partials/inputs.html")
def document_inputs(inputs: Sequence[Input], dense: bool = False) -> dict[str, Any]:
    """The controls of one section or row of a typed document."""
    return {"inputs": inputs, "dense": dense}


@register.simple_tag
def kind_icon(resource: Any) -> SafeString:
    """The icon of a resource's kind."""
    return icon(spec_of(resource.kind).icon)
