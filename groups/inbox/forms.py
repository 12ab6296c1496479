"""Where a person wants to be told (提醒设置)."""

from typing import Any

from django import forms
from django.conf import settings

from groups.inbox.models import Channel, Preference
from groups.inbox.ports import why_not

HOURS = [(hour, f"{hour}:00") for hour in range(24)]
WEEKDAYS = [(day, f"星期{name}") for day, name in enumerate("一二三四五六日", 1)]


class PreferenceForm(forms.ModelForm):
    class Meta:
        model = Preference
        fields = (
            "by_mail", "robot", "robot_url", "robot_secret", "rhythm", "hour", "weekday", "quiet_from", "quiet_to",
        )  # fmt: skip
        widgets = {
            "hour": forms.Select(choices=HOURS),
            "weekday": forms.Select(choices=WEEKDAYS),
            "quiet_from": forms.Select(choices=HOURS),
            "quiet_to": forms.Select(choices=HOURS),
            "robot_secret": forms.PasswordInput(attrs={"autocomplete": "off"}),
        }
        help_texts = {
            "robot_url": "在群的机器人设置里整段复制，以 https:// 开头。发到群里，群里的人都看得到",
            "robot_secret": "钉钉机器人选了“加签”才要填；不改就留空",
            "hour": "每天或每周汇总在几点发，快到期的待办会列在里面",
            "weekday": "每周汇总在哪一天发",
            "quiet_to": "两个钟点一样，就是不设免打扰",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known_secret = self.instance.robot_secret
        if not settings.INBOX_MAIL:
            del self.fields["by_mail"]
        robot = self.fields["robot"]
        assert isinstance(robot, forms.ChoiceField)
        robot.choices = [("", "不用"), *Channel.choices[1:]]
        if not settings.INBOX_ROBOT_HOSTS:
            for name in ("robot", "robot_url", "robot_secret"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        robot, url = told.get("robot", ""), told.get("robot_url", "")
        if robot and (problem := why_not(robot, url)):
            self.add_error("robot_url", problem)
        if "robot_secret" in self.fields and not told.get("robot_secret"):
            told["robot_secret"] = self.known_secret if robot else ""
        if told.get("by_mail") and not self.instance.person.email:
            self.add_error("by_mail", "你的账号没有登记邮箱，请本校管理员登记后再打开")
        return told
