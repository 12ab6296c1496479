"""People, organisations and the audit log in the back office: lists to read, narrowed by the rule. Nothing is edited here.

Changes go through the services, where they are permitted and recorded.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import Model, QuerySet
from django.http import Http404
from django_filters import ChoiceFilter, DateFromToRangeFilter  # type: ignore[import-untyped]
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.permission_policies.base import BasePermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views.snippets import IndexView, InspectView, SnippetViewSet, SnippetViewSetGroup

from groups import access
from groups.access import Action
from groups.deeds import DEEDS, deed, thing_name
from groups.models import Appointment, AuditRow, Organisation, OrganisationLink, Person
from groups.policies import may_enter
from groups.viewer import Viewer, viewer_of
from ui.columns import YesNoColumn

Seen = Callable[[Viewer], QuerySet[Any]]


def _people(viewer: Viewer) -> QuerySet[Person]:
    return access.narrow(Person.objects.all(), viewer, Action.READ_CARD)


def _organisations(viewer: Viewer) -> QuerySet[Organisation]:
    return access.narrow(Organisation.objects.all(), viewer, Action.READ)


def _links(viewer: Viewer) -> QuerySet[OrganisationLink]:
    """Which school is in which group is public with the organisation."""
    return OrganisationLink.objects.filter(parent__in=_organisations(viewer)).select_related("member", "parent")


def _appointments(viewer: Viewer) -> QuerySet[Appointment]:
    """Those of organisations whose people the viewer may see."""
    seen = access.narrow(Organisation.objects.order_by(), viewer, Action.SEE_PEOPLE)
    return Appointment.objects.filter(organisation__in=seen.values("pk")).select_related("person", "organisation")


def _audit(viewer: Viewer) -> QuerySet[AuditRow]:
    return access.narrow(AuditRow.objects.select_related("actor"), viewer, Action.READ)


class ReadingPolicy(BasePermissionPolicy):
    """Viewing, for whom the back office lets in and who has something to see; no other action for anybody."""

    def __init__(self, model: type[Model], seen: Seen) -> None:
        super().__init__(model)
        self.seen = seen

    def _viewer(self, user: Any) -> Viewer:
        return viewer_of(user)

    def user_has_permission(self, user: Any, action: str) -> bool:
        if action != "view":
            return False
        viewer = self._viewer(user)
        known: dict[type[Model], bool] = user.__dict__.setdefault("_has_something_to_see", {})
        if self.model not in known:
            known[self.model] = bool(may_enter(viewer)) and self.seen(viewer).exists()
        return known[self.model]

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return "view" in actions and self.user_has_permission(user, "view")

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Model) -> bool:
        return self.user_has_permission(user, action) and self.seen(self._viewer(user)).filter(pk=instance.pk).exists()

    def user_has_any_permission_for_instance(self, user: Any, actions: Any, instance: Model) -> bool:
        return "view" in actions and self.user_has_permission_for_instance(user, "view", instance)

    def instances_user_has_any_permission_for(self, user: Any, actions: Any) -> QuerySet[Any]:
        viewer = self._viewer(user)
        if "view" not in actions or not may_enter(viewer):
            return self.model._default_manager.none()
        return self.seen(viewer)


class ReadingInspectView(InspectView):
    """One row, for whom the list holds it: Wagtail asks here about the model alone."""

    def get_object(self, queryset: QuerySet[Any] | None = None) -> Any:
        thing = super().get_object(queryset)
        if not self.permission_policy.user_has_permission_for_instance(self.request.user, "view", thing):
            raise Http404("没有这一条，或者它没有对你开放")
        return thing


class ReadingIndexView(IndexView):
    """A list of what the rule lets one read: whether rows may be opened is asked once, not at each row."""

    def user_has_any_permission(self, permissions: Iterable[str]) -> bool:
        known: dict[frozenset[str], bool] = self.__dict__.setdefault("_answered", {})
        asked = frozenset(permissions)
        if asked not in known:
            known[asked] = super().user_has_any_permission(asked)
        return known[asked]


class ReadingViewSet(SnippetViewSet):
    """What the lists have in common: read, filter, open; the list starts at what the rule lets the reader see."""

    index_view_class = ReadingIndexView
    inspect_view_enabled = True
    inspect_view_class = ReadingInspectView
    copy_view_enabled = False
    list_per_page = 50
    search_backend_name = None
    seen: Seen

    def get_queryset(self, request: Any) -> QuerySet[Any]:
        return type(self).seen(viewer_of(request.user))


class PersonViewSet(ReadingViewSet):
    model = Person
    icon = "user"
    list_display = ["name", "title", YesNoColumn("is_active", label="启用")]
    list_filter = ["is_active"]
    search_fields = ["name"]
    inspect_view_fields = ["uid", "name", "title", "is_active", "created_at"]
    seen = staticmethod(_people)


class OrganisationFilter(WagtailFilterSet):
    class Meta:
        model = Organisation
        fields = ["kind", "mode", "is_rural"]


class OrganisationViewSet(ReadingViewSet):
    model = Organisation
    icon = "group"
    list_display = ["name", Column("get_kind_display", label="类型"), "code", DateColumn("closed_at", label="关闭")]
    filterset_class = OrganisationFilter
    search_fields = ["name", "short_name", "code"]
    inspect_view_fields = ["uid", "name", "kind", "mode", "form", "is_rural", "introduction", "created_at", "closed_at"]
    seen = staticmethod(_organisations)


class OrganisationLinkViewSet(ReadingViewSet):
    model = OrganisationLink
    icon = "link"
    list_display = ["member", "parent", Column("get_role_display", label="关系"), "starts_at", "ends_at"]
    list_filter = ["role", "mode"]
    search_fields = ["member__name", "parent__name"]
    inspect_view_fields = ["member", "parent", "role", "mode", "starts_at", "ends_at", "reason", "approved_by"]
    seen = staticmethod(_links)


class AppointmentViewSet(ReadingViewSet):
    model = Appointment
    icon = "calendar-alt"
    list_display = [
        "person",
        "organisation",
        Column("get_role_display", label="职责"),
        Column("get_nature_display", label="性质"),
        "starts_at",
        "ends_at",
    ]
    list_filter = ["role", "nature"]
    search_fields = ["person__name", "organisation__name"]
    inspect_view_fields = ["person", "organisation", "role", "nature", "subject", "grade", "starts_at", "ends_at"]
    seen = staticmethod(_appointments)


class AuditFilter(WagtailFilterSet):
    action = ChoiceFilter(label="操作", choices=sorted(DEEDS.items()))
    at = DateFromToRangeFilter(label="时间", widget=DateRangePickerWidget)

    class Meta:
        model = AuditRow
        fields: Sequence[str] = []


class AuditRowViewSet(ReadingViewSet):
    model = AuditRow
    icon = "history"
    list_display = [
        "at",
        "actor",
        Column("action", label="操作", accessor=lambda row: deed(row.action), sort_key="action"),
        Column("thing", label="对象类型", accessor=lambda row: thing_name(row.thing), sort_key="thing"),
        "thing_title",
    ]
    filterset_class = AuditFilter
    search_fields = ["thing_title", "thing_uid", "actor__name"]
    inspect_view_fields = ["at", "actor", "action", "thing", "thing_uid", "thing_title", "detail", "seal"]
    seen = staticmethod(_audit)


class GroupsGroup(SnippetViewSetGroup):
    menu_label = "集团与人员"
    menu_icon = "group"
    menu_order = 310
    items = (PersonViewSet, OrganisationViewSet, OrganisationLinkViewSet, AppointmentViewSet, AuditRowViewSet)


def register_policies() -> None:
    """Tell Wagtail whom to ask about each model, before its views are made."""
    for viewset in GroupsGroup.items:
        register_permission_policy(viewset.model, ReadingPolicy(viewset.model, viewset.seen))
