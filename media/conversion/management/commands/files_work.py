"""`manage.py files_work`: what became of the words and previews of files, and the work that is left, done now."""

from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand

from media.conversion import sandbox, services, workshop
from media.conversion.models import BlobWords, PdfTwin, Work
from media.models import File


class Command(BaseCommand):
    help = "Count the works on files with their reasons; --all asks for every stored file, --again for what failed, --now does it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="ask for words and preview of every stored file")
        parser.add_argument("--again", action="store_true", help="take up again what failed")
        parser.add_argument("--now", action="store_true", help="do what is due here, beside the worker")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["all"]:
            for file in File.objects.filter(twin_of__isnull=True).iterator():
                services.enqueue(file=file)
        if options["again"]:
            failed = [
                *BlobWords.objects.filter(state=Work.State.FAILED),
                *PdfTwin.objects.filter(state=Work.State.FAILED),
            ]
            services.take_up_again(failed)
        if options["now"]:
            workshop.work_off()
        found = sandbox.here()
        print("PDF 预览：", "可以生成" if found.is_ready else found.reason)
        for model in (BlobWords, PdfTwin):
            print(model._meta.verbose_name)
            counts = Counter((w.get_state_display(), w.reason) for w in model.objects.only("state", "reason"))
            for (state, reason), number in sorted(counts.items()):
                print(f"  {number:6} {state} {reason}".rstrip())
