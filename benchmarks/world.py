"""A made-up library of any size: rows in a scratch database, and the same things as entries of the index.

Titles, places and audiences are spread as in a real library: some topics are everybody's, most are rare; seven of ten
things are public, the rest belong to one of the schools.
"""

import random
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from catalogue.models import GRADE_NAMES, Edition, Node, Outline, Subject, Textbook
from groups.models import Organisation, Person
from groups.services import appoint
from library.resources.models import Contribution, Grant, Kind, Placement, Resource, Version
from library.resources.selectors.cards import node_place
from search.ports import Entry, Passage

SCHOOLS, TEACHERS, CHUNK = 40, 400, 5_000
TOPICS = [
    "梯形的面积",
    "平行四边形的面积",
    "三角形的面积",
    "分数的初步认识",
    "小数除法",
    "简易方程",
    "长方体的体积",
    "圆的周长",
    "百分数的应用",
    "折线统计图",
    "认识钟表",
    "倍的认识",
    "多位数乘一位数",
    "观察物体",
    "位置与方向",
    "植树问题",
    "鸡兔同笼",
    "可能性",
    "负数",
    "比例尺",
    "草船借箭",
    "桂林山水",
    "圆明园的毁灭",
    "落花生",
    "将相和",
    "赵州桥",
    "富饶的西沙群岛",
    "海底世界",
    "美丽的小兴安岭",
    "秋天的雨",
    "植物的一生",
    "简单电路",
    "声音的产生",
    "水的蒸发",
    "光的反射",
    "月相变化",
    "岩石与土壤",
    "食物链",
    "磁铁",
    "昼夜交替",
]
WORKS = ["教学设计", "说课稿", "课堂实录", "导学单", "练习", "课件", "复习课", "评价量表", "情境素材", "单元整理"]
TAILS = ("", "", "", "（第1课时）", "（第2课时）", "（活动版）", "（大班）", "（复习）")
SENTENCES = (
    "出示{}的情境图，说说你发现了什么数学信息。",
    "同桌合作，用学具摆一摆，比较两种方法的不同。",
    "学生独立完成，教师巡视，收集有代表性的作品。",
    "回顾{}的学习过程，说说是怎样想到这个方法的。",
    "如果条件变了，结论还成立吗？举一个例子。",
    "板书课题：{}。齐读课题，提出问题。",
    "小组交流，推选一名同学汇报，其他组补充。",
    "基础练习：完成课本第{}页第1题、第2题。",
    "作业：和家人说一说今天学到的知识，找一找生活中的例子。",
    "引导学生发现规律，用自己的话概括出来。",
)
PLACES = ("环节1 导入", "环节2 探究", "环节3 练习", "环节4 总结")
QUESTIONS = [
    "梯形的面积",
    "平行四边形面积",
    "五上数学",
    "草船借箭教学设计",
    "txdmj",
    "折线统计图",
    "复习课",
    "三下语文赵州桥",
    "分数",
    "百分数的应用",
    "第2课时",
    "jiandandianlu",
    "植树问题",
    "导学单",
    "月相",
    "鸡兔同笼",
    "课件",
    "圆的周长",
    "练习",
    "小数除法",
    "五年级",
    "说课稿",
    "海底世界",
    "食物链",
    "情境素材",
    "负数",
]
"""What is asked: topics, kinds, places in a book, pinyin, initials; some words stand in a tenth of everything."""


