"""`Preparation`: one lesson, or one topic, that a group of teachers works on together."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from catalogue.uids import new_uid


class Type(models.TextChoices):
    """Types of preparing together (集备类型)."""

    SHARED_PLAN = "shared_plan", "同备教案"
    TOPIC = "topic", "主题研讨"
    VIDEO = "video", "视频研讨"
    LIVE = "live", "直播课堂"


class State(models.TextChoices):
    """The states of a preparation; the rows of the access policy name them."""

    PLANNED = "planned", "计划"
    DRAFTING = "drafting", "初备中"
    DISCUSSING = "discussing", "研讨中"
    FOR_APPROVAL = "for_approval", "待审定"
    SETTLED = "settled", "已定稿"
    IN_USE = "in_use", "使用中"
    RECAPPING = "recapping", "复盘中"
    ARCHIVED = "archived", "已归档"
    CANCELLED = "cancelled", "已作废"


BEFORE_SETTLED = (State.PLANNED, State.DRAFTING, State.DISCUSSING, State.FOR_APPROVAL)
WITH_A_DRAFT = (
    State.DRAFTING,
    State.DISCUSSING,
    State.FOR_APPROVAL,
    State.SETTLED,
    State.IN_USE,
    State.RECAPPING,
    State.ARCHIVED,
)
WITH_A_SHARED_PLAN = (State.SETTLED, State.IN_USE, State.RECAPPING, State.ARCHIVED)
_OF_A_PLAN = Q(kind=Type.SHARED_PLAN)


class Preparation(models.Model):
    """One piece of preparing together (集体备课).

    Attributes:
        body: the prep group that plans it, or the group itself.
        circle: the group or school in which it takes place (集团、教研圈): whoever belongs to it no longer takes part no
            longer, except experts.
        resource: the draft that becomes the shared plan; none before somebody leads, and none for other types.
        settled_version: the shared plan in force: v1.0, later v1.1.
        moves: grows by one with every transition; a form carries it, so that a stale tab changes nothing.
        ticket: the form that planned it, so that a double click plans once.
    """

    wagtail_reference_index_ignore = True

    uid = models.CharField(max_length=10, unique=True, default=new_uid, editable=False)
    kind = models.CharField("类型", max_length=12, choices=Type.choices, default=Type.SHARED_PLAN)
    title = models.CharField("主题", max_length=120)
    requirements = models.TextField("活动要求", blank=True, max_length=2000)
    state = models.CharField("状态", max_length=12, choices=State.choices, default=State.PLANNED)
    moves = models.PositiveIntegerField(default=1, editable=False)
    body = models.ForeignKey(
        "groups.Organisation", verbose_name="备课组", on_delete=models.PROTECT, related_name="preparations"
    )
    circle = models.ForeignKey(
        "groups.Organisation", verbose_name="教研圈", on_delete=models.PROTECT, related_name="circle_preparations"
    )
    schools = models.ManyToManyField("groups.Organisation", verbose_name="参与学校", related_name="+", blank=True)
    subject = models.ForeignKey(
        "catalogue.Subject", verbose_name="学科", on_delete=models.PROTECT, related_name="preparations"
    )
    grade = models.PositiveSmallIntegerField(
        "年级", validators=[MinValueValidator(1), MaxValueValidator(6)], null=True, blank=True
    )
    node = models.ForeignKey(
        "catalogue.Node",
        verbose_name="课题",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="preparations",
    )
    period = models.PositiveSmallIntegerField("第几课时", default=1)
    periods = models.PositiveSmallIntegerField("共几课时", default=1)
    term = models.ForeignKey(
        "groups.Term",
        verbose_name="学期",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="preparations",
    )
    week = models.PositiveSmallIntegerField("周次", null=True, blank=True)
    organiser = models.ForeignKey(
        "groups.Person", verbose_name="组织者", on_delete=models.PROTECT, related_name="organised_preparations"
    )
    lead = models.ForeignKey(
        "groups.Person",
        verbose_name="主备人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="led_preparations",
    )
    approver = models.ForeignKey(
        "groups.Person",
        verbose_name="审定人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="approved_preparations",
    )
    resource = models.OneToOneField(
        "library.Resource",
        verbose_name="共案",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="preparation",
    )
    settled_version = models.ForeignKey(
        "library.Version", verbose_name="共案版本", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    link = models.URLField("视频或会议链接", blank=True, max_length=300)
    quorum = models.PositiveSmallIntegerField(
        "送审人数（%）", default=60, validators=[MaxValueValidator(100)], help_text="写过批注的参备人占几成才能送审"
    )
    drafting_due = models.DateField("初备截止", null=True, blank=True)
    discussing_due = models.DateField("研讨截止", null=True, blank=True)
    approval_due = models.DateField("定稿截止", null=True, blank=True)
    conclusion = models.TextField("结论", blank=True, max_length=5000)
    frozen_at = models.DateTimeField("名单固定", null=True, blank=True)
    settled_at = models.DateTimeField("定稿", null=True, blank=True)
    state_changed_at = models.DateTimeField()
    created_at = models.DateTimeField()
    ticket = models.CharField(max_length=40, null=True, blank=True, unique=True, editable=False)

    class Meta:
        verbose_name = "集体备课"
        verbose_name_plural = "集体备课"
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["body", "state"]),
            models.Index(fields=["circle", "state"]),
            models.Index(fields=["node", "state"]),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="prep_preparation_state_known"),
            models.CheckConstraint(condition=Q(kind__in=Type.values), name="prep_preparation_kind_known"),
            models.CheckConstraint(
                condition=Q(approver__isnull=True) | Q(lead__isnull=True) | ~Q(approver=F("lead")),
                name="prep_preparation_approver_is_not_the_lead",
            ),
            models.CheckConstraint(
                condition=Q(lead__isnull=False) | ~Q(state__in=WITH_A_DRAFT), name="prep_preparation_work_has_a_lead"
            ),
            models.CheckConstraint(
                condition=Q(resource__isnull=False) | ~(_OF_A_PLAN & Q(state__in=WITH_A_DRAFT)),
                name="prep_preparation_plan_has_a_draft",
            ),
            models.CheckConstraint(
                condition=Q(settled_version__isnull=False) | ~(_OF_A_PLAN & Q(state__in=WITH_A_SHARED_PLAN)),
                name="prep_preparation_settled_has_a_version",
            ),
            models.CheckConstraint(condition=Q(quorum__lte=100), name="prep_preparation_quorum_is_a_share"),
            models.CheckConstraint(
                condition=Q(period__gte=1) & Q(periods__gte=F("period")), name="prep_preparation_period_of_periods"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("remarks:room", args=[self.uid])

    @property
    def is_shared_plan(self) -> bool:
        return self.kind == Type.SHARED_PLAN
