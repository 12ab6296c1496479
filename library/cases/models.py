"""教学案例: the columns that lists ask of a teaching case; its text is the typed document."""

from django.db import models

from library.resources.models import Resource


class TeachingCase(Resource):
    """A teaching case (教学案例)."""

    has_results = models.BooleanField("有成效数据", default=False)

    class Meta:
        verbose_name = "教学案例"
        verbose_name_plural = "教学案例"
