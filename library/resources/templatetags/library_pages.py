"""Small translations of typed documents for the library's templates."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from library.documents import rich as rich_text
from library.documents.fields import RichText, ordered
from library.documents.files import Chapter, Line, MicroLessonDocument, chapters
from library.resources.document_forms import Input
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


@register.inclusion_tag("library/partials/inputs.html")
def document_inputs(inputs: Sequence[Input], dense: bool = False) -> dict[str, Any]:
    """The controls of one section or row of a typed document."""
    return {"inputs": inputs, "dense": dense}


@register.simple_tag
def kind_icon(resource: Any) -> SafeString:
    """The icon of a resource's kind."""
    return icon(spec_of(resource.kind).icon)
