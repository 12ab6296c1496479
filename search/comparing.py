"""Beyond the table of `search.evaluation`: whether asked facts are kept, and whether two engines say the same.

A fact is what a query states of its target: grade, volume, subject. A hit among the first ten that says otherwise, or
says nothing, breaks it; an entry without an edition breaks none, since it belongs to every book.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from search.documents import facets_of
from search.evaluation import DEPTH, Answered
from search.ports import Entry

BOOK = ("subject", "grade", "volume")
FACTS: Mapping[str, tuple[str, ...]] = {
    "title_gradevol": BOOK,
    "kp_grade": ("grade",),
    "unit_ref": (*BOOK, "unit_number"),
    "edition_alias": ("edition", "subject"),
    "title_type": ("kind",),
}
NEUTRAL = frozenset({"edition"})
"""Facets that an entry may lack without breaking a fact."""
MOST_BROKEN = 0.005


@dataclass(frozen=True, slots=True)
class Kept:
    """How many of the judged hits of a rule break a fact."""

    rule: str
    judged: int
    broken: int

    @property
    def share(self) -> float:
        return self.broken / self.judged if self.judged else 0.0


def precision(
    queries: Sequence[Mapping[str, Any]], runs: Mapping[str, Answered], entries: Iterable[Entry]
) -> list[Kept]:
    """By rule, ALL last; judged are the first hits, ten or as many as there are entries that keep the facts."""
    facets = {entry.uid: facets_of(entry) for entry in entries}
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for query in queries:
        asked = _asked(query, facets)
        if not asked:
            continue
        fitting = sum(_keeps(own, asked) for own in facets.values())
        shown = runs[query["qid"]].ids[: min(DEPTH, fitting)]
        broken = sum(not _keeps(facets[uid], asked) for uid in shown)
        for rule in (query["rule"], "ALL"):
            counts[rule][0] += len(shown)
            counts[rule][1] += broken
    ordered = sorted(counts, key=lambda rule: (rule == "ALL", rule))
    return [Kept(rule, *counts[rule]) for rule in ordered]


def _asked(query: Mapping[str, Any], facets: Mapping[str, Mapping[str, tuple[str, ...]]]) -> dict[str, tuple[str, ...]]:
    target = facets.get(query.get("target", ""), {})
    return {facet: target[facet] for facet in FACTS.get(query.get("rule", ""), ()) if target.get(facet)}


def _keeps(own: Mapping[str, tuple[str, ...]], asked: Mapping[str, tuple[str, ...]]) -> bool:
    return all(
        bool(set(own.get(facet, ())) & set(values)) or (facet in NEUTRAL and not own.get(facet))
        for facet, values in asked.items()
    )


def printed_precision(rows: Iterable[Kept]) -> str:
    lines = [f"{row.rule:18}{row.judged:8}{row.broken:8}{row.share:9.2%}" for row in rows]
    return "\n".join([f"{'rule':18}{'judged':>8}{'broken':>8}{'share':>9}", *lines])


@dataclass(frozen=True, slots=True)
class Parity:
    """Two engines beside each other; `overlap` is the mean share of equal ids among the first ten."""

    queries: int
    overlap: float
    other_totals: int
    other_facets: int


def parity(one: Mapping[str, Answered], other: Mapping[str, Answered]) -> Parity:
    shares = [_overlap(one[qid].ids[:DEPTH], other[qid].ids[:DEPTH]) for qid in one]
    return Parity(
        queries=len(shares),
        overlap=sum(shares) / len(shares) if shares else 1.0,
        other_totals=sum(one[qid].total != other[qid].total for qid in one),
        other_facets=sum(one[qid].facets != other[qid].facets for qid in one),
    )


def _overlap(one: Sequence[str], other: Sequence[str]) -> float:
    longest = max(len(one), len(other))
    return len(set(one) & set(other)) / longest if longest else 1.0


def printed_parity(found: Parity) -> str:
    return (
        f"overlap of the first {DEPTH}: {found.overlap:.3f} on {found.queries} queries; "
        f"other totals {found.other_totals}, other facets {found.other_facets}"
    )
