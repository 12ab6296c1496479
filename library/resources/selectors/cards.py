"""One resource as a row of any list (资源行): search, shelf, node, studio and workbench show the same card.

Whatever the length of the list, a page of cards costs a fixed number of queries.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, Count, Exists, IntegerField, OuterRef, Prefetch, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from groups import access
from groups.access import Action
from groups.viewer import Viewer
from library.resources import kinds
from library.resources.licensing import RESTRICTIVE, why_no_derivation
from library.resources.models import Contribution, Derivation, Favourite, Grant, Kind, Placement, Resource, UsageEvent

SHORT_WORDS: Mapping[str, str] = {Kind.WORKSHEET: "任务单", Kind.HOMEWORK: "作业"}
"""Kinds whose word is too long for a table head or below an icon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What a row prints of a resource, wherever it comes from: the database (`Card`), or the index (`found`).

    Attributes:
        kind: with its word, icon and what it offers beside the rest.
        label: of the published version.
        authors: 周敏 主备, in order; `school` is the school of the first author then.
        place: 人教版 五年级上册 第六单元, empty for a resource that hangs nowhere.
        facts: pages, minutes, size: what this kind is measured by.
        scope: the widest audience in words, empty for public things.
        adaptations: published adaptations that the viewer may list.
        forked_uid: the viewer's own adaptation, if there is one already.
        may_fork: with `why_not` for the tooltip and the line beside a missing button.
    """

    uid: str
    title: str
    kind: str
    label: str = ""
    authors: Sequence[str] = ()
    school: str = ""
    place: str = ""
    facts: Sequence[str] = ()
    scope: str = ""
    adaptations: int = 0
    uses: int = 0
    forked_uid: str = ""
    is_favourite: bool = False
    may_fork: bool = False
    why_not: str = ""

    @property
    def icon(self) -> str:
        return kinds.spec_of(self.kind).icon

    @property
    def offer(self) -> str:
        return kinds.spec_of(self.kind).card

    @property
    def kind_word(self) -> str:
        return SHORT_WORDS.get(self.kind, Kind(self.kind).label)

    @property
    def url(self) -> str:
        return reverse("library:resource", args=[self.uid])


@dataclass(frozen=True, slots=True, kw_only=True)
class Card(Row):
    """A row with its resource at hand."""

    resource: Resource


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
            **of_the_viewer(viewer, outer),
        )
        .prefetch_related(
            Prefetch("contributions", queryset=Contribution.objects.select_related("person", "school_then")),
            *([] if small else _around()),
        )
        .defer("published_version__document")
    )


def of_the_viewer(viewer: Viewer, outer: OuterRef) -> dict[str, Any]:
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
    spec, version = kinds.spec_of(resource.kind), resource.published_version
    restriction = restriction_of(resource)
    own = Own(resource.own_fork or "", resource.is_favourite, resource.may_fork)
    return Card(
        resource=resource,
        uid=resource.uid,
        title=version.title if version else resource.title,
        kind=resource.kind,
        label=version.label if version else "",
        authors=author_line(resource.contributions.all()),
        school=school_line(resource),
        place="" if small else place_of(resource),
        facts=spec.facts(getattr(resource, spec.child)),
        scope="" if small else scope_of(resource.grants.all(), viewer.at),
        adaptations=resource.n_adaptations,
        uses=resource.n_uses,
        **own.fields(restriction, viewer),
    )


@dataclass(frozen=True, slots=True)
class Own:
    """What the viewer has done with a resource and may do."""

    fork: str
    is_favourite: bool
    may_fork: bool

    def fields(self, restriction: Mapping[str, Any], viewer: Viewer) -> dict[str, Any]:
        """The fields of a row that are about its viewer."""
        forbidden = _forbidden(restriction, viewer)
        signed_out = viewer.person is None
        return {
            "forked_uid": self.fork,
            "is_favourite": self.is_favourite,
            "may_fork": self.may_fork and not signed_out and not forbidden,
            "why_not": "登录后可以收入备课" if signed_out else forbidden or "这份资料只开放查看，想用请联系作者",
        }


def restriction_of(resource: Resource) -> dict[str, Any]:
    """What decides whether the licence (许可) refuses an own version; empty where it refuses nobody."""
    if resource.licence not in RESTRICTIVE:
        return {}
    return {
        "licence": resource.licence,
        "authors": sorted({resource.owner_id, *(c.person_id for c in resource.contributions.all())}),
        "home": resource.home_school_id,
        "owner": resource.owner.name,
    }


def _forbidden(restriction: Mapping[str, Any], viewer: Viewer) -> str:
    """Why the licence refuses an own version; empty when it does not."""
    if not restriction:
        return ""
    return why_no_derivation(
        restriction["licence"],
        is_author=viewer.person_id in restriction["authors"],
        same_school=restriction["home"] in viewer.schools,
        owner=restriction["owner"],
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


def scope_of(grants: Iterable[Grant], at: datetime) -> str:
    """The widest audience of the grants valid now, in words; empty where everybody may read."""
    now = [g for g in grants if g.starts_at <= at and (g.ends_at is None or g.ends_at > at)]
    if not now or any(g.is_public for g in now):
        return ""
    bodies = [g.organisation for g in now if g.organisation]
    if not bodies:
        return "指定的人可见"
    widest = max(bodies, key=lambda body: WIDTH.index(body.kind) if body.kind in WIDTH else 0)
    return SCOPE_WORDS.get(widest.kind, "{name}可见").format(name=widest.display_name)
