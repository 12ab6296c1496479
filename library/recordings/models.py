"""教学录像: the columns that lists, statistics and the consent of those filmed ask of a recording."""

from django.db import models

from library.resources.models import Resource


class LessonRecording(Resource):
    """A lesson on film (教学录像). `consented` says that those who are seen agreed, or that nobody can be recognised."""

    teacher = models.CharField("执教", max_length=120, blank=True)
    occasion = models.CharField("课的性质", max_length=10, blank=True)
    duration = models.PositiveIntegerField("时长（秒）", null=True, blank=True)
    consented = models.BooleanField("肖像与隐私授权", default=False)

    class Meta:
        verbose_name = "教学录像"
        verbose_name_plural = "教学录像"
