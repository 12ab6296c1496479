"""Who takes part, as what, since when and how they came in."""

from typing import ClassVar

from django.db import models

from lessons.prep.models.preparation import Preparation


class Participant(models.Model):
    """Somebody's place in a preparation (参与者). One row a person; leaving is a date.

    `school_then` stays what it was (时任单位). The list follows the rule until the work starts, then it is fixed; who comes
    later is marked so.
    """

    wagtail_reference_index_ignore = True

    class Role(models.TextChoices):
        LEAD = "lead", "主备人"
        CO_LEAD = "co_lead", "协同主备"
        MEMBER = "member", "参备人"
        EXPERT = "expert", "特邀专家"
        APPROVER = "approver", "审定人"
        OBSERVER = "observer", "观察员"

    class How(models.TextChoices):
        RULE = "rule", "按学科年级"
        NAMED = "named", "点名"
        LATER = "later", "后加入"

    preparation = models.ForeignKey(Preparation, on_delete=models.CASCADE, related_name="participants")
    person = models.ForeignKey("groups.Person", on_delete=models.PROTECT, related_name="preparations")
    role = models.CharField("角色", max_length=10, choices=Role.choices, default=Role.MEMBER)
    school_then = models.ForeignKey(
        "groups.Organisation",
        verbose_name="时任单位",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    how = models.CharField("来由", max_length=10, choices=How.choices, default=How.RULE)
    joined_at = models.DateTimeField("加入")
    left_at = models.DateTimeField("退出", null=True, blank=True)

    class Meta:
        verbose_name = "参与者"
        verbose_name_plural = "参与者"
        ordering: ClassVar[list[str]] = ["joined_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["preparation", "person"], name="prep_participant_once"),
            models.UniqueConstraint(
                fields=["preparation"],
                condition=models.Q(role="lead", left_at__isnull=True),
                name="prep_participant_one_lead",
            ),
        ]
        indexes = [models.Index(fields=["person", "role"])]

    def __str__(self) -> str:
        return f"{self.person} {self.get_role_display()}"
