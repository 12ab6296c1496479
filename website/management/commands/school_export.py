"""`manage.py school_export SCHOOL OUT.zip`: what a school contributed, readable without the product."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from groups.models import Organisation, OrganisationKind
from website.backup.school import write


class Command(BaseCommand):
    help = "Write everything a school contributed into a zip. SCHOOL is the school's full name or its slug."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("school", metavar="SCHOOL")
        parser.add_argument("out", metavar="OUT.zip", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        school = self._school(options["school"])
        out: Path = options["out"]
        part = out.with_name(f"{out.name}.part")
        try:
            with part.open("w+b") as target:
                count = write(school, target, timezone.now())
            part.replace(out)
        except FileNotFoundError as problem:
            raise CommandError(f"有文件读不到：{problem}。先运行 manage.py files_verify") from problem
        finally:
            part.unlink(missing_ok=True)
        self.stdout.write(f"{school.name}：{count} 份资源，写在 {out}")

    def _school(self, asked: str) -> Organisation:
        schools = Organisation.objects.filter(kind=OrganisationKind.SCHOOL)
        found = list(schools.filter(name=asked) or schools.filter(slug=asked))
        if len(found) == 1:
            return found[0]
        if found:
            raise CommandError(
                f"有 {len(found)} 所学校叫{asked}，请写其中一所的 slug：{'、'.join(s.slug for s in found)}"
            )
        near = "、".join(schools.filter(name__contains=asked).values_list("name", flat=True)[:5])
        raise CommandError(f"没有叫{asked}的学校" + (f"，是不是：{near}" if near else "，请写全称"))
