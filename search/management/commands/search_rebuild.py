"""Build the whole index anew beside the one that answers, then let it answer."""

import os
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from search import engines, generations, worker
from search.models import OutboxRow
from search.ports import EngineDown

LOCK = "rebuild.lock"
WIDTH = 30


class Bar:
    """One line on a terminal, a line every ten per cent elsewhere: done, speed and what is left."""

    def __init__(self, command: BaseCommand) -> None:
        self.command, self.began, self.told = command, time.monotonic(), -1
        self.is_terminal = sys.stdout.isatty()

    def __call__(self, done: int, total: int) -> None:
        tenth = done * (100 if self.is_terminal else 10) // total if total else 10
        if tenth == self.told:
            return
        self.told = tenth
        speed = done / max(time.monotonic() - self.began, 0.001)
        left = (total - done) / speed if speed else 0.0
        full = done * WIDTH // total if total else WIDTH
        line = f"{'█' * full}{'░' * (WIDTH - full)} {done}/{total}  {speed:.0f} documents/s  {left:.0f} s left"
        self.command.stdout.write(f"\r{line}" if self.is_terminal else line, ending="" if self.is_terminal else "\n")
        self.command.stdout.flush()


class Command(BaseCommand):
    help = "Build a new generation of the index while the old one answers; begun before and stopped, it goes on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="that read and prepare")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        try:
            with worker.lock(Path(settings.VAR_DIR) / LOCK):
                row = generations.build(engines.current(), options["processes"], Bar(self))
        except worker.AlreadyRunning as problem:
            raise CommandError(f"另一次重建正在进行（{problem}）。等它做完。") from problem
        except EngineDown as problem:
            raise CommandError(f"检索引擎没有回应：{problem}。启动它再试一次，会接着做。") from problem
        except generations.NotVerified as problem:
            raise CommandError(str(problem)) from problem
        seconds = time.monotonic() - began
        self.stdout.write(f"\n{row.name} answers now: {row.documents} documents in {seconds:.1f} s")
        worker.drain_if_alone()
        waiting = OutboxRow.objects.filter(pending=True).count()
        self.stdout.write(f"in the index {engines.current().count()}, waiting {waiting}")
        if row.error:
            raise CommandError(row.error)
