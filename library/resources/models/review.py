"""A version asks for an audience; the chain of reviewers answers, step by step."""

from django.db import models
from django.db.models import Q


class Submission(models.Model):
    """One version submitted for its audiences (送审). At most one open submission a resource."""

    wagtail_reference_index_ignore = True

    class Status(models.TextChoices):
        OPEN = "open", "待审"
        APPROVED = "approved", "已通过"
        RETURNED = "returned", "退回修改"
        WITHDRAWN = "withdrawn", "已撤回"

    resource = models.ForeignKey("library.Resource", on_delete=models.CASCADE, related_name="submissions")
    version = models.ForeignKey("library.Version", on_delete=models.PROTECT, related_name="submissions")
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.OPEN)
    submitted_by = models.ForeignKey("groups.Person", on_delete=models.PROTECT, related_name="submissions")
    submitted_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "送审"
        verbose_name_plural = "送审"
        ordering = ["-submitted_at"]
        constraints = [
            models.UniqueConstraint(fields=["resource"], condition=Q(status="open"), name="library_submission_one_open")
        ]


class SubmissionAudience(models.Model):
    """An audience asked for; becomes a Grant on approval. No organisation, no person: public."""

    wagtail_reference_index_ignore = True

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="audiences")
    organisation = models.ForeignKey(
        "groups.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    person = models.ForeignKey("groups.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    is_public = models.BooleanField(default=False)
    level = models.CharField(max_length=10, default="download")
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)


class ReviewStep(models.Model):
    """One reviewer's turn (审核): decided once, of exactly the submission's version."""

    wagtail_reference_index_ignore = True

    class Level(models.TextChoices):
        SCHOOL = "school", "校级审核"
        GROUP = "group", "集团审核"
        STUDIO = "studio", "工作室审核"
        COUNTY = "county", "县（区）审核"
        CITY = "city", "市级审核"

    class Decision(models.TextChoices):
        WAITING = "", "待审"
        APPROVED = "approved", "通过"
        RETURNED = "returned", "退回"

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="steps")
    order = models.PositiveSmallIntegerField()
    level = models.CharField("层级", max_length=10, choices=Level.choices)
    organisation = models.ForeignKey(
        "groups.Organisation", verbose_name="审核机构", on_delete=models.PROTECT, related_name="+"
    )
    delegated_to = models.ForeignKey(
        "groups.Organisation",
        verbose_name="委托机构",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    decision = models.CharField("结论", max_length=10, choices=Decision.choices, blank=True, default="")
    decided_by = models.ForeignKey("groups.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reasons = models.JSONField("退回原因", default=list, blank=True)
    opinion = models.TextField("修改意见", blank=True)
    internal_note = models.TextField("内部备注", blank=True)
    checked = models.JSONField("已核对", default=list, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = "审核"
        verbose_name_plural = "审核"
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "order"], name="library_reviewstep_order_unique"),
            models.CheckConstraint(
                condition=Q(decision="") | (Q(decided_by__isnull=False) & Q(decided_at__isnull=False) & ~Q(sha256="")),
                name="library_reviewstep_decided_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"《{self.submission.resource.title}》{self.get_level_display()}"
