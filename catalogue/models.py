"""What a lesson hangs on: textbooks and other outlines with their nodes, standards, competencies, knowledge points.

Facts about the field, the same for everybody; who uses which textbook when is in `groups`.
"""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from catalogue.numerals import chinese_numeral
from catalogue.querysets import NodeQuerySet, OutlineQuerySet, TextbookQuerySet
from catalogue.uids import new_uid


class Fact(models.Model):
    """A row of the catalogue. The editors' pages refer to none, so Wagtail keeps no index of references to it."""

    wagtail_reference_index_ignore = True

    class Meta:
        abstract = True


class Subject(Fact):
    """A subject (学科) with its printing-block character and colour token."""

    code = models.SlugField("代码", max_length=20, unique=True)
    name = models.CharField("名称", max_length=20, unique=True)
    block = models.CharField("活字", max_length=1)
    colour = models.CharField("颜色", max_length=20, help_text="设计变量 --subject-<颜色>")
    order = models.PositiveSmallIntegerField("顺序", default=0)
    is_primary = models.BooleanField("小学开设", default=True)

    class Meta:
        verbose_name = "学科"
        verbose_name_plural = "学科"
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.name


class Edition(Fact):
    """A textbook edition (版本) of one subject."""

    subject = models.ForeignKey(Subject, verbose_name="学科", on_delete=models.PROTECT, related_name="editions")
    name = models.CharField("名称", max_length=60)
    publisher = models.CharField("出版社", max_length=60, blank=True)
    chief_editor = models.CharField("主编", max_length=60, blank=True)
    start_grade = models.PositiveSmallIntegerField("起点年级", null=True, blank=True)
    is_active = models.BooleanField("启用", default=False)

    class Meta:
        verbose_name = "版本"
        verbose_name_plural = "版本"
        ordering = ["subject__order", "name"]
        constraints = [models.UniqueConstraint(fields=["subject", "name"], name="catalogue_edition_unique")]

    def __str__(self) -> str:
        return self.name