class World:
    """Rows and entries; `grow` makes the library bigger, never smaller."""

    def __init__(self) -> None:
        self.dice = random.Random(2026)
        self.now = timezone.now()
        self.size = 0

    def found(self) -> None:
        """The schools, teachers and books of an empty database."""
        call_command("migrate", verbosity=0, skip_checks=True)
        self.schools = [
            Organisation.objects.create(kind="school", name=f"第{number}小学", slug=f"bench-{number}")
            for number in range(SCHOOLS)
        ]
        self.people = [Person.objects.create_user(name=f"教师{number}", password=None) for number in range(TEACHERS)]
        for number, person in enumerate(self.people):
            appoint(
                person=person, organisation=self.schools[number % SCHOOLS], by=None, at=self.now - timedelta(days=9)
            )
        self.nodes = [node for name in ("数学", "语文", "科学") for node in self._book(name)]

    def _book(self, name: str) -> list[Node]:
        subject = Subject.objects.filter(name=name).first() or Subject.objects.create(code=f"b-{name}", name=name)
        edition = Edition.objects.create(subject=subject, name=f"人教版{name}")
        found: list[Node] = []
        for grade in (3, 4, 5, 6):
            outline = Outline.objects.create(title=f"{name}{grade}上")
            Textbook.objects.create(
                title=outline.title, subject=subject, edition=edition, grade_from=grade, volume="first", outline=outline
            )
            unit = Node.objects.create(outline=outline, kind="unit", number="1", title="第一单元", order=1)
            found += [
                Node.objects.create(outline=outline, parent=unit, kind="lesson", title=f"第{n}课", order=n, depth=2)
                for n in range(2, 8)
            ]
        return found

    def grow(self, size: int) -> Iterator[list[Entry]]:
        """Add resources until there are `size`; yields the entries of each chunk once its rows are in."""
        while self.size < size:
            number = min(CHUNK, size - self.size)
            things = [self._thing(self.size + one) for one in range(number)]
            self._insert(things)
            self.size += number
            yield [thing["entry"] for thing in things]

    def _thing(self, number: int) -> dict[str, Any]:
        dice = self.dice
        topic = TOPICS[min(int(dice.expovariate(0.09)), len(TOPICS) - 1)]
        work = dice.choice(WORKS)
        title = f"{topic}{dice.choice(('', ' ', '：'))}{work}{dice.choice(TAILS)}"
        node, person = dice.choice(self.nodes), dice.choice(self.people)
        school = self.schools[person.pk % SCHOOLS]
        is_public = dice.random() < 0.7
        uid = f"b{number:09d}"
        grade = dice.choice((3, 4, 5, 6))
        return {
            "uid": uid,
            "title": title,
            "node": node,
            "person": person,
            "school": school,
            "is_public": is_public,
            "at": self.now - timedelta(minutes=number),
            "entry": Entry(
                key=f"resource:{uid}",
                source="resource",
                title=title,
                summary=self._sentence(topic),
                keywords=(topic, work),
                authors=(person.name,),
                passages=tuple(
                    Passage(place, "".join(self._sentence(topic) for _ in range(dice.randint(2, 5))))
                    for place in PLACES
                ),
                facets={
                    "kind": ("素材",),
                    "subject": (node.outline.textbook.subject.name,),
                    "grade": (GRADE_NAMES[grade],),
                    "volume": ("上册",),
                    "school": (school.name,),
                    "year": (str(2020 + dice.randint(0, 6)),),
                    "node": (node.uid,),
                    "licence": ("集团内部使用",),
                },
                tokens=frozenset({"public"} if is_public else {f"org:{school.pk}", f"owner:{person.pk}"}),
                position=node.order,
                published_at=self.now - timedelta(minutes=number),
                uses=min(int(dice.expovariate(0.2)), 200),
                fold=f"resource:{uid}",
                card=_card(node, person, school, is_public),
                version=1,
            ),
        }

    def _sentence(self, topic: str) -> str:
        return self.dice.choice(SENTENCES).format(topic if self.dice.random() < 0.3 else self.dice.randint(2, 99))

    @transaction.atomic
    def _insert(self, things: list[dict[str, Any]]) -> None:
        resources = Resource.objects.bulk_create(
            Resource(
                uid=thing["uid"],
                kind=Kind.MATERIAL,
                title=thing["title"],
                owner=thing["person"],
                home_school=thing["school"],
                state="draft",
                published_at=thing["at"],
            )
            for thing in things
        )
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO library_material (resource_ptr_id) VALUES (%s)", [(resource.pk,) for resource in resources]
            )
        pairs = list(zip(resources, things, strict=True))
        versions = Version.objects.bulk_create(
            Version(
                resource=resource,
                number=1,
                title=thing["title"],
                sha256="0" * 64,
                label="第1版",
                cut_by=thing["person"],
                cut_at=thing["at"],
                published_at=thing["at"],
            )
            for resource, thing in pairs
        )
        for resource, version in zip(resources, versions, strict=True):
            resource.published_version, resource.state = version, "published"
        Resource.objects.bulk_update(resources, ["published_version", "state"], batch_size=400)
        Contribution.objects.bulk_create(
            Contribution(resource=resource, person=thing["person"], school_then=thing["school"])
            for resource, thing in pairs
        )
        Placement.objects.bulk_create(Placement(resource=resource, node=thing["node"]) for resource, thing in pairs)
        Grant.objects.bulk_create(
            Grant(
                resource=resource,
                is_public=thing["is_public"],
                organisation=None if thing["is_public"] else thing["school"],
                starts_at=thing["at"],
            )
            for resource, thing in pairs
        )


def _card(node: Node, person: Person, school: Organisation, is_public: bool) -> dict[str, Any]:
    """What `found.stored` makes of such a thing."""
    return {
        "kind": str(Kind.MATERIAL),
        "label": "第1版",
        "authors": [f"{person.name} 主备"],
        "school": school.name,
        "place": node_place(node),
        "facts": [],
        "scope": "" if is_public else f"仅{school.name}可见",
        "restriction": {},
    }


def questions() -> Iterator[str]:
    """Endless, the same in every run."""
    dice = random.Random(7)
    while True:
        one, two = dice.sample(QUESTIONS, 2)
        yield dice.choice((one, one, f"{one} {two}"))


def some_questions(number: int) -> list[str]:
    return list(islice(questions(), number))
