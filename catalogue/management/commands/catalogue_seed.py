"""`manage.py catalogue_seed`: load the product's own subjects, editions, outlines, knowledge points and standards."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from catalogue.outlines import OutlineProblem
from catalogue.seeding import seed_catalogue


class Command(BaseCommand):
    help = "载入自带的学科、版本、教材目录、知识点和课标条目；可以反复运行"

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            counts = seed_catalogue()
        except OutlineProblem as problem:
            raise CommandError(str(problem)) from problem
        for name, number in sorted(counts.items()):
            self.stdout.write(f"{name} {number}")
