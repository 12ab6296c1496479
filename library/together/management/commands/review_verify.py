"""`manage.py review_verify`: is everything that is published covered by a review record of exactly its bytes?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from library.resources.models import Resource
from library.resources.services.records import SHOWN_STATES, unrecorded


class Command(BaseCommand):
    help = "Compare every published version with its review record and the bytes of its files' hashes."

    def handle(self, *args: Any, **options: Any) -> None:
        gaps = list(unrecorded())
        for gap in gaps:
            self.stdout.write(f"{gap.resource.uid} {gap.resource.title}: {gap.reason}")
        checked = Resource.objects.filter(state__in=SHOWN_STATES).count()
        self.stdout.write(f"{checked} published, {len(gaps)} without their review record")
        if gaps:
            raise CommandError("Some published bytes have no review record.")
