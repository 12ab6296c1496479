"""Proposals about outlines (目录修订). Each is decided by a person other than the one who proposed it."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from catalogue.models import Node, Outline, Subject
from catalogue.uids import new_uid
from groups.models import Organisation, Person


class Course(models.Model):
    """What an outline that is no textbook belongs to (校本课程, 专题): a subject, and the school or group that runs it."""

    outline = models.OneToOneField(Outline, verbose_name="目录", on_delete=models.CASCADE, related_name="course")
    subject = models.ForeignKey(
        Subject, verbose_name="学科", null=True, blank=True, on_delete=models.PROTECT, related_name="courses"
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name="开设单位", null=True, blank=True, on_delete=models.PROTECT, related_name="courses"
    )
    created_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "校本课程与专题"
        verbose_name_plural = "校本课程与专题"

    def __str__(self) -> str:
        return self.outline.title


class Proposal(models.Model):
    """What every proposal has: who proposed and why, who decided, and whether it was taken back later."""

    class State(models.TextChoices):
        WAITING = "waiting", "待确认"
        APPLIED = "applied", "已生效"
        DECLINED = "declined", "未通过"
        WITHDRAWN = "withdrawn", "已撤回"
        REVERTED = "reverted", "已还原"

    uid = models.CharField("编号", max_length=10, unique=True, default=new_uid, editable=False)
    subject = models.ForeignKey(
        Subject, verbose_name="学科", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.CharField("理由", max_length=300)
    proposed_by = models.ForeignKey(Person, verbose_name="提出人", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField("提出时间")
    decided_by = models.ForeignKey(
        Person, verbose_name="确认人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField("确认时间", null=True, blank=True)
    note = models.CharField("意见", max_length=300, blank=True)
    reverted_by = models.ForeignKey(
        Person, verbose_name="还原人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reverted_at = models.DateTimeField("还原时间", null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        abstract = True
        ordering = ["-proposed_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="outlines_%(class)s_two_persons",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("applied", "declined", "reverted")) | Q(decided_by__isnull=False),
                name="outlines_%(class)s_decided",
            ),
        ]


class Change(Proposal):
    """A change of one outline (目录修订): the whole outline as it was and as it shall be, so that it can be taken back."""

    outline = models.ForeignKey(Outline, verbose_name="目录", on_delete=models.CASCADE, related_name="changes")
    before = models.JSONField(default=list)
    after = models.JSONField(default=list)

    class Meta(Proposal.Meta):
        abstract = False
        verbose_name = "目录修订"
        verbose_name_plural = "目录修订"
        constraints = [
            *Proposal.Meta.constraints,
            models.UniqueConstraint(
                fields=["outline"], condition=Q(state="waiting"), name="outlines_change_one_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outline.title}（{self.get_state_display()}）"

    def get_absolute_url(self) -> str:
        return reverse("outlines:change", args=[self.uid])


class Mapping(Proposal):
    """Old revision → new revision of a textbook (新旧教材对照), by which resources are hung on the new one too."""

    old = models.ForeignKey(Outline, verbose_name="旧教材目录", on_delete=models.CASCADE, related_name="mappings_from")
    new = models.ForeignKey(Outline, verbose_name="新教材目录", on_delete=models.CASCADE, related_name="mappings_to")

    class Meta(Proposal.Meta):
        abstract = False
        verbose_name = "新旧教材对照"
        verbose_name_plural = "新旧教材对照"
        constraints = [
            *Proposal.Meta.constraints,
            models.CheckConstraint(condition=~Q(old=F("new")), name="outlines_mapping_two_books"),
            models.UniqueConstraint(
                fields=["old", "new"], condition=Q(state__in=("waiting", "applied")), name="outlines_mapping_one_alive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old.title} → {self.new.title}"

    def get_absolute_url(self) -> str:
        return reverse("outlines:mapping", args=[self.uid])


class MappingLine(models.Model):
    """One old entry and where it went, or one new entry that was not there before."""

    class Kind(models.TextChoices):
        SAME = "same", "相同"
        RENAMED = "renamed", "改名"
        MOVED = "moved", "移动"
        SPLIT = "split", "拆分"
        MERGED = "merged", "合并"
        DELETED = "deleted", "删除"
        ADDED = "added", "新增"

    mapping = models.ForeignKey(Mapping, on_delete=models.CASCADE, related_name="lines")
    old = models.ForeignKey(Node, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    new = models.ForeignKey(Node, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField("关系", max_length=10, choices=Kind.choices)
    order = models.PositiveIntegerField()

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["mapping", "old", "new"], name="outlines_mappingline_unique"),
            models.CheckConstraint(
                condition=Q(old__isnull=False) | Q(new__isnull=False), name="outlines_mappingline_something"
            ),
        ]


class Rehoming(models.Model):
    """A resource that a mapping hung on a new node (迁移记录); taking the mapping back removes exactly these."""

    mapping = models.ForeignKey(Mapping, on_delete=models.CASCADE, related_name="rehomings")
    resource = models.ForeignKey("library.Resource", on_delete=models.CASCADE, related_name="+")
    node = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="+")

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mapping", "resource", "node"], name="outlines_rehoming_unique")]
