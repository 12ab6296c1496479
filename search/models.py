"""The outbox: which documents changed, at which version, and how far the index has followed."""

from django.db import models


class OutboxRow(models.Model):
    """One document of the index (键 `<source>:<uid>`), for ever: a change raises its version, it is never doubled.

    Pending rows are what the worker has to do. The row stays as the register of versions, so that engines can refuse
    an older write that comes late.
    """

    source = models.CharField("来源", max_length=40)
    uid = models.CharField("编号", max_length=80)
    version = models.PositiveBigIntegerField("版本", default=1)
    pending = models.BooleanField("待写入", default=True)
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0)
    not_before = models.DateTimeField("不早于", null=True, blank=True)
    lease_until = models.DateTimeField("占用到", null=True, blank=True)
    error = models.TextField("最近的错误", blank=True, default="")
    parked = models.BooleanField("已搁置", default=False)

    class Meta:
        verbose_name = "索引待办"
        verbose_name_plural = "索引待办"
        constraints = [models.UniqueConstraint(fields=["source", "uid"], name="one_outbox_row_a_document")]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(pending=True, parked=False), name="outbox_to_do"),
        ]

    def __str__(self) -> str:
        return f"{self.source}:{self.uid} v{self.version}"


class Defect(models.Model):
    """A document that the index gave to somebody whom the database refused: the index and the access rule disagree."""

    source = models.CharField("来源", max_length=40)
    uid = models.CharField("编号", max_length=80)
    count = models.PositiveIntegerField("次数", default=0)
    last_at = models.DateTimeField("最近一次")

    class Meta:
        verbose_name = "检索与权限不一致"
        verbose_name_plural = "检索与权限不一致"
        constraints = [models.UniqueConstraint(fields=["source", "uid"], name="one_defect_row_a_document")]

    def __str__(self) -> str:
        return f"{self.source}:{self.uid} × {self.count}"
