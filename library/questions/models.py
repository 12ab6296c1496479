"""试题 and 试卷: the columns that search and statistics ask of them; what a teacher writes is the typed document."""

from django.db import models

from library.documents.question import DIFFICULTIES, LEVELS, TYPES
from library.resources.models import Resource


class Question(Resource):
    """One question of the bank (试题)."""

    type = models.CharField("题型", max_length=10, choices=[(word, word) for word in TYPES])
    difficulty = models.CharField("难度", max_length=4, choices=[(word, word) for word in DIFFICULTIES], blank=True)
    cognitive = models.CharField("认知水平", max_length=4, choices=[(word, word) for word in LEVELS], blank=True)
    has_picture = models.BooleanField("有图", default=False)
    knowledge = models.JSONField("知识点", default=list, blank=True)
    minutes = models.PositiveSmallIntegerField("预计用时（分钟）", null=True, blank=True)
    points = models.FloatField("建议分值", null=True, blank=True)

    class Meta:
        verbose_name = "试题"
        verbose_name_plural = "试题"
        indexes = [models.Index(fields=["type", "difficulty"])]
        constraints = [
            models.CheckConstraint(condition=models.Q(type__in=TYPES), name="questions_question_type_known"),
            models.CheckConstraint(
                condition=models.Q(difficulty__in=("", *DIFFICULTIES)), name="questions_question_difficulty_known"
            ),
        ]


class Paper(Resource):
    """A paper (试卷): a file, or a list of pinned questions with sections and points."""

    questions = models.PositiveSmallIntegerField("题数", default=0)
    points = models.FloatField("总分", default=0)
    minutes = models.PositiveSmallIntegerField("考试时间（分钟）", null=True, blank=True)

    class Meta:
        verbose_name = "试卷"
        verbose_name_plural = "试卷"
