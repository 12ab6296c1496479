"""Write the product's own outlines into the database, as often as wanted: uids stay, edits of the files arrive.

A book is found by its identity (subject, edition, grade, volume, revision), also when a platform list brought it
first; a node by its path of titles, else by its place in the book. What a file no longer names is retired, never
deleted: teachers' resources may hang on it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction

from catalogue.arranging import park
from catalogue.models import GRADE_NAMES, Node, Outline, Textbook
from catalogue.outlines import SeedBook, SeedNode, seed_books
from catalogue.seed_knowledge import Taught, seed_knowledge, seed_standards
from catalogue.seed_vocabulary import ShelfNames, seed_vocabulary
from catalogue.signals import node_changed
from search import vocabulary as search_vocabulary

STAGE = "小学"
VOLUMES = {"上册": Textbook.Volume.FIRST, "下册": Textbook.Volume.SECOND, "全一册": Textbook.Volume.WHOLE}
REVISIONS = {"新教材": Textbook.Revision.NEW, "旧教材": Textbook.Revision.OLD}


@dataclass(slots=True)
class Placed:
    """A node of a file with its place: path of titles, order in the book, depth, and its row once known."""

    seed: SeedNode
    path: tuple[str, ...]
    order: int
    parent: "Placed | None"
    row: Node | None = field(default=None, repr=False)

    @property
    def depth(self) -> int:
        return len(self.path)


@transaction.atomic
def seed_catalogue(books: Sequence[SeedBook] | None = None) -> Counter[str]:
    """Load subjects, editions, books with their outlines, knowledge points and standards; return what happened."""
    counts: Counter[str] = Counter()
    names = seed_vocabulary(counts)
    written: list[tuple[SeedBook, list[Placed]]] = []
    for book in seed_books() if books is None else books:
        textbook = _textbook(book, names, counts)
        written.append((book, _write_nodes(_outline(textbook, book), book, counts)))
    knowledge = seed_knowledge(names, _taught(written), counts)
    seed_standards(names, knowledge, counts)
    transaction.on_commit(search_vocabulary.forget)
    return counts


def title_of(book: SeedBook) -> str:
    """小学语文统编版三年级上册, as the national platform writes it."""
    mark = "新教材-" if book.revision == "新教材" else ""
    return f"{mark}小学{book.subject}{book.edition}{GRADE_NAMES[book.grade]}{book.volume}"


def _textbook(book: SeedBook, names: ShelfNames, counts: Counter[str]) -> Textbook:
    identity = {
        "stage": STAGE,
        "subject": names.subjects[book.subject],
        "edition": names.editions[book.subject, book.edition],
        "grade_from": book.grade,
        "grade_to": book.grade,
        "volume": VOLUMES[book.volume],
    }
    revision = REVISIONS[book.revision]
    accepted = [revision] if revision == Textbook.Revision.NEW else [revision, Textbook.Revision.UNMARKED]
    found = list(Textbook.objects.filter(**identity, revision__in=accepted).select_related("outline"))
    if not found:
        counts["教材新建"] += 1
        facts = {"title": title_of(book), "volume_label": book.volume, "revision": revision, "is_active": True}
        return Textbook.objects.create(**identity, **facts)
    best = max(found, key=lambda b: (b.outline_id is not None, b.revision == revision))
    if best.revision != revision or not best.is_active:
        best.revision, best.is_active = revision, True
        best.save(update_fields=["revision", "is_active"])
    return best


def _outline(textbook: Textbook, book: SeedBook) -> Outline:
    facts = {"title": title_of(book), "confidence": book.confidence, "source": book.source}
    if textbook.outline is None:
        textbook.outline = Outline.objects.create(kind=Outline.Kind.TEXTBOOK, **facts)
        textbook.save(update_fields=["outline"])
    outline = textbook.outline
    if any(getattr(outline, name) != value for name, value in facts.items()):
        for name, value in facts.items():
            setattr(outline, name, value)
        outline.save()
    return outline


def place(book: SeedBook) -> list[Placed]:
    """The book's nodes in reading order, numbered from 1."""
    placed: list[Placed] = []

    def add(seed: SeedNode, parent: Placed | None) -> None:
        path = (*parent.path, seed.title) if parent else (seed.title,)
        node = Placed(seed, path, len(placed) + 1, parent)
        placed.append(node)
        for child in seed.children:
            add(child, node)

    for top in book.nodes:
        add(top, None)
    return placed


