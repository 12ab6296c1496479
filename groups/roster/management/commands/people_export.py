"""Write schools, teachers, appointments, textbooks and calendars into a workbook that `people_import` reads."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from groups.models import Organisation
from groups.roster.exporting import export
from groups.viewer import SCHOOL_LIKE


class Command(BaseCommand):
    help = "Write the people of all schools, or of some, as a workbook with full phone numbers."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--school", action="append", default=[], metavar="NAME", help="name or code; may be repeated"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        schools = Organisation.objects.filter(kind__in=SCHOOL_LIKE, closed_at__isnull=True)
        if options["school"]:
            named = schools.filter(name__in=options["school"]) | schools.filter(code__in=options["school"])
            missing = set(options["school"]) - {handle for one in named for handle in (one.name, one.code)}
            if missing:
                raise CommandError(f"没有这所学校：{'、'.join(sorted(missing))}")
            schools = named
        content = export(schools, None, timezone.now())
        try:
            options["file"].write_bytes(content)
        except OSError as problem:
            raise CommandError(f"写不了 {options['file']}：{problem.strerror}") from problem
        self.stdout.write(f"{schools.count()} 所学校写进 {options['file']}")
