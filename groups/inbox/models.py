"""What a person is told (消息): one row for one person and one thing that happened; and how it reaches them elsewhere.

A message asks to be sent in the transaction in which it is written; the worker makes a delivery of it for each channel
that the person has switched on, and tries until it is through.
"""

from django.core.validators import MaxValueValidator
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
    to_send = models.BooleanField("待转发", default=False, help_text="还没有按本人的设置排进邮件和群消息")

    class Meta:
        verbose_name = "消息"
        verbose_name_plural = "消息"
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["recipient", "-at"]),
            models.Index(fields=["recipient"], condition=Q(read_at__isnull=True), name="inbox_message_unread"),
            models.Index(fields=["at"], condition=Q(to_send=True), name="inbox_message_to_send"),
        ]

    def __str__(self) -> str:
        return self.words


class Channel(models.TextChoices):
    MAIL = "mail", "邮件"
    WECOM = "wecom", "企业微信"
    DINGTALK = "dingtalk", "钉钉"


class Preference(models.Model):
    """Where a person wants to be told, how often, and when not (提醒设置). Without a row: on the site alone.

    Attributes:
        quiet_from, quiet_to: hours between which nothing is sent; equal ones are no quiet hours. 22 to 7 spans the night.
        next_digest: when the next digest is due; none while everything is sent at once.
    """

    wagtail_reference_index_ignore = True

    class Rhythm(models.TextChoices):
        AT_ONCE = "at_once", "随到随发"
        DAILY = "daily", "每天一次"
        WEEKLY = "weekly", "每周一次"

    person = models.OneToOneField("groups.Person", on_delete=models.CASCADE, related_name="inbox_preference")
    by_mail = models.BooleanField("发邮件", default=False)
    robot = models.CharField("群机器人", max_length=10, choices=Channel.choices[1:], blank=True)
    robot_url = models.CharField("机器人地址", max_length=500, blank=True)
    robot_secret = models.CharField("加签密钥", max_length=120, blank=True)
    rhythm = models.CharField("多久一次", max_length=10, choices=Rhythm.choices, default=Rhythm.AT_ONCE)
    hour = models.PositiveSmallIntegerField("几点", default=7, validators=[MaxValueValidator(23)])
    weekday = models.PositiveSmallIntegerField("星期几", default=1)
    quiet_from = models.PositiveSmallIntegerField("免打扰从", default=22, validators=[MaxValueValidator(23)])
    quiet_to = models.PositiveSmallIntegerField("免打扰到", default=7, validators=[MaxValueValidator(23)])
    next_digest = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "提醒设置"
        verbose_name_plural = "提醒设置"
        indexes = [models.Index(fields=["next_digest"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(robot="") | ~Q(robot_url=""), name="inbox_preference_robot_has_an_address"
            ),
            models.CheckConstraint(
                condition=Q(hour__lte=23, quiet_from__lte=23, quiet_to__lte=23, weekday__gte=1, weekday__lte=7),
                name="inbox_preference_hours",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}"

    @property
    def channels(self) -> tuple[str, ...]:
        return tuple(filter(None, (Channel.MAIL.value if self.by_mail else "", self.robot)))


class Delivery(models.Model):
    """One message on its way to a person through one channel (转发). Sent ones are forgotten after a month.

    Attributes:
        not_before: the first moment at which to try: after quiet hours, at the next digest, after a failed attempt.
        stopped: it cannot be sent whatever is tried, for the reason in `error`: an address that does not exist.
    """

    wagtail_reference_index_ignore = True

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries")
    person = models.ForeignKey("groups.Person", on_delete=models.CASCADE, related_name="+")
    channel = models.CharField("渠道", max_length=10, choices=Channel.choices)
    not_before = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    stopped = models.BooleanField(default=False)

    class Meta:
        verbose_name = "转发"
        verbose_name_plural = "转发"
        constraints = [models.UniqueConstraint(fields=["message", "channel"], name="inbox_delivery_once")]
        indexes = [
            models.Index(
                fields=["not_before"], condition=Q(sent_at__isnull=True, stopped=False), name="inbox_delivery_due"
            ),
            models.Index(fields=["person", "channel"]),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.channel}"