def _write_nodes(outline: Outline, book: SeedBook, counts: Counter[str]) -> list[Placed]:
    placed = place(book)
    existing = list(outline.nodes.order_by("order"))
    _match(placed, existing)
    matched = {p.row.pk for p in placed if p.row}
    stale = [n for n in existing if n.pk not in matched and n.status != Node.Status.RETIRED]
    changed = [p for p in placed if p.row and _differs(p)]
    if changed or stale or len(matched) != len(placed):
        _rearrange(outline, placed, stale)
    counts["节点新建"] += len(placed) - len(matched)
    counts["节点更新"] += len(changed)
    counts["节点停用"] += len(stale)
    counts["节点不变"] += len(matched) - len(changed)
    touched = [p.row for p in changed if p.row] + stale
    if touched:
        node_changed.send(sender=Node, nodes=touched)
    return placed


def _match(placed: Sequence[Placed], existing: Sequence[Node]) -> None:
    """Give each placed node its row: by path first, then, for a renamed one, by its place in the book."""
    by_id = {node.pk: node for node in existing}
    free: dict[tuple[str, ...], list[Node]] = {}
    for node in existing:
        free.setdefault(_path(node, by_id), []).append(node)
    for p in placed:
        same = free.get(p.path)
        p.row = same.pop(0) if same else None
    left = {n.order: n for nodes in free.values() for n in nodes if n.status != Node.Status.RETIRED}
    for p in placed:
        candidate = left.get(p.order)
        if p.row is None and candidate and (candidate.kind, candidate.depth) == (p.seed.kind, p.depth):
            p.row = left.pop(p.order)


def _path(node: Node, by_id: dict[int, Node]) -> tuple[str, ...]:
    parent = by_id.get(node.parent_id) if node.parent_id else None
    return (*_path(parent, by_id), node.title) if parent else (node.title,)


def _facts(p: Placed) -> dict[str, object]:
    return {
        "parent_id": p.parent.row.pk if p.parent and p.parent.row else None,
        "kind": p.seed.kind,
        "number": p.seed.number,
        "title": p.seed.title,
        "periods": p.seed.periods,
        "order": p.order,
        "depth": p.depth,
        "status": Node.Status.ACTIVE,
    }


def _differs(p: Placed) -> bool:
    return any(getattr(p.row, name) != value for name, value in _facts(p).items())


def _rearrange(outline: Outline, placed: Sequence[Placed], stale: Sequence[Node]) -> None:
    """Write a level at a time, parents first."""
    park(outline, [p.row for p in placed if p.row], stale)
    for depth in sorted({p.depth for p in placed}):
        _write_level(outline, [p for p in placed if p.depth == depth])


def _write_level(outline: Outline, level: Sequence[Placed]) -> None:
    new, kept = [p for p in level if p.row is None], [p.row for p in level if p.row]
    for p in level:
        for name, value in _facts(p).items() if p.row else ():
            setattr(p.row, name, value)
    Node.objects.bulk_update(kept, list(_facts(level[0])))
    for p, row in zip(new, Node.objects.bulk_create(Node(outline=outline, **_facts(p)) for p in new), strict=True):
        p.row = row


def _taught(written: Sequence[tuple[SeedBook, list[Placed]]]) -> list[Taught]:
    """(subject, unit, its row, its entries with their rows) for every top entry that names knowledge points."""
    result: list[Taught] = []
    for book, placed in written:
        rows = {id(p.seed): p.row for p in placed if p.row}
        for unit in book.nodes:
            if unit.knowledge:
                entries = [(child, rows[id(child)]) for child in unit.children]
                result.append((book.subject, unit, rows[id(unit)], entries))
    return result
