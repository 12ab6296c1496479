"""`manage.py questions_import [PATH …] --owner 手机号`: question sets into one person's bank, with a row report."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils import timezone

from groups.models import Appointment, Person, Role
from groups.selectors import home_school_of
from library.questions.importing import FileReport, NoSuchSet, import_sets, total

SETS = ("tal_scq5k_cn", "mwp_ape210k", "mwp_cmath", "textbook_units")


class Command(BaseCommand):
    help = "把题集（.jsonl）放进一个人的题库：只有本人看得到，可以搜到、选入作业；再跑一遍不会重复。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="*", type=Path, help="文件或目录；不写就读参考数据里的四套题")
        parser.add_argument("--owner", help="放进谁的题库：手机号、工号或姓名；不写就是第一位系统管理员")
        parser.add_argument("--dry-run", action="store_true", help="只读只报，不写")

    def handle(self, *args: Any, **options: Any) -> None:
        owner = _owner(options["owner"])
        paths = options["paths"] or [Path(settings.REFERENCE_DATA) / name for name in SETS]
        now = timezone.now()
        try:
            reports = import_sets(
                paths=paths, owner=owner, school=home_school_of(owner, now), at=now, dry_run=options["dry_run"]
            )
        except NoSuchSet as problem:
            raise CommandError(str(problem)) from problem
        for report in reports:
            self._print(report)
        self._sum(reports, owner, options["dry_run"])

    def _print(self, report: FileReport) -> None:
        kinds = "，".join(f"{kind} {count}" for kind, count in sorted(report.types.items()))
        self.stdout.write(
            f"{report.path.parent.name}/{report.path.name}：{report.rows} 行，{report.questions} 题"
            f"（新入库 {report.imported}，已在库 {report.known}），拒收 {len(report.refused)} 行。{kinds}"
        )
        for refused in report.refused:
            self.stdout.write(f"  拒收 {refused.file} 第 {refused.line} 行 {refused.value}：{refused.reason}")

    def _sum(self, reports: list[FileReport], owner: Person, dry_run: bool) -> None:
        kinds = "，".join(f"{kind} {count}" for kind, count in sorted(total(reports).items()))
        imported, known = sum(r.imported for r in reports), sum(r.known for r in reports)
        refused, questions = sum(len(r.refused) for r in reports), sum(r.questions for r in reports)
        done = "只读没写" if dry_run else f"新入库 {imported}，已在库 {known}"
        self.stdout.write(f"合计 {questions} 题（{kinds}），{done}，拒收 {refused} 行；所有者 {owner.name}")


def _owner(told: str | None) -> Person:
    people = Person.objects.filter(is_active=True).order_by("pk")
    if told:
        found = list(people.filter(Q(phone=told) | Q(staff_number=told) | Q(name=told))[:2])
        if len(found) != 1:
            raise CommandError(
                f"--owner {told}：{'有几位，请写手机号' if found else '没有这个人，请写手机号、工号或姓名'}"
            )
        return found[0]
    admins = Appointment.objects.valid_at(timezone.now()).filter(role=Role.SYSTEM_ADMIN).values("person")
    owner = people.filter(pk__in=admins).first() or people.filter(is_superuser=True).first()
    if owner is None:
        raise CommandError("还没有可以当所有者的人，请用 --owner 写手机号、工号或姓名")
    return owner
