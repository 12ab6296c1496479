"""Beginning a plan: which prep group, term and book; between which weeks; or from last year's."""

from datetime import datetime
from typing import Any

from django import forms

from catalogue.models import Textbook
from groups import calendar
from groups.models import Organisation, Term
from lessons.plans import circles
from lessons.plans.models import LAST_WEEK, TermPlan


class TextbookField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.edition or ''} {obj.subject.name} {obj.grade_volume} {obj.get_revision_display()}".strip()


class TermField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj}，{calendar.weeks_in(obj)} 周，其中 {len(calendar.teaching_weeks(obj))} 周上课"


class PlanForm(forms.Form):
    """For one prep group; what it offers are the coming terms and the books of its schools."""

    term = TermField(label="学期", queryset=Term.objects.none(), empty_label=None)
    textbook = TextbookField(label="教材", queryset=Textbook.objects.none(), empty_label=None)
    carry_from = forms.ModelChoiceField(
        label="从哪里开始",
        queryset=TermPlan.objects.none(),
        required=False,
        empty_label="按教材目录和校历新排",
        help_text="沿用去年的：课题、周次和主备人照搬；教材换了版的，按新旧教材对照带过来",
    )
    first_week = forms.IntegerField(label="从第几周", min_value=1, max_value=LAST_WEEK, initial=1)
    last_week = forms.IntegerField(
        label="到第几周",
        min_value=1,
        max_value=LAST_WEEK,
        required=False,
        help_text="不填就排到学期末；期末复习要留几周，就少写几周",
    )
    by_unit = forms.ChoiceField(
        label="一行是", choices=[("", "一课（教材里的一课或一节）"), ("1", "一个单元")], required=False
    )

    def __init__(self, *args: Any, body: Organisation, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        terms, books = circles.terms_for(body, at), circles.books_for(body, at)
        term, textbook, carry = (self.fields[name] for name in ("term", "textbook", "carry_from"))
        assert isinstance(term, forms.ModelChoiceField)
        assert isinstance(textbook, forms.ModelChoiceField)
        assert isinstance(carry, forms.ModelChoiceField)
        term.queryset = Term.objects.filter(pk__in=[one.pk for one in terms]).prefetch_related("holidays")
        chosen = Textbook.objects.filter(pk__in=[book.pk for book in books]).select_related(
            "edition", "subject", "outline"
        )
        textbook.queryset = chosen.order_by("volume", "pk")
        carry.queryset = TermPlan.objects.filter(body=body).select_related("body", "term").order_by("-term__year")
        if books:
            textbook.initial = books[0].pk

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        first, last = told.get("first_week"), told.get("last_week")
        if first and last and last < first:
            self.add_error("last_week", f"第 {last} 周早于起始的第 {first} 周，请核对")
        return told
