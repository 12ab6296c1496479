"""The kinds that the library itself owns. A child table holds only what search, rights or statistics ask of that kind."""

from django.db import models

from library.resources.models.record import Resource


class Courseware(Resource):
    """Slides and the like, as files (课件)."""

    pages = models.PositiveSmallIntegerField("页数", null=True, blank=True)

    class Meta:
        verbose_name = "课件"
        verbose_name_plural = "课件"


class MicroLesson(Resource):
    """A short recorded lesson with chapters (微课)."""

    duration = models.PositiveIntegerField("时长（秒）", null=True, blank=True)
    has_subtitles = models.BooleanField("有字幕", default=False)

    class Meta:
        verbose_name = "微课"
        verbose_name_plural = "微课"


class Worksheet(Resource):
    """A learning task sheet for pupils (学习任务单), as tasks or as a file."""

    tasks = models.PositiveSmallIntegerField("任务数", default=0)
    minutes = models.PositiveSmallIntegerField("预计用时（分钟）", null=True, blank=True)

    class Meta:
        verbose_name = "学习任务单"
        verbose_name_plural = "学习任务单"


class Homework(Resource):
    """School-based homework (校本作业), as a file."""

    minutes = models.PositiveSmallIntegerField("预计用时（分钟）", null=True, blank=True)

    class Meta:
        verbose_name = "校本作业"
        verbose_name_plural = "校本作业"


class Material(Resource):
    """Pictures, sounds, texts to build lessons from (素材)."""

    class Meta:
        verbose_name = "素材"
        verbose_name_plural = "素材"


class Package(Resource):
    """Everything for one lesson period of one node (课时包). Its document lists the parts with their versions."""

    node = models.ForeignKey(
        "catalogue.Node", verbose_name="目录节点", on_delete=models.PROTECT, related_name="packages"
    )
    period = models.PositiveSmallIntegerField("第几课时", default=1)
    periods = models.PositiveSmallIntegerField("共几课时", default=1)

    class Meta:
        verbose_name = "课时包"
        verbose_name_plural = "课时包"
