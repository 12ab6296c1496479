"""`manage.py files_verify`: is every stored file there and whole?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from media.models import Blob
from media.upkeep import faults

SAID = {"missing": "不见了", "damaged": "内容坏了"}


class Command(BaseCommand):
    help = "重新计算每一份文件内容的 SHA-256，列出不见了的和坏了的。"

    def handle(self, *args: Any, **options: Any) -> None:
        found = 0
        for fault in faults():
            found += 1
            names = "、".join(fault.blob.files.values_list("name", flat=True)[:3]) or "没有文件用它"
            self.stdout.write(f"{fault.blob.sha256} {SAID[fault.problem]}（{names}）")
        total = Blob.objects.count()
        if found:
            raise CommandError(f"faults: {found} of {total}")
        self.stdout.write(f"faults: 0 of {total}")
