"""Compare the index with the database, both ways."""

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search import engines, reconcile, worker
from search.models import OutboxRow
from search.ports import EngineDown

SHOWN = 50
DIFFERENT, DOWN = 1, 2


class Command(BaseCommand):
    help = (
        "Report what is missing, ghost, stale or has other rights in the index. Exit code 1: it differs; 2: no engine."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="have what differs written again")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = list(reconcile.findings(engines.current()))
            self._report(found)
            if found and options["repair"]:
                self._repair(found)
        except EngineDown as problem:
            raise CommandError(f"检索引擎没有回应：{problem}。启动它再试一次。", returncode=DOWN) from problem
        if found and not options["repair"]:
            raise CommandError("检索与数据库不一致。运行 manage.py search_reconcile --repair。", returncode=DIFFERENT)

    def _report(self, found: list[reconcile.Finding]) -> None:
        for finding in found[:SHOWN]:
            self.stdout.write(finding.spoken)
        if len(found) > SHOWN:
            self.stdout.write(f"… {len(found) - SHOWN} more")
        counts = Counter(finding.drift for finding in found)
        figures = ", ".join(f"{drift} {counts[drift]}" for drift in reconcile.Drift)
        waiting = OutboxRow.objects.filter(pending=True, parked=False).count()
        self.stdout.write(f"{figures}, waiting {waiting}, in the index {engines.current().count()}")

    def _repair(self, found: list[reconcile.Finding]) -> None:
        """By touching; a running worker writes them, without one it is done here."""
        count = reconcile.repair(found)
        done = worker.drain_if_alone()
        self.stdout.write(f"{count} written again" if done else f"{count} given to the running worker")
