"""Forms of a school's administrator: a person, an end date, the workbook, whom to give a code."""

from typing import Any

from django import forms

from catalogue.models import GRADE_NAMES, Subject
from groups.days import known_day
from groups.models import Person
from groups.roster.cells import PHONE
from groups.roster.reading import MOST_BYTES
from groups.roster.services import Particulars

XLSX = ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
GRADES = [("", "不限"), *((n, GRADE_NAMES[n]) for n in range(1, 7))]


class UploadForm(forms.Form):
    """A workbook of people."""

    workbook = forms.FileField(
        label="工作簿",
        allow_empty_file=True,
        help_text=f"按模板填好的 .xlsx，不超过 {MOST_BYTES >> 20} MB",
        widget=forms.FileInput(attrs={"accept": XLSX}),
        error_messages={"required": "还没有选文件，请选一个 .xlsx 工作簿"},
    )


class PersonForm(forms.Form):
    """A person's particulars."""

    name = forms.CharField(label="姓名", max_length=30)
    phone = forms.CharField(
        label="手机号",
        max_length=20,
        required=False,
        help_text="11 位，可以用来登录",
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    email = forms.EmailField(label="邮箱", required=False)
    title = forms.CharField(label="职称", max_length=30, required=False)
    subject = forms.ModelChoiceField(
        label="任教学科", queryset=Subject.objects.all(), required=False, empty_label="不限", to_field_name="code"
    )
    grade = forms.TypedChoiceField(label="任教年级", choices=GRADES, coerce=int, empty_value=None, required=False)

    def clean_phone(self) -> str | None:
        phone = "".join(str(self.cleaned_data["phone"]).split()).replace("-", "")
        if phone and not PHONE.fullmatch(phone):
            raise forms.ValidationError("不是 11 位手机号，请核对")
        return phone or None

    def particulars(self) -> Particulars:
        told: dict[str, Any] = {name: self.cleaned_data[name] for name in PersonForm.base_fields}
        return Particulars(**told)


class NewPersonForm(PersonForm):
    """A person whom the school does not have yet."""

    staff_number = forms.CharField(label="工号", max_length=30, help_text="在本校不重复，登录时要用")
    field_order = ("staff_number", "name", "phone", "email", "title", "subject", "grade")


class EditPersonForm(PersonForm):
    """A known person; `seen` remembers how they looked when the form was opened."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=40)


class EndForm(forms.Form):
    """The end of an appointment."""

    last_day = forms.DateField(
        label="最后一天",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="填今天就马上结束",
        validators=[known_day],
    )
    reason = forms.CharField(label="事由", max_length=200, help_text="如 调往云山中心小学、退休、交流期满")


class SlipsForm(forms.Form):
    """Whom to give a new code."""

    people = forms.ModelMultipleChoiceField(
        label="给谁",
        queryset=Person.objects.none(),
        to_field_name="uid",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "还没有选人，请至少选一位老师"},
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = people  # type: ignore[attr-defined]
