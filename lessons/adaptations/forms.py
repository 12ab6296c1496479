"""What is typed about a class that was taught; the rows of stages and objectives are named by their keys."""

from collections.abc import Iterable

from django import forms
from django.http import QueryDict

from lessons.adaptations.services import Reflection

MINUTES, GOAL = "min-", "goal-"
LAST_PERIOD = 12


class TaughtForm(forms.Form):
    """班级, 日期, 节次."""

    class_name = forms.CharField(
        label="班级", max_length=20, error_messages={"required": "班级还没填。写上在哪个班上的课，如 五(2)班"}
    )
    date = forms.DateField(
        label="授课日期",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "授课日期还没填", "invalid": "授课日期写成 2026-11-24 这样"},
    )
    period = forms.IntegerField(
        label="节次",
        min_value=1,
        max_value=LAST_PERIOD,
        error_messages={
            "required": "节次还没填。写上是当天第几节",
            "invalid": "节次写成数字，如 2",
            "min_value": "节次从 1 开始",
            "max_value": f"一天最多 {LAST_PERIOD} 节",
        },
    )


class ReflectionForm(forms.Form):
    """亮点, 问题, 改进."""

    highlights = forms.CharField(
        label="亮点", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    problems = forms.CharField(label="问题", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    improvements = forms.CharField(
        label="改进", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def reflection(self, typed: QueryDict) -> Reflection:
        """With the numbers of objectives and stages; ask `is_valid` first."""
        told = self.cleaned_data
        return Reflection(
            achieved=numbers(typed, GOAL),
            minutes=numbers(typed, MINUTES),
            highlights=told["highlights"],
            problems=told["problems"],
            improvements=told["improvements"],
        )


def numbers(typed: QueryDict, prefix: str) -> dict[str, int]:
    """Whole numbers by the key behind a prefix; an empty field is none, what is no number is -1, which no range has."""
    found = {name.removeprefix(prefix): str(typed[name]).strip() for name in _named(typed, prefix)}
    return {key: int(told) if told.isdecimal() and len(told) < 5 else -1 for key, told in found.items() if told}


def _named(typed: QueryDict, prefix: str) -> Iterable[str]:
    return [name for name in typed if name.startswith(prefix)]
