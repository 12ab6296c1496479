"""What a leader says of a teacher's plan (查阅), and the talk about it. Nothing here changes the plan."""

from django.db import models
from django.urls import reverse

from catalogue.uids import new_uid


class Inspection(models.Model):
    """A leader has read a plan that was ready (查阅): of exactly one version, with an opinion that its teacher sees."""

    wagtail_reference_index_ignore = True

    class Grade(models.TextChoices):
        PASS = "pass", "合格"
        GOOD = "good", "良好"
        EXCELLENT = "excellent", "优秀"

    uid = models.CharField(max_length=10, unique=True, default=new_uid, editable=False)
    adaptation = models.ForeignKey("adaptations.Adaptation", on_delete=models.PROTECT, related_name="inspections")
    version = models.ForeignKey("library.Version", on_delete=models.PROTECT, related_name="+")
    inspector = models.ForeignKey("groups.Person", on_delete=models.PROTECT, related_name="inspections")
    school_then = models.ForeignKey(
        "groups.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    grade = models.CharField("等第", max_length=10, choices=Grade.choices)
    words = models.CharField("查阅意见", max_length=500, blank=True)
    at = models.DateTimeField("查阅")

    class Meta:
        verbose_name = "查阅"
        verbose_name_plural = "查阅"
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["version", "inspector"], name="inspections_once_a_version"),
        ]

    def __str__(self) -> str:
        return f"{self.adaptation}：{self.get_grade_display()}"

    @property
    def address(self) -> str:
        return f"{reverse('adaptations:adaptation', args=[self.adaptation.uid])}#i-{self.uid}"


class InspectionReply(models.Model):
    """An answer below an inspection (回复), of the teacher or an inspector."""

    wagtail_reference_index_ignore = True

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="replies")
    author = models.ForeignKey("groups.Person", on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=500)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "查阅回复"
        verbose_name_plural = "查阅回复"
        ordering = ["at", "id"]
