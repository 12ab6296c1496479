"""A school's time: terms with holidays, the textbooks it uses, which week meets which lesson, who teaches when."""

from django.db import models
from django.db.models import Q

from groups.models.dated import Dated
from groups.models.organisations import Organisation


class Term(models.Model):
    """A school year's half (学期). Without a school it is the city's, which every school without its own follows."""

    school = models.ForeignKey(
        Organisation, verbose_name="学校", null=True, blank=True, on_delete=models.CASCADE, related_name="terms"
    )
    year = models.PositiveSmallIntegerField("学年", help_text="学年开始的公历年份，如 2026 表示 2026—2027 学年")
    half = models.PositiveSmallIntegerField("学期", choices=[(1, "第一学期"), (2, "第二学期")])
    first_day = models.DateField("开学日")
    last_day = models.DateField("放假日")

    class Meta:
        verbose_name = "学期"
        verbose_name_plural = "学期"
        ordering = ["-year", "-half"]
        constraints = [
            models.UniqueConstraint(fields=["school", "year", "half"], name="groups_term_unique"),
            models.UniqueConstraint(
                fields=["year", "half"], condition=Q(school__isnull=True), name="groups_term_city_unique"
            ),
            models.CheckConstraint(
                condition=Q(last_day__gt=models.F("first_day")), name="groups_term_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}—{self.year + 1} 学年{self.get_half_display()}"


class Holiday(models.Model):
    """Days without lessons in a term (节假日), first and last included."""

    term = models.ForeignKey(Term, on_delete=models.CASCADE, related_name="holidays")
    name = models.CharField("名称", max_length=30)
    first_day = models.DateField("起")
    last_day = models.DateField("止")

    class Meta:
        verbose_name = "节假日"
        verbose_name_plural = "节假日"
        ordering = ["first_day"]

    def __str__(self) -> str:
        return self.name


class Adoption(Dated):
    """The textbook a school uses for a subject and grade (教材选用)."""

    school = models.ForeignKey(Organisation, verbose_name="学校", on_delete=models.CASCADE, related_name="adoptions")
    grade = models.PositiveSmallIntegerField("年级")
    textbook = models.ForeignKey(
        "catalogue.Textbook", verbose_name="教材", on_delete=models.PROTECT, related_name="adoptions"
    )

    class Meta(Dated.Meta):
        verbose_name = "教材选用"
        verbose_name_plural = "教材选用"
        indexes = [models.Index(fields=["school", "grade"])]

    def __str__(self) -> str:
        return f"{self.school} {self.grade} 年级 {self.textbook}"


class Pacing(models.Model):
    """The teaching week of a node (教学进度), where a school or prep group moved it off the even spread."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="pacings")
    term = models.ForeignKey(Term, on_delete=models.CASCADE, related_name="pacings")
    node = models.ForeignKey("catalogue.Node", on_delete=models.CASCADE, related_name="pacings")
    week = models.PositiveSmallIntegerField("周次")

    class Meta:
        verbose_name = "教学进度"
        verbose_name_plural = "教学进度"
        constraints = [models.UniqueConstraint(fields=["organisation", "term", "node"], name="groups_pacing_unique")]

    def __str__(self) -> str:
        return f"{self.node} 第{self.week}周"


class TimetableEntry(models.Model):
    """One period of a teacher's week (课表): weekday 1 to 5, period, class."""

    term = models.ForeignKey(Term, on_delete=models.CASCADE, related_name="timetable")
    person = models.ForeignKey("groups.Person", on_delete=models.CASCADE, related_name="timetable")
    school = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    weekday = models.PositiveSmallIntegerField("星期")
    period = models.PositiveSmallIntegerField("节次")
    class_name = models.CharField("班级", max_length=20)
    subject = models.ForeignKey("catalogue.Subject", on_delete=models.PROTECT, related_name="+")
    grade = models.PositiveSmallIntegerField("年级")

    class Meta:
        verbose_name = "课表"
        verbose_name_plural = "课表"
        ordering = ["weekday", "period"]
        constraints = [
            models.UniqueConstraint(fields=["term", "person", "weekday", "period"], name="groups_timetable_unique")
        ]

    def __str__(self) -> str:
        return f"星期{self.weekday}第{self.period}节 {self.class_name}"
