"""The form of a new share link, and the question for its password."""

from django import forms

from groups.days import known_day
from groups.models import GrantLevel


class LinkForm(forms.Form):
    note = forms.CharField(
        label="给谁用", max_length=40, required=False, help_text="只有你看得到，例如“区教研员听课用”"
    )
    level = forms.ChoiceField(label="能做什么", choices=GrantLevel.choices, initial=GrantLevel.VIEW)
    ends_on = forms.DateField(
        label="到哪天为止",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="这一天过完就打不开；不填就一直有效，直到你收回",
        error_messages={"invalid": "不是日期，请从日历里选一天"},
        validators=[known_day],
    )
    password = forms.CharField(
        label="密码",
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="至少 4 位；不填就不用密码",
    )


class PasswordForm(forms.Form):
    password = forms.CharField(
        label="密码",
        max_length=60,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "请填写给你链接的老师告诉你的密码"},
    )
