"""How well known things are found, on one engine or both, without database or running server."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from search import comparing, evaluation, schema
from search.engines import server
from search.evaluation import Answered
from search.ports import Engine, Entry

ENGINES = ("memory", "tantivy", "elasticsearch")
FACETS = tuple(schema.FACETS)
PREFIX = "gongbei-evaluation"


class Command(BaseCommand):
    help = "Index a corpus into a throw-away index, answer queries as the search page does, and print the table."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("queries", type=Path)
        parser.add_argument("--corpus", type=Path, required=True)
        parser.add_argument("--engine", choices=[*ENGINES, "both"], default="both")
        parser.add_argument("--run", type=Path, required=True, help="JSONL of the answers")
        parser.add_argument("--precision", action="store_true", help="count hits that break what a query states")
        parser.add_argument("--ids", type=int, default=evaluation.DEPTH, help="how many ids a query")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            queries = list(evaluation.lines(options["queries"]))
            entries = [evaluation.entry(record) for record in evaluation.lines(options["corpus"])]
        except (OSError, evaluation.BadLine) as problem:
            raise CommandError(str(problem)) from problem
        both = options["engine"] == "both"
        names = ("tantivy", "elasticsearch") if both else (options["engine"],)
        reached: dict[str, float] = {}
        runs: list[dict[str, Answered]] = []
        for name in names:
            out = options["run"].with_suffix(f".{name}{options['run'].suffix}") if both else options["run"]
            runs.append(self._answers(name, queries, entries, options["ids"], FACETS if both else ()))
            reached[name] = self._report(queries, runs[-1], out)
            if options["precision"]:
                self.stdout.write(comparing.printed_precision(comparing.precision(queries, runs[-1], entries)))
        if both:
            self.stdout.write(comparing.printed_parity(comparing.parity(*runs)))
        for name, figure in reached.items():
            self.stdout.write(f"{name} success@10 {figure:.3f} (bar {evaluation.BAR:.2f})")
        if min(reached.values()) < evaluation.BAR:
            raise SystemExit(1)

    def _answers(
        self, name: str, queries: list[dict[str, Any]], entries: list[Entry], limit: int, facets: tuple[str, ...]
    ) -> dict[str, Answered]:
        names = evaluation.names_of(entries)
        with throw_away(name) as engine:
            self.stdout.write(f"{name}: {evaluation.build(engine, entries)} records")
            return {q["qid"]: evaluation.answer(engine, q["query"], names, limit, facets) for q in queries}

    def _report(self, queries: list[dict[str, Any]], runs: dict[str, Answered], out: Path) -> float:
        with out.open("w", encoding="utf-8") as opened:
            for qid, found in runs.items():
                opened.write(json.dumps({"qid": qid, "ids": found.ids}, ensure_ascii=False) + "\n")
        rows = evaluation.table(queries, {qid: found.ids for qid, found in runs.items()})
        self.stdout.write(evaluation.printed(rows))
        return rows[-1].at_10


@contextmanager
def throw_away(name: str) -> Iterator[Engine]:
    """An engine with an index of its own that is gone afterwards; Elasticsearch is started if none is named."""
    if name == "memory":
        from search.engines.memory import MemoryEngine

        yield MemoryEngine()
    elif name == "tantivy":
        from search.engines.tantivy import TantivyEngine

        with TemporaryDirectory(prefix="gongbei-evaluation-") as scratch:
            yield TantivyEngine(Path(scratch))
    elif settings.ELASTICSEARCH_URL:
        with _elasticsearch(settings.ELASTICSEARCH_URL) as engine:
            yield engine
    else:
        try:
            cache = settings.CACHE_DIR or server.default_cache()
            with server.running(cache) as started, _elasticsearch(started.url) as engine:
                yield engine
        except server.ServerProblem as problem:
            raise CommandError(f"Elasticsearch 没有启动：{problem}") from problem


@contextmanager
def _elasticsearch(url: str) -> Iterator[Engine]:
    from search.engines.elasticsearch import ElasticsearchEngine, connect

    # Figures are asked for, not speed: a busy machine may take the client's whole time, not that of a page.
    engine = ElasticsearchEngine(connect(url), PREFIX)
    engine.asking = engine.client
    try:
        yield engine
    finally:
        engine.drop()
