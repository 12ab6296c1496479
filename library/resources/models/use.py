"""What happens to a resource after it is published: taken, kept, looked at, taught."""

from django.db import models
from django.db.models import Q


class Derivation(models.Model):
    """Where a resource came from (来历): one row a fork."""

    wagtail_reference_index_ignore = True

    class Relation(models.TextChoices):
        BASED_ON = "isBasedOn", "改编自"
        PART_OF = "isPartOf", "组成"
        REFERENCES = "references", "引用"

    resource = models.OneToOneField("library.Resource", on_delete=models.CASCADE, related_name="derived_from")
    source = models.ForeignKey("library.Resource", on_delete=models.PROTECT, related_name="derivations")
    source_version = models.ForeignKey("library.Version", on_delete=models.PROTECT, related_name="derivations")
    relation = models.CharField("关系", max_length=12, choices=Relation.choices, default=Relation.BASED_ON)
    follow = models.BooleanField("跟随更新", default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "来历"
        verbose_name_plural = "来历"
        indexes = [models.Index(fields=["source"])]


class Favourite(models.Model):
    """Kept for later (收藏)."""

    wagtail_reference_index_ignore = True

    person = models.ForeignKey("groups.Person", on_delete=models.CASCADE, related_name="favourites")
    resource = models.ForeignKey("library.Resource", on_delete=models.CASCADE, related_name="favourites")
    folder = models.CharField("收藏夹", max_length=30, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "收藏"
        verbose_name_plural = "收藏"
        constraints = [models.UniqueConstraint(fields=["person", "resource"], name="library_favourite_unique")]


class Receipt(models.Model):
    """A person or school keeps a version it received (留存凭据), read-only, pinned to that version."""

    wagtail_reference_index_ignore = True

    person = models.ForeignKey(
        "groups.Person", null=True, blank=True, on_delete=models.CASCADE, related_name="receipts"
    )
    school = models.ForeignKey(
        "groups.Organisation", null=True, blank=True, on_delete=models.CASCADE, related_name="receipts"
    )
    version = models.ForeignKey("library.Version", on_delete=models.CASCADE, related_name="receipts")
    received_at = models.DateTimeField()

    class Meta:
        verbose_name = "留存凭据"
        verbose_name_plural = "留存凭据"
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) ^ Q(school__isnull=False), name="library_receipt_one_holder"
            ),
            models.UniqueConstraint(
                fields=["person", "version"], condition=Q(person__isnull=False), name="library_receipt_person_unique"
            ),
            models.UniqueConstraint(
                fields=["school", "version"], condition=Q(school__isnull=False), name="library_receipt_school_unique"
            ),
        ]


class UsageEvent(models.Model):
    """One use, appended and never changed (使用记录). Counters are derived from it."""

    wagtail_reference_index_ignore = True

    class What(models.TextChoices):
        VIEW = "view", "浏览"
        DOWNLOAD = "download", "下载"
        FORK = "fork", "收入备课"
        FAVOURITE = "favourite", "收藏"
        TAUGHT = "taught", "上课使用"

    what = models.CharField("行为", max_length=10, choices=What.choices)
    resource = models.ForeignKey("library.Resource", on_delete=models.CASCADE, related_name="usage")
    version = models.ForeignKey("library.Version", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    person = models.ForeignKey("groups.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="usage")
    school_then = models.ForeignKey(
        "groups.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    group_then = models.ForeignKey(
        "groups.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        verbose_name = "使用记录"
        verbose_name_plural = "使用记录"
        indexes = [models.Index(fields=["resource", "what"]), models.Index(fields=["person", "-at"])]
