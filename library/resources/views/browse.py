"""Browsing by textbook: the shelf, a book, a unit, a lesson; and a page per subject and grade."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from catalogue.models import GRADE_NAMES, Node, Outline, Subject
from groups.middleware import ViewerRequest
from library.resources.models import Kind, Package, Resource
from library.resources.selectors import browse, comparing, packages, weeks
from library.resources.selectors.cards import cards, cards_by_uid, unit_label

PAGE_SIZE = 20
MOST_OF_A_UNIT = 12
"""Resources of a whole unit that its page lists; search has them all."""
LAST_BOOK = "last_book"
YEAR = 365 * 24 * 3600


def shelf(request: ViewerRequest) -> HttpResponse:
    """`/k/`: subjects, then one subject's editions with covers."""
    books = browse.books(request.viewer)
    subjects = list({book.subject_id: book.subject for book in books}.values())
    subject = _chosen_subject(request, subjects)
    counts = browse.outline_counts(request.viewer, subject) if subject else {}
    last = request.COOKIES.get(LAST_BOOK, "")
    context = {
        "subjects": subjects,
        "subject": subject,
        "grades": GRADE_NAMES.items(),
        "shelves": browse.shelves([b for b in books if b.subject == subject], counts),
        "courses": browse.courses(),
        "last": next((b for b in books if b.outline and b.outline.uid == last), None),
    }
    return render(request, "library/shelf.html", context)


def _chosen_subject(request: ViewerRequest, subjects: list[Subject]) -> Subject | None:
    wanted = request.GET.get("subject", "")
    for subject in subjects:
        if subject.code == wanted:
            return subject
    person = request.viewer.person
    preferred = [s for s in subjects if person and s.pk == person.preferred_subject_id]
    return next(iter([*preferred, *subjects]), None)


@dataclass(frozen=True, slots=True)
class Book:
    """A book as every page below it needs it: the shelf for the cascade, and its contents."""

    shelf: list[Any]
    contents: browse.Contents

    @property
    def textbook(self) -> Any:
        return getattr(self.contents.outline, "textbook", None)


def _book(request: ViewerRequest, uid: str) -> Book:
    """The outline with its book, found among the active books without asking again."""
    shelf = browse.books(request.viewer)
    textbook = next((b for b in shelf if b.outline and b.outline.uid == uid), None)
    if textbook and textbook.outline:
        textbook.outline.textbook = textbook
        return Book(shelf, browse.Contents.of(textbook.outline))
    return Book(shelf, browse.Contents.of(get_object_or_404(Outline.objects.with_book(), uid=uid)))


def outline(request: ViewerRequest, uid: str) -> HttpResponse:
    """`/k/<outline>/`: a book with its units, unit × kind."""
    book = _book(request, uid)
    rows = book.contents.units
    response = render(request, "library/outline.html", _coverage(request, book, None, rows, 1))
    response.set_cookie(LAST_BOOK, uid, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure())
    return response


def node(request: ViewerRequest, outline_uid: str, uid: str) -> HttpResponse:
    """`/k/<outline>/<node>/`: a unit with its lessons × kinds, or a lesson with its resources."""
    book = _book(request, outline_uid)
    current = next((n for n in book.contents.nodes if n.uid == uid), None)
    if current is None:
        gone = get_object_or_404(Node.objects.select_related("outline"), uid=uid)
        return redirect(gone.outline.get_absolute_url())
    below = book.contents.children(current)
    if current.depth == 1 and below:
        context = _coverage(request, book, current, below, 2)
        placed = browse.published(request.viewer).filter(placements__node=current)
        own = placed.order_by(browse.kind_rank(), "-published_at", "pk")
        context |= {"package": _package_of(request, context), "own": cards(own[:MOST_OF_A_UNIT], request.viewer)}
        return render(request, "library/unit.html", context)
    return render(request, "library/lesson.html", _lesson(request, book, current))


def _may_revise(request: ViewerRequest, textbook: Any) -> bool:
    """Curators of the subject see the way to change the outline."""
    curated = request.viewer.curates
    return request.viewer.is_system_admin or None in curated or bool(textbook and textbook.subject_id in curated)


def _book_context(request: ViewerRequest, book: Book, current: Node | None, counts: browse.Counts) -> dict[str, Any]:
    contents, textbook = book.contents, book.textbook
    before, after = contents.neighbours(current) if current else (None, None)
    unit = contents.unit_of(current) if current else None
    return {
        "outline": contents.outline,
        "textbook": textbook,
        "is_ours": getattr(textbook, "is_ours", False),
        "may_revise": _may_revise(request, textbook),
        "cascade": browse.cascade(textbook, book.shelf) if textbook in book.shelf else None,
        "tree": browse.tree(contents, current, counts.units),
        "total": sum(counts.units.values()),
        "node": current,
        "unit": unit,
        "unit_label": unit_label(unit) if unit else "",
        "before": before,
        "after": after,
    }


