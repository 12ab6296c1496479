"""The forms of preparing together: planning, and one for each step that asks for more than a click."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms

from catalogue.models import Node
from groups.days import known_day
from groups.models import Organisation, Person
from groups.selectors import schools_of_people
from lessons.prep.circles import people_in_circle, places_of, schools_in
from lessons.prep.models import Participant, Preparation, Type
from lessons.prep.selectors import Source
from lessons.prep.services import Deadlines, Plan

NO_DAY = {"invalid": "不是日期，请从日历里选一天", "required": "还没有选日期"}
LONG = {"rows": 5}


def day(label: str, required: bool = False, help_text: str = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages=NO_DAY,
        validators=[known_day],
    )


class StepForm(forms.Form):
    """What a step asks for; `seen` is the move that the page showed."""

    def __init__(self, *args: Any, preparation: Preparation, viewer: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.preparation, self.viewer = preparation, viewer
        self.prepare()

    def prepare(self) -> None:
        """Fill in the choices."""


class NoteForm(StepForm):
    note = forms.CharField(label="一句说明", required=False, max_length=300, help_text="可以不写")


class ReasonForm(StepForm):
    reason = forms.CharField(
        label="原因",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "还没有写原因", "max_length": "最多 500 个字，请写短一些"},
    )


class OpinionForm(StepForm):
    opinion = forms.CharField(
        label="审定意见", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text="可以不写"
    )


class SourceForm(StepForm):
    source = forms.ChoiceField(label="初稿从哪里开始", required=False, widget=forms.RadioSelect)
    sources: Sequence[Source] = ()

    def __init__(self, *args: Any, sources: Sequence[Source] = (), **kwargs: Any) -> None:
        self.sources = sources
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        if not self.preparation.is_shared_plan:
            del self.fields["source"]
            return
        field = self.fields["source"]
        field.choices = [("", "空白模板"), *((str(one.version), one.label) for one in self.sources)]  # type: ignore[attr-defined]


class PersonChoice(forms.ModelChoiceField):
    """Somebody of the circle, with the school beside the name."""

    def __init__(self, label: str, required: str) -> None:
        super().__init__(
            Person.objects.none(),
            label=label,
            to_field_name="uid",
            empty_label="请选择",
            error_messages={"required": required, "invalid_choice": "这位老师现在不在教研圈里，请重新选"},
        )

    def among(self, preparation: Preparation, at: Any, without: Iterable[int | None] = ()) -> None:
        people = people_in_circle(preparation, at).exclude(pk__in=[pk for pk in without if pk])
        self.queryset = people
        self.choices = [
            ("", "请选择"),
            *(
                (one.person.uid, f"{one.person.name}（{one.school.display_name}）" if one.school else one.person.name)
                for one in places_of(people, at)
            ),
        ]


class AssignForm(SourceForm):
    lead = PersonChoice("主备人", "还没有选主备人")

    def prepare(self) -> None:
        super().prepare()
        self.fields["lead"].among(self.preparation, self.viewer.at, (self.preparation.approver_id,))  # type: ignore[attr-defined]
        self.order_fields(["lead", "source"])


class LeadForm(ReasonForm):
    lead = PersonChoice("新的主备人", "还没有选主备人")
    field_order = ("lead", "reason")

    def prepare(self) -> None:
        without = (self.preparation.lead_id, self.preparation.approver_id)
        self.fields["lead"].among(self.preparation, self.viewer.at, without)  # type: ignore[attr-defined]


class ApproverForm(StepForm):
    approver = PersonChoice("审定人", "还没有选审定人")

    def prepare(self) -> None:
        without = (self.preparation.lead_id, self.preparation.approver_id)
        self.fields["approver"].among(self.preparation, self.viewer.at, without)  # type: ignore[attr-defined]


def people_named(words: str, at: Any) -> tuple[list[Person], str]:
    """People by name, or by 姓名（学校）, one a line; the sentence names the first line that nobody or several answer."""
    found: list[Person] = []
    for line in dict.fromkeys(part.strip() for part in words.replace("、", "\n").splitlines()):
        if not line:
            continue
        name, _, school = line.replace("(", "（").replace(")", "）").partition("（")
        people = list(Person.objects.filter(name=name.strip(), is_active=True)[:20])
        schools = schools_of_people(people, at)
        wanted = school.rstrip("）").strip()
        if wanted:
            named = (schools.get(p.pk) for p in people)
            people = [p for p, s in zip(people, named, strict=True) if s and wanted in (s.name, s.short_name)]
        if not people:
            return [], f"没有找到“{line}”，请核对姓名，或写成“姓名（学校）”"
        if len(people) > 1:
            where = "、".join(schools[p.pk].display_name for p in people if p.pk in schools)
            return [], f"叫“{name.strip()}”的不止一位（{where}），请写成“姓名（学校）”"
        found.append(people[0])
    return found, ""


class AddForm(StepForm):
    role = forms.ChoiceField(
        label="角色",
        choices=[
            (role.value, role.label)
            for role in (
                Participant.Role.MEMBER,
                Participant.Role.CO_LEAD,
                Participant.Role.EXPERT,
                Participant.Role.OBSERVER,
            )
        ],
        help_text="特邀专家和观察员可以是全市任何一位老师",
    )
    who = forms.CharField(
        label="姓名",
        max_length=80,
        help_text="同名的写成“姓名（学校）”",
        error_messages={"required": "还没有写姓名"},
    )

    def clean_who(self) -> Person:
        people, sentence = people_named(self.cleaned_data["who"], self.viewer.at)
        if sentence or len(people) != 1:
            raise forms.ValidationError(sentence or "一次补充一位，请只写一个姓名")
        return people[0]


class DeadlineForm(StepForm):
    discussing = day("研讨截止", required=True)
    approval = day("定稿截止")
    reason = forms.CharField(label="一句说明", required=False, max_length=300)

    def deadlines(self) -> Deadlines:
        told = self.cleaned_data
        return Deadlines(self.preparation.drafting_due, told["discussing"], told["approval"])


class HandDownForm(StepForm):
    schools = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label="下发给这些学校这门课的老师",
        to_field_name="uid",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "有学校现在不在教研圈里，请重新选"},
    )
    people = forms.CharField(
        label="点名下发",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="一行一位，可以是别的学校的老师；同名的写成“姓名（学校）”",
    )

    def prepare(self) -> None:
        schools = schools_in(self.preparation.circle, self.viewer.at)
        field = self.fields["schools"]
        field.queryset = Organisation.objects.filter(pk__in=[s.pk for s in schools]).order_by("name")  # type: ignore[attr-defined]
        field.label_from_instance = lambda school: school.name  # type: ignore[attr-defined]

    def clean_people(self) -> list[Person]:
        people, sentence = people_named(self.cleaned_data["people"], self.viewer.at)
        if sentence:
            raise forms.ValidationError(sentence)
        return people

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if not told.get("schools") and not told.get("people") and not self.errors:
            raise forms.ValidationError("还没有选学校，也没有点名。请至少选一所学校或写一位老师")
        return told


class ReviseForm(StepForm):
    reason = forms.CharField(
        label="改了什么",
        max_length=200,
        help_text="接收共案的老师会看到",
        error_messages={"required": "请写一句改了什么"},
    )


class RecapForm(StepForm):
    summary = forms.CharField(label="总结", required=False, max_length=5000, widget=forms.Textarea(attrs=LONG))
    next_time = forms.CharField(
        label="下一次怎么改", required=False, max_length=5000, widget=forms.Textarea(attrs=LONG)
    )


class ConcludeForm(StepForm):
    conclusion = forms.CharField(
        label="结论", max_length=5000, widget=forms.Textarea(attrs=LONG), error_messages={"required": "还没有写结论"}
    )


class ArchiveForm(StepForm):
    audience = forms.ChoiceField(label="共案进资源库给谁用", widget=forms.RadioSelect, required=False)

    def prepare(self) -> None:
        if not self.preparation.is_shared_plan:
            del self.fields["audience"]
            return
        circle = self.preparation.circle
        kept = [] if self.preparation.state == "archived" else [("", "只归档，不进资源库")]
        self.fields["audience"].choices = [("circle", f"{circle.name}的老师（由学校和集团审核）"), *kept]  # type: ignore[attr-defined]
        self.initial.setdefault("audience", "circle")


class PlanForm(forms.Form):
    """What is planned for a prep group; the lesson is one of the book that its schools use."""

    kind = forms.ChoiceField(label="类型", choices=Type.choices, widget=forms.RadioSelect, initial=Type.SHARED_PLAN)
    node = forms.ChoiceField(label="课题", required=False, help_text="同备教案要选；主题研讨可以不选")
    title = forms.CharField(label="主题", max_length=120, required=False, help_text="不写就用课题的名字")
    period = forms.IntegerField(label="第几课时", min_value=1, max_value=30, initial=1)
    periods = forms.IntegerField(label="共几课时", min_value=1, max_value=30, initial=1)
    week = forms.IntegerField(label="第几周上课", min_value=1, max_value=30, required=False)
    requirements = forms.CharField(
        label="活动要求", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    drafting = day("初备截止")
    discussing = day("研讨截止")
    approval = day("定稿截止")
    quorum = forms.IntegerField(
        label="送审人数（%）", min_value=0, max_value=100, initial=60, help_text="写过批注的参备人占几成才能送审"
    )
    link = forms.URLField(
        label="视频或会议链接",
        required=False,
        assume_scheme="https",
        error_messages={"invalid": "不是完整的网址，请从浏览器里复制"},
    )
    schools = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label="参与学校",
        to_field_name="uid",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "还没有选参与学校，请至少选一所"},
    )
    approver = PersonChoice("审定人", "还没有选审定人")
    experts = forms.CharField(
        label="特邀专家",
        required=False,
        max_length=300,
        help_text="全市的老师都可以请；几位用顿号隔开，同名的写成“姓名（学校）”",
    )
    observers = forms.CharField(label="观察员", required=False, max_length=300, help_text="只看不说；几位用顿号隔开")

    def __init__(self, *args: Any, context: Any, at: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.context, self.at = context, at
        self.fields["node"].choices = context.node_choices  # type: ignore[attr-defined]
        if "schools" in self.fields:
            field = self.fields["schools"]
            field.queryset = Organisation.objects.filter(pk__in=[s.pk for s in context.schools]).order_by("name")  # type: ignore[attr-defined]
            field.label_from_instance = lambda school: school.name  # type: ignore[attr-defined]
            field.initial = [school.uid for school in context.schools]
            self.fields["approver"].required = False
            self.fields["approver"].among(context.frame, at)  # type: ignore[attr-defined]

    def clean_experts(self) -> list[Person]:
        return self._named("experts")

    def clean_observers(self) -> list[Person]:
        return self._named("observers")

    def _named(self, name: str) -> list[Person]:
        people, sentence = people_named(self.cleaned_data[name], self.at)
        if sentence:
            raise forms.ValidationError(sentence)
        return people

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        node = self._node(told)
        if not told.get("title") and node is not None:
            told["title"] = node.title
        return told

    def _node(self, told: dict[str, Any]) -> Node | None:
        uid = told.get("node")
        found: Node | None = Node.objects.filter(uid=uid).first() if uid else None
        return found

    def plan(self) -> Plan:
        told = self.cleaned_data
        return Plan(
            title=told["title"],
            subject=self.context.subject,
            kind=Type(told["kind"]),
            requirements=told["requirements"],
            grade=self.context.grade,
            node=self._node(told),
            period=told["period"],
            periods=max(told["period"], told["periods"]),
            term=self.context.term,
            week=told["week"],
            link=told["link"],
            quorum=told["quorum"],
            deadlines=Deadlines(told["drafting"], told["discussing"], told["approval"]),
        )

    def named(self) -> list[tuple[Person, str]]:
        told = self.cleaned_data
        experts = [(person, str(Participant.Role.EXPERT)) for person in told["experts"]]
        return experts + [(person, str(Participant.Role.OBSERVER)) for person in told["observers"]]


def deadlines_of(preparation: Preparation) -> dict[str, date | None]:
    return {
        "drafting": preparation.drafting_due,
        "discussing": preparation.discussing_due,
        "approval": preparation.approval_due,
    }
