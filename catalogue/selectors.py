"""What pages and other packages ask of the catalogue: the shelf, a book's tree, and where in the book a node stands.

Everything here is open to everybody: textbooks are facts. A node passed in should come from `Node.objects.with_place()`
when many are asked about, so that nothing is fetched one by one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count

from catalogue.models import Edition, Node, NodeKnowledge, Outline, Subject, Textbook
from catalogue.pacing import Paced, spread
from catalogue.pacing import current_volume as current_volume

LIVE = (Node.Status.ACTIVE, Node.Status.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class ShelfEdition:
    """An edition (版本) with its books in the order of grade and volume."""

    edition: Edition | None
    books: tuple[Textbook, ...]


@dataclass(frozen=True, slots=True)
class ShelfSubject:
    """A subject (学科) with its editions."""

    subject: Subject
    editions: tuple[ShelfEdition, ...]


@dataclass(frozen=True, slots=True)
class TreeNode:
    """A node with its children, in reading order; no further query."""

    node: Node
    children: tuple["TreeNode", ...]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The lessons before and after (上一课, 下一课)."""

    previous: Node | None
    following: Node | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the books a node stands; as text 人教版 五年级上册 第六单元.

    `unit` is 第六单元, or the title of a top entry without a number. An outline that is no textbook has its title as
    `edition` and no grade.
    """

    subject: str
    edition: str
    grade: str
    volume: str
    unit: str
    unit_title: str
    title: str

    @property
    def grade_volume(self) -> str:
        return f"{self.grade}{self.volume}"

    def __str__(self) -> str:
        return " ".join(filter(None, (self.edition, self.grade_volume, self.unit)))


def shelf(*, only_with_outlines: bool = True) -> tuple[ShelfSubject, ...]:
    """Active textbooks by subject and edition; one query."""
    books = Textbook.objects.active()
    if only_with_outlines:
        books = books.with_nodes()
    ordered = books.select_related("subject", "edition", "outline").order_by(
        "subject__order", "subject_id", "edition__name", "grade_from", "grade_to", "volume", "revision", "pk"
    )
    return tuple(
        ShelfSubject(group[0].subject, _editions(group))
        for group in (list(rows) for _, rows in groupby(ordered, key=lambda book: book.subject_id))
    )


def _editions(books: Sequence[Textbook]) -> tuple[ShelfEdition, ...]:
    grouped = (list(rows) for _, rows in groupby(books, key=lambda book: book.edition_id))
    return tuple(ShelfEdition(group[0].edition, tuple(group)) for group in grouped)


def tree(outline: Outline) -> tuple[TreeNode, ...]:
    """The outline's live nodes, nested; one query."""
    by_parent: dict[int | None, list[Node]] = {}
    for node in outline.nodes.filter(status__in=LIVE).order_by("order"):
        node.outline = outline
        by_parent.setdefault(node.parent_id, []).append(node)

    def build(parent: int | None) -> tuple[TreeNode, ...]:
        return tuple(TreeNode(node, build(node.pk)) for node in by_parent.get(parent, ()))

    return build(None)


def lessons_of(outline: Outline) -> list[Node]:
    """What is taught as one piece, in reading order: live nodes that have periods (课时); one query."""
    return list(outline.nodes.filter(status=Node.Status.ACTIVE, periods__isnull=False).order_by("order"))


def neighbours(node: Node) -> Neighbours:
    """The lesson before and the lesson after in the same book; two queries."""
    lessons = Node.objects.filter(outline_id=node.outline_id, status=Node.Status.ACTIVE, periods__isnull=False)
    return Neighbours(
        previous=lessons.filter(order__lt=node.order).select_related("outline").order_by("-order").first(),
        following=lessons.filter(order__gt=node.order).select_related("outline").order_by("order").first(),
    )


def unit_of(node: Node) -> Node:
    """The top entry of the book in which the node stands; itself when it is one."""
    while node.parent is not None:
        node = node.parent
    return node


def place_of(node: Node) -> Place:
    """Where the node stands; no query when it comes from `with_place()`."""
    unit = unit_of(node)
    book = getattr(node.outline, "textbook", None)
    if book is None:
        return Place("", node.outline.title, "", "", unit.label, unit.title, node.title)
    return Place(
        subject=book.subject.name,
        edition=book.edition.name if book.edition else "",
        grade=book.grade_label,
        volume=book.volume_name,
        unit=unit.label,
        unit_title=unit.title,
        title=node.title,
    )


def pacing_of(lessons: Iterable[Node], teaching_weeks: int) -> dict[int, int]:
    """node id → week: a book's lessons spread over the teaching weeks by their periods."""
    return spread((Paced(node.pk, node.periods or 1) for node in lessons), teaching_weeks)


def textbooks_for(*, subject: Subject, grade: int, volume: str) -> list[Textbook]:
    """Active books with contents for a subject, grade and volume (`first`, `second`); whole-year books too."""
    found = Textbook.objects.active().with_nodes().for_grade(grade).filter(subject=subject)
    volumes = [volume, Textbook.Volume.WHOLE]
    return list(found.filter(volume__in=volumes).select_related("subject", "edition", "outline").order_by("pk"))


def same_content(nodes: Iterable[int], limit: int = 12) -> Sequence[Node]:
    """其他版本同内容: entries of other active textbooks that teach the same knowledge points; two queries.

    Those that share most come first, each with `shared`, the number of points; a unit is left out where one of its
    lessons is there.
    """
    points = NodeKnowledge.objects.filter(node__in=nodes).values("knowledge")
    own = Node.objects.filter(pk__in=nodes).values("outline")
    found = (
        Node.objects.with_place()
        .filter(status=Node.Status.ACTIVE, outline__textbook__is_active=True, nodeknowledge__knowledge__in=points)
        .exclude(outline__in=own)
        .annotate(shared=Count("nodeknowledge__knowledge", distinct=True))
        .order_by("-shared", "-depth", "outline_id", "order")
    )
    nearest = list(found[: limit * 3])
    units = {node.parent_id for node in nearest}
    return [node for node in nearest if node.pk not in units][:limit]


def edition_named(*, subject: Subject, name: str) -> Edition | None:
    """The edition of this name or alias (部编版 is 统编版); its own name goes first."""
    editions = Edition.objects.filter(subject=subject)
    return editions.filter(name=name).first() or editions.filter(aliases__name=name).first()
