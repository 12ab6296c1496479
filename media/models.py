"""Uploads by content, and the site's own image and document models.

A `Blob` is bytes named by their SHA-256; a `File` is one upload of them: a name, an uploader, the checked type.
Access follows what contains the file: `library` decides; an orphan is its uploader's.
"""

from django.db import models
from django.urls import reverse
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage, AbstractRendition

from catalogue.uids import new_uid

PREVIEW_PAGES = 300
"""Pages that a preview shows; the rest is in the download."""


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

    wagtail_reference_index_ignore = True

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
    note = models.CharField("处理说明", max_length=200, blank=True)
    pdf_twin = models.ForeignKey(
        "self", verbose_name="PDF 预览", null=True, blank=True, on_delete=models.SET_NULL, related_name="twin_of"
    )

    class Meta:
        verbose_name = "文件"
        verbose_name_plural = "文件"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("media:file", args=[self.uid, self.name])

    @property
    def download_url(self) -> str:
        return f"{self.get_absolute_url()}?download=1"

    @property
    def paged(self) -> "File | None":
        """The PDF whose pages stand for this file: itself, or the twin of an Office file."""
        return self if self.family == self.Family.PDF else self.pdf_twin

    @property
    def thumbnail_url(self) -> str:
        """A small picture of it; empty when there is none."""
        source = self if self.family == self.Family.PICTURE else self.paged
        return reverse("media:thumbnail", args=[source.uid]) if source else ""

    @property
    def page_urls(self) -> list[str]:
        """One picture for each page of the PDF or of the twin."""
        source = self.paged
        if source is None:
            return []
        shown = min(source.pages or 1, PREVIEW_PAGES)
        return [reverse("media:page", args=[source.uid, number]) for number in range(1, shown + 1)]

    @property
    def is_subtitles(self) -> bool:
        return self.content_type.startswith(("text/vtt", "application/x-subrip"))

    @property
    def track_url(self) -> str:
        """The same subtitles as WebVTT, for a `<track>`."""
        return reverse("media:track", args=[self.uid]) if self.is_subtitles else ""


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
