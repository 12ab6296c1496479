"""`manage.py demo_audit`: is the demo's content written, or stamped out?"""

from typing import Any

from django.core.management.base import BaseCommand

from website.demo.audit import BAR, measure


class Command(BaseCommand):
    help = "Print the share of 8-character windows that occur in more than two resources; exit 0 if it is at most .05."

    def handle(self, *args: Any, **options: Any) -> None:
        found = measure()
        for window, keys in found.worst:
            self.stdout.write(f"{window}　{len(keys)} 份：{'、'.join(sorted(keys)[:6])}")
        self.stdout.write(f"{found.resources} 份资源，{found.windows} 个窗口，{found.shared} 个出现在两份以上")
        self.stdout.write(f"share {found.share:.3f}")
        if found.share > BAR:
            raise SystemExit(1)
