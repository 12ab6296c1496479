"""The background process: writes the index and runs what is due."""

import signal
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search import worker


class Command(BaseCommand):
    help = "Write the search index as things change, and run periodic jobs, until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--drain", action="store_true", help="write what is due now, then end")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["drain"]:
            done = worker.drain()
            self.stdout.write(f"written {done.written}, removed {done.deleted}, failed {done.failed}")
            return
        stopping = False

        def stop(number: int, frame: FrameType | None) -> None:
            nonlocal stopping
            stopping = True

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        try:
            worker.run(lambda: stopping)
        except worker.AlreadyRunning as problem:
            raise CommandError(f"已有一个后台任务在运行（{problem}）。先停下它。") from problem
