"""专题与资源集: resources put together by a person, or by a group or studio for its people."""

from django.db import models
from django.urls import reverse

from catalogue.uids import new_uid
from groups.models import AbstractGrant


class Collection(models.Model):
    """Resources in an order, with a word to each (资源集). With an organisation it is that body's special topic (专题)."""

    wagtail_reference_index_ignore = True

    uid = models.CharField(max_length=10, unique=True, default=new_uid, editable=False)
    title = models.CharField("标题", max_length=80)
    summary = models.TextField("说明", blank=True, max_length=500)
    owner = models.ForeignKey("groups.Person", on_delete=models.PROTECT, related_name="collections")
    organisation = models.ForeignKey(
        "groups.Organisation",
        verbose_name="机构",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="collections",
    )
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = "专题"
        verbose_name_plural = "专题"
        ordering = ["-changed_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("together:collection", args=[self.uid])


class CollectionGrant(AbstractGrant):
    """Who may read a collection (专题的共享范围); each resource in it still asks for its own."""

    wagtail_reference_index_ignore = True

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="grants")

    class Meta(AbstractGrant.Meta):
        abstract = False
        verbose_name = "专题共享范围"
        verbose_name_plural = "专题共享范围"


class CollectionItem(models.Model):
    wagtail_reference_index_ignore = True

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="items")
    resource = models.ForeignKey("library.Resource", on_delete=models.CASCADE, related_name="+")
    order = models.PositiveIntegerField("顺序")
    note = models.CharField("推荐语", max_length=200, blank=True)
    added_by = models.ForeignKey("groups.Person", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        verbose_name = "专题里的资源"
        verbose_name_plural = "专题里的资源"
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["collection", "resource"], name="together_item_once")]