class EditionAlias(Fact):
    """Another name teachers use for an edition (版本别名): 部编版 for 统编版."""

    edition = models.ForeignKey(Edition, verbose_name="版本", on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField("别名", max_length=60)

    class Meta:
        verbose_name = "版本别名"
        verbose_name_plural = "版本别名"
        constraints = [models.UniqueConstraint(fields=["edition", "name"], name="catalogue_alias_unique")]

    def __str__(self) -> str:
        return self.name


class Outline(Fact):
    """An ordered tree of nodes (目录): a textbook's, a school course's or a theme's."""

    class Kind(models.TextChoices):
        TEXTBOOK = "textbook", "教材"
        COURSE = "course", "校本课程"
        THEME = "theme", "专题"

    class Confidence(models.TextChoices):
        CHECKED = "checked", "已核对"
        LIKELY = "likely", "较可靠"
        DRAFT = "draft", "待核对"

    uid = models.CharField("编号", max_length=10, unique=True, default=new_uid, editable=False)
    kind = models.CharField("类型", max_length=10, choices=Kind.choices, default=Kind.TEXTBOOK)
    title = models.CharField("标题", max_length=120)
    confidence = models.CharField("可信度", max_length=10, choices=Confidence.choices, default=Confidence.DRAFT)
    source = models.CharField("来源", max_length=200, blank=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    objects = OutlineQuerySet.as_manager()

    class Meta:
        verbose_name = "目录"
        verbose_name_plural = "目录"

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("catalogue:outline", args=[self.uid])


class Textbook(Fact):
    """A textbook (教材): stage, subject, edition, grades, volume, revision. Its nodes are its outline's."""

    class Revision(models.TextChoices):
        NEW = "new", "新教材"
        OLD = "old", "旧教材"
        UNMARKED = "", "未标注"

    class Volume(models.TextChoices):
        FIRST = "first", "上册"
        SECOND = "second", "下册"
        WHOLE = "whole", "全一册"
        OTHER = "other", "其他"

    uid = models.CharField("编号", max_length=10, unique=True, default=new_uid, editable=False)
    external_id = models.CharField("平台编号", max_length=60, null=True, blank=True, unique=True)
    title = models.CharField("书名", max_length=160)
    stage = models.CharField("学段", max_length=20, default="小学")
    subject = models.ForeignKey(Subject, verbose_name="学科", on_delete=models.PROTECT, related_name="textbooks")
    edition = models.ForeignKey(
        Edition, verbose_name="版本", null=True, blank=True, on_delete=models.PROTECT, related_name="textbooks"
    )
    grade_from = models.PositiveSmallIntegerField("起始年级", null=True, blank=True)
    grade_to = models.PositiveSmallIntegerField("结束年级", null=True, blank=True)
    volume = models.CharField("册次", max_length=10, choices=Volume.choices, default=Volume.OTHER)
    volume_label = models.CharField("册次原文", max_length=60, blank=True)
    revision = models.CharField("新旧", max_length=4, choices=Revision.choices, blank=True, default="")
    first_used = models.CharField("启用学期", max_length=20, blank=True)
    last_used = models.CharField("停用学期", max_length=20, blank=True)
    is_active = models.BooleanField("启用", default=False)
    outline = models.OneToOneField(
        Outline, verbose_name="目录", null=True, blank=True, on_delete=models.PROTECT, related_name="textbook"
    )

    objects = TextbookQuerySet.as_manager()

    class Meta:
        verbose_name = "教材"
        verbose_name_plural = "教材"
        ordering = ["subject__order", "edition__name", "grade_from", "volume"]
        indexes = [models.Index(fields=["subject", "grade_from", "volume", "is_active"])]

    def __str__(self) -> str:
        return self.title

    @property
    def volume_name(self) -> str:
        """上册, 全一册; as the book says it where that is something else (水平一)."""
        return self.volume_label if self.volume == self.Volume.OTHER else str(self.Volume(self.volume).label)

    @property
    def grade_volume(self) -> str:
        """三年级上册."""
        return f"{self.grade_label}{self.volume_name}"

    @property
    def grade_label(self) -> str:
        return grade_range_name(self.grade_from, self.grade_to)


GRADE_NAMES = {n: f"{character}年级" for n, character in enumerate("一二三四五六七八九", 1)}


def grade_range_name(first: int | None, last: int | None) -> str:
    """三年级, or 三至四年级 for a range; empty when there is none."""
    if first is None:
        return ""
    if last is None or last == first:
        return GRADE_NAMES.get(first, f"{first}年级")
    return f"{GRADE_NAMES[first][0]}至{GRADE_NAMES[last]}"


class Node(Fact):
    """One entry of an outline (目录节点): a unit, a lesson, a section. Addressed by uid, ordered by `order`."""

    class Kind(models.TextChoices):
        UNIT = "unit", "单元"
        LESSON = "lesson", "课"
        SECTION = "section", "节"
        PERIOD = "period", "课时"
        GARDEN = "garden", "语文园地"
        SPEAKING = "speaking", "口语交际"
        WRITING = "writing", "习作"
        READING = "reading", "快乐读书吧"
        PRACTICE = "practice", "综合与实践"
        REVIEW = "review", "整理和复习"
        EXERCISE = "exercise", "练习"

    class Status(models.TextChoices):
        DRAFT = "draft", "草稿"
        ACTIVE = "active", "启用"
        SUPERSEDED = "superseded", "已替换"
        RETIRED = "retired", "停用"

    uid = models.CharField("编号", max_length=10, unique=True, default=new_uid, editable=False)
    outline = models.ForeignKey(Outline, verbose_name="目录", on_delete=models.CASCADE, related_name="nodes")
    parent = models.ForeignKey(
        "self", verbose_name="上一级", null=True, blank=True, on_delete=models.CASCADE, related_name="children"
    )
    kind = models.CharField("类型", max_length=10, choices=Kind.choices)
    number = models.CharField("序号", max_length=12, blank=True, help_text="书上印的序号，如 6、5.2；没有就空着")
    title = models.CharField("标题", max_length=120)
    page_from = models.PositiveSmallIntegerField("起始页", null=True, blank=True)
    page_to = models.PositiveSmallIntegerField("结束页", null=True, blank=True)
    periods = models.PositiveSmallIntegerField("建议课时", null=True, blank=True)
    order = models.PositiveIntegerField("顺序", help_text="整本书内的先后")
    depth = models.PositiveSmallIntegerField("层级", default=1)
    status = models.CharField("状态", max_length=12, choices=Status.choices, default=Status.ACTIVE)
    knowledge: "models.ManyToManyField[Knowledge, NodeKnowledge]" = models.ManyToManyField(
        "Knowledge", verbose_name="知识点", through="NodeKnowledge", related_name="nodes"
    )
    standards: "models.ManyToManyField[Standard, NodeStandard]" = models.ManyToManyField(
        "Standard", verbose_name="课标条目", through="NodeStandard", related_name="nodes"
    )

    objects = NodeQuerySet.as_manager()

    class Meta:
        verbose_name = "目录节点"
        verbose_name_plural = "目录节点"
        ordering = ["outline_id", "order"]
        constraints = [models.UniqueConstraint(fields=["outline", "order"], name="catalogue_node_order_unique")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("catalogue:node", args=[self.outline.uid, self.uid])

    @property
    def label(self) -> str:
        """第六单元 for a numbered unit, else the title."""
        if self.kind == self.Kind.UNIT and self.number.isdigit():
            return f"第{chinese_numeral(int(self.number))}单元"
        return self.title

    @property
    def heading(self) -> str:
        """第六单元 多边形的面积; 第六单元 where the book prints no title; 13 猫 for a lesson; else the title."""
        if self.kind == self.Kind.UNIT:
            return self.label if self.title == self.label else f"{self.label} {self.title}"
        return f"{self.number} {self.title}" if self.number.isdigit() else self.title


class Competency(Fact):
    """A core competency of a subject (核心素养)."""

    subject = models.ForeignKey(Subject, verbose_name="学科", on_delete=models.PROTECT, related_name="competencies")
    name = models.CharField("名称", max_length=40)
    order = models.PositiveSmallIntegerField("顺序", default=0)

    class Meta:
        verbose_name = "核心素养"
        verbose_name_plural = "核心素养"
        ordering = ["subject__order", "order"]
        constraints = [models.UniqueConstraint(fields=["subject", "name"], name="catalogue_competency_unique")]

    def __str__(self) -> str:
        return self.name


class Standard(Fact):
    """A statement of the curriculum standard (课标条目)."""

    class Kind(models.TextChoices):
        CONTENT = "content", "内容要求"
        ACHIEVEMENT = "achievement", "学业要求"
        ADVICE = "advice", "教学提示"
        QUALITY = "quality", "学业质量"

    subject = models.ForeignKey(Subject, verbose_name="学科", on_delete=models.PROTECT, related_name="standards")
    stage = models.CharField(
        "学段", max_length=10, choices=[("1-2", "第一学段"), ("3-4", "第二学段"), ("5-6", "第三学段"), ("1-6", "小学")]
    )
    domain = models.CharField("学习领域", max_length=60)
    kind = models.CharField("类型", max_length=12, choices=Kind.choices, default=Kind.CONTENT)
    code = models.CharField("编码", max_length=60, unique=True)
    text = models.TextField("内容")
    source = models.CharField("来源", max_length=200, blank=True)
    prerequisites = models.ManyToManyField(
        "self", verbose_name="先行条目", symmetrical=False, related_name="leads_to", blank=True
    )

    class Meta:
        verbose_name = "课标条目"
        verbose_name_plural = "课标条目"
        ordering = ["subject__order", "code"]

    def __str__(self) -> str:
        return self.text[:40]


class Knowledge(Fact):
    """A knowledge point (知识点), in a tree, with what must be known before."""

    uid = models.CharField("编号", max_length=10, unique=True, default=new_uid, editable=False)
    subject = models.ForeignKey(Subject, verbose_name="学科", on_delete=models.PROTECT, related_name="knowledge")
    parent = models.ForeignKey(
        "self", verbose_name="上一级", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    name = models.CharField("名称", max_length=80)
    description = models.TextField("说明", blank=True)
    prerequisites = models.ManyToManyField(
        "self", verbose_name="前置知识", symmetrical=False, related_name="leads_to", blank=True
    )

    class Meta:
        verbose_name = "知识点"
        verbose_name_plural = "知识点"
        ordering = ["subject__order", "name"]
        constraints = [
            models.UniqueConstraint(fields=["subject", "parent", "name"], name="catalogue_knowledge_unique"),
            models.UniqueConstraint(
                fields=["subject", "name"], condition=Q(parent__isnull=True), name="catalogue_knowledge_root_unique"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class KnowledgeAlias(Fact):
    """Another name of a knowledge point (知识点别名)."""

    knowledge = models.ForeignKey(Knowledge, verbose_name="知识点", on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField("别名", max_length=80)

    class Meta:
        verbose_name = "知识点别名"
        verbose_name_plural = "知识点别名"
        constraints = [models.UniqueConstraint(fields=["knowledge", "name"], name="catalogue_knowledge_alias_unique")]

    def __str__(self) -> str:
        return self.name


class NodeKnowledge(Fact):
    """A node teaches a knowledge point."""

    node = models.ForeignKey(Node, verbose_name="目录节点", on_delete=models.CASCADE)
    knowledge = models.ForeignKey(Knowledge, verbose_name="知识点", on_delete=models.CASCADE)
    is_main = models.BooleanField("主要", default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["node", "knowledge"], name="catalogue_nodeknowledge_unique")]


class NodeStandard(Fact):
    """A node serves a standard, mainly or among others."""

    node = models.ForeignKey(Node, verbose_name="目录节点", on_delete=models.CASCADE)
    standard = models.ForeignKey(Standard, verbose_name="课标条目", on_delete=models.CASCADE)
    is_main = models.BooleanField("主要", default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["node", "standard"], name="catalogue_nodestandard_unique")]


class KnowledgeStandard(Fact):
    """A knowledge point is asked for by a standard."""

    knowledge = models.ForeignKey(Knowledge, verbose_name="知识点", on_delete=models.CASCADE)
    standard = models.ForeignKey(Standard, verbose_name="课标条目", on_delete=models.CASCADE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["knowledge", "standard"], name="catalogue_knowledgestandard_unique")
        ]
