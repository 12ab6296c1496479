"""The outbox: which documents changed, at which version, and how far the index has followed; and the index's own life."""

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
    feed = models.BooleanField("待补写", default=False)
    """Written to the live generation while another was being built: that one must have it too."""
    changed_at = models.DateTimeField("改动时间", null=True, blank=True)

    class Meta:
        verbose_name = "索引待办"
        verbose_name_plural = "索引待办"
        constraints = [models.UniqueConstraint(fields=["source", "uid"], name="one_outbox_row_a_document")]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(pending=True, parked=False), name="outbox_to_do"),
            models.Index(fields=["id"], condition=models.Q(feed=True), name="outbox_to_feed"),
            models.Index(fields=["id"], condition=models.Q(lease_until__isnull=False), name="outbox_leased"),
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


class Spread(models.Model):
    """A change that reaches many documents (a renamed node): one row in the author's transaction, worked off in pieces."""

    name = models.CharField("种类", max_length=40)
    argument = models.CharField("对象", max_length=80)
    after = models.CharField("做到", max_length=80, blank=True, default="")
    error = models.TextField("最近的错误", blank=True, default="")
    created_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "批量更新"
        verbose_name_plural = "批量更新"

    def __str__(self) -> str:
        return f"{self.name}:{self.argument}"


class Generation(models.Model):
    """One whole index: being built, answering, or kept to go back to. Which one answers is the engine's own word."""

    class State(models.TextChoices):
        STAGED = "staged", "正在建"
        LIVE = "live", "使用中"
        KEPT = "kept", "备用"

    name = models.CharField("名称", max_length=60, unique=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.STAGED)
    documents = models.PositiveIntegerField("文档数", default=0)
    error = models.TextField("最近的错误", blank=True, default="")
    started_at = models.DateTimeField("开始")
    promoted_at = models.DateTimeField("启用", null=True, blank=True)

    class Meta:
        verbose_name = "索引的一代"
        verbose_name_plural = "索引的各代"
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=models.Q(state="staged"), name="one_generation_is_built_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.get_state_display()}）"


class Heartbeat(models.Model):
    """When the worker was last seen."""

    name = models.CharField("进程", max_length=40, unique=True)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "心跳"
        verbose_name_plural = "心跳"

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"
