"""`manage.py verify BACKUP`: is the backup whole, and is the site the same?"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from website.backup.archive import BackupProblem
from website.backup.comparing import differences
from website.backup.restoring import check


class Command(BaseCommand):
    help = "Check every hash of a backup, then compare the site with it, row by row and byte by byte."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("backup", metavar="BACKUP", type=Path)
        parser.add_argument("--backup-only", action="store_true", help="do not compare the site")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = check(options["backup"])
        except BackupProblem as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"备份完好：{manifest.rows} 行，{manifest.files} 个文件，取于 {manifest.taken_at}")
        if options["backup_only"]:
            return
        found = list(differences(options["backup"], manifest))
        for line in found:
            self.stdout.write(line)
        if found:
            raise CommandError(f"网站和备份有 {len(found)} 处不同")
        self.stdout.write("网站和备份完全相同")
