"""How fast the index follows: building it anew from the database, beside ready-made JSON; and a save until it is found.

On a throw-away database and index, with `--documents` resources (2,000), each with a text of 400 characters.
Set ELASTICSEARCH_URL to measure a server as well.
"""

import argparse
import statistics
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from library.resources import search_documents, services
from library.resources.models import Resource
from search import crew, engines, generations, worker
from search.engines.elasticsearch import ElasticsearchEngine, connect
from search.engines.tantivy import TantivyEngine
from search.ports import Engine, Prepared, Query
from tests.factories import many, shelf, town

SAVES = 100
PROCESSES = 2
BATCH = 200


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--documents", type=int, default=2_000)


def measure(given: argparse.Namespace) -> Iterator[str]:
    call_command("migrate", verbosity=0)
    built = shelf.build(town.build())
    many.multiply(built.published(built.draft()), given.documents)
    with TemporaryDirectory(prefix="gongbei-bench-") as scratch:
        yield from _measure(Path(scratch))


def _measure(scratch: Path) -> Iterator[str]:
    uids = list(search_documents.uids())
    pieces = [crew.piece(("resource", uids[start : start + BATCH])) for start in range(0, len(uids), BATCH)]
    ready = [one for piece in pieces for one in piece.prepared]
    yield from _parts(uids)
    yield from _building("tantivy", TantivyEngine(scratch / "raw"), TantivyEngine(scratch / "index"), ready)
    index = TantivyEngine(scratch / "index")
    index.release()
    size = sum(file.stat().st_size for file in index.path.iterdir())
    source = sum(len(held.stored.encode()) for held in index.held())
    yield f"tantivy: index {size / 1e6:.1f} MB, {size / source:.2f} of the bytes of its entries"
    yield from _saving("tantivy", index)
    if settings.ELASTICSEARCH_URL:
        client = connect(settings.ELASTICSEARCH_URL)
        raw, engine = ElasticsearchEngine(client, "benchmark-raw"), ElasticsearchEngine(client, "benchmark")
        try:
            yield from _building("elasticsearch", raw, engine, ready)
            yield from _saving("elasticsearch", engine)
        finally:
            raw.drop()
            engine.drop()


def _parts(uids: list[str]) -> Iterator[str]:
    """One core's work, part by part."""
    began = time.process_time()
    entries = [
        entry for start in range(0, len(uids), BATCH) for entry in search_documents.load(uids[start : start + BATCH])
    ]
    reading = time.process_time() - began
    began = time.process_time()
    for entry in entries:
        crew.prepare(replace(entry, version=1))
    preparing = time.process_time() - began
    yield f"one core: {len(uids) / reading:.0f} documents/s read, {len(uids) / preparing:.0f} documents/s prepared"


def _building(name: str, raw: Engine, engine: Engine, ready: list[Prepared]) -> Iterator[str]:
    raw.create()
    began = time.perf_counter()
    for _ in raw.load(ready):
        pass
    raw.release()
    without = len(ready) / (time.perf_counter() - began)
    began = time.perf_counter()
    generations.build(engine, PROCESSES)
    whole = len(ready) / (time.perf_counter() - began)
    yield f"{name}: {whole:.0f} documents/s from the database, {without:.0f} of ready-made JSON: {whole / without:.2f}"


def _saving(name: str, engine: Engine) -> Iterator[str]:
    """From the call of the service until a search gives the new text; the worker runs in a thread of its own."""
    stop = threading.Event()

    def work() -> None:
        try:
            worker.run(stop.is_set)
        finally:
            connections.close_all()

    with patch.object(engines, "current", lambda: engine):
        thread = threading.Thread(target=work)
        thread.start()
        try:
            time.sleep(2)
            spent, saving = zip(*(_save(engine, number) for number in range(SAVES)), strict=True)
        finally:
            stop.set()
            thread.join()
    cuts = statistics.quantiles(spent, n=100)
    yield f"{name}: save to searchable p50 {cuts[49]:.0f} ms, p95 {cuts[94]:.0f} ms, p99 {cuts[98]:.0f} ms; the save itself p50 {statistics.median(saving):.0f} ms"


def _save(engine: Engine, number: int) -> tuple[float, float]:
    resource = Resource.objects.filter(state="published").select_related("owner")[number]
    word = f"xq{number}zj{time.monotonic_ns()}"
    began = time.perf_counter()
    services.describe(
        resource=resource, by=resource.owner, metadata=services.Metadata(summary=word, grade_from=5), at=timezone.now()
    )
    saved = time.perf_counter()
    while not engine.search(Query(phrases=(word,), tokens=frozenset({"public"}))).total:
        time.sleep(0.002)
    return (time.perf_counter() - saved) * 1000, (saved - began) * 1000
