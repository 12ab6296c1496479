"""Organisations of every kind and the dated relation of one in another."""

from typing import ClassVar

from django.db import models
from django.urls import reverse

from catalogue.uids import new_uid
from groups.models.dated import Dated


class OrganisationKind(models.TextChoices):
    CITY = "city", "市教育局"
    COUNTY = "county", "县（区）教育局"
    GROUP = "group", "教育集团"
    SCHOOL = "school", "学校"
    CAMPUS = "campus", "校区"
    RESEARCH_GROUP = "research_group", "教研组"
    PREP_GROUP = "prep_group", "备课组"
    STUDIO = "studio", "名师工作室"
    CENTRE = "centre", "教师发展中心"
    PROJECT = "project", "项目组"


class GroupMode(models.TextChoices):
    TIGHT = "tight", "紧密型"
    LOOSE = "loose", "松散型"


class GroupForm(models.TextChoices):
    HEAD_SCHOOL = "head_school", "总校制"
    BRANCH = "branch", "分校"
    ENTRUSTED = "entrusted", "委托管理"
    ALLIANCE = "alliance", "联盟"


class Organisation(models.Model):
    """A body that people or other bodies belong to (机构)."""

    wagtail_reference_index_ignore = True

    uid = models.CharField(max_length=10, unique=True, default=new_uid, editable=False)
    slug = models.SlugField("网址", max_length=60, unique=True, allow_unicode=True)
    kind = models.CharField("类型", max_length=20, choices=OrganisationKind.choices)
    name = models.CharField("名称", max_length=80)
    short_name = models.CharField("简称", max_length=30, blank=True)
    code = models.CharField("机构代码", max_length=30, blank=True, help_text="学校标识码等外部编号")
    mode = models.CharField("集团类型", max_length=10, choices=GroupMode.choices, blank=True)
    form = models.CharField("办学形式", max_length=20, choices=GroupForm.choices, blank=True)
    is_rural = models.BooleanField("乡村学校", default=False)
    introduction = models.TextField("简介", blank=True)
    subject = models.ForeignKey(
        "catalogue.Subject", verbose_name="学科", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    grade = models.PositiveSmallIntegerField("年级", null=True, blank=True)
    closed_at = models.DateTimeField("关闭时间", null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "机构"
        verbose_name_plural = "机构"
        ordering = ["name"]
        indexes = [models.Index(fields=["kind", "name"])]

    def __str__(self) -> str:
        return self.name

    @property
    def display_name(self) -> str:
        return self.short_name or self.name

    def get_absolute_url(self) -> str:
        return reverse("groups:organisation", args=[self.slug])


class StudioManager(models.Manager["Studio"]):
    def get_queryset(self) -> models.QuerySet["Studio"]:
        return super().get_queryset().filter(kind=OrganisationKind.STUDIO)


class Studio(Organisation):
    """An organisation of the kind studio, as the access rule speaks of it (名师工作室)."""

    objects: ClassVar[StudioManager] = StudioManager()

    class Meta:
        proxy = True
        verbose_name = "名师工作室"
        verbose_name_plural = "名师工作室"


class OrganisationLink(Dated):
    """One organisation's dated place in another: a school in a group, a group in a county (机构隶属)."""

    wagtail_reference_index_ignore = True

    class Role(models.TextChoices):
        LEAD = "lead", "核心校"
        MEMBER = "member", "成员校"
        AREA = "area", "所属区域"
        PART = "part", "下设"

    member = models.ForeignKey(Organisation, verbose_name="成员", on_delete=models.PROTECT, related_name="links_up")
    parent = models.ForeignKey(Organisation, verbose_name="上级", on_delete=models.PROTECT, related_name="links_down")
    role = models.CharField("关系", max_length=10, choices=Role.choices)
    mode = models.CharField("紧密程度", max_length=10, choices=GroupMode.choices, blank=True)
    reason = models.CharField("事由", max_length=200, blank=True)
    approved_by = models.ForeignKey(
        "groups.Person", verbose_name="批准人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta(Dated.Meta):
        verbose_name = "机构隶属"
        verbose_name_plural = "机构隶属"
        indexes = [models.Index(fields=["parent", "starts_at"]), models.Index(fields=["member", "starts_at"])]

    def __str__(self) -> str:
        return f"{self.member} 在 {self.parent}"


class Charter(Dated):
    """A group's dated charter with its sharing rules (章程、协议)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="charters")
    title = models.CharField("标题", max_length=80)
    body = models.TextField("正文")

    class Meta(Dated.Meta):
        verbose_name = "章程"
        verbose_name_plural = "章程"
        ordering = ["-starts_at"]

    def __str__(self) -> str:
        return self.title
