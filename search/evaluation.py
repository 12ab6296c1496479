"""How well known things are found: a corpus and its queries through the product's own schema and understanding.

The table is that of the known-item set: a hit is a document with the query's highest relevance; success at 1, 5 and
10, MRR at 10 and the share without a result, by rule. A query without a rule counts under ALL alone.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from search import coordinates, synonyms, text, vocabulary
from search.asking import ask
from search.ports import Engine, Entry, Passage, Query
from search.understanding import understand
from search.vocabulary import Name

RECORD_SOURCE = "record"
BATCH = 500
DEPTH = 10
BAR = 0.80


class BadLine(ValueError):
    """A line of a JSONL file cannot be read; the message names file and line."""


def lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as opened:
        for number, line in enumerate(opened, 1):
            if not line.strip():
                continue
            try:
                yield dict(json.loads(line))
            except (ValueError, TypeError) as problem:
                raise BadLine(f"{path} 第 {number} 行不是 JSON 对象：{problem}") from problem


def entry(record: Mapping[str, Any]) -> Entry:
    """A record of the corpus as a public entry of the product."""
    facets = {
        "kind": _registered("kind", record.get("type")),
        "subject": _registered("subject", record.get("subject")),
        "edition": _registered("edition", record.get("edition")),
        "grade": tuple(coordinates.grade_value(grade) for grade in _numbers(record.get("grade"), 9)),
        "volume": tuple(map(coordinates.volume_value, _values(record.get("volume")))),
        "unit": tuple(coordinates.unit_value(unit) for unit in _numbers(record.get("unit"), 99)),
        "knowledge": _values(record.get("kps")),
    }
    return Entry(
        key=f"{RECORD_SOURCE}:{record['id']}",
        source=RECORD_SOURCE,
        title=str(record.get("title") or ""),
        keywords=_values(record.get("kps")),
        authors=_values(record.get("author")),
        passages=tuple(
            Passage("", words) for words in (*_values(record.get("body")), *_values(record.get("text"))) if words
        ),
        facets={name: values for name, values in facets.items() if values},
        tokens=frozenset({"public"}),
    )


def _registered(facet: str, value: Any) -> tuple[str, ...]:
    """Values as the registered vocabulary calls them: an edition by its name, not by an alias."""
    known = vocabulary.lookup()
    names = ((one, known.get(text.normalise(one))) for one in _values(value))
    return tuple(name.value if name and name.facet == facet else one for one, name in names)


def _values(value: Any) -> tuple[str, ...]:
    if value is None or value == "":
        return ()
    return tuple(map(str, value)) if isinstance(value, list) else (str(value),)


def _numbers(value: Any, highest: int) -> tuple[int, ...]:
    return tuple(int(one) for one in _values(value) if one.isdigit() and 0 < int(one) <= highest)


def build(engine: Engine, entries: Iterable[Entry]) -> int:
    """Write everything into an empty index."""
    engine.drop()
    engine.create()
    batch: list[Entry] = []
    total = 0
    for one in entries:
        batch.append(one)
        total += 1
        if len(batch) == BATCH:
            engine.write(batch)
            batch = []
    if batch:
        engine.write(batch)
    engine.refresh()
    return total


def names_of(entries: Iterable[Entry]) -> dict[str, Name]:
    """The registered vocabulary, and the facet values of the corpus as names of themselves."""
    own = [
        Name(facet, value, value, closes=facet == "kind")
        for one in entries
        for facet in ("subject", "edition", "kind")
        for value in one.facets.get(facet, ())
    ]
    return vocabulary.table([*dict.fromkeys(vocabulary.lookup().values()), *dict.fromkeys(own)])


@dataclass(frozen=True, slots=True)
class Answered:
    """What an engine says to one query: ids of the corpus as the search page would list them, total and facets."""

    ids: list[str]
    total: int = 0
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


def answer(
    engine: Engine, question: str, names: Mapping[str, Name], limit: int = DEPTH, facets: tuple[str, ...] = ()
) -> Answered:
    page = ask(engine, understand(question, names, synonyms.lookup()), Query(limit=limit, facets=facets)).page
    return Answered([hit.entry.uid for hit in page.hits], page.total, page.facets)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; shares between 0 and 1."""

    rule: str
    count: int
    at_1: float
    at_5: float
    at_10: float
    mrr: float
    zero: float


def table(queries: Sequence[Mapping[str, Any]], runs: Mapping[str, Sequence[str]]) -> list[Row]:
    """Rows by rule, ALL last."""
    ranks: dict[str, list[tuple[int | None, bool]]] = defaultdict(list)
    for query in queries:
        ids = runs.get(query["qid"], [])
        best = max(query["rel"].values())
        good = {uid for uid, grade in query["rel"].items() if grade == best}
        rank = next((place for place, uid in enumerate(ids[:DEPTH], 1) if uid in good), None)
        for rule in dict.fromkeys((query.get("rule", "ALL"), "ALL")):
            ranks[rule].append((rank, not ids))
    return [_row(rule, ranks[rule]) for rule in sorted(ranks, key=lambda rule: (rule == "ALL", rule))]


def _row(rule: str, ranks: Sequence[tuple[int | None, bool]]) -> Row:
    count = len(ranks)
    found = [rank for rank, _ in ranks if rank]
    return Row(
        rule=rule,
        count=count,
        at_1=sum(rank == 1 for rank in found) / count,
        at_5=sum(rank <= 5 for rank in found) / count,
        at_10=len(found) / count,
        mrr=sum(1 / rank for rank in found) / count,
        zero=sum(empty for _, empty in ranks) / count,
    )


def printed(rows: Iterable[Row]) -> str:
    head = f"{'rule':18}{'n':>5}{'S@1':>7}{'S@5':>7}{'S@10':>7}{'MRR':>7}{'zero':>7}"
    body = [
        f"{row.rule:18}{row.count:5}{row.at_1:7.2f}{row.at_5:7.2f}{row.at_10:7.2f}{row.mrr:7.2f}{row.zero:7.2f}"
        for row in rows
    ]
    return "\n".join([head, *body])
