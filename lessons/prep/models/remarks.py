"""What colleagues write into the margin of a draft: remarks with their answers, votes, and changes ready to be taken over."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from lessons.prep.models.preparation import Preparation
from lessons.prep.models.record import Draft
from library.documents.anchors import Anchor, as_path

MOST_WORDS = 1000
LONGEST_QUOTE = 2000


class Remark(models.Model):
    """A remark (批注) at a place of a numbered draft, or on the whole; deleting leaves the row as a trace.

    The place is as it was written: a path into the draft's document, a range of its text and what stood there. Where it
    stands in a later draft is worked out when it is read.
    """

    wagtail_reference_index_ignore = True

    class Kind(models.TextChoices):
        NOTE = "note", "批注"
        QUESTION = "question", "疑问"
        SUGGESTION = "suggestion", "修改建议"
        BALLOT = "ballot", "表决"

    class Disposition(models.TextChoices):
        ADOPTED = "adopted", "已采纳"
        PARTLY = "partly", "部分采纳"
        DECLINED = "declined", "不采纳"
        RESOLVED = "resolved", "已解决"

    preparation = models.ForeignKey(Preparation, on_delete=models.CASCADE, related_name="remarks")
    draft = models.ForeignKey(Draft, null=True, blank=True, on_delete=models.PROTECT, related_name="remarks")
    kind = models.CharField("类型", max_length=10, choices=Kind.choices, default=Kind.NOTE)
    author = models.ForeignKey("groups.Person", on_delete=models.PROTECT, related_name="+")
    school_then = models.ForeignKey(
        "groups.Organisation",
        verbose_name="时任单位",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    words = models.TextField("批注", blank=True, max_length=MOST_WORDS)
    path = models.CharField("位置", max_length=200, blank=True)
    start = models.PositiveIntegerField(default=0)
    end = models.PositiveIntegerField(default=0)
    quote = models.TextField("原话", blank=True, max_length=LONGEST_QUOTE)
    before = models.CharField(max_length=60, blank=True)
    after = models.CharField(max_length=60, blank=True)
    replacement = models.TextField("改成", blank=True, max_length=LONGEST_QUOTE)
    at = models.DateTimeField("时间")
    edited_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.ForeignKey("groups.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    disposition = models.CharField("处理", max_length=10, choices=Disposition.choices, blank=True)
    reason = models.CharField("理由", max_length=300, blank=True)
    disposed_by = models.ForeignKey("groups.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    disposed_at = models.DateTimeField(null=True, blank=True)
    taken_over = models.BooleanField("已写进教案", default=False)
    landed = models.JSONField(default=dict, blank=True, help_text="写进教案的位置，撤销时用")
    mentioned = models.ManyToManyField("groups.Person", related_name="+", blank=True)
    ticket = models.CharField(max_length=40, null=True, blank=True, unique=True, editable=False)

    class Meta:
        verbose_name = "批注"
        verbose_name_plural = "批注"
        ordering: ClassVar[list[str]] = ["at", "pk"]
        indexes = [models.Index(fields=["preparation", "disposition"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(deleted_at__isnull=True, deleted_by__isnull=True) & (~Q(words="") | Q(kind="suggestion"))
                | Q(deleted_at__isnull=False, deleted_by__isnull=False, words="", replacement=""),
                name="prep_remark_words_or_trace",
            ),
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="prep_remark_range_runs_forward"),
            models.CheckConstraint(
                condition=Q(disposition="", disposed_by__isnull=True, disposed_at__isnull=True)
                | ~Q(disposition="") & Q(disposed_by__isnull=False, disposed_at__isnull=False),
                name="prep_remark_disposed_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(disposition="declined") | ~Q(reason=""), name="prep_remark_declined_with_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(taken_over=False) | Q(kind="suggestion", disposition__in=["adopted", "partly"]),
                name="prep_remark_taken_over_when_adopted",
            ),
            models.CheckConstraint(
                condition=~Q(kind="suggestion") & Q(replacement="") | Q(kind="suggestion") & ~Q(path="") & ~Q(quote=""),
                name="prep_remark_suggests_for_words",
            ),
        ]

    def __str__(self) -> str:
        return self.words[:40] or self.replacement[:40]

    @property
    def is_open(self) -> bool:
        """Whether the lead still has to say what becomes of it."""
        return not self.disposition and self.deleted_at is None

    @property
    def anchor(self) -> Anchor:
        return Anchor(as_path(self.path), self.start, self.end, self.quote, self.before, self.after)


class Reply(models.Model):
    """An answer to a remark (回复). Deleting leaves the row as a trace."""

    wagtail_reference_index_ignore = True

    remark = models.ForeignKey(Remark, on_delete=models.CASCADE, related_name="replies")
    author = models.ForeignKey("groups.Person", on_delete=models.PROTECT, related_name="+")
    words = models.TextField("回复", blank=True, max_length=MOST_WORDS)
    at = models.DateTimeField("时间")
    edited_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.ForeignKey("groups.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ticket = models.CharField(max_length=40, null=True, blank=True, unique=True, editable=False)

    class Meta:
        verbose_name = "回复"
        verbose_name_plural = "回复"
        ordering: ClassVar[list[str]] = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(deleted_at__isnull=True, deleted_by__isnull=True) & ~Q(words="")
                | Q(deleted_at__isnull=False, deleted_by__isnull=False, words=""),
                name="prep_reply_words_or_trace",
            ),
        ]

    def __str__(self) -> str:
        return self.words[:40]


class Vote(models.Model):
    """Somebody's voice in a ballot (表决), one a person; it may change until the remark is disposed of."""

    wagtail_reference_index_ignore = True

    class Voice(models.TextChoices):
        FOR = "for", "同意"
        AGAINST = "against", "不同意"
        ABSTAIN = "abstain", "弃权"

    remark = models.ForeignKey(Remark, on_delete=models.CASCADE, related_name="votes")
    person = models.ForeignKey("groups.Person", on_delete=models.PROTECT, related_name="+")
    voice = models.CharField("表决", max_length=10, choices=Voice.choices)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "表决"
        verbose_name_plural = "表决"
        constraints = [models.UniqueConstraint(fields=["remark", "person"], name="prep_vote_once_a_person")]

    def __str__(self) -> str:
        return self.get_voice_display()


class RemarkReport(models.Model):
    """A participant says that a remark or an answer does not belong there (举报)."""

    wagtail_reference_index_ignore = True

    remark = models.ForeignKey(Remark, on_delete=models.CASCADE, related_name="reports")
    reply = models.ForeignKey(Reply, null=True, blank=True, on_delete=models.CASCADE, related_name="reports")
    by = models.ForeignKey("groups.Person", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField("原因", max_length=200)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "批注举报"
        verbose_name_plural = "批注举报"
        constraints = [
            models.UniqueConstraint(
                fields=["remark", "by"], condition=Q(reply__isnull=True), name="prep_report_remark_once"
            ),
            models.UniqueConstraint(
                fields=["reply", "by"], condition=Q(reply__isnull=False), name="prep_report_reply_once"
            ),
        ]

    def __str__(self) -> str:
        return self.reason
