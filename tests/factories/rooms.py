"""A preparation room: a draft put to a lead, three members of two schools, an expert, an approver and an organiser."""

from dataclasses import dataclass, field
from typing import Any

from groups.models import Nature, Organisation, Person, Role
from lessons.prep.models import Draft, Participant, Preparation, Remark
from lessons.prep.remarks import writing
from library.documents import rich, schema
from library.documents.lesson_design import LessonDesignDocument
from library.documents.walk import walk
from library.resources import services
from library.resources.models import Kind, Resource
from tests.factories import people
from tests.factories.shelf import Shelf

TEACHER = ("stages", "k2", "teacher")
OBJECTIVE = ("objectives", "o3", "statement")

ROLES = Participant.Role


def lesson() -> LessonDesignDocument:
    """组合图形的面积, as a second draft would stand."""
    text = rich.from_markup
    stage = {
        "k1": ("看一看", 4, "出示校园平面图，说说哪些地方是学过的图形。", "找一找，说一说。", ""),
        "k2": (
            "想办法",
            12,
            "出示房屋侧面墙的图形，请学生独立想办法求面积。巡视时收集三种做法，按“分成两块、分成三块、补成一块”依次投屏。",
            "在学习单上画出辅助线，写出算式，同桌互相讲清每一步算的是哪一块。",
            "你把它变成了哪些学过的图形？",
        ),
        "k3": (
            "比方法",
            11,
            "把三种做法并排，追问哪一种要的数据最少、算得最省。",
            "举手表决自己会选哪种，用一句话说明理由。",
            "为什么有的方法算不下去了？",
        ),
        "k4": ("分层练习", 10, "基础题全班做，拓展题自选。", "独立完成，小组订正。", ""),
        "k5": ("回顾小结", 3, "说说今天学会了什么。", "回顾，提问。", ""),
    }
    return schema.load(
        LessonDesignDocument,
        {
            "basics": {"lesson_type": "新授", "period": 1, "periods": 2},
            "textbook": {"position": text("多边形面积的最后一课，学会把新图形变成学过的图形。")},
            "pupils": {"foundation": text("会算长方形、三角形、平行四边形和梯形的面积。")},
            "objectives": {
                "o1": {
                    "order": "A",
                    "statement": text(
                        "能用分割、添补把组合图形变成学过的图形，求出面积，并说清每一步对应图上的哪一块。"
                    ),
                    "competencies": ["几何直观", "推理意识"],
                },
                "o2": {
                    "order": "B",
                    "statement": text("会比较几种方法，选择数据够用、计算简便的一种。"),
                    "competencies": ["应用意识"],
                },
                "o3": {
                    "order": "C",
                    "statement": text("在真实物件上找到组合图形，愿意动手量、动手算。"),
                    "competencies": ["应用意识"],
                },
            },
            "key_point": {"what": text("把组合图形变成学过的图形。")},
            "difficulty": {"what": text("选择数据够用的方法。")},
            "tasks": {"t1": {"order": "A", "task": text("画辅助线并列式。"), "objectives": ["o1", "o2"]}},
            "stages": {
                key: {
                    "order": key[1],
                    "title": title,
                    "minutes": minutes,
                    "teacher": text(teacher),
                    "pupils": text(pupils),
                    "question": text(question),
                    "objectives": ["o1"] if key != "k3" else ["o1", "o2"],
                }
                for key, (title, minutes, teacher, pupils, question) in stage.items()
            },
            "homework": text("量一件家里的物件，画图，算面积。"),
        },
    )


