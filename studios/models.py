"""名师工作室: one page a studio, composed by its host; the studio itself is an organisation in `groups`."""

from typing import Any, ClassVar

from django import forms
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from groups.page_rights import RuledPage
from studios.blocks import StudioBlocks
from studios.page_forms import StudioPageForm

TITLE = FieldPanel("title", classname="title")


class StudioIndexPage(RuledPage, Page):
    """All studios (名师工作室), at /s/."""

    introduction = models.CharField("引言", max_length=200, blank=True)

    content_panels: ClassVar[list[Any]] = [TITLE, FieldPanel("introduction")]
    promote_panels: ClassVar[list[Any]] = []
    settings_panels: ClassVar[list[Any]] = []
    subpage_types: ClassVar[list[str]] = ["studios.StudioPage"]
    max_count = 1
    template = "studios/index.html"

    class Meta:
        verbose_name = "工作室列表页"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from studios.selectors import studio_cards

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["studios"] = studio_cards(self)
        return context


class StudioPage(RuledPage, Page):
    """A studio's page (工作室主页)."""

    class Level(models.TextChoices):
        SCHOOL = "school", "校级"
        GROUP = "group", "集团级"
        COUNTY = "county", "县（区）级"
        CITY = "city", "市级"
        PROVINCE = "province", "省级"

    studio = models.OneToOneField(
        "groups.Organisation", verbose_name="工作室", on_delete=models.PROTECT, related_name="studio_page"
    )
    number = models.CharField("编号", max_length=30, blank=True)
    level = models.CharField("级别", max_length=10, choices=Level.choices, default=Level.COUNTY)
    period = models.CharField("周期", max_length=30, blank=True, help_text="如 2024—2027 第一期")
    motto = models.CharField("一句话", max_length=80, blank=True)
    host_introduction = models.TextField("主持人简介", blank=True)
    body = StreamField(StudioBlocks(), verbose_name="页面内容", blank=True)

    content_panels: ClassVar[list[Any]] = [
        TITLE,
        FieldPanel("studio", widget=forms.Select),
        MultiFieldPanel([FieldPanel("number"), FieldPanel("level"), FieldPanel("period")], heading="基本信息"),
        FieldPanel("motto"),
        FieldPanel("host_introduction"),
        FieldPanel("body"),
    ]
    promote_panels: ClassVar[list[Any]] = []
    settings_panels: ClassVar[list[Any]] = []
    base_form_class = StudioPageForm
    parent_page_types: ClassVar[list[str]] = ["studios.StudioIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "studios/studio.html"

    class Meta:
        verbose_name = "工作室主页"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from studios.selectors import studio_facts

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["facts"] = studio_facts(self, request.viewer, at=timezone.now())  # type: ignore[attr-defined]
        return context


class Application(models.Model):
    """Somebody asks to join a studio (加入申请); its host answers once."""

    wagtail_reference_index_ignore = True

    class Status(models.TextChoices):
        OPEN = "open", "等答复"
        ACCEPTED = "accepted", "已接受"
        DECLINED = "declined", "未接受"

    studio = models.ForeignKey("groups.Organisation", on_delete=models.PROTECT, related_name="applications")
    person = models.ForeignKey("groups.Person", on_delete=models.CASCADE, related_name="studio_applications")
    words = models.TextField("申请理由", blank=True, max_length=500)
    at = models.DateTimeField()
    status = models.CharField("结果", max_length=10, choices=Status.choices, default=Status.OPEN)
    answer = models.CharField("答复", max_length=200, blank=True)
    answered_by = models.ForeignKey("groups.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "加入申请"
        verbose_name_plural = "加入申请"
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(
                fields=["studio", "person"], condition=models.Q(status="open"), name="studios_application_one_open"
            ),
            models.CheckConstraint(
                condition=models.Q(status="open") | models.Q(answered_by__isnull=False, answered_at__isnull=False),
                name="studios_application_answered_by_somebody",
            ),
        ]
