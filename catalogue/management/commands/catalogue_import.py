"""`manage.py catalogue_import`: bring in the national platform's list of textbooks; safe to run twice."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from catalogue.importing import import_textbooks
from catalogue.platform_lists import read_lists


class Command(BaseCommand):
    help = "导入国家平台的教材清单和标签树（books.jsonl、tree_*.jsonl）；可以反复运行"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--data", type=Path, default=settings.REFERENCE_DATA, help="放着 textbooks_smartedu 的文件夹"
        )
        parser.add_argument("--dry-run", action="store_true", help="只报告会发生什么，不写入")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(options["data"]) / "textbooks_smartedu"
        try:
            lists = read_lists(folder)
        except FileNotFoundError as missing:
            raise CommandError(f"没有找到 {folder / 'books.jsonl'}。请用 --data 写出它上一级的文件夹。") from missing
        report = import_textbooks(lists=lists, dry_run=options["dry_run"])
        for refused in lists.refused:
            self.stderr.write(str(refused))
        if options["dry_run"]:
            self.stdout.write("试运行：以下没有写入")
        for line in report.lines():
            self.stdout.write(line)
        if lists.refused:
            raise SystemExit(1)
