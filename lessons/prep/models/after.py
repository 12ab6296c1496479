"""After it is settled: who is credited, who was handed it, what the group looks back on."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from lessons.prep.models.preparation import Preparation


class Credit(models.Model):
    """A name on the shared plan (署名): the lead, and everybody of whom something was adopted."""

    wagtail_reference_index_ignore = True

    class Part(models.TextChoices):
        LEAD = "lead", "主备"
        MEMBER = "member", "参备"

    preparation = models.ForeignKey(Preparation, on_delete=models.CASCADE, related_name="credits")
    person = models.ForeignKey("groups.Person", on_delete=models.PROTECT, related_name="+")
    school_then = models.ForeignKey(
        "groups.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    part = models.CharField("角色", max_length=10, choices=Part.choices)
    adopted = models.PositiveIntegerField("被采纳", default=0)

    class Meta:
        verbose_name = "署名"
        verbose_name_plural = "署名"
        ordering: ClassVar[list[str]] = ["part", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["preparation", "person"], name="prep_credit_once"),
            models.CheckConstraint(
                condition=Q(part="lead") | Q(adopted__gt=0), name="prep_credit_member_has_something_adopted"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_part_display()} {self.person}"


class HandDown(models.Model):
    """The shared plan was handed down to a teacher (下发), by name, or by the rule as a teacher of a school.

    A row with an organisation and no person says that the school was in it.
    """

    wagtail_reference_index_ignore = True

    preparation = models.ForeignKey(Preparation, on_delete=models.CASCADE, related_name="hand_downs")
    organisation = models.ForeignKey(
        "groups.Organisation",
        verbose_name="学校",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    person = models.ForeignKey(
        "groups.Person",
        verbose_name="教师",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="handed_down",
    )
    by = models.ForeignKey("groups.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间")
    other_edition = models.CharField("所用教材", max_length=60, blank=True, help_text="与共案不同时写明")

    class Meta:
        verbose_name = "下发"
        verbose_name_plural = "下发"
        ordering: ClassVar[list[str]] = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=False) | Q(person__isnull=False), name="prep_handdown_to_somebody"
            ),
            models.UniqueConstraint(
                fields=["preparation", "person"], condition=Q(person__isnull=False), name="prep_handdown_person_once"
            ),
            models.UniqueConstraint(
                fields=["preparation", "organisation"],
                condition=Q(person__isnull=True),
                name="prep_handdown_school_once",
            ),
        ]
        indexes = [models.Index(fields=["person"])]

    def __str__(self) -> str:
        return f"{self.preparation_id} → {self.person_id or self.organisation_id}"


class Recap(models.Model):
    """The group looks back (复盘): what went well, what to change next year."""

    wagtail_reference_index_ignore = True

    preparation = models.OneToOneField(Preparation, on_delete=models.CASCADE, related_name="recap")
    summary = models.TextField("总结", blank=True, max_length=5000)
    next_time = models.TextField("下一次怎么改", blank=True, max_length=5000)
    written_by = models.ForeignKey("groups.Person", on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        verbose_name = "复盘"
        verbose_name_plural = "复盘"

    def __str__(self) -> str:
        return self.summary[:40]
