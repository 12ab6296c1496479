"""A group that prepares together: a prep group with its leader, members of two schools, an expert, an approver."""

from dataclasses import dataclass
from typing import Any

from groups.access import Action, may
from groups.models import Nature, Person, Role
from lessons.prep import services as prep
from lessons.prep.models import Preparation, Remark, State
from lessons.prep.remarks import disposing, writing
from library.resources import services
from library.resources.models import Resource, WorkingCopy
from tests.factories import people
from tests.factories.shelf import Shelf
from tests.factories.town import whole_design


@dataclass
class Circle:
    """The people of the prep group, and the steps that a test needs behind it."""

    shelf: Shelf
    people: dict[str, Person]

    @property
    def now(self) -> Any:
        return self.shelf.town.now

    def plan(self, **more: Any) -> Preparation:
        what = prep.Plan(
            **{
                "title": "梯形的面积",
                "subject": self.shelf.subject,
                "grade": 5,
                "node": self.shelf.lesson,
                "quorum": 50,
                **more,
            }
        )
        return prep.plan(
            body=self.shelf.town.prep_group,
            what=what,
            by=self.people["organiser"],
            approver=self.people["approver"],
            named=((self.people["expert"], "expert"), (self.people["observer"], "observer")),
            at=self.now,
        )

    def drafting(self) -> Preparation:
        return prep.claim(preparation=self.plan(), by=self.people["lead"], at=self.now)

    def write(self, row: Preparation, opening: str = "看图说说学过的图形", by: str = "lead") -> None:
        copy = WorkingCopy.objects.get(resource=row.resource_id)
        design = whole_design(opening)
        services.save(
            resource=Resource.objects.get(uid=copy.resource.uid),
            by=self.people[by],
            draft=services.Draft(row.title, design),
            lock_version=copy.lock_version,
            at=self.now,
        )

    def discussing(self) -> Preparation:
        row = self.drafting()
        self.write(row)
        return prep.submit_draft(preparation=row, by=self.people["lead"], at=self.now)

    def say(self, row: Preparation, by: str = "member", words: str = "导入可以再短一些") -> Remark:
        said = writing.Said("note", words)
        return writing.remark(
            preparation=row,
            draft=row.drafts.last(),
            by=self.people[by],
            place=writing.Place((), "", None),
            said=said,
            at=self.now,
        )

    def dispose(self, remark: Remark, as_: str = "adopted") -> None:
        disposing.dispose(remark=remark, by=self.people["lead"], disposition=as_, reason="", at=self.now)

    def for_approval(self) -> Preparation:
        row = self.discussing()
        for name in ("member", "colleague"):
            self.dispose(self.say(row, by=name))
        return prep.send_for_approval(preparation=row, by=self.people["lead"], at=self.now)

    def settled(self) -> Preparation:
        return prep.approve(preparation=self.for_approval(), by=self.people["approver"], at=self.now)

    def in_use(self) -> Preparation:
        town = self.shelf.town
        return prep.hand_down(
            preparation=self.settled(), by=self.people["organiser"], schools=(town.lead, town.member), at=self.now
        )

    def recapping(self) -> Preparation:
        return prep.recap(preparation=self.in_use(), by=self.people["organiser"], summary="分层练习有效", at=self.now)

    def archived(self) -> Preparation:
        audience = services.Audience(organisation=self.shelf.town.group)
        return prep.archive(
            preparation=self.recapping(), by=self.people["organiser"], audiences=(audience,), at=self.now
        )

    def cancelled(self) -> Preparation:
        return prep.cancel(preparation=self.plan(), by=self.people["organiser"], reason="与期中考试冲突", at=self.now)

    def in_state(self, state: str) -> Preparation:
        row: Preparation = self.plan() if state == State.PLANNED else getattr(self, state)()
        assert row.state == state
        return row

    def may(self, name: str, action: Action, row: Preparation) -> bool:
        return bool(may(self.people[name], action, row, at=self.now))


def build(shelf: Shelf) -> Circle:
    town = shelf.town
    people.link(town.prep_group, town.group, "part")
    type(town.prep_group).objects.filter(pk=town.prep_group.pk).update(subject=shelf.subject, grade=5)
    town.prep_group.refresh_from_db()

    def person(name: str, school: Any, role: str = "", **teaching: Any) -> Person:
        made = people.person(name)
        if school is not None:
            people.post(made, school, Role.TEACHER, Nature.MAIN, **teaching)
        if role:
            people.post(made, town.prep_group, role, Nature.SEAT)
        return made

    maths = {"subject": shelf.subject, "grade": 5}
    everybody = {
        "organiser": person("吴海棠", town.lead, "prep_leader"),
        "lead": person("林晓雯", town.member, "member", **maths),
        "member": person("周敏", town.lead, "member", **maths),
        "colleague": person("许嘉", town.member, "", **maths),
        "approver": person("苏文澜", town.lead),
        "expert": person("方远航", people.organisation("school", "云山中心小学")),
        "observer": person("何静", town.member),
        "outsider": person("邓秋", people.organisation("school", "松岭小学"), "", **maths),
        "leader": person("程雪松", town.member),
    }
    people.post(everybody["leader"], town.member, Role.SCHOOL_LEADER)
    return Circle(shelf, everybody)
