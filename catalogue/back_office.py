"""The catalogue in the back office (教材目录): everybody there reads and filters, subject curators edit.

Who may is `user.has_perm("catalogue.<verb>_<model>", thing)`, answered by an upper package. Nothing is deleted here:
a textbook or edition is switched off, a node is retired, because resources hang on them. Nodes and outlines are not
added one by one either; they come from the seed and from imports.
"""

from typing import Any

from django.db.models import Model, QuerySet
from django_filters import ChoiceFilter, ModelChoiceFilter  # type: ignore[import-untyped]
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.tables import Column
from wagtail.permission_policies.base import BasePermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from catalogue.models import GRADE_NAMES, Edition, Knowledge, Node, Outline, Standard, Subject, Textbook
from ui.columns import YesNoColumn

KIND = Column("get_kind_display", label="类型")
ADDED_HERE = frozenset({Subject, Edition, Textbook, Standard, Knowledge})


def subject_of(thing: Model) -> Model:
    """What the permission question is about: the subject of the thing, or the thing where it has none (校本课程)."""
    if isinstance(thing, Subject):
        return thing
    if isinstance(thing, Node):
        return subject_of(thing.outline)
    if isinstance(thing, Outline):
        book = getattr(thing, "textbook", None)
        return book.subject if book else thing
    subject: Model = thing.subject  # type: ignore[attr-defined]
    return subject


def ask(user: Any, verb: str, thing: Model | type[Model]) -> bool:
    """`user.has_perm`, each question once a request: a list of fifty nodes asks about one or two subjects."""
    name = f"{thing._meta.app_label}.{verb}_{thing._meta.model_name}"
    known: dict[tuple[str, object], bool] = user.__dict__.setdefault("_catalogue_answers", {})
    key = (name, getattr(thing, "pk", None) if isinstance(thing, Model) else None)
    if key not in known:
        known[key] = bool(user.has_perm(name, thing) if isinstance(thing, Model) else user.has_perm(name))
    return known[key]


