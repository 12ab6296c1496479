"""What a search costs, beside the raw engine, in a library of 10,000, 100,000 or 500,000 things.

`python -m benchmarks search --sizes 10000,100000,500000 --engines tantivy,elasticsearch`. Every line is CPU time of this
process (an engine inside it included) and wall time, medians of one run. Raw is the same body with nothing around it:
tantivy's searcher called directly, Elasticsearch's `_search` with its own highlights.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import tantivy
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from elasticsearch.helpers import bulk

from benchmarks.world import World, some_questions
from groups.viewer import Viewer, viewer_for
from search import highlight, results, vocabulary
from search import statistics as statistics_of_tables
from search.asking import ask
from search.engines import server
from search.engines.elasticsearch import SETTINGS, ElasticsearchEngine, connect
from search.engines.tantivy import TantivyEngine
from search.ports import Engine, Entry, Query
from search.preparation import flat
from search.schema import facet_field
from search.understanding import understand

RAW = "gongbei-benchmark-raw"
WARM = 10
PIECE = 200
SIZES = (10_000, 100_000)
QUESTIONS = 150
SIX = ("kind", "subject", "grade", "volume", "school", "year")


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds a question, medians."""

    cpu: float
    wall: float
    cpu_95: float

    def __str__(self) -> str:
        return f"{self.cpu:6.2f} ms CPU (p95 {self.cpu_95:6.2f}) {self.wall:6.2f} ms wall"


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--sizes", type=lambda words: [int(one) for one in words.split(",")], default=list(SIZES))
    parser.add_argument("--engines", type=lambda words: words.split(","), default=["tantivy"])


def measure(given: argparse.Namespace) -> Iterator[str]:
    world = World()
    world.found()
    with ExitStack() as stack:
        subjects: dict[str, Subject] = {}
        if "tantivy" in given.engines:
            place = Path(stack.enter_context(TemporaryDirectory()))
            subjects["tantivy"] = Embedded(TantivyEngine(place))
        if "elasticsearch" in given.engines:
            started = stack.enter_context(server.running(server.default_cache()))
            subjects["elasticsearch"] = Served(ElasticsearchEngine(connect(started.url), "gongbei-benchmark"))
        yield from _grow(world, subjects, sorted(given.sizes))


def _grow(world: World, subjects: Mapping[str, "Subject"], sizes: Sequence[int]) -> Iterator[str]:
    costs: dict[str, list[tuple[int, float]]] = {name: [] for name in subjects}
    for size in sizes:
        began, spent = time.perf_counter(), time.process_time()
        for entries in world.grow(size):
            for subject in subjects.values():
                subject.write(entries)
        for subject in subjects.values():
            subject.engine.refresh()
        statistics_of_tables.refresh(timezone.now())
        seconds, cpu = time.perf_counter() - began, time.process_time() - spent
        yield f"{size:,} things: {seconds:.0f} s to make and index ({cpu:.0f} s CPU)"
        viewer = viewer_for(world.people[0], timezone.now())
        for name, subject in subjects.items():
            lines, whole = _measured(subject, viewer)
            costs[name].append((size, whole))
            yield from (f"  {name:14}{line}" for line in lines)
    for name, points in costs.items():
        if len(points) > 1:
            slope, start = statistics.linear_regression(
                [size / 1e5 for size, _ in points], [cost for _, cost in points]
            )
            yield f"{name}: {start:.2f} ms and {slope:.2f} ms more for each 100,000 things (whole selector, wall)"


class Embedded:
    """tantivy, and the same questions put to its searcher directly."""

    def __init__(self, engine: TantivyEngine) -> None:
        self.engine: Engine = engine
        self.tantivy = engine
        engine.create()

    def write(self, entries: Sequence[Entry]) -> None:
        self.engine.write(entries)

    def raw(self, query: Query) -> Callable[[], object]:
        searcher, question, chosen = self.tantivy.question(query)
        base = tantivy.Query.boolean_query([(tantivy.Occur.Must, part) for part in chosen])
        asked = {name: {"terms": {"field": facet_field(name), "size": 1000}} for name in query.facets}

        def call() -> object:
            found = searcher.search(question, limit=query.limit)
            return [searcher.doc(address) for _, address in found.hits], searcher.aggregate(base, asked)

        return call


