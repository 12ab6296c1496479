"""What people say to each other about a resource: comments, thanks, following, and being asked to sign with."""

from django.db import models
from django.db.models import F, Q

from library.resources.models import Contribution


class Comment(models.Model):
    """A sentence under a published resource (评论), or an answer to one. Deleting leaves the row as a trace."""

    wagtail_reference_index_ignore = True

    resource = models.ForeignKey("library.Resource", on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey("groups.Person", on_delete=models.PROTECT, related_name="+")
    answers = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="replies")
    words = models.TextField("评论", blank=True, max_length=1000)
    at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.ForeignKey("groups.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "评论"
        verbose_name_plural = "评论"
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["resource", "at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(deleted_at__isnull=True, deleted_by__isnull=True) & ~Q(words="")
                | Q(deleted_at__isnull=False, deleted_by__isnull=False, words=""),
                name="together_comment_words_or_trace",
            ),
        ]

    def __str__(self) -> str:
        return self.words[:40]


class CommentReport(models.Model):
    """A reader says that a comment does not belong there (举报)."""

    wagtail_reference_index_ignore = True

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="reports")
    by = models.ForeignKey("groups.Person", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField("原因", max_length=200)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "评论举报"
        verbose_name_plural = "评论举报"
        constraints = [models.UniqueConstraint(fields=["comment", "by"], name="together_report_once_each")]

    def __str__(self) -> str:
        return self.reason


class Thanks(models.Model):
    """谢谢: once a person and resource."""

    wagtail_reference_index_ignore = True

    resource = models.ForeignKey("library.Resource", on_delete=models.CASCADE, related_name="thanks")
    person = models.ForeignKey("groups.Person", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "感谢"
        verbose_name_plural = "感谢"
        constraints = [models.UniqueConstraint(fields=["resource", "person"], name="together_thanks_once_each")]


class Follow(models.Model):
    """Somebody wants to hear what is new from a studio, a person or of a resource (关注). `told_until`: heard up to then."""

    wagtail_reference_index_ignore = True

    follower = models.ForeignKey("groups.Person", on_delete=models.CASCADE, related_name="follows")
    studio = models.ForeignKey(
        "groups.Organisation", null=True, blank=True, on_delete=models.CASCADE, related_name="followers"
    )
    person = models.ForeignKey(
        "groups.Person", null=True, blank=True, on_delete=models.CASCADE, related_name="followers"
    )
    resource = models.ForeignKey(
        "library.Resource", null=True, blank=True, on_delete=models.CASCADE, related_name="followers"
    )
    at = models.DateTimeField()
    told_until = models.DateTimeField()

    class Meta:
        verbose_name = "关注"
        verbose_name_plural = "关注"
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(studio__isnull=False, person__isnull=True, resource__isnull=True)
                    | Q(studio__isnull=True, person__isnull=False, resource__isnull=True)
                    | Q(studio__isnull=True, person__isnull=True, resource__isnull=False)
                ),
                name="together_follow_one_target",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=True) | ~Q(person=F("follower")), name="together_follow_not_oneself"
            ),
            *(
                models.UniqueConstraint(
                    fields=["follower", target],
                    condition=Q(**{f"{target}__isnull": False}),
                    name=f"together_follow_{target}_once",
                )
                for target in ("studio", "person", "resource")
            ),
        ]


class Invitation(models.Model):
    """An owner asks a colleague to sign as an author with a part (署名邀请). Credit is given only by accepting."""

    wagtail_reference_index_ignore = True

    resource = models.ForeignKey("library.Resource", on_delete=models.CASCADE, related_name="author_invitations")
    person = models.ForeignKey("groups.Person", on_delete=models.CASCADE, related_name="author_invitations")
    part = models.CharField("角色", max_length=10, choices=Contribution.Part.choices)
    invited_by = models.ForeignKey("groups.Person", on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    accepted = models.BooleanField("接受", default=False)

    class Meta:
        verbose_name = "署名邀请"
        verbose_name_plural = "署名邀请"
        ordering = ["-invited_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["resource", "person", "part"],
                condition=Q(answered_at__isnull=True),
                name="together_invitation_one_open",
            ),
            models.CheckConstraint(
                condition=Q(accepted=False) | Q(answered_at__isnull=False),
                name="together_invitation_accepted_is_answered",
            ),
        ]
