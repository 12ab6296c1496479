"""A real Elasticsearch on this machine, for development and tests."""

import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from search.engines import server


class Command(BaseCommand):
    help = "Fetch Elasticsearch if it is absent, and run it in the foreground until stopped."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, help="port on 127.0.0.1; without it a free one")
        parser.add_argument("--fetch", action="store_true", help="without --port: only fetch")
        parser.add_argument("--data", type=Path, help="where data lies; without it var/elasticsearch")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            home = server.fetch(settings.CACHE_DIR or server.default_cache())
            self.stdout.write(f"Elasticsearch {server.VERSION}: {home}")
            if options["fetch"] and options["port"] is None:
                return
            place = server.reachable_place(options["data"] or Path(settings.VAR_DIR) / "elasticsearch")
            self._run(home, place, options["port"] or 0)
        except server.ServerProblem as problem:
            raise CommandError(f"Elasticsearch 没有启动：{problem}") from problem

    def _run(self, home: Path, place: Path, port: int) -> None:
        def end(number: int, frame: FrameType | None) -> None:
            sys.exit(0)

        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, end)
        running = server.start(home, place, port)
        try:
            self.stdout.write(f"{running.url}  (data in {place})")
            self.stdout.flush()
            running.process.wait()
        finally:
            running.stop()
        raise server.ServerProblem(f"the server ended; see {place / 'logs'}")
