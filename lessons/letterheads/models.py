"""信头与模板: what a school puts around its teachers' plans. Every change is a version; the newest one counts."""

from django.db import models
from django.db.models import Q

from library.resources.models import Kind

TEMPLATED = (Kind.LESSON_DESIGN, Kind.UNIT_DESIGN, Kind.WORKSHEET, Kind.TEACHING_CASE)
"""Kinds for which a school may bring a template of its own."""


class Letterhead(models.Model):
    """One version of a school's letterhead (信头)."""

    wagtail_reference_index_ignore = True

    school = models.ForeignKey(
        "groups.Organisation", verbose_name="学校", on_delete=models.CASCADE, related_name="letterheads"
    )
    number = models.PositiveIntegerField("第几版")
    name = models.CharField("校名", max_length=60)
    footer = models.CharField("页脚一行", max_length=60, blank=True)
    logo = models.ForeignKey(
        "media.File", verbose_name="校徽", null=True, blank=True, on_delete=models.PROTECT, related_name="letterheads"
    )
    made_by = models.ForeignKey("groups.Person", verbose_name="保存人", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField("保存时间")

    class Meta:
        verbose_name = "信头"
        verbose_name_plural = "信头"
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["school", "number"], name="letterhead_version_once")]

    def __str__(self) -> str:
        return f"{self.name} 信头第{self.number}版"


class SchoolTemplate(models.Model):
    """One version of a school's Word template for a kind (模板). Without a file: from here on the plain one is used."""

    wagtail_reference_index_ignore = True

    school = models.ForeignKey(
        "groups.Organisation", verbose_name="学校", on_delete=models.CASCADE, related_name="word_templates"
    )
    kind = models.CharField("用于", max_length=20, choices=[(kind.value, kind.label) for kind in TEMPLATED])
    number = models.PositiveIntegerField("第几版")
    file = models.ForeignKey(
        "media.File",
        verbose_name="模板",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="school_templates",
    )
    places = models.JSONField("填写处", default=list)
    made_by = models.ForeignKey("groups.Person", verbose_name="上传人", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField("上传时间")

    class Meta:
        verbose_name = "学校模板"
        verbose_name_plural = "学校模板"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["school", "kind", "number"], name="school_template_version_once"),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in TEMPLATED]), name="school_template_of_a_written_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}模板第{self.number}版"
