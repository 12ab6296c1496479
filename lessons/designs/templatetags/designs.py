"""Prepares a lesson design for the templates of this package."""

from django import template

from lessons.designs import reading
from library.documents.lesson_design import LessonDesignDocument

register = template.Library()


@register.simple_tag
def plan(document: LessonDesignDocument, view: str = "full") -> reading.Plan:
    """`{% plan document view as plan %}`"""
    return reading.plan_of(document, view)


@register.filter
def nth(items: tuple[object, ...], number: int) -> object | None:
    """The item of that number, counted from 1."""
    return items[number - 1] if 1 <= number <= len(items) else None
