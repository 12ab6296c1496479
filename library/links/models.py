"""A share link (分享链接): whoever holds it sees one published thing, until it ends."""

from django.db import models

from groups.models import Dated, GrantLevel


class ShareLink(Dated):
    """The token is stored as its SHA-256 only: the address is shown once, to its maker."""

    wagtail_reference_index_ignore = True

    resource = models.ForeignKey("library.Resource", on_delete=models.CASCADE, related_name="share_links")
    token_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    note = models.CharField("给谁用", max_length=40, blank=True)
    password = models.CharField("密码", max_length=128, blank=True)
    level = models.CharField("权限", max_length=10, choices=GrantLevel.choices, default=GrantLevel.VIEW)
    made_by = models.ForeignKey("groups.Person", on_delete=models.PROTECT, related_name="+")
    revoked_by = models.ForeignKey("groups.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    visits = models.PositiveIntegerField("打开次数", default=0)
    downloads = models.PositiveIntegerField("下载次数", default=0)

    class Meta(Dated.Meta):
        verbose_name = "分享链接"
        verbose_name_plural = "分享链接"
        ordering = ["-starts_at", "-pk"]
        indexes = [models.Index(fields=["resource", "-starts_at"])]

    def __str__(self) -> str:
        return self.note or f"分享链接 {self.pk}"
