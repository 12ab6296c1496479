"""`manage.py catalogue_compare`: hold the seed's outlines against the reference lists; no database needed."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from catalogue.comparing import compare_lessons, compare_units, read_rows, report
from catalogue.outlines import seed_books


class Command(BaseCommand):
    help = "对照独立整理的目录，列出差异，最后两行是单元和课题的相符比例"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--data", type=Path, default=settings.REFERENCE_DATA, help="对照数据所在的文件夹")

    def handle(self, *args: Any, **options: Any) -> None:
        data = Path(options["data"])
        unit_rows, lesson_rows = data / "textbook_units" / "units.jsonl", data / "lessons_toc" / "lessons.jsonl"
        for path in (unit_rows, lesson_rows):
            if not path.is_file():
                raise CommandError(f"没有找到 {path}。请用 --data 写出对照数据的文件夹。")
        books = seed_books()
        units, miscounted = compare_units(books, read_rows(unit_rows))
        lessons = compare_lessons(books, read_rows(lesson_rows))
        for line in report(units, miscounted, lessons):
            self.stdout.write(line)
        if not (units.holds and lessons.holds and not miscounted):
            raise SystemExit(1)
