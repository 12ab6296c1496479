"""A shared plan in use in the town, as preparing together would have left it: a lead, members, and who was handed it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from catalogue.models import Subject
from groups.models import Person, Role
from lessons.adaptations import services
from lessons.adaptations.models import Adaptation
from lessons.prep.models import HandDown, Participant, Preparation
from library.documents import rich, schema
from library.documents.lesson_design import LessonDesignDocument
from library.resources import services as library
from library.resources.models import Kind, Resource, Version
from tests.factories import people
from tests.factories.town import Town


def document(**words: str) -> LessonDesignDocument:
    """A whole design of three stages and two objectives; `words` replaces what a stage's teacher does."""
    text = rich.from_markup
    stages = {
        "k1": ("A", "导入", 5, "出示校门口的挡水坝"),
        "k2": ("B", "操作探究", 20, "每组发 3 个梯形学具。请学生把梯形变成学过的图形。"),
        "k3": ("C", "分层练习", 15, "判断：两个面积相等的梯形一定能拼成平行四边形。"),
    }
    return schema.load(
        LessonDesignDocument,
        {
            "basics": {"lesson_type": "新授", "period": 1, "periods": 1, "minutes": 40},
            "textbook": {"position": text("面积公式的最后一课")},
            "pupils": {"foundation": text("会用割补法")},
            "objectives": {
                "o1": {"order": "A", "statement": text("推导梯形的面积公式")},
                "o2": {"order": "B", "statement": text("会用公式解决问题")},
            },
            "key_point": {"what": text("推导")},
            "difficulty": {"what": text("为什么除以 2")},
            "tasks": {"t1": {"order": "A", "task": text("独立推导"), "objectives": ["o1"]}},
            "stages": {
                key: {
                    "order": order,
                    "title": title,
                    "minutes": minutes,
                    "teacher": text(words.get(key, teacher)),
                    "objectives": ["o1"],
                }
                for key, (order, title, minutes, teacher) in stages.items()
            },
            "board": text("S=(a+b)h÷2"),
            "homework": text("第 97 页第 1 题"),
        },
    )


@dataclass
class Shared:
    """A preparation in use with its shared plan v1.0."""

    town: Town
    preparation: Preparation
    resource: Resource
    version: Version

    def person(self, name: str) -> Person:
        return self.town.person(name)

    def join(self, person: Person) -> Person:
        Participant.objects.create(
            preparation=self.preparation, person=person, school_then=self.town.member, joined_at=self.town.now
        )
        return person

    def received(self, by: str = "teacher", at: datetime | None = None) -> Adaptation:
        return services.receive(preparation=self.preparation, by=self.person(by), at=at or self.town.now)

    def edited(self, adaptation: Adaptation, text: LessonDesignDocument, at: datetime | None = None) -> Adaptation:
        write(adaptation.resource, adaptation.teacher, text, at or self.town.now)
        return adaptation

    def ready(self, by: str = "teacher", at: datetime | None = None, **words: str) -> Adaptation:
        """Received, changed and made ready."""
        mine = self.edited(self.received(by), document(**words)) if words else self.received(by)
        return services.mark_ready(adaptation=mine, by=mine.teacher, at=at or self.town.now)

    def later(self, **delta: float) -> datetime:
        return self.town.now + timedelta(**delta)


def write(resource: Resource, by: Person, text: LessonDesignDocument, at: datetime, title: str = "") -> None:
    """Save a text as the editor would."""
    copy = Resource.objects.get(pk=resource.pk).working_copy
    draft = library.Draft(title or copy.title, text)
    library.save(resource=resource, by=by, draft=draft, lock_version=copy.lock_version, at=at)


def build(town: Town, subject: Subject | None = None) -> Shared:
    """`colleague` leads, `teacher` is a member, `leader` and `researcher` lead the member school; `recipient` was handed it."""
    maths = subject or Subject.objects.create(code="maths-a", name="数学（测试）", block="数", colour="maths", order=91)
    lead = town.person("colleague")
    for name, role in (("leader", Role.SCHOOL_LEADER), ("recipient", Role.TEACHER)):
        town.people[name] = people.person({"leader": "吴校长", "recipient": "蔡青"}[name])
        people.post(town.people[name], town.member, role)
    plan = library.create(
        kind=Kind.LESSON_DESIGN,
        owner=lead,
        school=town.lead,
        draft=library.Draft("梯形的面积", document()),
        metadata=library.Metadata(subjects=(maths,), grade_from=5, grade_to=5),
        at=town.now,
    )
    version = library.cut_version(resource=plan, by=lead, at=town.now, label="v1.0")
    Resource.objects.filter(pk=plan.pk).update(work="prep")
    preparation = Preparation.objects.create(
        title="梯形的面积",
        state="in_use",
        body=town.prep_group,
        circle=town.group,
        subject=maths,
        grade=5,
        organiser=town.person("group_reviewer"),
        lead=lead,
        resource=plan,
        settled_version=version,
        frozen_at=town.now,
        state_changed_at=town.now,
        created_at=town.now,
    )
    preparation.schools.set([town.lead, town.member])
    Participant.objects.create(
        preparation=preparation, person=lead, role="lead", school_then=town.lead, joined_at=town.now
    )
    shared = Shared(town, preparation, plan, version)
    shared.join(town.person("teacher"))
    HandDown.objects.create(
        preparation=preparation,
        person=town.people["recipient"],
        organisation=town.member,
        by=town.person("group_reviewer"),
        at=town.now,
    )
    plan.refresh_from_db()
    return shared
