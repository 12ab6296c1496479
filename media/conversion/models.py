"""What the worker makes of stored bytes: their words for search, a PDF that stands for an Office file.

One row a blob and a work, so that files with the same bytes are worked on once. A row is leased: a worker that dies
leaves nothing behind but a lease that runs out.
"""

from django.db import models

from media.models import Blob


class Work(models.Model):
    """One work on one blob. `attempts` counts leases and fences them: only the latest may write its result."""

    class State(models.TextChoices):
        WAITING = "waiting", "排队中"
        RUNNING = "running", "正在处理"
        DONE = "done", "已完成"
        FAILED = "failed", "没有做成"
        UNAVAILABLE = "unavailable", "这台机器不能做"

    state = models.CharField("状态", max_length=12, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    leased_until = models.DateTimeField("租到", null=True, blank=True)
    not_before = models.DateTimeField("不早于", null=True, blank=True)
    reason = models.CharField("原因", max_length=300, blank=True)
    changed_at = models.DateTimeField("变动", auto_now=True)

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        return self.state in {self.State.WAITING, self.State.RUNNING}


class BlobWords(Work):
    """The words of a document with their places (文件里的文字). `passages`: [[place, text], …]."""

    blob = models.OneToOneField(Blob, primary_key=True, on_delete=models.CASCADE, related_name="words")
    passages = models.JSONField("文字", default=list)
    is_cut = models.BooleanField("只取了前面", default=False)

    class Meta:
        verbose_name = "文件文字"
        verbose_name_plural = "文件文字"
        indexes = [models.Index(fields=["state", "not_before"], name="conversion_words_due")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="running", leased_until__isnull=False)
                | (~models.Q(state="running") & models.Q(leased_until__isnull=True)),
                name="conversion_words_leased",
            )
        ]

    def __str__(self) -> str:
        return f"{self.blob_id[:12]} {self.get_state_display()}"


class PdfTwin(Work):
    """The PDF preview of an Office file (PDF 预览); the file itself holds the result as `File.pdf_twin`."""

    blob = models.OneToOneField(Blob, primary_key=True, on_delete=models.CASCADE, related_name="twin")

    class Meta:
        verbose_name = "PDF 预览"
        verbose_name_plural = "PDF 预览"
        indexes = [models.Index(fields=["state", "not_before"], name="conversion_twin_due")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="running", leased_until__isnull=False)
                | (~models.Q(state="running") & models.Q(leased_until__isnull=True)),
                name="conversion_twin_leased",
            )
        ]

    def __str__(self) -> str:
        return f"{self.blob_id[:12]} {self.get_state_display()}"
