"""`manage.py access_explain PERSON UID --on WHEN`: who could do it, then, and why, as one JSON object."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from groups.access import Action
from library.explaining.asking import NotUnderstood, moment_of, person_named, resource_named
from library.explaining.explain import explain


class Command(BaseCommand):
    help = "谁在什么时候能不能看一份资料，为什么：输出一个 JSON 对象"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("person", metavar="PERSON", help="人员编号；或工号，同时给出 --school")
        parser.add_argument("uid", metavar="UID", help="资源编号")
        parser.add_argument("--on", metavar="WHEN", required=True, help="日期（表示当天中午）或时间，按北京时间")
        parser.add_argument("--action", default="read", help="操作，默认 read（查看）")
        parser.add_argument("--school", default="", help="学校的名称、网址、编号或机构代码；PERSON 是工号时要给")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            person = person_named(options["person"], options["school"])
            resource = resource_named(options["uid"])
            at = moment_of(options["on"])
            action = Action(options["action"])
        except NotUnderstood as problem:
            raise CommandError(str(problem)) from problem
        except ValueError:
            known = "、".join(sorted(action.value for action in Action))
            raise CommandError(f"没有“{options['action']}”这个操作，可用的有：{known}") from None
        answer = explain(person, resource, action, at)
        self.stdout.write(json.dumps(answer.as_json(), ensure_ascii=False))
