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
