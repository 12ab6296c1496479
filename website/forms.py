"""Signing in, the first password, the three taps."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation

from catalogue.models import GRADE_NAMES, Subject, Textbook
from groups.models import Organisation, Person
from groups.viewer import SCHOOL_LIKE
from library.resources.keeping import typed_text

GRADES = frozenset(str(grade) for grade in range(1, 7))


class SignInForm(forms.Form):
    """Phone number, or school and staff number, and a password."""

    school = forms.ModelChoiceField(
        label="学校",
        queryset=Organisation.objects.filter(kind__in=SCHOOL_LIKE, closed_at__isnull=True),
        to_field_name="uid",
        required=False,
        empty_label="用手机号登录可以不选",
        help_text="用工号登录时要选",
    )
    account = forms.CharField(
        label="手机号或工号",
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label="密码",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class NewPasswordForm(forms.Form):
    """A password of one's own, after the one that the school gave."""

    password = forms.CharField(
        label="新密码",
        max_length=128,
        strip=False,
        help_text="至少 8 个字符，不要全是数字",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="再输一次",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        self.person = person
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        password_validation.validate_password(password, self.person)
        return password

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("password") and data.get("again") and data["password"] != data["again"]:
            self.add_error("again", "两次输入的不一样，请再输一次")
        return data


class TapsForm(forms.Form):
    """学科、年级、教材: three taps, changeable in the header at any time."""

    subject = forms.ModelChoiceField(
        label="学科", queryset=Subject.objects.filter(is_primary=True), to_field_name="code", widget=forms.RadioSelect
    )
    grade = forms.TypedChoiceField(
        label="年级", choices=[(n, GRADE_NAMES[n]) for n in range(1, 7)], coerce=int, widget=forms.RadioSelect
    )
    textbook = forms.ModelChoiceField(
        label="教材", queryset=Textbook.objects.none(), to_field_name="uid", required=False, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.data or self.initial
        books = Textbook.objects.active().with_nodes().select_related("edition", "subject", "outline")
        subject, grade = chosen.get("subject"), chosen.get("grade")
        if subject and str(grade) in GRADES:
            of_grade = books.filter(subject__code=typed_text(str(subject))).for_grade(int(str(grade)))
            self.fields["textbook"].queryset = of_grade  # type: ignore[attr-defined]
