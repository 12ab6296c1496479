"""Questions that other packages ask of the catalogue."""

from typing import Any, Self

from django.db import models


class OutlineQuerySet(models.QuerySet[Any]):
    def with_book(self) -> Self:
        return self.select_related("textbook__subject", "textbook__edition")


class TextbookQuerySet(models.QuerySet[Any]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def with_nodes(self) -> Self:
        """Books whose contents we have, not only their title."""
        return self.filter(outline__isnull=False)

    def for_grade(self, grade: int) -> Self:
        return self.filter(grade_from__lte=grade, grade_to__gte=grade)


class NodeQuerySet(models.QuerySet[Any]):
    def active(self) -> Self:
        return self.filter(status="active")

    def with_place(self) -> Self:
        """Everything a place in the book is printed from (人教版 五年级上册 第六单元)."""
        return self.select_related("parent__parent", "outline__textbook__subject", "outline__textbook__edition")
