"""Every kind of resource in the back office: list, filter, preview, take down, restore. Nothing is written there.

The list is what the rule lets the reader list, as everywhere; it holds the base rows of all kinds in one table.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django_filters import (  # type: ignore[import-untyped]
    CharFilter,
    ChoiceFilter,
    DateFromToRangeFilter,
    ModelChoiceFilter,
    MultipleChoiceFilter,
)
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.base import ViewSet
from wagtail.permissions import register_permission_policy

from catalogue.models import GRADE_NAMES, Subject
from groups import access
from groups.access import Action
from groups.back_office import ReadingPolicy
from groups.models import Organisation, OrganisationKind, State
from groups.policies import may_enter
from groups.viewer import Viewer, schools_below, viewer_of
from library.resources import kinds
from library.resources.models import Contribution, Resource
from library.resources.views import back_office as views

SCHOOLS = (OrganisationKind.SCHOOL, OrganisationKind.CAMPUS)


def listed(viewer: Viewer) -> QuerySet[Resource]:
    return access.narrow(Resource.objects.all(), viewer, Action.LIST)


class ResourcePolicy(ReadingPolicy):
    """Who enters may open the list, also while it is empty for them; each row is asked about by the rule."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action == "view" and bool(may_enter(viewer_of(user)))


class ResourceFilter(WagtailFilterSet):
    """类型、状态、学科、年级、学校、集团、作者、日期."""

    kind = MultipleChoiceFilter(label="类型", choices=lambda: [(spec.kind, spec.label) for spec in kinds.registered()])
    state = MultipleChoiceFilter(label="状态", choices=State.choices)
    subject = ModelChoiceFilter(
        label="学科", field_name="subjects", queryset=Subject.objects.filter(is_primary=True).order_by("order")
    )
    grade = ChoiceFilter(label="年级", choices=list(GRADE_NAMES.items()), method="of_grade")
    school = ModelChoiceFilter(
        label="学校", field_name="home_school", queryset=Organisation.objects.filter(kind__in=SCHOOLS).order_by("name")
    )
    group = ModelChoiceFilter(
        label="集团",
        queryset=Organisation.objects.filter(kind=OrganisationKind.GROUP).order_by("name"),
        method="of_group",
    )
    author = CharFilter(label="作者", method="by_author")
    published = DateFromToRangeFilter(label="发布日期", field_name="published_at", widget=DateRangePickerWidget)
    created = DateFromToRangeFilter(label="创建日期", field_name="created_at", widget=DateRangePickerWidget)

    class Meta:
        model = Resource
        fields: Sequence[str] = []

    def of_grade(self, rows: QuerySet[Resource], name: str, value: str) -> QuerySet[Resource]:
        return rows.filter(grade_from__lte=int(value), grade_to__gte=int(value))

    def of_group(self, rows: QuerySet[Resource], name: str, group: Organisation) -> QuerySet[Resource]:
        return rows.filter(home_school__in=schools_below({group.pk}, timezone.now()))

    def by_author(self, rows: QuerySet[Resource], name: str, value: str) -> QuerySet[Resource]:
        written = Contribution.objects.filter(resource=OuterRef("pk"), person__name__icontains=value)
        return rows.filter(Q(owner__name__icontains=value) | Q(Exists(written)))


def _subjects(resource: Resource) -> str:
    return "、".join(subject.name for subject in resource.subjects.all())


def _grades(resource: Resource) -> str:
    if resource.grade_from is None:
        return ""
    first, last = (GRADE_NAMES.get(grade or 0, "") for grade in (resource.grade_from, resource.grade_to))
    return first if first == last else f"{first}至{last}"


def _address(resource: Resource) -> str:
    return reverse("back_office_resources:detail", args=[resource.uid])


class ResourceIndexView(IndexView):
    model = Resource
    page_title = "资源"
    header_icon = "doc-full"
    index_url_name = "back_office_resources:index"
    index_results_url_name = "back_office_resources:index_results"
    filterset_class = ResourceFilter
    is_searchable = True
    search_fields = ["title", "uid", "owner__name"]
    search_backend_name = None
    paginate_by = 50
    default_ordering = "-published_at"
    columns = [
        TitleColumn("title", label="标题", get_url=_address, sort_key="title"),
        Column("get_kind_display", label="类型", sort_key="kind"),
        Column("subjects", classname="bo-wide", label="学科", accessor=_subjects),
        Column("grades", classname="bo-wide", label="年级", accessor=_grades),
        Column("get_state_display", label="状态", sort_key="state"),
        Column("home_school", classname="bo-wide", label="学校"),
        Column("owner", label="作者"),
        DateColumn("published_at", classname="bo-wide", label="发布", sort_key="published_at"),
    ]

    def get_base_queryset(self) -> QuerySet[Resource]:
        rows = listed(self.request.viewer)
        return rows.select_related("home_school", "owner").prefetch_related("subjects")


class ResourceViewSet(ViewSet):
    name = "resources"
    url_namespace = "back_office_resources"
    icon = "doc-full"
    menu_label = "资源"
    menu_icon = "doc-full"
    menu_order = 150
    add_to_admin_menu = True

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", ResourceIndexView.as_view(), name="index"),
            path("results/", ResourceIndexView.as_view(results_only=True), name="index_results"),
            path("<slug:uid>/", views.detail, name="detail"),
            path("<slug:uid>/text/", views.text, name="text"),
            path("<slug:uid>/take-down/", views.take_down, name="take_down"),
            path("<slug:uid>/restore/", views.restore, name="restore"),
        ]


def register_policies() -> None:
    """Tell Wagtail whom to ask about resources of every kind, before its views are made."""
    register_permission_policy(Resource, ResourcePolicy(Resource, listed))
