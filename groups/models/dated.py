"""A relation that begins and ends. Nothing is deleted: an end is a date."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import F, Q


def valid(at: datetime, prefix: str = "") -> Q:
    """Rows whose half-open interval [starts_at, ends_at) holds `at`; `prefix` is a lookup path ending in `__`."""
    open_end = Q(**{f"{prefix}ends_at__isnull": True}) | Q(**{f"{prefix}ends_at__gt": at})
    return Q(**{f"{prefix}starts_at__lte": at}) & open_end


class DatedQuerySet(models.QuerySet[Any]):
    def valid_at(self, at: datetime) -> Self:
        return self.filter(valid(at))


class Dated(models.Model):
    """Abstract: valid from `starts_at` (inclusive) until `ends_at` (exclusive; empty while it lasts)."""

    starts_at = models.DateTimeField("起")
    ends_at = models.DateTimeField("止", null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")),
                name="%(app_label)s_%(class)s_ends_after_start",
            ),
        ]