class CataloguePolicy(BasePermissionPolicy):
    """Wagtail's question put to `user.has_perm`, always about the subject: its curator edits all that is of it."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        if action == "delete" or (action == "add" and self.model not in ADDED_HERE):
            return False
        return bool(user.is_active) and ask(user, action, Subject)

    def user_has_any_permission(self, user: Any, actions: list[str]) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Model) -> bool:
        return self.user_has_permission(user, action) and ask(user, action, subject_of(instance))

    def instances_user_has_any_permission_for(self, user: Any, actions: list[str]) -> QuerySet[Any]:
        """Textbooks are facts: who may do anything here may read everything."""
        everything = self.model._default_manager.all()
        return everything if self.user_has_any_permission(user, [*actions, "view"]) else everything.none()


class CatalogueViewSet(SnippetViewSet):
    """What the lists have in common."""

    inspect_view_enabled = True
    copy_view_enabled = False
    list_per_page = 50
    search_backend_name = None


class SubjectViewSet(CatalogueViewSet):
    model = Subject
    icon = "tag"
    list_display = ["name", "code", "block", "order", YesNoColumn("is_primary", label="小学学科")]
    search_fields = ["name", "code"]
    ordering = ["order"]
    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("code")]),
        FieldRowPanel([FieldPanel("block"), FieldPanel("colour")]),
        FieldRowPanel([FieldPanel("order"), FieldPanel("is_primary")]),
    ]


class EditionFilter(WagtailFilterSet):
    class Meta:
        model = Edition
        fields = ["subject", "is_active"]


class EditionViewSet(CatalogueViewSet):
    model = Edition
    icon = "folder-open-inverse"
    list_display = [
        "name",
        "subject",
        "publisher",
        "chief_editor",
        "start_grade",
        YesNoColumn("is_active", label="启用"),
    ]
    filterset_class = EditionFilter
    search_fields = ["name", "publisher", "aliases__name"]
    panels = [
        FieldRowPanel([FieldPanel("subject"), FieldPanel("name")]),
        FieldRowPanel([FieldPanel("publisher"), FieldPanel("chief_editor")]),
        FieldRowPanel([FieldPanel("start_grade"), FieldPanel("is_active")]),
    ]


class TextbookFilter(WagtailFilterSet):
    class Meta:
        model = Textbook
        fields = ["subject", "stage", "grade_from", "volume", "revision", "is_active"]


class TextbookViewSet(CatalogueViewSet):
    model = Textbook
    icon = "openquote"
    list_display = [
        "title",
        "subject",
        "edition",
        Column("grade_volume", label="册次"),
        Column("get_revision_display", label="新旧"),
        YesNoColumn("is_active", label="启用"),
    ]
    filterset_class = TextbookFilter
    search_fields = ["title", "external_id", "uid"]
    panels = [
        FieldPanel("title"),
        FieldRowPanel([FieldPanel("stage"), FieldPanel("subject"), FieldPanel("edition")]),
        FieldRowPanel([FieldPanel("grade_from"), FieldPanel("grade_to")]),
        FieldRowPanel([FieldPanel("volume"), FieldPanel("volume_label"), FieldPanel("revision")]),
        MultiFieldPanel([FieldPanel("first_used"), FieldPanel("last_used"), FieldPanel("is_active")], heading="使用"),
    ]


class OutlineFilter(WagtailFilterSet):
    class Meta:
        model = Outline
        fields = ["kind", "confidence"]


class OutlineViewSet(CatalogueViewSet):
    model = Outline
    icon = "list-ol"
    list_display = ["title", KIND, Column("get_confidence_display", label="可信度"), "source", "updated_at"]
    filterset_class = OutlineFilter
    search_fields = ["title", "uid"]
    panels = [FieldPanel("title"), FieldPanel("confidence"), FieldPanel("source")]


class NodeFilter(WagtailFilterSet):
    subject = ModelChoiceFilter(
        label="学科", field_name="outline__textbook__subject", queryset=Subject.objects.filter(is_primary=True)
    )
    grade = ChoiceFilter(label="年级", field_name="outline__textbook__grade_from", choices=list(GRADE_NAMES.items()))

    class Meta:
        model = Node
        fields = ["kind", "status"]


class NodeViewSet(CatalogueViewSet):
    model = Node
    icon = "list-ul"
    list_display = ["title", "number", "outline", KIND, "periods", Column("get_status_display", label="状态")]
    filterset_class = NodeFilter
    search_fields = ["title", "uid", "outline__title"]
    panels = [
        FieldRowPanel([FieldPanel("number"), FieldPanel("title")]),
        FieldRowPanel([FieldPanel("page_from"), FieldPanel("page_to"), FieldPanel("periods")]),
        FieldPanel("status"),
    ]

    def get_queryset(self, request: Any) -> QuerySet[Any]:
        return Node.objects.with_place().order_by("outline_id", "order")


class StandardFilter(WagtailFilterSet):
    class Meta:
        model = Standard
        fields = ["subject", "stage", "kind"]


class StandardViewSet(CatalogueViewSet):
    model = Standard
    icon = "clipboard-list"
    list_display = ["code", "subject", Column("get_stage_display", label="学段"), "domain", "text"]
    filterset_class = StandardFilter
    search_fields = ["code", "text", "domain"]
    panels = [
        FieldRowPanel([FieldPanel("code"), FieldPanel("subject")]),
        FieldRowPanel([FieldPanel("stage"), FieldPanel("domain"), FieldPanel("kind")]),
        FieldPanel("text"),
    ]


class KnowledgeFilter(WagtailFilterSet):
    class Meta:
        model = Knowledge
        fields = ["subject"]


class KnowledgeViewSet(CatalogueViewSet):
    model = Knowledge
    icon = "snippet"
    list_display = ["name", "subject", "description"]
    filterset_class = KnowledgeFilter
    search_fields = ["name", "aliases__name"]
    panels = [FieldRowPanel([FieldPanel("subject"), FieldPanel("name")]), FieldPanel("description")]


class CatalogueGroup(SnippetViewSetGroup):
    menu_label = "教材目录"
    menu_icon = "list-ul"
    menu_order = 300
    items = (
        TextbookViewSet,
        NodeViewSet,
        OutlineViewSet,
        EditionViewSet,
        SubjectViewSet,
        KnowledgeViewSet,
        StandardViewSet,
    )


def register_policies() -> None:
    """Tell Wagtail whom to ask about each model, before its views are made."""
    for viewset in CatalogueGroup.items:
        register_permission_policy(viewset.model, CataloguePolicy(viewset.model))
