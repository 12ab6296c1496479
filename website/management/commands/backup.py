"""`manage.py backup DIR`: all rows and files, while the site runs."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from website.backup import archive
from website.backup.archive import BackupProblem
from website.backup.taking import take


class Command(BaseCommand):
    help = "Write a backup into a new folder of DIR; files that DIR has already are not copied again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("into", metavar="DIR", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            backup = take(options["into"], timezone.now(), say=self.stdout.write)
        except BackupProblem as problem:
            raise CommandError(str(problem)) from problem
        manifest = archive.load(backup)
        self.stdout.write(f"备份好了：{manifest.rows} 行，{manifest.files} 个文件，{manifest.bytes} 字节")
        self.stdout.write(str(backup))
