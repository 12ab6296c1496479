"""Browsing by textbook: the shelf, a book, a unit, a lesson; and a page per subject and grade."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from catalogue.models import GRADE_NAMES, Node, Outline, Subject
from groups.middleware import ViewerRequest
from groups.viewer import Viewer
from library.resources.models import Kind, Resource
from library.resources.selectors import browse, comparing, packages
from library.resources.selectors.cards import cards, unit_label

PAGE_SIZE = 20
LAST_BOOK = "last_book"
YEAR = 365 * 24 * 3600


def shelf(request: ViewerRequest) -> HttpResponse:
    """`/k/`: subjects, then one subject's editions with covers."""
    books = browse.books()
    subjects = list({book.subject_id: book.subject for book in books}.values())
    subject = _chosen_subject(request, subjects)
    adopted = browse.adopted_ids(request.viewer)
    counts = browse.outline_counts(request.viewer, subject) if subject else {}
    last = request.COOKIES.get(LAST_BOOK, "")
    context = {
        "subjects": subjects,
        "subject": subject,
        "grades": GRADE_NAMES.items(),
        "shelves": browse.shelves([b for b in books if b.subject == subject], adopted, counts),
        "last": next((b for b in books if b.outline and b.outline.uid == last), None),
    }
    return render(request, "library/shelf.html", context)


def _chosen_subject(request: ViewerRequest, subjects: list[Subject]) -> Subject | None:
    wanted = request.GET.get("subject", "")
    for subject in subjects:
        if subject.code == wanted:
            return subject
    person = request.viewer.person
    if person and person.preferred_subject in subjects:
        return person.preferred_subject
    return subjects[0] if subjects else None


def outline(request: ViewerRequest, uid: str) -> HttpResponse:
    """`/k/<outline>/`: a book with its units, unit × kind."""
    contents = browse.Contents.of(get_object_or_404(Outline.objects.with_book(), uid=uid))
    context = _book_context(request, contents, None) | _coverage(contents, contents.units, 1, request.viewer)
    response = render(request, "library/outline.html", context)
    response.set_cookie(LAST_BOOK, uid, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure())
    return response


def node(request: ViewerRequest, outline_uid: str, uid: str) -> HttpResponse:
    """`/k/<outline>/<node>/`: a unit with its lessons × kinds, or a lesson with its resources."""
    contents = browse.Contents.of(get_object_or_404(Outline.objects.with_book(), uid=outline_uid))
    current = next((n for n in contents.nodes if n.uid == uid), None)
    if current is None:
        gone = get_object_or_404(Node.objects.select_related("outline"), uid=uid)
        return redirect(gone.outline.get_absolute_url())
    context = _book_context(request, contents, current)
    if current.depth == 1 and contents.children(current):
        rows = contents.children(current)
        return render(request, "library/unit.html", context | _coverage(contents, rows, 2, request.viewer))
    return render(request, "library/lesson.html", context | _lesson(request, contents, current))


def _book_context(request: ViewerRequest, contents: browse.Contents, current: Node | None) -> dict[str, Any]:
    textbook = getattr(contents.outline, "textbook", None)
    adopted = browse.adopted_ids(request.viewer)
    counts = browse.unit_counts(contents.outline, request.viewer)
    before, after = contents.neighbours(current) if current else (None, None)
    unit = contents.unit_of(current) if current else None
    return {
        "outline": contents.outline,
        "textbook": textbook,
        "is_ours": bool(textbook and textbook.pk in adopted),
        "cascade": browse.cascade(textbook, browse.books(), adopted) if textbook and textbook.is_active else None,
        "tree": browse.tree(contents, current, counts),
        "total": sum(counts.values()),
        "node": current,
        "unit": unit,
        "unit_label": unit_label(unit) if unit else "",
        "before": before,
        "after": after,
    }


def _coverage(contents: browse.Contents, rows: list[Node], depth: int, viewer: Viewer) -> dict[str, Any]:
    subtrees = {row.pk: contents.subtree(row) for row in rows}
    every = [pk for found in subtrees.values() for pk in found]
    counts = browse.kind_counts(every, depth, viewer)
    table = browse.coverage(rows, counts, packages.package_meters(subtrees, viewer))
    return {"rows": table, "columns": browse.columns(), "gaps": sum(row.gaps for row in table)}


def _lesson(request: ViewerRequest, contents: browse.Contents, current: Node) -> dict[str, Any]:
    nodes = contents.subtree(current)
    chosen = request.GET.get("kind", "")
    chosen = chosen if chosen in Kind.values else ""
    counts = browse.kind_counts(nodes, current.depth, request.viewer).get(current.pk, {})
    comparing_now = request.GET.get("view") == "compare"
    package = packages.package_at(nodes, request.viewer)
    found = browse.published(request.viewer).filter(placements__node__in=nodes).distinct()
    found = found.filter(kind=chosen) if chosen else found
    page = None if comparing_now else paged(request, found)
    return {
        "tabs": browse.tabs(counts, chosen, current.get_absolute_url()),
        "chosen": chosen,
        "chosen_label": Kind(chosen).label if chosen else "资源",
        "designs": counts.get(Kind.LESSON_DESIGN, 0),
        "page": page,
        "cards": cards_of(page, request.viewer),
        "compared": comparing.compared(nodes, request.viewer) if comparing_now else (),
        "comparing": comparing_now,
        "package": packages.package_view(package, package.published_version, request.viewer) if package else None,
    }


def paged(request: HttpRequest, found: QuerySet[Resource], size: int = PAGE_SIZE) -> "Page[Resource]":
    return Paginator(found.order_by("-published_at", "-pk"), size).get_page(request.GET.get("page"))


def cards_of(page: "Page[Resource] | None", viewer: Viewer) -> list[Any]:
    """Cards of one page, in its order."""
    if page is None:
        return []
    ids = [resource.pk for resource in page.object_list]
    found = {card.resource.pk: card for card in cards(Resource.objects.filter(pk__in=ids), viewer)}
    return [found[pk] for pk in ids if pk in found]


def grade(request: ViewerRequest, code: str, number: int) -> HttpResponse:
    """`/k/subject/<code>/<grade>/`: everything for a subject and grade, whether on a textbook or not."""
    subject = get_object_or_404(Subject, code=code)
    chosen = request.GET.get("kind", "")
    chosen = chosen if chosen in Kind.values else ""
    counts = browse.grade_counts(subject, number, request.viewer)
    found = browse.in_grade(subject, number, request.viewer)
    page = paged(request, found.filter(kind=chosen) if chosen else found)
    context = {
        "subject": subject,
        "grade": number,
        "grade_name": GRADE_NAMES.get(number, f"{number}年级"),
        "grades": GRADE_NAMES.items(),
        "books": [b for b in browse.books() if b.subject_id == subject.pk and _covers(b, number)],
        "tabs": browse.tabs(counts, chosen, request.path),
        "chosen_label": Kind(chosen).label if chosen else "资源",
        "page": page,
        "cards": cards_of(page, request.viewer),
    }
    return render(request, "library/grade.html", context)


def _covers(book: Any, number: int) -> bool:
    return book.grade_from is not None and book.grade_from <= number <= (book.grade_to or book.grade_from)
