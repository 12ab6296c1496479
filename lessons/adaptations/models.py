"""A teacher's own version of a shared plan, the classes it was taught to, and what flows back from it."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from catalogue.uids import new_uid


class Adaptation(models.Model):
    """A teacher's lesson plan for their own classes (个案): one a teacher for each preparation.

    Its text is the resource's working copy; what others read is `ready_version`, cut when the teacher says 已备好. A
    design that follows no shared plan has neither `preparation` nor `base`.
    """

    wagtail_reference_index_ignore = True

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        READY = "ready", "已备好"
        TAUGHT = "taught", "已授课"
        REFLECTED = "reflected", "已反思"

    uid = models.CharField(max_length=10, unique=True, default=new_uid, editable=False)
    resource = models.OneToOneField("library.Resource", on_delete=models.CASCADE, related_name="adaptation")
    teacher = models.ForeignKey("groups.Person", on_delete=models.PROTECT, related_name="adaptations")
    school_then = models.ForeignKey(
        "groups.Organisation",
        verbose_name="时任单位",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    preparation = models.ForeignKey(
        "prep.Preparation", null=True, blank=True, on_delete=models.PROTECT, related_name="adaptations"
    )
    base = models.ForeignKey("library.Version", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFT)
    ready_version = models.ForeignKey(
        "library.Version", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ready_at = models.DateTimeField("第一次备好", null=True, blank=True)
    shared_with_group = models.BooleanField("备课组可看", default=False)
    received_at = models.DateTimeField("接收")

    class Meta:
        verbose_name = "个案"
        verbose_name_plural = "个案"
        indexes = [models.Index(fields=["teacher", "state"])]
        constraints = [
            models.UniqueConstraint(fields=["preparation", "teacher"], name="adaptations_one_a_teacher"),
            models.CheckConstraint(
                condition=Q(preparation__isnull=True) | Q(base__isnull=False), name="adaptations_shared_has_base"
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(ready_version__isnull=False, ready_at__isnull=False),
                name="adaptations_ready_has_version",
            ),
        ]

    def __str__(self) -> str:
        return f"《{self.resource.title}》个案"

    def get_absolute_url(self) -> str:
        return reverse("adaptations:adaptation", args=[self.uid])


class TaughtLesson(models.Model):
    """One class that was taught from an adaptation (授课记录), and the teacher's reflection on it (教学反思).

    `minutes` maps stages to the minutes they took, `achieved` objectives to 1–5.
    """

    wagtail_reference_index_ignore = True

    uid = models.CharField(max_length=10, unique=True, default=new_uid, editable=False)
    adaptation = models.ForeignKey(Adaptation, on_delete=models.PROTECT, related_name="taught_lessons")
    version = models.ForeignKey("library.Version", on_delete=models.PROTECT, related_name="+")
    class_name = models.CharField("班级", max_length=20)
    date = models.DateField("授课日期")
    period = models.PositiveSmallIntegerField("节次", validators=[MinValueValidator(1), MaxValueValidator(12)])
    minutes = models.JSONField("各环节用时", default=dict, blank=True)
    achieved = models.JSONField("目标达成", default=dict, blank=True)
    highlights = models.TextField("亮点", blank=True)
    problems = models.TextField("问题", blank=True)
    improvements = models.TextField("改进", blank=True)
    recorded_at = models.DateTimeField()
    reflected_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "授课记录"
        verbose_name_plural = "授课记录"
        ordering = ["date", "period", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["adaptation", "class_name", "date", "period"], name="adaptations_taught_once"
            ),
            models.CheckConstraint(condition=Q(period__gte=1, period__lte=12), name="adaptations_taught_period"),
        ]

    def __str__(self) -> str:
        return f"{self.class_name} {self.date} 第{self.period}节"


class Proposal(models.Model):
    """A change of an adaptation, or a reflection, offered to the shared plan (回流建议): adopted or declined once.

    `changes` are those of `library.documents.difference` against `base`, as JSON; a reflection has none, but the lesson.
    """

    wagtail_reference_index_ignore = True

    class State(models.TextChoices):
        OPEN = "open", "讨论中"
        ADOPTED = "adopted", "已采纳"
        DECLINED = "declined", "不采纳"

    uid = models.CharField(max_length=10, unique=True, default=new_uid, editable=False)
    adaptation = models.ForeignKey(Adaptation, on_delete=models.PROTECT, related_name="proposals")
    preparation = models.ForeignKey("prep.Preparation", on_delete=models.PROTECT, related_name="proposals")
    base = models.ForeignKey("library.Version", on_delete=models.PROTECT, related_name="+")
    lesson = models.ForeignKey(TaughtLesson, null=True, blank=True, on_delete=models.PROTECT, related_name="proposals")
    changes = models.JSONField(default=list, blank=True)
    words = models.CharField("理由", max_length=500)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.OPEN)
    proposed_by = models.ForeignKey("groups.Person", on_delete=models.PROTECT, related_name="+")
    school_then = models.ForeignKey(
        "groups.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey("groups.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField("答复", max_length=500, blank=True)

    class Meta:
        verbose_name = "回流建议"
        verbose_name_plural = "回流建议"
        ordering = ["-proposed_at", "-id"]
        indexes = [models.Index(fields=["preparation", "state"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True)
                | (~Q(state="open") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="adaptations_proposal_decided_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(decision=""), name="adaptations_declined_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"《{self.preparation}》回流建议"

    @property
    def address(self) -> str:
        return reverse("adaptations:proposal", args=[self.uid])


class ProposalRemark(models.Model):
    """What somebody said to a proposal (讨论)."""

    wagtail_reference_index_ignore = True

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="remarks")
    author = models.ForeignKey("groups.Person", on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=500)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "讨论"
        verbose_name_plural = "讨论"
        ordering = ["at", "id"]
