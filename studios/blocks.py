"""What a studio's host composes a page from (工作室页面组件)."""

from typing import Any

from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from library.resources.models import Kind

TEXT_FEATURES = ["h3", "bold", "ol", "ul", "link", "image", "document-link"]


class NoticeBlock(blocks.StructBlock):
    """公告: one dated sentence on top of the page."""

    date = blocks.DateBlock(label="日期")
    text = blocks.CharBlock(label="内容", max_length=200)

    class Meta:
        icon = "warning"
        label = "公告"
        template = "studios/blocks/notice.html"


class IdeaBlock(blocks.StructBlock):
    """理念: the host's sentence, set in Kai."""

    text = blocks.TextBlock(label="理念", max_length=300)
    signed = blocks.CharBlock(label="署名", max_length=30, required=False)

    class Meta:
        icon = "openquote"
        label = "理念"
        template = "studios/blocks/idea.html"


class TextBlock(blocks.StructBlock):
    """方案、制度 and other running text under a heading."""

    heading = blocks.CharBlock(label="标题", max_length=40)
    text = blocks.RichTextBlock(label="正文", features=TEXT_FEATURES)

    class Meta:
        icon = "doc-full"
        label = "图文"
        template = "studios/blocks/text.html"


class WorksBlock(blocks.StructBlock):
    """成果: the studio's published resources by a query; never a list that goes stale."""

    heading = blocks.CharBlock(label="标题", max_length=40, default="最新成果")
    kind = blocks.ChoiceBlock(label="类型", choices=Kind.choices, required=False)
    count = blocks.IntegerBlock(label="份数", default=6, min_value=1, max_value=24)

    class Meta:
        icon = "list-ul"
        label = "成果"
        template = "studios/blocks/works.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        from studios.selectors import works

        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        page, request = context.get("page"), context.get("request")
        if page is not None and request is not None:
            context["works"] = works(page.studio, request.viewer, kind=value["kind"] or "", limit=value["count"])
        return context


class VideoBlock(blocks.StructBlock):
    """视频: one of the studio's micro-lessons, by its number, shown if the reader may see it."""

    heading = blocks.CharBlock(label="标题", max_length=40)
    resource = blocks.CharBlock(label="微课编号", max_length=10, help_text="资源地址 /r/ 后面的十个字符")

    class Meta:
        icon = "media"
        label = "视频"
        template = "studios/blocks/video.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        from studios.selectors import video

        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        request = context.get("request")
        if request is not None:
            context["video"] = video(value["resource"], request.viewer)
        return context


class PictureBlock(blocks.StructBlock):
    """图片 with its alternative text."""

    image = ImageChooserBlock(label="图片")
    caption = blocks.CharBlock(label="说明", max_length=100)

    class Meta:
        icon = "image"
        label = "图片"
        template = "studios/blocks/picture.html"


class StudioBlocks(blocks.StreamBlock):
    notice = NoticeBlock()
    idea = IdeaBlock()
    works = WorksBlock()
    video = VideoBlock()
    text = TextBlock()
    picture = PictureBlock()
    document = DocumentChooserBlock(label="文件", icon="doc-full-inverse", template="studios/blocks/document.html")

    class Meta:
        label = "页面内容"
