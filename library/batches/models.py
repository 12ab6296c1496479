"""批量上传: many files at once, each with what its name says about it, until it is a draft."""

from django.db import models

from catalogue.uids import new_uid
from library.resources.models import Kind


class Batch(models.Model):
    """One folder or zip that a teacher sent. Its files are stored; nothing is a resource before the teacher has looked."""

    wagtail_reference_index_ignore = True

    uid = models.CharField(max_length=10, unique=True, default=new_uid, editable=False)
    owner = models.ForeignKey("groups.Person", verbose_name="上传人", on_delete=models.CASCADE, related_name="batches")
    school = models.ForeignKey(
        "groups.Organisation", verbose_name="学校", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    name = models.CharField("名称", max_length=200)
    ignored = models.PositiveSmallIntegerField("没有列出的系统文件", default=0)
    created_at = models.DateTimeField("上传时间", auto_now_add=True)

    class Meta:
        verbose_name = "批量上传"
        verbose_name_plural = "批量上传"
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name


class Row(models.Model):
    """One file of a batch. Refused: `problem` says why and there are no bytes. Done: `resource` is the draft made of it."""

    wagtail_reference_index_ignore = True

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="rows")
    order = models.PositiveSmallIntegerField()
    path = models.CharField("文件", max_length=400)
    file = models.ForeignKey(
        "media.File",
        verbose_name="存下的文件",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="batch_rows",
    )
    problem = models.CharField("不收的原因", max_length=400, blank=True)
    is_chosen = models.BooleanField("要建", default=True)
    kind = models.CharField("类型", max_length=20, choices=Kind.choices, blank=True)
    title = models.CharField("标题", max_length=120, blank=True)
    author = models.CharField("署名", max_length=60, blank=True)
    subject = models.ForeignKey("catalogue.Subject", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    grade = models.PositiveSmallIntegerField("年级", null=True, blank=True)
    node = models.ForeignKey(
        "catalogue.Node", verbose_name="目录位置", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    resource = models.OneToOneField(
        "library.Resource", null=True, blank=True, on_delete=models.SET_NULL, related_name="batch_row"
    )
    done_at = models.DateTimeField("建成时间", null=True, blank=True)
    remark = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        verbose_name = "批量上传的文件"
        verbose_name_plural = "批量上传的文件"
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "order"], name="batches_row_order_unique"),
            models.CheckConstraint(
                condition=models.Q(file__isnull=False, problem="")
                | (models.Q(file__isnull=True) & ~models.Q(problem="")),
                name="batches_row_kept_or_refused",
            ),
        ]

    def __str__(self) -> str:
        return self.path
