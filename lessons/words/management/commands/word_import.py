"""`manage.py word_import FILE… --json OUT_DIR`: lesson plans from Word files as JSON, without a database."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lessons.words import bounded
from media.safety import UnsafeFile


class Command(BaseCommand):
    help = "Read lesson plans from .docx (.doc, .wps) files and write OUT_DIR/<file stem>.json for each."
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--json", required=True, type=Path, metavar="OUT_DIR", help="folder for the JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        out: Path = options["json"]
        out.mkdir(parents=True, exist_ok=True)
        failed = sum(not self._one(path, out) for path in options["files"])
        written = len(options["files"]) - failed
        self.stdout.write(f"写好 {written} 个文件，{failed} 个没有读成")
        if failed:
            raise CommandError(f"{failed} 个文件没有读成，原因见上", returncode=1)

    def _one(self, path: Path, out: Path) -> bool:
        """Write one file's plans; False where it cannot be read, and why on the error stream."""
        try:
            with bounded.read(path, path.name) as answer:
                plans = answer.found["plans"]
                notes = answer.found["notes"]
            target = out / f"{path.stem}.json"
            data = plans if len(plans) > 1 else plans[0]
            target.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        except UnsafeFile as problem:
            print(problem.sentence, file=sys.stderr)
            return False
        except OSError as problem:
            print(f"《{path.name}》读不到或写不下（{problem.strerror}）。请检查路径和磁盘。", file=sys.stderr)
            return False
        self.stdout.write(f"{path.name} → {target.name}" + "".join(f"\n  {note}" for note in notes))
        return True
