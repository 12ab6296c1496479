"""One resource as a row of any list (资源行): search, shelf, node, studio and workbench show the same card.

Whatever the length of the list, a page of cards costs a fixed number of queries.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Count, Exists, IntegerField, OuterRef, Prefetch, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from groups import access
from groups.access import Action
from groups.viewer import Viewer
from library.resources import kinds
from library.resources.licensing import RESTRICTIVE, why_no_derivation
from library.resources.models import Contribution, Derivation, Favourite, Grant, Kind, Placement, Resource, UsageEvent

SHORT_WORDS: Mapping[str, str] = {Kind.WORKSHEET: "任务单", Kind.HOMEWORK: "作业"}
"""Kinds whose word is too long for a table head or below an icon."""


@dataclass(frozen=True, slots=True)
class Card:
    """A resource ready to be printed as a row.

    Attributes:
        authors: 周敏 主备, in order; `school` is the school of the first author then.
        place: 人教版 五年级上册 第六单元, empty for a resource that hangs nowhere.
        facts: pages, minutes, size: what this kind is measured by.
        scope: the widest audience in words, empty for public things.
        adaptations: published adaptations that the viewer may list.
        forked_uid: the viewer's own adaptation, if there is one already.
        may_fork: with `why_not` for the tooltip and the line beside a missing button.
        offer: template of what this kind offers beside the rest.
    """

    resource: Resource
    icon: str
    authors: tuple[str, ...] = ()
    school: str = ""
    place: str = ""
    node_url: str = ""
    facts: tuple[str, ...] = ()
    scope: str = ""
    adaptations: int = 0
    uses: int = 0
    forked_uid: str = ""
    is_favourite: bool = False
    may_fork: bool = False
    why_not: str = ""
    offer: str = ""

    @property
    def title(self) -> str:
        version = self.resource.published_version
        return version.title if version else self.resource.title

    @property
    def kind_word(self) -> str:
        return SHORT_WORDS.get(self.resource.kind, str(self.resource.get_kind_display()))

    @property
    def url(self) -> str:
        return self.resource.get_absolute_url()

    @property
    def label(self) -> str:
        version = self.resource.published_version
        return version.label if version else ""


CARD_RELATED = ("published_version", "home_school", "studio")
PLACE_RELATED = (
    "node__parent",
    "node__outline__textbook__subject",
    "node__outline__textbook__edition",
)


def counted(rows: QuerySet[Any], group: str) -> Coalesce:
    """A correlated count as a column: rows of the outer resource, grouped by the field that points to it."""
    numbers = rows.order_by().values(group).annotate(n=Count("pk", distinct=True)).values("n")
    return Coalesce(Subquery(numbers, output_field=IntegerField()), 0)


def for_cards(resources: QuerySet[Resource], viewer: Viewer, *, small: bool = False) -> QuerySet[Resource]:
    """Load what a card prints in four queries, a small card in two; document texts stay in the database."""
    outer = OuterRef("pk")
    adapted = Resource.objects.filter(state="published", primary=False).visible_to(viewer)
    return (
        resources.select_related(*CARD_RELATED, *(spec.child for spec in kinds.registered()))
        .annotate(
            n_uses=counted(UsageEvent.objects.filter(resource=outer), "resource"),
            n_adaptations=counted(adapted.filter(derived_from__source=outer), "derived_from__source"),
            **_of_the_viewer(viewer, outer),
        )
        .prefetch_related(
            Prefetch("contributions", queryset=Contribution.objects.select_related("person", "school_then")),
            *([] if small else _around()),
        )
        .defer("published_version__document")
    )


def _of_the_viewer(viewer: Viewer, outer: OuterRef) -> dict[str, Any]:
    """What the person who looks has done with it and may do; of a visitor nothing is asked."""
    if viewer.person is None:
        return {"own_fork": Value(None, CharField()), "is_favourite": Value(False), "may_fork": Value(False)}
    own = Derivation.objects.filter(source=outer, resource__owner=viewer.person_id).exclude(resource__state="binned")
    return {
        "own_fork": Subquery(own.values("resource__uid")[:1]),
        "is_favourite": Exists(Favourite.objects.filter(resource=outer, person=viewer.person_id)),
        "may_fork": Exists(access.narrow(Resource.objects.filter(pk=outer), viewer, Action.FORK)),
    }


def _around() -> list[Any]:
    """Where a resource hangs and who may read it."""
    return [
        Prefetch("placements", queryset=Placement.objects.select_related(*PLACE_RELATED)),
        Prefetch("grants", queryset=Grant.objects.select_related("organisation")),
    ]


def cards_by_uid(uids: Sequence[str], viewer: Viewer) -> dict[str, Card]:
    """Cards of those among `uids` that `viewer` may list: the second check of every search hit."""
    visible = Resource.objects.filter(uid__in=uids).visible_to(viewer)
    return {card.resource.uid: card for card in cards(visible, viewer)}


def cards(resources: QuerySet[Resource], viewer: Viewer, *, small: bool = False) -> list[Card]:
    """Cards in the queryset's order. The caller has narrowed the queryset to what `viewer` may list.

    A small card has no place and no scope.
    """
    return [_card(resource, viewer, small) for resource in for_cards(resources, viewer, small=small)]


def _card(resource: Any, viewer: Viewer, small: bool) -> Card:
    spec = kinds.spec_of(resource.kind)
    forbidden = _forbidden(resource, viewer)
    return Card(
        resource=resource,
        icon=spec.icon,
        authors=author_line(resource.contributions.all()),
        school=school_line(resource),
        place="" if small else place_of(resource),
        node_url="" if small else node_url(resource),
        facts=spec.facts(getattr(resource, spec.child)),
        offer=spec.card,
        scope="" if small else scope_of(resource.grants.all(), viewer),
        adaptations=resource.n_adaptations,
        uses=resource.n_uses,
        forked_uid=(resource.own_fork or "") if viewer.person else "",
        is_favourite=resource.is_favourite,
        may_fork=resource.may_fork and viewer.person is not None and not forbidden,
        why_not="登录后可以收入备课" if viewer.person is None else forbidden or "这份资料只开放查看，想用请联系作者",
    )


def _forbidden(resource: Resource, viewer: Viewer) -> str:
    """Why the licence refuses an own version (许可); empty when it does not."""
    if resource.licence not in RESTRICTIVE:
        return ""
    authors = {resource.owner_id, *(c.person_id for c in resource.contributions.all())}
    return why_no_derivation(
        resource.licence,
        is_author=viewer.person_id in authors,
        same_school=resource.home_school_id in viewer.schools,
        owner=resource.owner.name,
    )


def author_line(contributions: Iterable[Contribution]) -> tuple[str, ...]:
    """At most three names; the lead says so."""
    found = list(contributions)
    names = [f"{c.person.name} {c.get_part_display()}" if n == 0 else c.person.name for n, c in enumerate(found[:3])]
    return (*names, f"等 {len(found)} 人") if len(found) > 3 else tuple(names)


def school_line(resource: Resource) -> str:
    """The school of that day (时任单位), else the studio's or home school's name."""
    for contribution in resource.contributions.all():
        if contribution.school_then:
            return contribution.school_then.display_name
    body = resource.studio or resource.home_school
    return body.display_name if body else ""


def main_node(resource: Resource) -> Any:
    placements = sorted(resource.placements.all(), key=lambda p: (not p.is_main, p.pk))
    return placements[0].node if placements else None


def place_of(resource: Resource) -> str:
    node = main_node(resource)
    return node_place(node) if node else ""


def node_place(node: Any) -> str:
    """人教版 五年级上册 第六单元: where in the book, in the words on its cover."""
    textbook = getattr(node.outline, "textbook", None)
    parts = (
        [textbook.edition.name if textbook.edition else "", textbook.grade_volume] if textbook else [node.outline.title]
    )
    unit = node.parent or node
    return " ".join(part for part in (*parts, unit_label(unit)) if part)


def unit_label(node: Any) -> str:
    """第六单元 for a numbered unit, else its title."""
    if node.kind == "unit" and node.number:
        return node.number if "单元" in node.number or "Unit" in node.number else f"第{_chinese(node.number)}单元"
    return str(node.title)


DIGITS = "零一二三四五六七八九十"


def _chinese(number: str) -> str:
    if not number.isdigit() or int(number) > 99:
        return number
    tens, ones = divmod(int(number), 10)
    if tens == 0:
        return DIGITS[ones]
    return ("" if tens == 1 else DIGITS[tens]) + "十" + (DIGITS[ones] if ones else "")


def node_url(resource: Resource) -> str:
    node = main_node(resource)
    return node.get_absolute_url() if node else ""


SCOPE_WORDS = {
    "school": "仅{name}可见",
    "campus": "仅{name}可见",
    "prep_group": "备课组可见",
    "research_group": "教研组可见",
    "studio": "工作室可见",
    "group": "仅集团可见",
    "county": "本县（区）可见",
    "city": "全市可见",
}
WIDTH = ("prep_group", "research_group", "school", "campus", "studio", "group", "county", "city")


def scope_of(grants: Iterable[Grant], viewer: Viewer) -> str:
    """The widest audience of the grants valid now, in words; empty where everybody may read."""
    now = [g for g in grants if g.starts_at <= viewer.at and (g.ends_at is None or g.ends_at > viewer.at)]
    if not now or any(g.is_public for g in now):
        return ""
    bodies = [g.organisation for g in now if g.organisation]
    if not bodies:
        return "指定的人可见"
    widest = max(bodies, key=lambda body: WIDTH.index(body.kind) if body.kind in WIDTH else 0)
    return SCOPE_WORDS.get(widest.kind, "{name}可见").format(name=widest.display_name)
