"""A prep group's plan of a term (集团统一备课计划): which lesson in which week, who leads it, what became of it.

A row has a state of its own only until its work starts; from then on its preparation tells.
"""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from catalogue.uids import new_uid
from groups.models import Person
from lessons.prep.models import Preparation, State

LAST_WEEK = 30
MOST_PARTS = 9


class TermPlan(models.Model):
    """One prep group's term with one textbook (备课计划).

    Attributes:
        carried_from: last year's plan from which this one was begun.
    """

    wagtail_reference_index_ignore = True

    uid = models.CharField(max_length=10, unique=True, default=new_uid, editable=False)
    body = models.ForeignKey(
        "groups.Organisation", verbose_name="备课组", on_delete=models.PROTECT, related_name="term_plans"
    )
    term = models.ForeignKey("groups.Term", verbose_name="学期", on_delete=models.PROTECT, related_name="term_plans")
    textbook = models.ForeignKey(
        "catalogue.Textbook", verbose_name="教材", on_delete=models.PROTECT, related_name="term_plans"
    )
    carried_from = models.ForeignKey(
        "self", verbose_name="沿用自", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_by = models.ForeignKey("groups.Person", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("排定时间")

    class Meta:
        verbose_name = "备课计划"
        verbose_name_plural = "备课计划"
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["body", "term", "textbook"], name="plans_termplan_once")]

    def __str__(self) -> str:
        return f"{self.body.display_name} {self.term} 备课计划"

    def get_absolute_url(self) -> str:
        return reverse("plans:board", args=[self.uid])


class PlanRow(models.Model):
    """One lesson or unit of a plan: its weeks, its lead, its preparation (计划中的一课).

    Attributes:
        part: 0 for the whole; a lesson that was split has the parts 1, 2, ….
        version: grows with every change; a change names the version that it saw, and a later one wins nothing.
    """

    wagtail_reference_index_ignore = True

    uid = models.CharField(max_length=10, unique=True, default=new_uid, editable=False)
    plan = models.ForeignKey(TermPlan, on_delete=models.CASCADE, related_name="rows")
    node = models.ForeignKey("catalogue.Node", verbose_name="课题", on_delete=models.PROTECT, related_name="plan_rows")
    part = models.PositiveSmallIntegerField("分段", default=0, validators=[MaxValueValidator(MOST_PARTS)])
    first_week = models.PositiveSmallIntegerField("起始周", validators=[MinValueValidator(1)])
    last_week = models.PositiveSmallIntegerField("结束周", validators=[MinValueValidator(1)])
    order = models.PositiveIntegerField("周内顺序")
    lead = models.ForeignKey(
        "groups.Person",
        verbose_name="主备人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="planned_rows",
    )
    preparation = models.OneToOneField(
        "prep.Preparation",
        verbose_name="集体备课",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="plan_row",
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    changed_by = models.ForeignKey("groups.Person", on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = "计划中的一课"
        verbose_name_plural = "计划中的课"
        ordering: ClassVar[list[str]] = ["first_week", "order", "pk"]
        indexes = [models.Index(fields=["lead", "first_week"]), models.Index(fields=["plan", "first_week", "order"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_week__gte=1) & Q(last_week__gte=F("first_week")) & Q(last_week__lte=LAST_WEEK),
                name="plans_planrow_weeks_in_order",
            ),
            models.CheckConstraint(condition=Q(part__lte=MOST_PARTS), name="plans_planrow_parts"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The lesson's heading; of a part with its number."""
        return f"{self.node.heading}（{'一二三四五六七八九'[self.part - 1]}）" if self.part else self.node.heading

    @property
    def work(self) -> Preparation | None:
        """The preparation, unless it was given up (作废): then the lesson can begin anew."""
        found = self.preparation
        return None if found is None or found.state == State.CANCELLED else found

    @property
    def leader(self) -> Person | None:
        """Who leads it now: once its work has begun the preparation knows."""
        return self.work.lead or self.lead if self.work else self.lead

    @property
    def weeks(self) -> str:
        return weeks_in_words(self.first_week, self.last_week)


def weeks_in_words(first: int, last: int) -> str:
    """第9周, 第9—10周."""
    return f"第{first}周" if first == last else f"第{first}—{last}周"


class SheetUpload(models.Model):
    """A workbook that was looked at and waits for its sender's yes (导入预览); forgotten after a day.

    Attributes:
        changes: what each good row would do, with the version of the row that it saw.
    """

    wagtail_reference_index_ignore = True

    uid = models.CharField(max_length=10, unique=True, default=new_uid, editable=False)
    plan = models.ForeignKey(TermPlan, on_delete=models.CASCADE, related_name="uploads")
    by = models.ForeignKey("groups.Person", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    changes = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "备课计划导入"
        verbose_name_plural = "备课计划导入"

    def __str__(self) -> str:
        return self.name


class CalendarFeed(models.Model):
    """A secret address at which a person's calendar program reads the plans (日历订阅). Revoking is a date."""

    wagtail_reference_index_ignore = True

    person = models.ForeignKey("groups.Person", on_delete=models.CASCADE, related_name="calendar_feeds")
    token_sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField("最近读取", null=True, blank=True)

    class Meta:
        verbose_name = "日历订阅"
        verbose_name_plural = "日历订阅"
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(revoked_at__isnull=True), name="plans_calendarfeed_one_alive"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id}"
