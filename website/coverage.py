"""How much of a school's own textbooks of this term has something to teach from, and what waits to be made (待建设)."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils import timezone

from catalogue.models import Node, Textbook
from groups import access
from groups.access import Action
from groups.calendar import term_at
from groups.models import Adoption, Organisation
from groups.viewer import Viewer
from library.resources.models import Resource

SHOWN_GAPS = 12


@dataclass(frozen=True, slots=True)
class Gap:
    """A lesson without anything published that the viewer may see; `is_mine` while the viewer writes for it."""

    node: Node
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Coverage:
    """A textbook that the school uses: its lessons, how many are covered, the first ones that are not."""

    textbook: Textbook
    lessons: int
    covered: int
    gaps: tuple[Gap, ...] = ()

    @property
    def percent(self) -> int:
        return round(100 * self.covered / self.lessons) if self.lessons else 0

    @property
    def missing(self) -> int:
        return self.lessons - self.covered

    @property
    def unshown(self) -> int:
        return self.missing - len(self.gaps)


def coverage(school: Organisation, viewer: Viewer) -> list[Coverage]:
    """The school's textbooks of the running term, with their lessons; three queries."""
    books = _books(school, viewer)
    by_book: dict[int, list[Node]] = defaultdict(list)
    for node in _lessons(books, viewer):
        by_book[node.outline.textbook.pk].append(node)
    return [_covered(book, by_book[book.pk]) for book in books if by_book[book.pk]]


def _books(school: Organisation, viewer: Viewer) -> list[Textbook]:
    """Adopted now, without the other half-year's volumes."""
    term = term_at(timezone.localdate(viewer.at), school)
    other = {1: Textbook.Volume.SECOND, 2: Textbook.Volume.FIRST}.get(term.half) if term else None
    adopted = Adoption.objects.valid_at(viewer.at).filter(school=school, textbook__outline__isnull=False)
    if other:
        adopted = adopted.exclude(textbook__volume=other)
    found = adopted.select_related("textbook__subject", "textbook__edition", "textbook__outline")
    books = {adoption.textbook_id: adoption.textbook for adoption in found}
    return sorted(books.values(), key=lambda b: (b.subject.order, b.grade_from or 0, b.pk))


def _lessons(books: list[Textbook], viewer: Viewer) -> list[Node]:
    here = Resource.objects.filter(placements__node=OuterRef("pk"))
    published = access.narrow(here.filter(state="published", primary=True), viewer, Action.LIST)
    own = here.filter(state="draft", owner=viewer.person_id)
    below = Node.objects.active().filter(parent=OuterRef("pk"))
    lessons = Node.objects.active().filter(~Exists(below), outline__textbook__in=books)
    asked = lessons.annotate(is_covered=Exists(published.order_by()), is_mine=Exists(own.order_by()))
    return list(asked.select_related("outline__textbook").order_by("order"))


def _covered(book: Textbook, lessons: list[Node]) -> Coverage:
    missing = [Gap(node, node.is_mine) for node in lessons if not node.is_covered]  # type: ignore[attr-defined]
    return Coverage(book, len(lessons), len(lessons) - len(missing), tuple(missing[:SHOWN_GAPS]))
