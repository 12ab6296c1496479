"""What search may see of resources: published versions alone, with the rights valid now."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Count, Prefetch, QuerySet, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone

from catalogue.models import GRADE_NAMES, Node, Textbook
from groups.models import State
from library.documents import walk
from library.documents.fields import Document
from library.documents.files import MicroLessonDocument, timed_passages
from library.resources import file_words, kinds
from library.resources.models import Grant, Placement, Resource, Submission, Version
from library.resources.policies import index_tokens
from library.resources.selectors.cards import cards_by_uid
from library.resources.selectors.found import listed, of_hits, stored
from library.resources.selectors.titles import FILTERS, titles
from library.resources.services.indexing import SOURCE as NAME
from library.resources.services.writing import document_of
from search.ports import Entry, Passage
from search.registry import Source

VISIBLE_STATES = (State.PUBLISHED, State.ARCHIVED)
TAKEN = ("fork", "download", "taught")


def load(uids: Sequence[str]) -> Iterable[Entry]:
    """Entries of those of `uids` that are published or archived, in ten queries and one for each kind among them."""
    now = timezone.now()
    areas: dict[int, set[int]] = {}
    found = list(_whole(Resource.objects.filter(uid__in=uids, state__in=VISIBLE_STATES)))
    for kind in {resource.kind for resource in found}:
        prefetch_related_objects([resource for resource in found if resource.kind == kind], kinds.spec_of(kind).child)
    for resource in found:
        yield _entry(resource, index_tokens(resource, now, areas))


def uids() -> Iterable[str]:
    found = Resource.objects.filter(state__in=VISIBLE_STATES, published_version__isnull=False)
    return found.values_list("uid", flat=True).order_by("pk").iterator()


def _whole(queryset: QuerySet[Resource]) -> QuerySet[Resource]:
    nodes = Placement.objects.select_related(
        "node__parent__parent", "node__outline__textbook__subject", "node__outline__textbook__edition"
    ).prefetch_related("node__knowledge")
    return (
        queryset.filter(published_version__isnull=False)
        .select_related("published_version", "home_school", "studio", "owner", "derived_from")
        .prefetch_related(
            "subjects",
            file_words.attachments(),
            "contributions__person",
            "contributions__school_then",
            Prefetch("placements", queryset=nodes),
            Prefetch("grants", queryset=Grant.objects.select_related("organisation")),
            Prefetch("submissions", queryset=Submission.objects.prefetch_related("steps")),
        )
        .annotate(fork_count=Count("derivations", distinct=True), use_count=Count("usage", distinct=True))
    )


def _entry(resource: Any, tokens: frozenset[str]) -> Entry:
    version = resource.published_version
    document = document_of(resource, version.document)
    nodes = [placement.node for placement in resource.placements.all()]
    authors = tuple(c.person.name for c in resource.contributions.all())
    source = getattr(resource, "derived_from", None)
    return Entry(
        key=f"{NAME}:{resource.uid}",
        source=NAME,
        title=version.title,
        subtitle=resource.subtitle,
        summary=resource.summary,
        keywords=tuple(dict.fromkeys([*resource.keywords, *(k.name for n in nodes for k in n.knowledge.all())])),
        authors=authors,
        passages=_passages(resource, version, document),
        facets=_facets(resource, document, nodes),
        tokens=tokens,
        position=min((n.order for n in nodes), default=None),
        published_at=resource.published_at,
        uses=resource.use_count,
        citations=resource.fork_count,
        primary=resource.primary,
        fold=f"{NAME}:{source.source.uid}" if source is not None and not resource.primary else f"{NAME}:{resource.uid}",
        card=stored(resource),
    )


def _passages(resource: Resource, version: Version, document: Document) -> tuple[Passage, ...]:
    spec = kinds.spec_of(resource.kind)
    found = list(spec.passages(document)) if spec.passages else walk.passages(document)
    if isinstance(document, MicroLessonDocument):
        found = [(p, t) for p, t in found if not p.startswith(("章节", "文字稿"))] + timed_passages(document)
    in_files = file_words.passages(version)
    if in_files and hasattr(document, "pages"):
        found = file_words.without_pages(found)
    return tuple(Passage(place, text) for place, text in [*found, *in_files])


def _facets(resource: Resource, document: Document, nodes: Sequence[Node]) -> Mapping[str, tuple[str, ...]]:
    books = [n.outline.textbook for n in nodes if hasattr(n.outline, "textbook")]
    values: dict[str, Iterable[str]] = {
        "kind": [kinds.spec_of(resource.kind).label],
        "subject": [s.name for s in resource.subjects.all()] or [b.subject.name for b in books],
        "grade": _grades([resource, *books]),
        "school": [c.school_then.name for c in resource.contributions.all() if c.school_then],
        "studio": [resource.studio.name] if resource.studio else [],
        "year": [str(timezone.localdate(resource.published_at).year)] if resource.published_at else [],
        "licence": [resource.get_licence_display()],
        **_facets_of_places(nodes, books),
    }
    # What the kind itself is chosen by: type and difficulty of a question.
    values |= {name: own for name, own in kinds.spec_of(resource.kind).facets(document).items() if own}
    return {name: tuple(dict.fromkeys(found)) for name, found in values.items() if found}


def _facets_of_places(nodes: Sequence[Node], books: Sequence[Textbook]) -> dict[str, Iterable[str]]:
    """What the places in the books say: edition, volume, unit, lesson, knowledge points."""
    return {
        "edition": [b.edition.name for b in books if b.edition],
        "volume": [b.get_volume_display() for b in books],
        "unit": [_unit(n).heading for n in nodes],
        "lesson": [n.heading for n in nodes if n.kind == Node.Kind.LESSON],
        "node": [x.uid for n in nodes for x in _line(n)],
        "knowledge": [k.name for n in nodes for k in n.knowledge.all()],
    }


def _grades(things: Iterable[Resource | Textbook]) -> list[str]:
    """The names of every grade that these span, in order."""
    spans = [(thing.grade_from, thing.grade_to or thing.grade_from) for thing in things if thing.grade_from]
    grades = {grade for first, last in spans for grade in range(first, (last or first) + 1)}
    return [GRADE_NAMES[grade] for grade in sorted(grades) if grade in GRADE_NAMES]


def _line(node: Node) -> list[Node]:
    """The node and what is above it, itself first."""
    found = [node]
    while found[-1].parent is not None and len(found) < 3:
        found.append(found[-1].parent)
    return found


def _unit(node: Node) -> Node:
    return _line(node)[-1]


def address(uid: str) -> str:
    return reverse("library:resource", args=[uid])


SOURCE = Source(
    name=NAME,
    label="资源",
    load=load,
    uids=uids,
    cards=cards_by_uid,
    card_template="library/_card.html",
    url=address,
    titles=titles,
    title_filters=frozenset(FILTERS),
    listed=listed,
    of_hits=of_hits,
)
