"""`manage.py restore BACKUP`: the whole site as it was; a damaged backup is refused before anything is touched."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from website.backup.archive import BackupProblem
from website.backup.restoring import restore


class Command(BaseCommand):
    help = "Put the rows and files of a backup in the place of everything; the index is built anew from them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("backup", metavar="BACKUP", type=Path, help="a folder that `manage.py backup` printed")
        parser.add_argument("--replace", action="store_true", help="also when the site holds something")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = restore(options["backup"], replace=options["replace"], say=self.stdout.write)
        except BackupProblem as problem:
            raise CommandError(str(problem)) from problem
        call_command("search_rebuild", stdout=self.stdout)
        self.stdout.write(f"恢复好了：{manifest.taken_at} 的 {manifest.rows} 行、{manifest.files} 个文件")
