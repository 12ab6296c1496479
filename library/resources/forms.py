"""Forms of the library's pages. Every error names the field and the next step, in Chinese."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict

from catalogue.models import GRADE_NAMES, Node, Subject
from groups.days import known_day
from groups.models import GrantLevel, Organisation, Person
from groups.viewer import Viewer, areas_above
from library.resources.keeping import typed_ids, typed_text
from library.resources.models import Licence
from library.resources.models.record import SourceType
from library.resources.services import Audience, BulkChanges, Metadata

SEPARATORS = re.compile(r"[、,，;；\s]+")
MOST_FOUND = 30


def missing(label: str) -> dict[str, str]:
    return {"required": f"{label}：还没有填"}


class TitleForm(forms.Form):
    """The name of a text."""

    title = forms.CharField(
        label="标题", max_length=120, error_messages=missing("标题") | {"max_length": "标题：最多 120 字，请写短一些"}
    )


class MetadataForm(forms.Form):
    """What the record says beside its text (资料信息)."""

    subtitle = forms.CharField(label="副标题", max_length=120, required=False)
    summary = forms.CharField(
        label="摘要",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="一两句话：用在哪儿，有什么特点",
    )
    keywords = forms.CharField(label="关键词", required=False, help_text="几个词之间用顿号隔开")
    subject = forms.ModelChoiceField(
        Subject.objects.filter(is_primary=True),
        label="学科",
        required=False,
        to_field_name="code",
        empty_label="不分学科",
    )
    grade_from = forms.TypedChoiceField(label="年级", required=False, coerce=int, empty_value=None)
    grade_to = forms.TypedChoiceField(
        label="到", required=False, coerce=int, empty_value=None, help_text="只用于一个年级就不选"
    )
    for_pupils = forms.BooleanField(label="可以直接发给学生", required=False)
    source_type = forms.ChoiceField(label="来源", choices=SourceType.choices, initial=SourceType.ORIGINAL)
    licence = forms.ChoiceField(label="许可", choices=Licence.choices, initial=Licence.GROUP)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grades = [("", "不限年级"), *((n, name) for n, name in GRADE_NAMES.items() if n <= 6)]
        for name in ("grade_from", "grade_to"):
            self.fields[name].choices = grades  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("grade_from"), cleaned.get("grade_to")
        if first and last and last < first:
            self.add_error("grade_to", "到：不能比起始年级小，请改成同一年级或更高")
        return cleaned

    def metadata(self, extra_subjects: Sequence[Subject] = ()) -> Metadata:
        told = self.cleaned_data
        subjects = dict.fromkeys([*([told["subject"]] if told["subject"] else []), *extra_subjects])
        return Metadata(
            subtitle=told["subtitle"],
            summary=told["summary"],
            keywords=tuple(dict.fromkeys(part for part in SEPARATORS.split(told["keywords"]) if part)),
            subjects=tuple(subjects),
            grade_from=told["grade_from"],
            grade_to=told["grade_to"] or told["grade_from"],
            for_pupils=told["for_pupils"],
            licence=told["licence"],
            source_type=told["source_type"],
        )


class PlacementForm(forms.Form):
    """Where in the books it hangs (目录位置): chosen nodes, and a search by title that works without JavaScript."""

    place_q = forms.CharField(label="课题或单元名", required=False, help_text="输入课题，点“找位置”，再勾选")
    place_subject = forms.ModelChoiceField(
        Subject.objects.filter(is_primary=True),
        label="学科",
        required=False,
        to_field_name="code",
        empty_label="各学科",
    )
    place_grade = forms.TypedChoiceField(label="年级", required=False, coerce=int, empty_value=None)
    node = forms.ModelMultipleChoiceField(
        Node.objects.none(),
        label="挂在哪一课",
        required=False,
        to_field_name="uid",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": "挂在哪一课：有一处找不到了，请重新找位置",
            "invalid_pk_value": "挂在哪一课：请重新找位置",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grades = [("", "各年级"), *((n, name) for n, name in GRADE_NAMES.items() if n <= 6)]
        self.fields["place_grade"].choices = grades  # type: ignore[attr-defined]
        self.fields["node"].queryset = Node.objects.active()  # type: ignore[attr-defined]

    def chosen_uids(self) -> list[str]:
        if isinstance(self.data, QueryDict) and self.is_bound:
            return typed_ids(self.data.getlist("node"))
        return list(self.initial.get("node", ()))

    def found(self) -> list[Node]:
        """Chosen nodes first, then what the search finds."""
        places = Node.objects.active().with_place()
        chosen = list(places.filter(uid__in=self.chosen_uids()))
        words = typed_text(self.data.get("place_q") if self.is_bound else "").strip().strip("《》")
        if not words:
            return chosen
        hits = places.filter(Q(title__icontains=words), outline__textbook__is_active=True)
        subject, grade = typed_text(self.data.get("place_subject")), self.data.get("place_grade", "")
        hits = hits.filter(outline__textbook__subject__code=subject) if subject else hits
        if grade.isdecimal():
            hits = hits.filter(
                outline__textbook__grade_from__lte=int(grade), outline__textbook__grade_to__gte=int(grade)
            )
        more = hits.exclude(pk__in=[n.pk for n in chosen]).order_by(
            "outline__textbook__subject__order", "outline", "order"
        )
        return [*chosen, *more[:MOST_FOUND]]


CHAIN_WORDS = {
    "prep_group": "不用审，马上共享",
    "research_group": "不用审，马上共享",
    "school": "由本校审核人审一次",
    "campus": "由本校审核人审一次",
    "group": "先本校审，再集团审",
    "project": "先本校审，再项目组审",
    "studio": "由工作室主持人审",
    "county": "先本校、再集团、再县（区）教育局审",
    "city": "先本校、再集团、再市教育局审",
}
ORDER = ("prep_group", "research_group", "school", "campus", "studio", "group", "project", "county", "city")
PUBLIC = "public"
PEOPLE = "people"


def audience_bodies(viewer: Viewer, school: Organisation | None) -> list[Organisation]:
    """What a version can be shared with: what the teacher belongs to, and the county and city above the school."""
    ids = set(viewer.belongs) | (areas_above(school, viewer.at) if school else set())
    bodies = Organisation.objects.filter(pk__in=ids, closed_at__isnull=True, kind__in=ORDER)
    return sorted(bodies, key=lambda body: (ORDER.index(body.kind), body.name))


class PublishForm(forms.Form):
    """分享范围与送审."""

    audience = forms.MultipleChoiceField(
        label="共享范围",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "共享范围：这一项不在你能选的范围里，请重新勾选"},
    )
    people = forms.CharField(
        label="指定人的姓名", required=False, help_text="几位之间用顿号隔开；同名时写成 姓名@学校，不用审核"
    )
    level = forms.ChoiceField(
        label="对方可以", choices=[("download", "看、下载和收入备课"), ("view", "只看")], initial="download"
    )
    ends_on = forms.DateField(
        label="到哪天为止",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="不填就一直有效",
        error_messages={"invalid": "到哪天为止：日期不对，请写成 2026-12-31"},
        validators=[known_day],
    )
    label = forms.CharField(label="版次", max_length=30, required=False, help_text="不填就按顺序叫第 n 版")
    reason = forms.CharField(
        label="这一版改了什么", max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(
        self, *args: Any, bodies: Sequence[Organisation], at: Any, school: Organisation | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.bodies = {f"org:{body.pk}": body for body in bodies}
        self.at, self.school = at, school
        choices = [(key, f"{body.display_name}：{CHAIN_WORDS[body.kind]}") for key, body in self.bodies.items()]
        choices.append((PUBLIC, "公开，不登录也能看：先本校、再集团、再市教育局审"))
        self.fields["audience"].choices = choices  # type: ignore[attr-defined]

    def clean_people(self) -> list[Person]:
        found = []
        for word in SEPARATORS.split(self.cleaned_data["people"]):
            if word:
                found.append(self._person(word))
        return found

    def _person(self, word: str) -> Person:
        name, _, school = word.partition("@")
        people = Person.objects.filter(name=name, is_active=True)
        if school:
            people = people.filter(Q(staff_school__name=school) | Q(staff_school__short_name=school))
        matches = list(people[:3])
        if not matches:
            raise forms.ValidationError(f"指定人的姓名：没有找到“{word}”，请核对姓名")
        same_school = [p for p in matches if self.school and p.staff_school_id == self.school.pk]
        if len(matches) > 1 and len(same_school) != 1:
            raise forms.ValidationError(f"指定人的姓名：“{name}”不止一位，请写成 {name}@学校名")
        return (same_school or matches)[0]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("audience") and not cleaned.get("people"):
            self.add_error("audience", "共享范围：还没有选。只给自己用就不用送审，它一直在你的草稿里")
        ends = cleaned.get("ends_on")
        if ends and ends <= self.at.date():
            self.add_error("ends_on", "到哪天为止：要在今天之后")
        return cleaned

    def audiences(self, ends_at: Any) -> list[Audience]:
        level = GrantLevel(self.cleaned_data["level"])
        chosen = self.cleaned_data["audience"]
        found = [
            Audience(organisation=self.bodies[key], level=level, ends_at=ends_at) for key in chosen if key != PUBLIC
        ]
        found += [Audience(person=person, level=level, ends_at=ends_at) for person in self.cleaned_data["people"]]
        return [*found, *([Audience(level=level, ends_at=ends_at)] if PUBLIC in chosen else [])]


REASONS = (
    "有知识或文字差错",
    "目标、过程、评价对不上",
    "与教材或课标不符",
    "缺少必要的部分",
    "来源或版权不清楚",
    "有学生的姓名或肖像",
    "和已有的资源重复",
)


CHECKLIST = (
    "教材版本、年级和位置都对",
    "目标、过程、评价对得上",
    "没有知识和文字差错",
    "来源和版权写清楚",
    "没有学生的姓名和肖像",
    "文件打得开，看得清",
)


class ReviewForm(forms.Form):
    """审核意见."""

    checked = forms.MultipleChoiceField(
        label="核对单",
        required=False,
        choices=[(line, line) for line in CHECKLIST],
        widget=forms.CheckboxSelectMultiple,
        help_text="勾上你看过的，记在审核记录里",
    )
    reasons = forms.MultipleChoiceField(
        label="退回原因", required=False, choices=[(r, r) for r in REASONS], widget=forms.CheckboxSelectMultiple
    )
    opinion = forms.CharField(
        label="修改意见", required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text="作者看得到"
    )
    internal_note = forms.CharField(
        label="内部备注", required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text="只有审核人看得到"
    )


class BulkForm(forms.Form):
    """Metadata of several own things at once (批量改资料信息); what is left empty stays as it is."""

    licence = forms.ChoiceField(label="许可", required=False, choices=[("", "不改"), *Licence.choices])
    source_type = forms.ChoiceField(label="来源", required=False, choices=[("", "不改"), *SourceType.choices])
    grade = forms.TypedChoiceField(label="年级", required=False, coerce=int, empty_value=None)
    subject = forms.ModelChoiceField(
        Subject.objects.filter(is_primary=True),
        label="学科",
        required=False,
        to_field_name="code",
        empty_label="不改",
        error_messages={"invalid_choice": "学科：请从列表里选"},
    )
    for_pupils = forms.ChoiceField(
        label="可以直接发给学生", required=False, choices=[("", "不改"), ("yes", "可以"), ("no", "不可以")]
    )
    keywords = forms.CharField(label="加上关键词", required=False, max_length=200, help_text="几个词之间用顿号隔开")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grades = [("", "不改"), *((n, name) for n, name in GRADE_NAMES.items() if n <= 6)]
        self.fields["grade"].choices = grades  # type: ignore[attr-defined]

    def changes(self) -> BulkChanges:
        told = self.cleaned_data
        return BulkChanges(
            licence=told["licence"],
            source_type=told["source_type"],
            grade=told["grade"],
            subject=told["subject"],
            for_pupils={"yes": True, "no": False}.get(told["for_pupils"]),
            keywords=tuple(dict.fromkeys(word for word in SEPARATORS.split(told["keywords"]) if word)),
        )
