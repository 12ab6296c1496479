"""Build the whole index anew from what the site holds."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from search import engines, indexer, worker
from search.indexer import Counts
from search.models import OutboxRow
from search.ports import EngineDown


class Command(BaseCommand):
    help = "Empty the index and write every document of every source; a running worker is given the work instead."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with worker.lock(Path(settings.VAR_DIR) / worker.LOCK):
                self._rebuild()
        except worker.AlreadyRunning:
            marked = sum(indexer.mark_everything().values())
            self.stdout.write(f"a worker is running; it writes {marked} documents again now")
        except EngineDown as problem:
            raise CommandError(f"检索引擎没有回应：{problem}。启动它再试一次。") from problem

    def _rebuild(self) -> None:
        engine = engines.current()
        engine.drop()
        for name, count in indexer.mark_everything().items():
            self.stdout.write(f"{name}: {count} to write")
        engine.create()
        total = Counts()
        while (done := indexer.drain_once(engine, timezone.now())) is not None:
            total += done
            self.stdout.write(f"written {total.written}, removed {total.deleted}, failed {total.failed}")
        engine.refresh()
        waiting = OutboxRow.objects.filter(pending=True).count()
        self.stdout.write(f"in the index {engine.count()}, waiting {waiting}")
        if total.failed or waiting:
            raise CommandError(f"{waiting} 个文档没有写进索引，原因在“索引待办”的最近的错误里。")
