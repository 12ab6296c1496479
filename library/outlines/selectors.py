"""What the curators' pages show: proposals in order, differences with what hangs on them, lines of a mapping."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote

from django.db.models import Case, Count, QuerySet, Value, When

from catalogue.models import Node, Outline, Textbook
from library.outlines import rehoming
from library.outlines.models import Mapping, MappingLine, Proposal
from library.outlines.snapshot import Difference
from library.resources.models import Placement

P = TypeVar("P", bound=Proposal)


def in_order(found: "QuerySet[P]") -> "QuerySet[P]":
    """Waiting ones first, oldest of them first; then the newest."""
    waiting = Case(When(state=Proposal.State.WAITING, then=Value(0)), default=Value(1))
    return found.order_by(waiting, "-proposed_at")


@dataclass(frozen=True, slots=True)
class Shown:
    """A difference and how many resources hang on its entry: a number for whoever decides, not a list."""

    difference: Difference
    resources: int


def with_use(outline: Outline, found: Iterable[Difference]) -> list[Shown]:
    """One query, whatever the number of differences."""
    placed = Placement.objects.filter(node__outline=outline).order_by()
    counts = dict(placed.values_list("node__uid").annotate(Count("resource", distinct=True)))
    kinds = dict(Node.Kind.choices)
    return [Shown(_in_words(one, kinds), counts.get(one.row.uid, 0)) for one in found]


def _in_words(one: Difference, kinds: dict[Any, Any]) -> Difference:
    if one.word != "改类型":
        return one
    return Difference(one.word, one.row, str(kinds[one.was]), str(kinds[one.now]))


@dataclass(frozen=True, slots=True)
class OldEntry:
    """An entry of the old book: where it went, and how many resources would go with it."""

    node: Node
    targets: tuple[Node, ...]
    word: str
    resources: int


def lines(mapping: Mapping) -> dict[str, Any]:
    """Old entries with their new ones, and new entries to which nothing came."""
    nodes = rehoming.nodes_by_id(mapping)
    counts = rehoming.affected(mapping)
    by_old: dict[int, list[MappingLine]] = {}
    added: list[Node] = []
    for line in mapping.lines.all():
        if line.old_id is not None:
            by_old.setdefault(line.old_id, []).append(line)
        elif line.new_id is not None:
            added.append(nodes[line.new_id])
    entries = [
        OldEntry(
            nodes[old],
            tuple(nodes[line.new_id] for line in found if line.new_id),
            str(found[0].get_kind_display()),
            counts.get(old, 0),
        )
        for old, found in by_old.items()
    ]
    return {
        "entries": entries,
        "added": added,
        "choices": sorted((n for n in nodes.values() if n.outline_id == mapping.new_id and n.status == "active"),
                          key=lambda node: node.order),
        "moving": sum(entry.resources for entry in entries if entry.targets),
        "left": sum(entry.resources for entry in entries if not entry.targets),
    }  # fmt: skip


def pairs_to_map() -> list[tuple[Textbook, Textbook]]:
    """Old and new revision of the same book, both with contents, and no mapping alive yet."""
    books = Textbook.objects.active().with_nodes().select_related("outline", "subject", "edition")
    by_book: dict[tuple[Any, ...], dict[str, Textbook]] = {}
    for book in books:
        key = (book.subject_id, book.edition_id, book.grade_from, book.grade_to, book.volume)
        by_book.setdefault(key, {})[book.revision] = book
    mapped = set(Mapping.objects.filter(state__in=("waiting", "applied")).values_list("old_id", "new_id"))
    pairs = [(found["old"], found["new"]) for found in by_book.values() if {"old", "new"} <= found.keys()]
    return [pair for pair in pairs if (pair[0].outline_id, pair[1].outline_id) not in mapped]


def file_name(outline: Outline) -> str:
    return quote(f"{outline.title} 目录.xlsx")
