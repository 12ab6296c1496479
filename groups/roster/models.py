"""What an import leaves behind, and the digests of one-time codes."""

from typing import ClassVar

from django.db import models
from django.urls import reverse

from catalogue.uids import new_uid
from groups.models import Person


class ImportJob(models.Model):
    """One workbook of people on its way into the site (导入): looked at first, then carried out by the worker."""

    wagtail_reference_index_ignore = True

    class State(models.TextChoices):
        QUEUED = "queued", "等待预览"
        CHECKING = "checking", "正在预览"
        READY = "ready", "等你确认"
        CONFIRMED = "confirmed", "等待导入"
        RUNNING = "running", "正在导入"
        DONE = "done", "已导入"
        DROPPED = "dropped", "已放弃"
        FAILED = "failed", "没有导入"

    WAITING: ClassVar[tuple[str, ...]] = (State.QUEUED, State.CHECKING, State.CONFIRMED, State.RUNNING)
    """States in which the worker has something to do."""

    uid = models.CharField("编号", max_length=10, unique=True, default=new_uid, editable=False)
    started_by = models.ForeignKey(
        Person, verbose_name="谁导入", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    file_name = models.CharField("文件名", max_length=200)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.QUEUED)
    rows = models.PositiveIntegerField("行数", default=0)
    done = models.PositiveIntegerField("已处理行数", default=0)
    chunks_done = models.PositiveIntegerField("已处理批数", default=0)
    counts = models.JSONField("计数", default=dict, help_text="表 → 新增、更新、不变、有误的行数")
    notes = models.JSONField("说明", default=list, help_text="关于整个文件的话")
    created_at = models.DateTimeField("上传时间")
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)

    class Meta:
        verbose_name = "人员导入"
        verbose_name_plural = "人员导入"
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "id"])]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_waiting(self) -> bool:
        return self.state in self.WAITING

    @property
    def percent(self) -> int:
        return round(100 * self.done / self.rows) if self.rows else 0

    @property
    def address(self) -> str:
        return reverse("people:import", args=[self.uid])


class ImportPayload(models.Model):
    """The bytes of an import and what was found in them (导入内容); forgotten after thirty days."""

    job = models.OneToOneField(ImportJob, on_delete=models.CASCADE, related_name="payload")
    workbook = models.BinaryField("工作簿")
    sample = models.JSONField("前几行", default=list)
    basis = models.JSONField("预览时的样子", default=dict, help_text="要改的每一行在预览时的指纹")
    bad_rows = models.JSONField("有误的行", default=list)

    class Meta:
        verbose_name = "导入内容"
        verbose_name_plural = "导入内容"

    def __str__(self) -> str:
        return f"{self.job_id}"


class SignInCode(models.Model):
    """A person's one-time code (一次性登录码), as a keyed digest. A new one replaces the old one."""

    wagtail_reference_index_ignore = True

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="sign_in_code")
    digest = models.CharField(max_length=64)
    issued_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "一次性登录码"
        verbose_name_plural = "一次性登录码"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("issued_at")), name="roster_code_expires_after_issue"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id}"
