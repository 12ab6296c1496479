"""`manage.py files_sweep`: remove uploads that nothing refers to."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from media.upkeep import sweep


class Command(BaseCommand):
    help = "清理没有放进任何资料的旧上传，以及没有文件再用的内容。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=30, help="只清理这么多天以前的（默认 30）")
        parser.add_argument("--dry-run", action="store_true", help="只数，不删")

    def handle(self, *args: Any, **options: Any) -> None:
        before = timezone.now() - timedelta(days=max(options["days"], 1))
        swept = sweep(before=before, dry_run=options["dry_run"])
        verb = "将清理" if options["dry_run"] else "已清理"
        self.stdout.write(
            f"{verb}：{swept.files} 个文件，{swept.blobs} 份内容（{swept.size} 字节），{swept.keys} 份残留"
        )
