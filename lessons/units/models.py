"""单元设计: the columns that lists and statistics ask of a unit design; its text is the typed document."""

from django.db import models

from library.resources.models import Resource


class UnitDesign(Resource):
    """A unit as a whole (单元整体教学设计)."""

    periods = models.PositiveSmallIntegerField("单元课时数", default=0)
    lessons = models.PositiveSmallIntegerField("课题数", default=0)

    class Meta:
        verbose_name = "单元设计"
        verbose_name_plural = "单元设计"
