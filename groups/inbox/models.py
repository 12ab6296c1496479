"""What a person is told (消息): one row for one person and one thing that happened."""

from django.db import models
from django.db.models import Q


class Message(models.Model):
    """One piece of news for one person.

    `words` may hold `{thing}`: the name is put in when the message is read, if the reader may still see the thing.
    """

    wagtail_reference_index_ignore = True

    class About(models.TextChoices):
        REVIEW = "review", "审核"
        COMMENT = "comment", "评论"
        THANKS = "thanks", "感谢"
        FOLLOW = "follow", "关注"
        WISH = "wish", "求资源"
        INVITATION = "invitation", "邀请"
        STUDIO = "studio", "工作室"
        NOTICE = "notice", "通知"

    recipient = models.ForeignKey("groups.Person", on_delete=models.CASCADE, related_name="inbox_messages")
    actor = models.ForeignKey("groups.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    about = models.CharField("事由", max_length=12, choices=About.choices)
    words = models.CharField("内容", max_length=300)
    thing = models.CharField(max_length=20, blank=True)
    thing_uid = models.CharField(max_length=20, blank=True)
    url = models.CharField("去处", max_length=200, blank=True, help_text="空：那件东西自己的地址")
    at = models.DateTimeField("时间")
    read_at = models.DateTimeField("读过", null=True, blank=True)

    class Meta:
        verbose_name = "消息"
        verbose_name_plural = "消息"
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["recipient", "-at"]),
            models.Index(fields=["recipient"], condition=Q(read_at__isnull=True), name="inbox_message_unread"),
        ]

    def __str__(self) -> str:
        return self.words
