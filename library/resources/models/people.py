"""Who made a resource, with the school of that day."""

from django.db import models


class Contribution(models.Model):
    """An author with a part (作者). `school_then` stays what it was (时任单位)."""

    wagtail_reference_index_ignore = True

    class Part(models.TextChoices):
        LEAD = "lead", "主备"
        MEMBER = "member", "参备"
        TEACHING = "teaching", "执教"
        GUIDING = "guiding", "指导"
        RECORDING = "recording", "录制"
        EDITING = "editing", "整理"

    resource = models.ForeignKey("library.Resource", on_delete=models.CASCADE, related_name="contributions")
    person = models.ForeignKey("groups.Person", on_delete=models.PROTECT, related_name="contributions")
    part = models.CharField("角色", max_length=10, choices=Part.choices, default=Part.LEAD)
    school_then = models.ForeignKey(
        "groups.Organisation",
        verbose_name="时任单位",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "作者"
        verbose_name_plural = "作者"
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["resource", "person", "part"], name="library_contribution_unique")
        ]


class DraftInvitation(models.Model):
    """A named person may edit the draft until it is published or the invitation is revoked (草稿协作邀请)."""

    wagtail_reference_index_ignore = True

    resource = models.ForeignKey("library.Resource", on_delete=models.CASCADE, related_name="draft_invitations")
    person = models.ForeignKey("groups.Person", on_delete=models.PROTECT, related_name="draft_invitations")
    invited_by = models.ForeignKey("groups.Person", on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "草稿协作邀请"
        verbose_name_plural = "草稿协作邀请"
