"""Proposals by which schools enter and leave groups, and the part of a charter that everybody reads."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from groups.models import Charter, Organisation, OrganisationLink, Person
from groups.models.organisations import GroupMode


class Proposal(models.Model):
    """One school is to enter or to leave one group (进出集团的提议). Decided once; never deleted."""

    wagtail_reference_index_ignore = True

    class Kind(models.TextChoices):
        ENTRY = "entry", "加入"
        EXIT = "exit", "退出"

    class State(models.TextChoices):
        WAITING = "waiting", "待接受"
        ACCEPTED = "accepted", "已同意"
        DECLINED = "declined", "已拒绝"
        WITHDRAWN = "withdrawn", "已撤回"

    kind = models.CharField("事项", max_length=10, choices=Kind.choices)
    school = models.ForeignKey(Organisation, verbose_name="学校", on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(Organisation, verbose_name="集团", on_delete=models.PROTECT, related_name="+")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    mode = models.CharField("紧密程度", max_length=10, choices=GroupMode.choices, blank=True)
    reason = models.CharField("事由", max_length=200)
    document_title = models.CharField("依据文件", max_length=120)
    document = models.TextField("文件正文", blank=True)
    effective_at = models.DateTimeField("生效", null=True, blank=True)
    proposed_by = models.ForeignKey(Person, verbose_name="提议人", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField("提议时间")
    decided_by = models.ForeignKey(
        Person, verbose_name="决定人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)
    decision_note = models.CharField("答复", max_length=200, blank=True)
    link = models.ForeignKey(
        OrganisationLink, verbose_name="隶属", null=True, blank=True, on_delete=models.PROTECT, related_name="proposals"
    )

    class Meta:
        verbose_name = "进出集团的提议"
        verbose_name_plural = "进出集团的提议"
        ordering = ["-proposed_at", "-pk"]
        indexes = [models.Index(fields=["group", "-proposed_at"]), models.Index(fields=["school", "-proposed_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "group"], condition=Q(state="waiting"), name="memberships_proposal_one_waiting"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at__isnull=True, decided_by__isnull=True)
                | (~Q(state="waiting") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="memberships_proposal_decided_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(link__isnull=False), name="memberships_proposal_accepted_has_link"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school}{self.get_kind_display()}{self.group}"

    def get_absolute_url(self) -> str:
        return reverse("memberships:proposal", args=[self.pk])


class PublicPart(models.Model):
    """What anyone reads of a charter (章程的公开部分); its whole body is for the members. Without a row all of it is public."""

    wagtail_reference_index_ignore = True

    charter = models.OneToOneField(Charter, on_delete=models.CASCADE, related_name="public_part")
    body = models.TextField("公开部分", blank=True)

    class Meta:
        verbose_name = "章程公开部分"
        verbose_name_plural = "章程公开部分"
