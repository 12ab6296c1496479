"""Import schools, teachers, appointments, textbooks and calendars from a workbook."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from groups.access import Refused
from groups.models import Person
from groups.roster import reading
from groups.roster.importing import Tally, carry_out, last, look
from groups.roster.planning import LABELS, Outcome
from groups.roster.reports import report


class Command(BaseCommand):
    help = "Read a workbook of people (see docs/people.md). Good rows go in; bad rows are named and written beside it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="show what would change, and write nothing")
        parser.add_argument("--by", default="", metavar="STAFF", help="uid, phone or staff number whose rights count")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        by, now = _person(options["by"]), timezone.now()
        try:
            workbook = reading.read(path.read_bytes(), path.name)
            steps = look(workbook, by, now) if options["dry_run"] else carry_out(workbook, by, now, tally=Tally())
            tally = last(steps)
        except OSError as problem:
            raise CommandError(f"读不到文件 {path}：{problem.strerror}") from problem
        except (reading.UnreadableFile, Refused) as problem:
            raise CommandError(str(problem)) from problem
        self._tell(tally, workbook.notes)
        if tally.bad_rows:
            beside = path.with_name(f"{path.stem}_有误的行.xlsx")
            beside.write_bytes(report(tally.bad_rows))
            self.stdout.write(f"有误的行连同原因写在 {beside}")

    def _tell(self, tally: Tally, notes: tuple[str, ...]) -> None:
        for note in notes:
            self.stdout.write(note)
        for row in tally.bad_rows:
            for problem in row["problems"]:
                self.stdout.write(problem)
        for sheet, told in tally.counts.items():
            self.stdout.write(f"{sheet}：" + "，".join(f"{LABELS[o]} {told[str(o)]}" for o in Outcome))


def _person(handle: str) -> Person | None:
    """The one active person whom the handle names; None for the installation itself."""
    if not handle:
        return None
    for field in ("uid", "phone", "staff_number"):
        found = list(Person.objects.filter(is_active=True, **{field: handle})[:2])
        if len(found) == 1:
            return found[0]
        if found:
            raise CommandError(f"有不止一个人的工号是 {handle}，请用手机号或编号")
    raise CommandError(f"没有这个人：{handle}。请用编号、手机号或工号")
