"""A small town: one group of two schools, a teacher, a colleague, and one reviewer at each step."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from groups.models import Nature, Organisation, OrganisationKind, Person, Role
from library.documents import rich, schema
from library.documents.lesson_design import LessonDesignDocument
from library.resources import services
from library.resources.models import Kind, Resource
from tests.factories import people


def whole_design(opening: str = "看图说说学过的图形") -> LessonDesignDocument:
    """A lesson design with every required section filled."""
    text = rich.from_markup
    return schema.load(
        LessonDesignDocument,
        {
            "basics": {"lesson_type": "新授", "period": 1, "periods": 1},
            "textbook": {"position": text("面积公式的最后一课")},
            "pupils": {"foundation": text("会用割补法")},
            "objectives": {"o1": {"order": "V", "statement": text("推导梯形的面积公式")}},
            "key_point": {"what": text("推导")},
            "difficulty": {"what": text("为什么除以 2")},
            "tasks": {"t1": {"order": "V", "task": text("独立推导"), "objectives": ["o1"]}},
            "stages": {
                "s1": {"order": "V", "title": "导入", "minutes": 40, "teacher": text(opening), "objectives": ["o1"]}
            },
            "board": text("S=(a+b)h÷2"),
            "homework": text("第 97 页第 1 题"),
        },
    )


@dataclass
class Town:
    now: datetime
    city: Organisation
    county: Organisation
    group: Organisation
    lead: Organisation
    member: Organisation
    prep_group: Organisation
    studio: Organisation
    people: dict[str, Person]

    def person(self, name: str) -> Person:
        return self.people[name]

    def draft(self, owner: str = "teacher", title: str = "梯形的面积") -> Resource:
        return services.create(
            kind=Kind.LESSON_DESIGN,
            owner=self.person(owner),
            school=self.member,
            draft=services.Draft(title=title, document=whole_design()),
            at=self.now,
        )

    def published(self, *audiences: services.Audience) -> Resource:
        """A design that went through every step of its chain."""
        resource = self.draft()
        submission = services.submit(resource=resource, by=self.person("teacher"), audiences=audiences, at=self.now)
        self.approve_all(submission)
        resource.refresh_from_db()
        return resource

    def approve_all(self, submission: object) -> None:
        reviewers = {
            "school": "school_reviewer",
            "group": "group_reviewer",
            "studio": "host",
            "county": "county_officer",
            "city": "city_officer",
        }
        for step in submission.steps.all():  # type: ignore[attr-defined]
            services.approve(submission=submission, by=self.person(reviewers[step.level]), at=self.now)  # type: ignore[arg-type]


def _person(name: str, *places: tuple[Organisation, Role]) -> Person:
    made = people.person(name)
    for place, role in places:
        nature = Nature.MAIN if place.kind == OrganisationKind.SCHOOL else Nature.SEAT
        people.post(made, place, role, nature)
    return made


def build() -> Town:
    """Everybody and everything, as at this moment."""
    kinds = OrganisationKind
    city, county = people.organisation(kinds.CITY, "清源市"), people.organisation(kinds.COUNTY, "云山县")
    group = people.organisation(kinds.GROUP, "清源实验小学教育集团")
    lead, member = people.organisation(kinds.SCHOOL, "清源实验小学"), people.organisation(kinds.SCHOOL, "西溪小学")
    prep, studio = (
        people.organisation(kinds.PREP_GROUP, "五年级数学备课组"),
        people.organisation(kinds.STUDIO, "苏文澜工作室"),
    )
    people.link(county, city, "area")
    for school, role in ((lead, "lead"), (member, "member")):
        people.link(school, county, "area")
        people.link(school, group, role)
    persons = {
        "teacher": _person("林晓雯", (member, Role.TEACHER)),
        "colleague": _person("黄志远", (lead, Role.TEACHER)),
        "stranger": _person("何川"),
        "school_reviewer": _person("陈立言", (member, Role.REVIEWER)),
        "group_reviewer": _person("周敏", (lead, Role.TEACHER), (group, Role.REVIEWER)),
        "school_admin": _person("许嘉", (member, Role.ADMIN)),
        "host": _person("苏文澜", (studio, Role.HOST)),
        "county_officer": _person("吴海棠", (county, Role.OFFICER)),
        "city_officer": _person("郑书雅", (city, Role.OFFICER)),
        "system_admin": _person("韩宁", (city, Role.SYSTEM_ADMIN)),
    }
    return Town(timezone.now(), city, county, group, lead, member, prep, studio, persons)
