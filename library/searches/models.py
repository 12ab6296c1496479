"""Saved searches (存下的搜索) and questions without an answer (缺口), the latter without anybody's name."""

from django.db import models

WORDS = 40
ADDRESS = 600


class SavedSearch(models.Model):
    """A question that a person keeps, and hears about when something new fits."""

    wagtail_reference_index_ignore = True

    person = models.ForeignKey("groups.Person", on_delete=models.CASCADE, related_name="saved_searches")
    name = models.CharField("名称", max_length=60)
    address = models.CharField("地址里的条件", max_length=ADDRESS)
    subscribed = models.BooleanField("有新的告诉我", default=True)
    saved_at = models.DateTimeField("存下的时间")
    told_until = models.DateTimeField("看到哪时为止")

    class Meta:
        verbose_name = "存下的搜索"
        verbose_name_plural = "存下的搜索"
        ordering = ["-saved_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["person", "address"], name="one_saved_search_an_address")]
        indexes = [models.Index(fields=["told_until"], condition=models.Q(subscribed=True), name="saved_search_due")]

    def __str__(self) -> str:
        return self.name


class Question(models.Model):
    """What was asked in a week, at a place in the books, and how often nothing fitted.

    Of a week that is over, the words of what fewer than three people asked are forgotten: `words` is empty there.
    """

    wagtail_reference_index_ignore = True

    week = models.DateField("周一")
    words = models.CharField("说法", max_length=WORDS, blank=True)
    place = models.CharField("目录位置", max_length=80, blank=True)
    asked = models.PositiveIntegerField("搜过", default=0)
    missed = models.PositiveIntegerField("没有对得上的", default=0)

    class Meta:
        verbose_name = "搜过的说法"
        verbose_name_plural = "搜过的说法"
        ordering = ["-week", "-missed", "words"]
        constraints = [models.UniqueConstraint(fields=["week", "words", "place"], name="one_question_a_week_and_place")]

    def __str__(self) -> str:
        return self.words or "少见的说法"


class Asker(models.Model):
    """That somebody asked a question this week, as a number that means nothing once the week's key is gone."""

    wagtail_reference_index_ignore = True

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="askers")
    digest = models.CharField(max_length=16)

    class Meta:
        verbose_name = "提问的一次"
        verbose_name_plural = "提问的一次"
        constraints = [models.UniqueConstraint(fields=["question", "digest"], name="one_asker_a_question")]

    def __str__(self) -> str:
        return self.digest