@dataclass
class Room:
    """A preparation that is being discussed, with its first draft."""

    shelf: Shelf
    preparation: Preparation
    draft: Draft
    people: dict[str, Person] = field(default_factory=dict)

    @property
    def now(self) -> Any:
        return self.shelf.town.now

    @property
    def plan(self) -> Resource:
        assert self.preparation.resource is not None
        return self.preparation.resource

    def place(self, words: str = "", path: tuple[str, ...] = TEACHER) -> writing.Place:
        return writing.Place(path, words)

    def remark(
        self, by: str = "member", words: str = "这里可以再想想。", on: str = "", kind: str = "note", **more: Any
    ) -> Remark:
        """A remark as a participant writes it; `on` quotes words of the second stage."""
        path = more.pop("path", TEACHER)
        return writing.remark(
            preparation=self.preparation,
            draft=self.draft,
            by=self.people[by],
            place=writing.Place(path, on),
            said=writing.Said(kind, words, more.pop("replacement", ""), more.pop("ticket", None)),
            at=self.now,
        )

    def suggestion(self, on: str, replacement: str, by: str = "member", words: str = "") -> Remark:
        return self.remark(by=by, words=words, on=on, kind="suggestion", replacement=replacement)

    def text(self, path: tuple[str, ...] = TEACHER) -> str:
        """What the working copy says there now."""
        self.plan.working_copy.refresh_from_db()
        document = schema.load(LessonDesignDocument, self.plan.working_copy.document)
        return next(leaf.text for leaf in walk(document) if leaf.path == path)

    def rewrite(self, document: LessonDesignDocument) -> None:
        """The lead saves another text in the editor."""
        copy = self.plan.working_copy
        copy.refresh_from_db()
        services.save(
            resource=self.plan,
            by=self.people["lead"],
            draft=services.Draft(copy.title, document),
            lock_version=copy.lock_version,
            at=self.now,
        )

    def next_draft(self) -> Draft:
        """The working copy as the next numbered draft, as arranging it does."""
        version = services.cut_version(resource=self.plan, by=self.people["lead"], at=self.now)
        self.draft = Draft.objects.create(
            preparation=self.preparation,
            number=self.draft.number + 1,
            version=version,
            submitted_by=self.people["lead"],
            submitted_at=self.now,
        )
        return self.draft


def _organiser(body: Organisation) -> Person:
    made = people.person("方静")
    people.post(made, body, Role.PREP_LEADER, Nature.SEAT)
    return made


def build(shelf: Shelf) -> Room:
    """Members of both schools of the town's group; the expert is a guest from a studio."""
    town = shelf.town
    cast = {
        "lead": town.person("teacher"),
        "member": town.person("colleague"),
        "other": town.person("school_reviewer"),
        "third": town.person("school_admin"),
        "expert": town.person("host"),
        "approver": town.person("group_reviewer"),
        "organiser": _organiser(town.prep_group),
        "stranger": town.person("stranger"),
    }
    plan = services.create(
        kind=Kind.LESSON_DESIGN,
        owner=cast["lead"],
        school=town.member,
        draft=services.Draft("组合图形的面积", lesson()),
        metadata=services.Metadata(subjects=(shelf.subject,), grade_from=5, grade_to=5),
        nodes=(shelf.lessons[2],),
        at=town.now,
    )
    Resource.objects.filter(pk=plan.pk).update(work="prep")
    plan.refresh_from_db()
    preparation = _preparation(shelf, cast, plan)
    version = services.cut_version(resource=plan, by=cast["lead"], at=town.now)
    draft = Draft.objects.create(
        preparation=preparation, number=1, version=version, submitted_by=cast["lead"], submitted_at=town.now
    )
    return Room(shelf, preparation, draft, cast)


def _preparation(shelf: Shelf, cast: dict[str, Person], plan: Resource) -> Preparation:
    town = shelf.town
    made = Preparation.objects.create(
        title="组合图形的面积",
        state="discussing",
        body=town.prep_group,
        circle=town.group,
        subject=shelf.subject,
        grade=5,
        node=shelf.lessons[2],
        organiser=cast["organiser"],
        lead=cast["lead"],
        approver=cast["approver"],
        resource=plan,
        frozen_at=town.now,
        state_changed_at=town.now,
        created_at=town.now,
    )
    made.schools.set([town.lead, town.member])
    schools = {"lead": town.member, "member": town.lead, "other": town.member, "third": town.member}
    roles = {
        "lead": ROLES.LEAD,
        "member": ROLES.MEMBER,
        "other": ROLES.MEMBER,
        "third": ROLES.MEMBER,
        "expert": ROLES.EXPERT,
        "approver": ROLES.APPROVER,
    }
    Participant.objects.bulk_create(
        Participant(preparation=made, person=cast[name], role=role, school_then=schools.get(name), joined_at=town.now)
        for name, role in roles.items()
    )
    return made
