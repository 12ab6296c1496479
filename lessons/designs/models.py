"""教学设计: the columns that search and statistics ask of a lesson design; its text is the typed document."""

from django.db import models

from library.resources.models import Resource


class LessonDesign(Resource):
    """A lesson design (教学设计)."""

    class LessonType(models.TextChoices):
        NEW = "新授", "新授"
        EXERCISE = "练习", "练习"
        REVIEW = "复习", "复习"
        EXPERIMENT = "实验", "实验"
        WRITING = "习作", "习作"
        SPEAKING = "口语交际", "口语交际"
        READING = "阅读", "阅读"
        CHARACTERS = "识字写字", "识字写字"
        PRACTICE = "综合与实践", "综合与实践"
        PROJECT = "项目式", "项目式"
        COMMENTARY = "讲评", "讲评"

    lesson_type = models.CharField("课型", max_length=10, choices=LessonType.choices, default=LessonType.NEW)
    period = models.PositiveSmallIntegerField("第几课时", default=1)
    periods = models.PositiveSmallIntegerField("共几课时", default=1)
    minutes = models.PositiveSmallIntegerField("时长（分钟）", default=40)

    class Meta:
        verbose_name = "教学设计"
        verbose_name_plural = "教学设计"
