"""The shelf, a book and its lessons (目录浏览), with counts of what the viewer may list.

A page asks the same number of queries for a unit of three lessons and for a book of two hundred.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, QuerySet, Value, When

from catalogue.models import Node, Outline, Subject, Textbook
from catalogue.selectors import place_of, same_content
from groups.models import Adoption
from groups.models.dated import valid
from groups.viewer import Viewer
from library.resources.kinds import spec_of
from library.resources.models import Kind, Placement, Resource
from library.resources.selectors.cards import SHORT_WORDS, unit_label

COVERAGE = (
    Kind.LESSON_DESIGN,
    Kind.COURSEWARE,
    Kind.MICRO_LESSON,
    Kind.WORKSHEET,
    Kind.HOMEWORK,
    Kind.MATERIAL,
)
"""Columns of the coverage table: what every lesson is hoped to have."""


def kind_rank() -> Case:
    """The order of a mixed list: the columns of the coverage table, then the rest."""
    columns = [When(kind=kind, then=Value(at)) for at, kind in enumerate(COVERAGE)]
    return Case(*columns, default=Value(len(COVERAGE)))


def published(viewer: Viewer) -> QuerySet[Resource]:
    """Published originals that `viewer` may list; adaptations are counted under their originals."""
    return Resource.objects.filter(state="published", primary=True).visible_to(viewer)


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a cascade cell."""

    label: str
    url: str
    is_current: bool
    is_ours: bool = False


@dataclass(frozen=True, slots=True)
class Cascade:
    """学科 ▸ 版本 ▸ 年级册次, each a list of links to books."""

    subjects: tuple[Choice, ...]
    editions: tuple[Choice, ...]
    volumes: tuple[Choice, ...]


def books(viewer: Viewer) -> list[Textbook]:
    """Active textbooks whose contents we have, in shelf order; `is_ours` where the viewer's schools use them now."""
    adopted = Adoption.objects.filter(valid(viewer.at), school__in=viewer.schools, textbook=OuterRef("pk"))
    found = Textbook.objects.active().with_nodes().select_related("subject", "edition", "outline")
    found = found.annotate(is_ours=Exists(adopted))
    return list(found.order_by("subject__order", "edition__name", "grade_from", "volume", "revision", "pk"))


def cascade(current: Textbook, shelf: Sequence[Any]) -> Cascade:
    """The three cells for one book; changing an upper cell keeps the grade and volume where the other book has them."""
    same_subject = [b for b in shelf if b.subject_id == current.subject_id]
    same_edition = [b for b in same_subject if b.edition_id == current.edition_id]
    return Cascade(
        subjects=_choices(shelf, lambda b: b.subject_id, lambda b: b.subject.name, current),
        editions=_choices(
            same_subject,
            lambda b: b.edition_id,
            lambda b: b.edition.name if b.edition else "不分版本",
            current,
        ),
        volumes=_choices(same_edition, lambda b: b.pk, volume_label, current),
    )


def volume_label(book: Textbook) -> str:
    return f"{book.grade_volume}（{book.get_revision_display()}）" if book.revision else book.grade_volume


def _choices(
    shelf: Sequence[Any],
    key: Callable[[Any], int | None],
    label: Callable[[Any], str],
    current: Textbook,
) -> tuple[Choice, ...]:
    groups: dict[int | None, list[Any]] = defaultdict(list)
    for book in shelf:
        groups[key(book)].append(book)
    return tuple(
        Choice(
            label=label(members[0]),
            url=book_url(nearest(members, current)),
            is_current=group == key(current),
            is_ours=any(b.is_ours for b in members),
        )
        for group, members in groups.items()
    )


def book_url(book: Textbook) -> str:
    return book.outline.get_absolute_url() if book.outline else ""


def nearest(members: Sequence[Any], wanted: Textbook) -> Any:
    """Our own school's book of that grade and volume first, then any of the same grade, then the first."""
    return max(
        members,
        key=lambda b: (b.grade_from == wanted.grade_from, b.volume == wanted.volume, b.is_ours, -b.pk),
    )


