"""从 Word 导入: a file that a teacher brought, the plans that were read in it, and what still waits for a place."""

from django.db import models

from catalogue.uids import new_uid


class WordImport(models.Model):
    """One Word file (导入). Nothing is a resource before the teacher has looked at it."""

    wagtail_reference_index_ignore = True

    class State(models.TextChoices):
        WAITING = "waiting", "等着读"
        READING = "reading", "正在读"
        READY = "ready", "读好了"
        FAILED = "failed", "没有读成"

    uid = models.CharField(max_length=10, unique=True, default=new_uid, editable=False)
    owner = models.ForeignKey(
        "groups.Person", verbose_name="导入人", on_delete=models.CASCADE, related_name="word_imports"
    )
    school = models.ForeignKey(
        "groups.Organisation", verbose_name="学校", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    node = models.ForeignKey(
        "catalogue.Node", verbose_name="目录位置", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    file = models.ForeignKey("media.File", verbose_name="原文件", on_delete=models.PROTECT, related_name="word_imports")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.CharField("没有读成的原因", max_length=300, blank=True)
    notes = models.JSONField("说明", default=list)
    original = models.JSONField("原文", default=dict)
    created_at = models.DateTimeField("导入时间", auto_now_add=True)
    reading_since = models.DateTimeField("开始读", null=True, blank=True)

    class Meta:
        verbose_name = "Word 导入"
        verbose_name_plural = "Word 导入"
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.file.name


class WordPicture(models.Model):
    """A picture of the file, kept as a file of its own."""

    wagtail_reference_index_ignore = True

    word_import = models.ForeignKey(WordImport, on_delete=models.CASCADE, related_name="pictures")
    file = models.ForeignKey("media.File", on_delete=models.PROTECT, related_name="word_pictures")

    class Meta:
        verbose_name = "Word 里的图片"
        verbose_name_plural = "Word 里的图片"


class WordPlan(models.Model):
    """One lesson plan of a file. `tray` is what fits nowhere yet (待归类); `revision` fences two open windows."""

    wagtail_reference_index_ignore = True

    word_import = models.ForeignKey(WordImport, on_delete=models.CASCADE, related_name="plans")
    position = models.PositiveSmallIntegerField()
    revision = models.PositiveIntegerField(default=0)
    title = models.CharField("课题", max_length=120, blank=True)
    head = models.JSONField("表头", default=dict)
    document = models.JSONField(default=dict)
    tray = models.JSONField("待归类", default=list)
    confidence = models.JSONField("把握", default=dict)
    comments = models.JSONField("批注", default=list)
    resource = models.OneToOneField(
        "library.Resource", null=True, blank=True, on_delete=models.SET_NULL, related_name="word_plan"
    )
    accepted_at = models.DateTimeField("收下时间", null=True, blank=True)

    class Meta:
        verbose_name = "Word 里的教案"
        verbose_name_plural = "Word 里的教案"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["word_import", "position"], name="word_imports_plan_position_unique"),
        ]

    def __str__(self) -> str:
        return self.title
