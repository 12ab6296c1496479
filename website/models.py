"""What editors compose: the visitors' home, news and help. Hundreds of pages, not hundreds of thousands."""

from typing import Any, ClassVar

from django import forms
from django.db import models
from django.http import HttpRequest
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.images.blocks import ImageChooserBlock
from wagtail.models import Page

from groups.page_rights import RuledPage
from website.page_forms import NewsPageForm

TEXT_FEATURES = ["h2", "h3", "bold", "ol", "ul", "link", "image", "document-link"]
TITLE = FieldPanel("title", classname="title")


class HomePage(RuledPage, Page):
    """The visitors' home (访客首页)."""

    headline = models.CharField("大标题", max_length=30, default="从一个好，到一片好")
    introduction = models.CharField("引言", max_length=160, blank=True)
    couplet = models.CharField("竖排题句", max_length=30, blank=True, help_text="两句，用逗号隔开")
    try_queries = models.CharField("试试", max_length=120, blank=True, help_text="几个搜索例子，用空格隔开")
    story_title = models.CharField("故事标题", max_length=40, blank=True)
    story = RichTextField("一节课的故事", features=TEXT_FEATURES, blank=True)

    content_panels: ClassVar[list[Any]] = [
        TITLE,
        FieldPanel("headline"),
        FieldPanel("introduction"),
        FieldPanel("couplet"),
        FieldPanel("try_queries"),
        FieldPanel("story_title"),
        FieldPanel("story"),
    ]
    promote_panels: ClassVar[list[Any]] = []
    settings_panels: ClassVar[list[Any]] = []
    subpage_types: ClassVar[list[str]] = ["website.NewsIndexPage", "website.HelpIndexPage", "studios.StudioIndexPage"]
    max_count = 1
    template = "website/home_visitor.html"

    class Meta:
        verbose_name = "首页"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from website.selectors import visitor_home

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        home = visitor_home(request.viewer)  # type: ignore[attr-defined]
        wanted = request.GET.get("subject", "")
        stocked = [shelf for shelf in home.shelves if shelf.textbooks]
        chosen = next((s for s in home.shelves if s.subject.code == wanted), stocked[0] if stocked else None)
        context |= {"home": home, "chosen": chosen, "chosen_editions": chosen.by_edition if chosen else []}
        context |= {"tries": self.try_queries.split(), "verses": [v for v in self.couplet.split("，") if v]}
        return context


class NewsIndexPage(RuledPage, Page):
    """All news (新闻), newest first."""

    content_panels: ClassVar[list[Any]] = [TITLE]
    parent_page_types: ClassVar[list[str]] = ["website.HomePage"]
    promote_panels: ClassVar[list[Any]] = []
    settings_panels: ClassVar[list[Any]] = []
    subpage_types: ClassVar[list[str]] = ["website.NewsPage"]
    max_count = 1
    template = "website/news_index.html"

    class Meta:
        verbose_name = "新闻列表页"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["news"] = NewsPage.objects.child_of(self).live().select_related("group").order_by("-date", "-pk")
        return context


class NewsPage(RuledPage, Page):
    """One piece of news (新闻), the city's or a group's own."""

    date = models.DateField("日期")
    lead = models.CharField("导语", max_length=160, blank=True)
    group = models.ForeignKey(
        "groups.Organisation",
        verbose_name="所属集团",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="news",
    )
    body = StreamField(
        [
            ("text", blocks.RichTextBlock(label="正文", features=TEXT_FEATURES, icon="doc-full")),
            ("picture", ImageChooserBlock(label="图片", icon="image")),
            ("quote", blocks.BlockQuoteBlock(label="引言", icon="openquote")),
        ],
        verbose_name="正文",
        blank=True,
    )

    content_panels: ClassVar[list[Any]] = [
        TITLE,
        FieldPanel("date"),
        FieldPanel("lead"),
        FieldPanel("group", widget=forms.Select),
        FieldPanel("body"),
    ]
    parent_page_types: ClassVar[list[str]] = ["website.NewsIndexPage"]
    promote_panels: ClassVar[list[Any]] = []
    settings_panels: ClassVar[list[Any]] = []
    subpage_types: ClassVar[list[str]] = []
    template = "website/news.html"
    base_form_class = NewsPageForm

    class Meta:
        verbose_name = "新闻"


class HelpIndexPage(RuledPage, Page):
    """All help pages (使用帮助)."""

    content_panels: ClassVar[list[Any]] = [TITLE]
    parent_page_types: ClassVar[list[str]] = ["website.HomePage"]
    promote_panels: ClassVar[list[Any]] = []
    settings_panels: ClassVar[list[Any]] = []
    subpage_types: ClassVar[list[str]] = ["website.HelpPage"]
    max_count = 1
    template = "website/help_index.html"

    class Meta:
        verbose_name = "帮助列表页"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["pages"] = HelpPage.objects.child_of(self).live().order_by("path")
        return context


class HelpPage(RuledPage, Page):
    """One question answered (帮助)."""

    lead = models.CharField("一句话回答", max_length=160, blank=True)
    body = RichTextField("正文", features=TEXT_FEATURES, blank=True)

    content_panels: ClassVar[list[Any]] = [TITLE, FieldPanel("lead"), FieldPanel("body")]
    parent_page_types: ClassVar[list[str]] = ["website.HelpIndexPage"]
    promote_panels: ClassVar[list[Any]] = []
    settings_panels: ClassVar[list[Any]] = []
    subpage_types: ClassVar[list[str]] = []
    template = "website/help.html"

    class Meta:
        verbose_name = "帮助"
