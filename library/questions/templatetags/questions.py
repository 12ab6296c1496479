"""Values of questions, homeworks and papers for the reader templates, as the viewer of the page may see them."""

from typing import Any

from django import template
from django.template import Context

from library.documents import homework, paper, question, rich
from library.documents.fields import ordered
from library.documents.homework import HomeworkDocument
from library.documents.paper import PaperDocument
from library.documents.question import QuestionDocument
from library.questions import reading
from library.questions.selectors import grade_and_subjects, items_of
from library.resources.models import Resource

register = template.Library()


@register.simple_tag
def question_shown(document: QuestionDocument) -> reading.Shown:
    """`{% question_shown document as item %}`"""
    return reading.shown(document)


@register.simple_tag
def question_knowledge(document: QuestionDocument) -> tuple[str, ...]:
    return question.knowledge_of(document)


@register.simple_tag(takes_context=True)
def pinned_groups(context: Context, document: HomeworkDocument | PaperDocument) -> tuple[reading.GroupShown, ...]:
    """The pinned questions by layer or section, as this request's viewer may read them."""
    if not document.items:
        return ()
    return reading.groups_of(document, items_of(document, context["request"].viewer))


@register.simple_tag
def homework_minutes(document: HomeworkDocument) -> int:
    return homework.minutes_of(document)


@register.simple_tag
def paper_total(document: PaperDocument) -> int | float:
    return paper.total_points(document)


@register.simple_tag
def load_advice(document: HomeworkDocument, resource: Resource) -> list[str]:
    """Warnings of too much homework for this grade and subject."""
    grade, subjects = grade_and_subjects(resource)
    return homework.load_advice(document, grade, subjects)


@register.filter
def rows(values: Any) -> list[tuple[str, Any]]:
    """(id, row) in reading order."""
    return ordered(values)


@register.filter
def markup(value: Any) -> str:
    """Rich text as a text box holds it."""
    return rich.to_markup(value)


@register.filter
def joined(values: Any) -> str:
    return "、".join(values)


@register.filter
def dashed(name: str) -> str:
    """A control's name as an id."""
    return name.replace(".", "-")


@register.simple_tag
def letter(number: int) -> str:
    return question.letter(number)


@register.simple_tag
def path(prefix: str, name: str, key: str = "") -> str:
    """`{% path prefix "options" key as where %}`: the name of a row's controls; an empty name closes a prefix with a dot."""
    return f"{prefix}{name}.{key}" if key else f"{prefix}{name or '.'}"


@register.simple_tag
def problem(errors: Any, name: str) -> str:
    """The sentence beside a control."""
    return str(errors.get(name, ""))


@register.simple_tag
def typed_or(typed: Any, name: str, value: Any) -> Any:
    """What was typed where it could not be read, else the value."""
    return typed.get(name, "" if value is None else value)
