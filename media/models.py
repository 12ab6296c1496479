"""Uploads by content, and the site's own image and document models.

A `Blob` is bytes named by their SHA-256; a `File` is one upload of them: a name, an uploader, the checked type.
Access follows what contains the file: `library` decides; an orphan is its uploader's.
"""

from django.db import models
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage, AbstractRendition

from catalogue.uids import new_uid


class Blob(models.Model):
    """Bytes, once each (文件内容). `path` is the key in the `uploads` storage."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField("字节")
    path = models.CharField(max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "文件内容"
        verbose_name_plural = "文件内容"

    def __str__(self) -> str:
        return self.sha256[:12]


class File(models.Model):
    """One upload (文件): its name in the teacher's words, its type as the bytes say."""

    class Family(models.TextChoices):
        PICTURE = "picture", "图片"
        PDF = "pdf", "PDF"
        AUDIO = "audio", "音频"
        VIDEO = "video", "视频"
        WORD = "word", "文档"
        SLIDES = "slides", "演示文稿"
        SHEET = "sheet", "表格"
        ARCHIVE = "archive", "压缩包"
        OTHER = "other", "其他"

    uid = models.CharField(max_length=10, unique=True, default=new_uid, editable=False)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="files")
    name = models.CharField("文件名", max_length=200)
    content_type = models.CharField("类型", max_length=100)
    family = models.CharField("大类", max_length=10, choices=Family.choices)
    uploaded_by = models.ForeignKey(
        "groups.Person", verbose_name="上传人", on_delete=models.PROTECT, related_name="uploads"
    )
    uploaded_at = models.DateTimeField(auto_now_add=True)
    duration = models.PositiveIntegerField("时长（秒）", null=True, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    pages = models.PositiveIntegerField("页数", null=True, blank=True)
    pdf_twin = models.ForeignKey(
        "self", verbose_name="PDF 预览", null=True, blank=True, on_delete=models.SET_NULL, related_name="twin_of"
    )

    class Meta:
        verbose_name = "文件"
        verbose_name_plural = "文件"

    def __str__(self) -> str:
        return self.name


class SiteImage(AbstractImage):
    """An editor's picture on the site's Pages."""

    alt_text = models.CharField("替代文本", max_length=200, blank=True)

    admin_form_fields = (
        "title",
        "file",
        "alt_text",
        "collection",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )

    class Meta(AbstractImage.Meta):
        verbose_name = "图片"
        verbose_name_plural = "图片"


class SiteImageRendition(AbstractRendition):
    image = models.ForeignKey(SiteImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)


class SiteDocument(AbstractDocument):
    """An editor's document on the site's Pages."""

    admin_form_fields = ("title", "file", "collection", "tags")

    class Meta(AbstractDocument.Meta):
        verbose_name = "文档"
        verbose_name_plural = "文档"
