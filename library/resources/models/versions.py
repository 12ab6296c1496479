"""One mutable text, many immutable ones."""

from django.db import models


class WorkingCopy(models.Model):
    """The one mutable text of a resource (工作稿). Every save is compare-and-set on `lock_version`."""

    wagtail_reference_index_ignore = True

    resource = models.OneToOneField("library.Resource", on_delete=models.CASCADE, related_name="working_copy")
    title = models.CharField("标题", max_length=120)
    document = models.JSONField(default=dict)
    lock_version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.ForeignKey("groups.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "工作稿"
        verbose_name_plural = "工作稿"


class AbstractAttachment(models.Model):
    """A file in a text, in order, with what it is there for."""

    wagtail_reference_index_ignore = True

    file = models.ForeignKey("media.File", on_delete=models.PROTECT, related_name="%(class)ss")
    order = models.PositiveSmallIntegerField(default=0)
    purpose = models.CharField(
        "用途",
        max_length=20,
        default="main",
        help_text="main 正文文件，attachment 附件，subtitle 字幕，poster 封面，picture 文中图片",
    )

    class Meta:
        abstract = True
        ordering = ["order", "id"]


class WorkingFile(AbstractAttachment):
    working_copy = models.ForeignKey(WorkingCopy, on_delete=models.CASCADE, related_name="attachments")


class Version(models.Model):
    """An immutable text (版本). `sha256` is over title, document and files in canonical JSON."""

    wagtail_reference_index_ignore = True

    resource = models.ForeignKey("library.Resource", on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("序号")
    title = models.CharField("标题", max_length=120)
    document = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64)
    label = models.CharField("版次", max_length=30, help_text="第3稿、v1.1、第2版")
    reason = models.CharField("说明", max_length=200, blank=True)
    cut_by = models.ForeignKey("groups.Person", on_delete=models.PROTECT, related_name="+")
    cut_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "版本"
        verbose_name_plural = "版本"
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["resource", "number"], name="library_version_number_unique")]

    def __str__(self) -> str:
        return f"{self.title} {self.label}"


class VersionFile(AbstractAttachment):
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="attachments")
