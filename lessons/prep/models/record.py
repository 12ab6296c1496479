"""What a preparation went through: its numbered drafts, and every transition with who, when and why."""

from typing import ClassVar

from django.db import models

from lessons.prep.models.preparation import Preparation, State


class Draft(models.Model):
    """A numbered draft (第 n 稿): an immutable version of the shared plan, as it was put to the participants."""

    wagtail_reference_index_ignore = True

    preparation = models.ForeignKey(Preparation, on_delete=models.CASCADE, related_name="drafts")
    number = models.PositiveSmallIntegerField("稿次")
    version = models.ForeignKey("library.Version", on_delete=models.PROTECT, related_name="+")
    submitted_by = models.ForeignKey("groups.Person", on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    note = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        verbose_name = "稿次"
        verbose_name_plural = "稿次"
        ordering: ClassVar[list[str]] = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["preparation", "number"], name="prep_draft_number_once"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="prep_draft_counts_from_one"),
        ]

    def __str__(self) -> str:
        return f"第{self.number}稿"


class Transition(models.Model):
    """One thing that happened to a preparation (经过), appended and never changed."""

    wagtail_reference_index_ignore = True

    preparation = models.ForeignKey(Preparation, on_delete=models.CASCADE, related_name="transitions")
    move = models.PositiveIntegerField(help_text="第几步；两个人同时动手，只有一个成")
    action = models.CharField("动作", max_length=30)
    before = models.CharField("此前", max_length=12, choices=State.choices, blank=True)
    after = models.CharField("此后", max_length=12, choices=State.choices)
    by = models.ForeignKey("groups.Person", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间")
    reason = models.CharField("说明", max_length=500, blank=True)
    detail = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = "经过"
        verbose_name_plural = "经过"
        ordering: ClassVar[list[str]] = ["move"]
        constraints = [models.UniqueConstraint(fields=["preparation", "move"], name="prep_transition_move_once")]

    def __str__(self) -> str:
        return f"{self.action} {self.get_after_display()}"
