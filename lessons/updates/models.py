"""One newer shared plan before one adaptation, what its teacher decided of it, and the words that found no place."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from catalogue.uids import new_uid


class Update(models.Model):
    """Bringing a newer version of the shared plan into an adaptation (合并).

    `before` and `after` are the teacher's text on both sides of the merge, with its files, so that it can be undone.
    """

    wagtail_reference_index_ignore = True

    class State(models.TextChoices):
        OPEN = "open", "处理中"
        NEVER = "never", "不再提醒"
        DONE = "done", "已合并"
        UNDONE = "undone", "已撤销"

    uid = models.CharField(max_length=10, unique=True, default=new_uid, editable=False)
    adaptation = models.ForeignKey("adaptations.Adaptation", on_delete=models.CASCADE, related_name="updates")
    base = models.ForeignKey("library.Version", on_delete=models.PROTECT, related_name="+")
    theirs = models.ForeignKey("library.Version", on_delete=models.PROTECT, related_name="+")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = "共案更新"
        verbose_name_plural = "共案更新"
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["adaptation", "base", "theirs"],
                condition=Q(state__in=["open", "never"]),
                name="updates_one_waiting",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "never"]) | Q(closed_at__isnull=False), name="updates_done_has_a_day"
            ),
            models.CheckConstraint(
                condition=Q(state="undone", undone_at__isnull=False) | (~Q(state="undone") & Q(undone_at__isnull=True)),
                name="updates_undone_has_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.adaptation}：{self.base.label} → {self.theirs.label}"

    @property
    def address(self) -> str:
        return reverse("updates:record", args=[self.uid])


class Choice(models.Model):
    """What the teacher decided for one place. It counts while the place is as it was `seen`."""

    wagtail_reference_index_ignore = True

    class Way(models.TextChoices):
        MINE = "mine", "用我的"
        THEIRS = "theirs", "用共案的"
        BOTH = "both", "两边都留"
        OWN = "own", "我自己改写"

    update = models.ForeignKey(Update, on_delete=models.CASCADE, related_name="choices")
    key = models.CharField(max_length=300)
    way = models.CharField("处理", max_length=10, choices=Way.choices)
    value = models.JSONField(null=True, blank=True)
    seen = models.CharField(max_length=64)
    decided_at = models.DateTimeField()

    class Meta:
        verbose_name = "处理"
        verbose_name_plural = "处理"
        constraints = [models.UniqueConstraint(fields=["update", "key"], name="updates_choice_once")]


class Unused(models.Model):
    """Words of either side that a merge did not use (没用上的文字): kept with the place they stood at."""

    wagtail_reference_index_ignore = True

    class Side(models.TextChoices):
        MINE = "mine", "你写的"
        THEIRS = "theirs", "共案写的"

    update = models.ForeignKey(Update, on_delete=models.CASCADE, related_name="unused")
    key = models.CharField(max_length=300)
    place = models.CharField(max_length=120)
    side = models.CharField(max_length=10, choices=Side.choices)
    value = models.JSONField(null=True)

    class Meta:
        verbose_name = "没用上的文字"
        verbose_name_plural = "没用上的文字"
        ordering = ["id"]