@dataclass(frozen=True, slots=True)
class TreeItem:
    """A unit or a lesson in the contents with its count."""

    node: Node
    number: str
    count: int
    is_current: bool
    children: tuple["TreeItem", ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """One kind of one lesson: a count, or an empty square to claim."""

    kind: str
    label: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the coverage table."""

    node: Node
    url: str
    cells: tuple[Cell, ...]
    package: int | None

    @property
    def gaps(self) -> int:
        return sum(cell.count == 0 for cell in self.cells)


@dataclass(slots=True)
class Contents:
    """Every active node of an outline, loaded once, with the questions that a page asks of the tree."""

    outline: Outline
    nodes: list[Node]
    by_parent: dict[int | None, list[Node]] = field(default_factory=dict)
    by_id: dict[int, Node] = field(default_factory=dict)
    paths: dict[int, list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, outline: Outline) -> "Contents":
        nodes = list(Node.objects.active().filter(outline=outline).order_by("order"))
        by_id = {node.pk: node for node in nodes}
        children: dict[int | None, list[Node]] = defaultdict(list)
        for node in nodes:
            node.outline = outline
            children[node.parent_id].append(node)
            if node.parent_id in by_id:
                node.parent = by_id[node.parent_id]
        return cls(outline, nodes, children, by_id)

    @property
    def units(self) -> list[Node]:
        return self.by_parent.get(None, [])

    def children(self, node: Node) -> list[Node]:
        return self.by_parent.get(node.pk, [])

    def subtree(self, node: Node) -> list[int]:
        found = [node.pk]
        for child in self.children(node):
            found += self.subtree(child)
        return found

    def path(self, node: int) -> list[int]:
        """Ids from the unit down to the node; empty for one that is not active."""
        if node not in self.paths:
            found = self.by_id.get(node)
            above = self.path(found.parent_id) if found and found.parent_id else []
            self.paths[node] = [*above, node] if found else []
        return self.paths[node]

    def lessons(self) -> list[Node]:
        """What is taught, in order: the entries below the units, and units that have none."""
        return [n for n in self.nodes if (n.depth == 2) or (n.depth == 1 and not self.children(n))]

    def neighbours(self, node: Node) -> tuple[Node | None, Node | None]:
        """The lesson before and after."""
        lessons = self.lessons()
        if node not in lessons:
            return None, None
        at = lessons.index(node)
        return lessons[at - 1] if at else None, lessons[at + 1] if at + 1 < len(lessons) else None

    def unit_of(self, node: Node) -> Node:
        return self.unit_of(node.parent) if node.parent_id and node.parent else node


@dataclass(frozen=True, slots=True)
class Counts:
    """What a page of a book counts: different resources by unit, and by row and kind."""

    units: dict[int, int]
    rows: dict[int, dict[str, int]]


def counts(contents: Contents, nodes: Iterable[int], depth: int, viewer: Viewer) -> Counts:
    """Counts of the tree and of the rows at `depth` over `nodes`, in one query.

    The query begins at the book's nodes, so that the rule is asked once for each of its resources, whatever else the
    library holds. A resource that hangs on two lessons of a unit counts once for the unit.
    """
    placed = published(viewer).filter(placements__node__outline=contents.outline).order_by()
    wanted = set(nodes)
    units: dict[int, set[int]] = defaultdict(set)
    rows: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for resource, kind, node in placed.values_list("pk", "kind", "placements__node"):
        path = contents.path(node)
        if path:
            units[path[0]].add(resource)
        if node in wanted and len(path) >= depth:
            rows[path[depth - 1]][kind].add(resource)
    return Counts(
        {unit: len(found) for unit, found in units.items()},
        {row: {kind: len(found) for kind, found in kinds.items()} for row, kinds in rows.items()},
    )


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The same content in another textbook (其他版本同内容): where, and how much there is for this viewer."""

    node: Node
    place: str
    count: int


def elsewhere(nodes: Iterable[int], viewer: Viewer) -> list[Elsewhere]:
    """Entries of other textbooks with the same knowledge points; three queries."""
    found = same_content(nodes)
    visible = published(viewer).values("pk")
    placed = Placement.objects.filter(node__in=[node.pk for node in found], resource__in=visible).order_by()
    numbers = dict(placed.values_list("node").annotate(Count("resource", distinct=True)))
    return [Elsewhere(node, str(place_of(node)), numbers.get(node.pk, 0)) for node in found]


def courses() -> QuerySet[Outline]:
    """Outlines that are no textbook and have entries: 校本课程, 专题."""
    entries = Node.objects.filter(outline=OuterRef("pk"), status=Node.Status.ACTIVE)
    return Outline.objects.exclude(kind=Outline.Kind.TEXTBOOK).filter(Exists(entries)).order_by("kind", "title")


def tree(contents: Contents, current: Node | None, counts: Mapping[int, int]) -> list[TreeItem]:
    """Units with counts; the unit that the reader is in opens to its lessons."""
    open_unit = contents.unit_of(current) if current else None
    return [
        TreeItem(
            node=unit,
            number=_tree_number(unit, place),
            count=counts.get(unit.pk, 0),
            is_current=unit == current,
            children=tuple(TreeItem(child, child.number, 0, child == current) for child in contents.children(unit))
            if unit == open_unit
            else (),
        )
        for place, unit in enumerate(contents.units, 1)
    ]


def _tree_number(unit: Node, place: int) -> str:
    label = unit_label(unit)
    return label.removeprefix("第").removesuffix("单元") if label.startswith("第") else ""


def coverage(rows: Sequence[Node], counts: Mapping[int, Mapping[str, int]], packages: Mapping[int, int]) -> list[Row]:
    """Lesson × kind."""
    return [
        Row(
            node=node,
            url=node.get_absolute_url(),
            cells=tuple(
                Cell(
                    kind=kind.value,
                    label=str(kind.label),
                    count=counts.get(node.pk, {}).get(kind.value, 0),
                    url=f"{node.get_absolute_url()}?kind={kind.value}",
                )
                for kind in COVERAGE
            ),
            package=packages.get(node.pk),
        )
        for node in rows
    ]


def columns() -> list[tuple[str, str]]:
    """Head of the coverage table: icon and word."""
    return [(spec_of(kind).icon, SHORT_WORDS.get(kind, str(kind.label))) for kind in COVERAGE]


@dataclass(frozen=True, slots=True)
class Tab:
    """A kind on a lesson's page with its count."""

    kind: str
    label: str
    icon: str
    count: int
    is_on: bool
    url: str


def tabs(counts: Mapping[str, int], chosen: str, base: str) -> list[Tab]:
    """全部 and every kind: the hoped-for ones always, others where there is something."""
    shown = [kind for kind in Kind if kind in COVERAGE or kind == Kind.PACKAGE or counts.get(kind.value)]
    every = Tab("", "全部", "library", sum(counts.values()), not chosen, base)
    return [every] + [
        Tab(k.value, str(k.label), spec_of(k).icon, counts.get(k.value, 0), chosen == k.value, f"{base}?kind={k.value}")
        for k in shown
    ]


def grade_counts(subject: Subject, grade: int, viewer: Viewer) -> dict[str, int]:
    """Kind → number of resources of a subject and grade, on a textbook or not."""
    rows = in_grade(subject, grade, viewer).values_list("kind").annotate(n=Count("pk", distinct=True))
    return dict(rows.order_by())


def in_grade(subject: Subject, grade: int, viewer: Viewer) -> QuerySet[Resource]:
    return published(viewer).filter(subjects=subject, grade_from__lte=grade, grade_to__gte=grade)


@dataclass(frozen=True, slots=True)
class Shelf:
    """One edition's row of covers."""

    edition: str
    is_ours: bool
    books: tuple[tuple[Textbook, int], ...]


def shelves(shelf: Sequence[Any], counts: Mapping[int, int]) -> list[Shelf]:
    """Editions of one subject: our school's own first, then the fuller ones."""
    groups: dict[str, list[Any]] = defaultdict(list)
    for book in shelf:
        groups[book.edition.name if book.edition else "不分版本"].append(book)
    rows = [
        Shelf(name, any(b.is_ours for b in found), tuple((b, counts.get(b.outline_id or 0, 0)) for b in found))
        for name, found in groups.items()
    ]
    return sorted(rows, key=lambda row: (not row.is_ours, -sum(n for _, n in row.books), row.edition))


def outline_counts(viewer: Viewer, subject: Subject) -> dict[int, int]:
    """Outline → number of different resources, for one subject's books."""
    placed = Placement.objects.filter(
        node__outline__textbook__subject=subject, resource__in=published(viewer).values("pk")
    )
    rows = placed.values_list("node__outline").annotate(n=Count("resource", distinct=True))
    return dict(rows.order_by())