def _coverage(request: ViewerRequest, book: Book, current: Node | None, rows: list[Node], depth: int) -> dict[str, Any]:
    subtrees = {row.pk: book.contents.subtree(row) for row in rows}
    every = [pk for found in subtrees.values() for pk in found]
    counts = browse.counts(book.contents, every, depth, request.viewer)
    meters = packages.package_meters(subtrees, request.viewer)
    table = browse.coverage(rows, counts.rows, meters.percent)
    taught = weeks.weeks(book.contents.outline, request.viewer) if book.textbook in book.shelf else None
    below = [n for n in book.contents.nodes if n.pk in set(every) - set(subtrees)] if current is None else rows
    context = _book_context(request, book, current, counts) | {
        "span": taught.span(every) if taught and current else "",
        "now": taught.now_at([*rows, *below]) if taught else None,
        "week": taught.now if taught else None,
    }
    return context | {
        "fullest": meters.fullest,
        "rows": table,
        "columns": browse.columns(),
        "gaps": sum(row.gaps for row in table),
    }


def _package_of(request: ViewerRequest, context: dict[str, Any]) -> packages.PackageView | None:
    """On a unit's page: the package of this week's lesson, else the first there is."""
    fullest: dict[int, Package] = context["fullest"]
    now = context["now"]
    chosen = fullest.get(now.pk) if now else None
    chosen = chosen or next((fullest[row.node.pk] for row in context["rows"] if row.node.pk in fullest), None)
    return packages.package_view(chosen, chosen.published_version, request.viewer) if chosen else None


def _lesson(request: ViewerRequest, book: Book, current: Node) -> dict[str, Any]:
    nodes = book.contents.subtree(current)
    chosen = _chosen_kind(request)
    counts = browse.counts(book.contents, nodes, current.depth, request.viewer)
    by_kind = counts.rows.get(current.pk, {})
    context = _book_context(request, book, current, counts) | {
        "tabs": browse.tabs(by_kind, chosen, current.get_absolute_url()),
        "chosen": chosen,
        "chosen_label": Kind(chosen).label if chosen else "资源",
        "designs": by_kind.get(Kind.LESSON_DESIGN, 0),
        "comparing": request.GET.get("view") == "compare",
        "elsewhere": request.GET.get("view") == "elsewhere",
    }
    if context["elsewhere"]:
        return context | {"others": browse.elsewhere(nodes, request.viewer)}
    if context["comparing"]:
        return context | {"compared": comparing.compared(nodes, request.viewer)}
    found = browse.published(request.viewer).filter(placements__node__in=nodes).distinct()
    found = found.filter(kind=chosen) if chosen else found
    page = paged(request, found, by_kind.get(chosen, 0) if chosen else sum(by_kind.values()))
    return context | _lists(request, page, packages.package_at(nodes, request.viewer))


def _lists(request: ViewerRequest, page: "Page[Resource]", package: Package | None) -> dict[str, Any]:
    """The cards of a page and of a package's parts, loaded together."""
    uids = [resource.uid for resource in page.object_list]
    parts = [part.resource for part in packages.parts_of(package.published_version)] if package else []
    found = cards_by_uid([*uids, *parts], request.viewer)
    in_package = [found[uid] for uid in parts if uid in found]
    return {
        "page": page,
        "cards": [found[uid] for uid in uids if uid in found],
        "package": packages.laid_out(package, package.published_version, in_package) if package else None,
    }


def _chosen_kind(request: HttpRequest) -> str:
    """The kind asked for; an unknown one is no filter."""
    chosen = request.GET.get("kind", "")
    return chosen if chosen in Kind.values else ""


class CountedPaginator(Paginator):
    """A paginator that was told the count, which the page had asked for already."""

    def __init__(self, found: QuerySet[Resource], size: int, total: int) -> None:
        super().__init__(found, size)
        self.count = total


def paged(request: HttpRequest, found: QuerySet[Resource], total: int) -> "Page[Resource]":
    newest = found.annotate(rank=browse.kind_rank()).order_by("rank", "-published_at", "-pk")
    return CountedPaginator(newest, PAGE_SIZE, total).get_page(request.GET.get("page"))


def grade(request: ViewerRequest, code: str, number: int) -> HttpResponse:
    """`/k/subject/<code>/<grade>/`: everything for a subject and grade, whether on a textbook or not."""
    subject = get_object_or_404(Subject, code=code)
    chosen = _chosen_kind(request)
    counts = browse.grade_counts(subject, number, request.viewer)
    found = browse.in_grade(subject, number, request.viewer)
    found = found.filter(kind=chosen) if chosen else found
    page = paged(request, found, counts.get(chosen, 0) if chosen else sum(counts.values()))
    books = [b for b in browse.books(request.viewer) if b.subject_id == subject.pk and _covers(b, number)]
    context = {
        "subject": subject,
        "grade": number,
        "grade_name": GRADE_NAMES.get(number, f"{number}年级"),
        "grades": GRADE_NAMES.items(),
        "books": books,
        "tabs": browse.tabs(counts, chosen, request.path),
        "chosen_label": Kind(chosen).label if chosen else "资源",
    }
    return render(request, "library/grade.html", context | _lists(request, page, None))


def _covers(book: Any, number: int) -> bool:
    return book.grade_from is not None and book.grade_from <= number <= (book.grade_to or book.grade_from)
