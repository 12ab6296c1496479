"""Prepares a unit design for the templates of this package."""

from django import template
from django.template import Context

from lessons.units import reading
from library.documents.unit_design import UnitDesignDocument

register = template.Library()


@register.simple_tag(takes_context=True)
def unit(context: Context, document: UnitDesignDocument) -> reading.Unit:
    """`{% unit document as unit %}`; lesson designs are linked for the viewer of the page."""
    request = context.get("request")
    return reading.unit_of(document, getattr(request, "viewer", None))
