"""Go back to the generation of the index before the live one."""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from search import engines, generations, worker
from search.management.commands.search_rebuild import LOCK
from search.ports import EngineDown


class Command(BaseCommand):
    help = "Let the generation before the live one answer again, after what changed since was written to it."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with worker.lock(Path(settings.VAR_DIR) / LOCK):
                row = generations.roll_back(engines.current(), os.cpu_count() or 1)
        except worker.AlreadyRunning as problem:
            raise CommandError(f"一次重建正在进行（{problem}）。等它做完。") from problem
        except EngineDown as problem:
            raise CommandError(f"检索引擎没有回应：{problem}。启动它再试一次。") from problem
        except (generations.NothingToGoBackTo, generations.NotVerified) as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"{row.name} answers again: {row.documents} documents")