class Served:
    """Elasticsearch, and the same bodies sent as they are to an index that keeps its source, with its own highlights."""

    def __init__(self, engine: ElasticsearchEngine) -> None:
        self.engine: Engine = engine
        self.elasticsearch = engine
        engine.drop()
        engine.create()
        mappings = engine.client.indices.get_mapping(index=engine.index).body
        whole = {**next(iter(mappings.values()))["mappings"], "_source": {"enabled": True}}
        engine.client.indices.delete(index=RAW, ignore_unavailable=True)
        engine.client.indices.create(index=RAW, mappings=whole, settings=SETTINGS)

    def write(self, entries: Sequence[Entry]) -> None:
        for start in range(0, len(entries), PIECE):
            self.engine.write(entries[start : start + PIECE])
        lines = ({"_index": RAW, "_id": entry.key, "_source": flat(entry)} for entry in entries)
        bulk(self.elasticsearch.client, lines, chunk_size=PIECE, refresh=True)

    def raw(self, query: Query) -> Callable[[], object]:
        marked = {"fields": {name: {"number_of_fragments": 2} for name in ("title_words", "body_words", "text_grams")}}
        body = {**self.elasticsearch.body(query), "highlight": marked}
        return partial(self.elasticsearch.client.search, index=RAW, body=body)


Subject = Embedded | Served


def _measured(subject: Subject, viewer: Viewer) -> tuple[list[str], float]:
    asked = some_questions(QUESTIONS)
    bodies = [_query(question, viewer) for question in asked]
    raw = _cost([subject.raw(body) for body in bodies])
    product = _cost([partial(_highlighted, subject.engine, body) for body in bodies])
    whole = _cost([partial(_whole, subject.engine, question, viewer) for question in asked])
    with CaptureQueriesContext(connection) as seen:
        _whole(subject.engine, asked[0], viewer)
    lines = [
        f"raw engine                                   {raw}",
        f"20 hits, count, 6 facets, rights, highlights {product}  {_ratio(product, raw)}",
        f"whole selector: understanding, check in DB   {whole}  {_ratio(whole, raw)}, {len(seen)} SQL",
    ]
    if isinstance(subject, Served):
        took = statistics.median(call().body["took"] for call in map(subject.raw, bodies))  # type: ignore[attr-defined]
        lines.append(f"Elasticsearch says it took {took} ms for the raw ones")
    return lines, whole.wall


def _cost(calls: Sequence[Callable[[], object]]) -> Cost:
    for call in calls[:WARM]:
        call()
    spent: list[tuple[float, float]] = []
    for call in calls:
        cpu, wall = time.process_time(), time.perf_counter()
        call()
        spent.append(((time.process_time() - cpu) * 1000, (time.perf_counter() - wall) * 1000))
    cpus = sorted(cpu for cpu, _ in spent)
    return Cost(statistics.median(cpus), statistics.median(wall for _, wall in spent), cpus[int(len(cpus) * 0.95)])


def _ratio(cost: Cost, raw: Cost) -> str:
    return f"{cost.cpu / raw.cpu:.2f} × raw CPU, {cost.wall / raw.wall:.2f} × raw wall"


def _query(question: str, viewer: Viewer) -> Query:
    understood = understand(question, vocabulary.lookup())
    return Query(text=understood.text, filters=understood.filters, tokens=viewer.tokens(), facets=SIX)


def _highlighted(engine: Engine, query: Query) -> object:
    wanted = highlight.sought(query)
    return [
        (highlight.title(hit.entry.title, wanted), highlight.snippets(hit.entry, wanted))
        for hit in engine.search(query).hits
    ]


def _whole(engine: Engine, question: str, viewer: Viewer) -> object:
    answer = ask(engine, understand(question, vocabulary.lookup()), Query(tokens=viewer.tokens(), facets=SIX))
    items = results.items_of(answer.page.hits, viewer, viewer.at)
    return results.shown(answer.page, items, answer.query, {}, "")
