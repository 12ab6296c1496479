"""`manage.py standards_import`: statements of a curriculum standard, what comes before what, pieces to recite."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from catalogue.standards import import_standards


class Command(BaseCommand):
    help = "导入课标条目、先行关系和背诵篇目（statements.jsonl、edges.jsonl、list_yiwu-135.jsonl）；可以反复运行"

    def add_arguments(self, parser: ArgumentParser) -> None:
        folder = settings.REFERENCE_DATA / "curriculum_2022"
        parser.add_argument("--data", type=Path, default=folder, help="放着 statements.jsonl 的文件夹")
        parser.add_argument("--dry-run", action="store_true", help="只报告会发生什么，不写入")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = import_standards(options["data"], dry_run=options["dry_run"])
        except FileNotFoundError as missing:
            raise CommandError(f"没有找到 {missing.filename}。请用 --data 写出放着它的文件夹。") from missing
        for refused in report.refused:
            self.stderr.write(str(refused))
        if options["dry_run"]:
            self.stdout.write("试运行：以下没有写入")
        for line in report.lines():
            self.stdout.write(line)
        if report.refused:
            raise SystemExit(1)
