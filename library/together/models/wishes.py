"""求资源: what somebody looked for and did not find, and what colleagues found for them."""

from django.db import models
from django.urls import reverse

from catalogue.uids import new_uid
from library.resources.models import Kind


class Wish(models.Model):
    """A teacher asks colleagues for what the library does not have yet (求资源)."""

    wagtail_reference_index_ignore = True

    uid = models.CharField(max_length=10, unique=True, default=new_uid, editable=False)
    asker = models.ForeignKey("groups.Person", on_delete=models.PROTECT, related_name="wishes")
    school_then = models.ForeignKey(
        "groups.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    words = models.CharField("求什么", max_length=120)
    details = models.TextField("说明", blank=True, max_length=500)
    node = models.ForeignKey(
        "catalogue.Node", verbose_name="哪一课", null=True, blank=True, on_delete=models.PROTECT, related_name="wishes"
    )
    kind = models.CharField("类型", max_length=20, choices=Kind.choices, blank=True)
    at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "求资源"
        verbose_name_plural = "求资源"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["node", "closed_at"])]

    def __str__(self) -> str:
        return self.words

    def get_absolute_url(self) -> str:
        return reverse("together:wish", args=[self.uid])


class WishAnswer(models.Model):
    """A colleague answers with a resource that the asker may read."""

    wagtail_reference_index_ignore = True

    wish = models.ForeignKey(Wish, on_delete=models.CASCADE, related_name="answers")
    resource = models.ForeignKey("library.Resource", on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey("groups.Person", on_delete=models.PROTECT, related_name="+")
    words = models.CharField("留言", max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "求资源的回应"
        verbose_name_plural = "求资源的回应"
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["wish", "resource"], name="together_answer_once")]
