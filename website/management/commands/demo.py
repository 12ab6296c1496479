"""`manage.py demo`: build the demo city, once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from catalogue.models import Node
from groups.models import Organisation, Person
from library.resources.models import Resource
from website.demo.accounts import demo_accounts
from website.demo.loader import is_loaded, load
from website.demo.reading import DemoProblem


class Command(BaseCommand):
    help = "Load the demo city through the services. Does nothing when there are organisations already."

    def handle(self, *args: Any, **options: Any) -> None:
        if is_loaded():
            self.stdout.write("已经有内容，不再装入演示数据")
            self._accounts()
            return
        if not Node.objects.exists():
            raise CommandError("还没有教材目录，请先运行 manage.py catalogue_seed")
        try:
            town = load(timezone.now())
        except DemoProblem as problem:
            raise CommandError(f"演示内容有问题，什么都没有装入：{problem}") from problem
        for line in town.unplaced:
            self.stdout.write(f"目录里没找到位置，按不挂目录装入：{line}")
        counts = (Organisation.objects.count(), Person.objects.count(), Resource.objects.count())
        self.stdout.write("装入 {} 个机构、{} 个人、{} 份资源".format(*counts))
        self._accounts()

    def _accounts(self) -> None:
        for account in demo_accounts():
            self.stdout.write(f"{account.role}　{account.name}　{account.phone}　{account.password}")
