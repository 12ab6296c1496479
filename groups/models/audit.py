"""Who did what, when: written in the transaction of the deed, sealed into a hash chain by the worker."""

from django.db import models


class AuditRow(models.Model):
    """One deed (审计记录). `seal` is SHA-256 over the previous seal and this row's canonical JSON; empty until sealed."""

    wagtail_reference_index_ignore = True

    at = models.DateTimeField("时间", auto_now_add=True, db_index=True)
    actor = models.ForeignKey(
        "groups.Person", verbose_name="操作人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    action = models.CharField("操作", max_length=60, db_index=True)
    thing = models.CharField("对象类型", max_length=40)
    thing_uid = models.CharField("对象编号", max_length=20, db_index=True)
    thing_title = models.CharField("对象", max_length=200, blank=True)
    detail = models.JSONField("详情", default=dict, blank=True)
    seal = models.CharField("封签", max_length=64, blank=True)

    class Meta:
        verbose_name = "审计记录"
        verbose_name_plural = "审计记录"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.action} {self.thing_title}"
