"""Seconds of a search: a page of twenty with all facets, over the known-item corpus, on the embedded engine.

Set ELASTICSEARCH_URL to measure a server as well. Without the reference data there is nothing to measure.
"""

import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from search import evaluation
from search.asking import ask
from search.engines.elasticsearch import ElasticsearchEngine, connect
from search.engines.tantivy import TantivyEngine
from search.page import SHOWN_FACETS
from search.ports import Engine, Query
from search.understanding import understand

DATA = Path(settings.REFERENCE_DATA) / "known_item"
PREFIX = "gongbei-benchmark"


def measure() -> Iterator[str]:
    if not DATA.is_dir():
        yield f"no reference data in {DATA}"
        return
    with TemporaryDirectory() as scratch:
        yield from _measure("tantivy", TantivyEngine(Path(scratch)))
    if settings.ELASTICSEARCH_URL:
        engine = ElasticsearchEngine(connect(settings.ELASTICSEARCH_URL), PREFIX)
        yield from _measure("elasticsearch", engine)
        engine.drop()


def _measure(name: str, engine: Engine) -> Iterator[str]:
    entries = [evaluation.entry(record) for record in evaluation.lines(DATA / "corpus.jsonl")]
    began = time.perf_counter()
    count = evaluation.build(engine, entries)
    yield f"{name}: {count / (time.perf_counter() - began):.0f} documents/s indexed"
    names = evaluation.names_of(entries)
    spent: list[float] = []
    for query in evaluation.lines(DATA / "queries_dev.jsonl"):
        began = time.perf_counter()
        ask(engine, understand(query["query"], names), Query(facets=SHOWN_FACETS, limit=20))
        spent.append((time.perf_counter() - began) * 1000)
    cuts = statistics.quantiles(spent, n=100)
    yield f"{name}: p50 {cuts[49]:.1f} ms, p95 {cuts[94]:.1f} ms, p99 {cuts[98]:.1f} ms over {len(spent)} searches"
