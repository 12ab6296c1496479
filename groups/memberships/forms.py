"""Forms of proposals, answers and charters."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone

from groups.days import known_day
from groups.models import Nature, Organisation, OrganisationKind, Person
from groups.models.organisations import GroupForm, GroupMode

DAY = forms.DateInput(attrs={"type": "date"})
NO_DAY = {"invalid": "不是日期，请从日历里选一天", "required": "还没有选日期"}


def midnight(day: date) -> datetime:
    """The beginning of a day in the city's own time."""
    return timezone.make_aware(datetime.combine(day, time()))


class ProposalForm(forms.Form):
    """Who and why; `others` are the schools, or the groups, that may be chosen."""

    other = forms.ModelChoiceField(
        queryset=Organisation.objects.none(),
        label="学校",
        to_field_name="uid",
        empty_label="请选择",
        error_messages={"required": "还没有选", "invalid_choice": "不在可选的里面，请重新选"},
    )
    reason = forms.CharField(label="事由", max_length=200, error_messages={"required": "还没有写事由"})
    document_title = forms.CharField(
        label="依据文件",
        max_length=120,
        help_text="协议、会议纪要或批文的名称与文号",
        error_messages={"required": "还没有写依据文件的名称"},
    )
    document = forms.CharField(
        label="文件正文", required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 4})
    )
    effective_on = forms.DateField(
        label="生效日期",
        required=False,
        widget=DAY,
        help_text="不填就在同意的当天生效",
        error_messages=NO_DAY,
        validators=[known_day],
    )
    mode = forms.ChoiceField(label="紧密程度", required=False, choices=[("", "不区分"), *GroupMode.choices])

    def __init__(self, *args: Any, others: Any, label: str, with_mode: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        other = self.fields["other"]
        other.label = label
        other.queryset = others  # type: ignore[attr-defined]
        if not with_mode:
            del self.fields["mode"]

    @property
    def effective_at(self) -> datetime | None:
        day = self.cleaned_data["effective_on"]
        return midnight(day) if day else None


class CharterForm(forms.Form):
    title = forms.CharField(label="标题", max_length=80, error_messages={"required": "还没有写标题"})
    starts_on = forms.DateField(label="从哪天起施行", widget=DAY, error_messages=NO_DAY, validators=[known_day])
    public_body = forms.CharField(
        label="公开部分",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="任何人都能看到",
    )
    body = forms.CharField(
        label="正文",
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="成员校的人能看到全文",
        error_messages={"required": "还没有写正文"},
    )


class ModesForm(forms.Form):
    mode = forms.ChoiceField(label="集团类型", required=False, choices=[("", "不区分"), *GroupMode.choices])
    form = forms.ChoiceField(label="办学形式", required=False, choices=[("", "不区分"), *GroupForm.choices])


class FoundingForm(forms.Form):
    """A new group in a bureau's area; the lead school is one of the area's schools."""

    name = forms.CharField(label="集团名称", max_length=80, error_messages={"required": "还没有写集团名称"})
    slug = forms.CharField(
        label="网址", max_length=60, help_text="可用汉字、字母、数字和短横", error_messages={"required": "还没有写网址"}
    )
    lead = forms.ModelChoiceField(
        queryset=Organisation.objects.none(),
        label="核心校",
        to_field_name="uid",
        empty_label="请选择",
        error_messages={"required": "还没有选核心校", "invalid_choice": "这所学校不在你的区域里，请重新选"},
    )
    mode = forms.ChoiceField(label="集团类型", required=False, choices=[("", "不区分"), *GroupMode.choices])

    def __init__(self, *args: Any, bureau: Organisation, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area = Organisation.objects.filter(
            kind=OrganisationKind.SCHOOL, closed_at__isnull=True, links_up__parent=bureau, links_up__starts_at__lte=at
        )
        self.fields["lead"].queryset = area.order_by("name").distinct()  # type: ignore[attr-defined]


EXCHANGES = (Nature.ROTATION, Nature.SUPPORT, Nature.PART_TIME, Nature.SHADOWING)


class ExchangeForm(forms.Form):
    """A teacher of another school comes for a time (交流轮岗、支教、走教、跟岗)."""

    who = forms.CharField(
        label="老师",
        max_length=30,
        help_text="手机号或人员编号；只写工号时请加上编制学校，如“西溪小学 A017”",
        error_messages={"required": "还没有写是哪位老师"},
    )
    nature = forms.ChoiceField(label="方式", choices=[(n.value, n.label) for n in EXCHANGES])
    starts_on = forms.DateField(label="起", widget=DAY, error_messages=NO_DAY, validators=[known_day])
    ends_on = forms.DateField(label="止（含当天）", widget=DAY, error_messages=NO_DAY, validators=[known_day])
    reason = forms.CharField(label="事由", max_length=200, required=False)

    def clean_who(self) -> Person:
        typed = str(self.cleaned_data["who"]).strip()
        found = Person.objects.filter(is_active=True)
        school, _, number = typed.rpartition(" ")
        if school:
            person = found.filter(staff_school__name=school.strip(), staff_number=number).first()
        else:
            person = found.filter(uid=typed).first() or found.filter(phone=typed).first()
        if person is None:
            raise forms.ValidationError(f"没有找到“{typed}”，请核对手机号、编号或工号")
        return person

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        starts, ends = told.get("starts_on"), told.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", "止期早于起期，请核对日期")
        return told
