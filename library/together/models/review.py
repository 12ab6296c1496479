"""Beside the chain of review: reminders of what waits, appeals against a take-down, quality marks."""

from django.db import models
from django.db.models import Q


class Reminder(models.Model):
    """The reviewers of a waiting step were reminded (催办). Without a person: by the site itself."""

    wagtail_reference_index_ignore = True

    step = models.ForeignKey("library.ReviewStep", on_delete=models.CASCADE, related_name="reminders")
    by = models.ForeignKey("groups.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "催办"
        verbose_name_plural = "催办"
        ordering = ["-at"]


class Appeal(models.Model):
    """An owner asks for a taken-down thing to come back (申诉): answered once, by who took it down or above."""

    wagtail_reference_index_ignore = True

    class Status(models.TextChoices):
        OPEN = "open", "等答复"
        UPHELD = "upheld", "已恢复"
        DECLINED = "declined", "未恢复"

    resource = models.ForeignKey("library.Resource", on_delete=models.CASCADE, related_name="appeals")
    by = models.ForeignKey("groups.Person", on_delete=models.PROTECT, related_name="+")
    words = models.TextField("申诉理由", max_length=1000)
    at = models.DateTimeField()
    status = models.CharField("结果", max_length=10, choices=Status.choices, default=Status.OPEN)
    answer = models.TextField("答复", blank=True, max_length=1000)
    answered_by = models.ForeignKey("groups.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "申诉"
        verbose_name_plural = "申诉"
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(fields=["resource"], condition=Q(status="open"), name="together_appeal_one_open"),
            models.CheckConstraint(
                condition=Q(status="open") | Q(answered_by__isnull=False, answered_at__isnull=False),
                name="together_appeal_answered_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"《{self.resource.title}》的申诉"


class QualityMark(models.Model):
    """质量标识: a level, the body that gives it, and the number on the certificate."""

    wagtail_reference_index_ignore = True

    class Level(models.TextChoices):
        GROUP = "group", "集团精品"
        COUNTY = "county", "县级精品"
        CITY = "city", "市级精品"

    resource = models.ForeignKey("library.Resource", on_delete=models.CASCADE, related_name="marks")
    level = models.CharField("级别", max_length=10, choices=Level.choices)
    organisation = models.ForeignKey(
        "groups.Organisation", verbose_name="授予机构", on_delete=models.PROTECT, related_name="+"
    )
    certificate = models.CharField("证书编号", max_length=40, unique=True)
    awarded_by = models.ForeignKey("groups.Person", on_delete=models.PROTECT, related_name="+")
    awarded_at = models.DateTimeField()
    version = models.ForeignKey(
        "library.Version", verbose_name="授予的版本", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "质量标识"
        verbose_name_plural = "质量标识"
        ordering = ["-awarded_at"]
        constraints = [
            models.UniqueConstraint(fields=["resource", "organisation"], name="together_mark_once_an_organisation")
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()} {self.certificate}"
