"""What a thing must have so that the access rule can speak about it."""

from django.db import models
from django.db.models import Q

from catalogue.uids import new_uid
from groups.models.dated import Dated


class State(models.TextChoices):
    """States of a resource (资源状态); the rows of the access policy name them."""

    DRAFT = "draft", "草稿"
    IN_REVIEW = "in_review", "待审"
    PUBLISHED = "published", "已发布"
    TAKEN_DOWN = "taken_down", "已下架"
    ARCHIVED = "archived", "已归档"
    BINNED = "binned", "回收站"


class Protected(models.Model):
    """Abstract: a thing with an owner, a home school, a state and dated grants.

    A concrete model adds `grants` (the reverse of its `AbstractGrant` subclass) and registers with `groups.access`.
    """

    uid = models.CharField(max_length=10, unique=True, default=new_uid, editable=False)
    owner = models.ForeignKey(
        "groups.Person", verbose_name="所有者", on_delete=models.PROTECT, related_name="owned_%(class)ss"
    )
    home_school = models.ForeignKey(
        "groups.Organisation",
        verbose_name="所属学校",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="home_%(class)ss",
    )
    state = models.CharField("状态", max_length=12, choices=State.choices, default=State.DRAFT)

    class Meta:
        abstract = True


class GrantLevel(models.TextChoices):
    VIEW = "view", "仅查看"
    DOWNLOAD = "download", "可下载"


class AbstractGrant(Dated):
    """Who may see a thing, how much, from when to when (共享范围). Exactly one audience; frozen once given."""

    organisation = models.ForeignKey(
        "groups.Organisation", verbose_name="机构", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    person = models.ForeignKey(
        "groups.Person", verbose_name="个人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    is_public = models.BooleanField("公开", default=False)
    level = models.CharField("权限", max_length=10, choices=GrantLevel.choices, default=GrantLevel.DOWNLOAD)
    given_by = models.ForeignKey(
        "groups.Person", verbose_name="授权人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta(Dated.Meta):
        abstract = True
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                condition=(
                    Q(organisation__isnull=False, person__isnull=True, is_public=False)
                    | Q(organisation__isnull=True, person__isnull=False, is_public=False)
                    | Q(organisation__isnull=True, person__isnull=True, is_public=True)
                ),
                name="%(app_label)s_%(class)s_one_audience",
            ),
        ]
