"""`manage.py audit_verify`: does every seal of the audit log hold?"""

from typing import Any

from django.core.management.base import BaseCommand

from groups.sealing import verify_chain


class Command(BaseCommand):
    help = "核对审计记录的封签链，断在哪一行就报哪一行"

    def handle(self, *args: Any, **options: Any) -> None:
        chain = verify_chain()
        self.stdout.write(f"sealed {chain.sealed}, waiting {chain.waiting}")
        if not chain.holds:
            self.stderr.write(f"审计记录从第 {chain.broken_at} 行起对不上，请停止写入并联系系统管理员")
            raise SystemExit(1)
        self.stdout.write("chain holds")
