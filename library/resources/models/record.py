"""`Resource`: one concrete table that lists, search and the access rule read alone."""

from django.db import models
from django.urls import reverse

from groups.models import AbstractGrant, Protected
from library.resources.querysets import ResourceQuerySet


class Kind(models.TextChoices):
    """Kinds of resource (资源类型)."""

    LESSON_DESIGN = "lesson_design", "教学设计"
    UNIT_DESIGN = "unit_design", "单元设计"
    MICRO_LESSON = "micro_lesson", "微课"
    TEACHING_CASE = "teaching_case", "教学案例"
    LESSON_RECORDING = "lesson_recording", "教学录像"
    HOMEWORK = "homework", "校本作业"
    QUESTION = "question", "试题"
    PAPER = "paper", "试卷"
    COURSEWARE = "courseware", "课件"
    WORKSHEET = "worksheet", "学习任务单"
    MATERIAL = "material", "素材"
    PACKAGE = "package", "课时包"


class Licence(models.TextChoices):
    GROUP = "group", "集团内部使用"
    SCHOOL = "school", "仅本校"
    SELF = "self", "仅本人"
    CC_BY = "cc_by", "CC BY 4.0"
    CC_BY_NC = "cc_by_nc", "CC BY-NC 4.0"
    CC_BY_ND = "cc_by_nd", "CC BY-ND 4.0"


class SourceType(models.TextChoices):
    ORIGINAL = "original", "原创"
    ADAPTED = "adapted", "改编"
    COMPILED = "compiled", "集成"
    CITED = "cited", "引用"


class Resource(Protected):
    """What every kind shares (资源). Written only through its child's services; never saved as a bare base instance.

    `published_version` is what readers see. `primary` is false on adaptations (个案), which search folds away.
    """

    wagtail_reference_index_ignore = True

    kind = models.CharField("类型", max_length=20, choices=Kind.choices)
    title = models.CharField("标题", max_length=120)
    subtitle = models.CharField("副标题", max_length=120, blank=True)
    summary = models.TextField("摘要", blank=True)
    keywords = models.JSONField("关键词", default=list, blank=True)
    subjects = models.ManyToManyField("catalogue.Subject", verbose_name="学科", related_name="resources", blank=True)
    grade_from = models.PositiveSmallIntegerField("起始年级", null=True, blank=True)
    grade_to = models.PositiveSmallIntegerField("结束年级", null=True, blank=True)
    for_pupils = models.BooleanField("面向学生", default=False)
    source_type = models.CharField("来源", max_length=10, choices=SourceType.choices, default=SourceType.ORIGINAL)
    licence = models.CharField("许可", max_length=10, choices=Licence.choices, default=Licence.GROUP)
    primary = models.BooleanField("原件", default=True)
    studio = models.ForeignKey(
        "groups.Organisation",
        verbose_name="工作室",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="studio_resources",
    )
    work = models.CharField(
        max_length=12,
        blank=True,
        default="",
        editable=False,
        help_text="未发布时由哪一类工作的规则管：prep 共案，adaptation 个案",
    )
    published_version = models.ForeignKey(
        "library.Version", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField("创建", auto_now_add=True)
    published_at = models.DateTimeField("发布", null=True, blank=True)
    state_reason = models.CharField("状态说明", max_length=300, blank=True)
    state_changed_at = models.DateTimeField(null=True, blank=True)
    taken_down_as = models.CharField(
        "下架人层级", max_length=20, blank=True, help_text="下架人当时的层级；同级或上级才能恢复"
    )

    objects = ResourceQuerySet.as_manager()

    class Meta:
        verbose_name = "资源"
        verbose_name_plural = "资源"
        ordering = ["-published_at", "-id"]
        indexes = [
            models.Index(fields=["state", "kind", "-published_at"]),
            models.Index(fields=["owner", "state"]),
            models.Index(fields=["home_school", "state"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="published") | models.Q(published_version__isnull=False),
                name="library_resource_published_has_version",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("library:resource", args=[self.uid])


class Grant(AbstractGrant):
    """A resource's grant to one audience (共享范围)."""

    wagtail_reference_index_ignore = True

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="grants")
    start_told = models.BooleanField("起点已入索引", default=False, editable=False)
    end_told = models.BooleanField("止点已入索引", default=False, editable=False)

    class Meta(AbstractGrant.Meta):
        abstract = False
        verbose_name = "共享范围"
        verbose_name_plural = "共享范围"
        indexes = [
            models.Index(fields=["organisation", "starts_at"]),
            models.Index(fields=["resource"]),
            models.Index(fields=["starts_at"], condition=models.Q(start_told=False), name="library_grant_start_untold"),
            models.Index(fields=["ends_at"], condition=models.Q(end_told=False), name="library_grant_end_untold"),
        ]

    def __str__(self) -> str:
        return f"{self.resource_id} → {'公开' if self.is_public else self.organisation_id or self.person_id}"


class Placement(models.Model):
    """A resource hangs on a node (挂接)."""

    wagtail_reference_index_ignore = True

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="placements")
    node = models.ForeignKey("catalogue.Node", on_delete=models.PROTECT, related_name="placements")
    is_main = models.BooleanField("主要位置", default=True)

    class Meta:
        verbose_name = "目录位置"
        verbose_name_plural = "目录位置"
        constraints = [models.UniqueConstraint(fields=["resource", "node"], name="library_placement_unique")]
        indexes = [models.Index(fields=["node", "resource"])]


class ExternalId(models.Model):
    """What another system calls this resource (外部编号)."""

    wagtail_reference_index_ignore = True

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="external_ids")
    system = models.CharField("系统", max_length=40)
    value = models.CharField("编号", max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["system", "value"], name="library_externalid_unique")]
