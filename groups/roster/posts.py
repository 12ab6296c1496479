"""The sheet 任职: every other appointment of a person: rotations, seats in prep groups, an administrator's role."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from catalogue.models import Subject
from groups import audit
from groups.access import Action
from groups.models import Appointment, Nature, OrganisationKind, Person, Role
from groups.roster.cells import Cells, day_of, end_of, last_day, midnight
from groups.roster.planning import Change, Outcome, Planner, bad, difference, fingerprint
from groups.roster.scope import Place
from groups.roster.sheets import INSTALLED_ROLES, NATURES, ROLES, Row
from groups.roster.teachers import main_posts
from groups.viewer import POWERS

Key = tuple[int | None, str]


@dataclass(frozen=True, slots=True)
class Said:
    """A row as read; `home` is the school whose staff number it gives, `place` where the person serves."""

    cells: Cells
    home: Place | None
    number: str
    place: Place | None
    role: Role | None
    nature: Nature
    subject: Subject | None
    grade: int | None
    starts: date | None
    ends: date | None
    reason: str | None

    @property
    def what(self) -> tuple[object, ...]:
        """What makes two rows the same appointment of a person."""
        return (self.place, self.role, self.nature, self.subject, self.grade, self.starts)


def nature_in(kind: str) -> Nature:
    """What an appointment is where the row does not say."""
    return Nature.MAIN if kind in (OrganisationKind.SCHOOL, OrganisationKind.CAMPUS) else Nature.SEAT


class PostPlanner(Planner):
    def plan(self, rows: Sequence[Row]) -> list[Change]:
        said = [self._read(row) for row in rows]
        people = self._people(said)
        held = self._held(people)
        return [self._change(one, people, held) for one in said]

    def _read(self, row: Row) -> Said:
        cells = Cells(row)
        home, place = self.place(cells), self.place(cells, "任职单位", school=False)
        said = Said(
            cells=cells,
            home=home,
            number=cells.text("工号", 30, required=True) or "",
            place=place,
            role=cells.choice("职责", ROLES, required=True),
            nature=cells.choice("性质", NATURES) or nature_in(place.kind if place else ""),
            subject=self.subject(cells),
            grade=cells.grade(),
            starts=cells.day("起", required=True),
            ends=cells.day("止"),
            reason=cells.text("事由", 200),
        )
        self.appointing(cells, "学校", home)
        self.appointing(cells, "任职单位", place)
        self._check_role(said)
        cells.in_order(said.starts, said.ends)
        if home and said.number and not cells.problems:
            self.unique(cells, "", ("post", home, said.number, *said.what), "这一行")
        return said

    def _check_role(self, said: Said) -> None:
        if said.role is None or said.place is None:
            return
        if said.role in INSTALLED_ROLES and not self.scope.is_installation:
            said.cells.bad("职责", f"“{said.role.label}”由系统安装人员指定，不能从表里导入，请删掉这一行")
        elif said.role in POWERS and said.place.kind not in POWERS[said.role]:
            said.cells.bad("职责", f"“{said.role.label}”不能设在{OrganisationKind(said.place.kind).label}，请核对")

    def _people(self, said: Sequence[Said]) -> dict[Key, Person]:
        schools = {one.home.pk for one in said if one.home and one.home.pk}
        people = Person.objects.filter(staff_school__in=schools, staff_number__in={one.number for one in said})
        if self.scope.locking:
            people = people.select_for_update()
        return {(person.staff_school_id, person.staff_number): person for person in people}

    @staticmethod
    def _held(people: dict[Key, Person]) -> dict[int, list[Appointment]]:
        """Person id → appointments without the one that the sheet 教师 tells of."""
        ids = [person.pk for person in people.values()]
        main = {post.pk for post in main_posts(ids).values()}
        held: dict[int, list[Appointment]] = {pk: [] for pk in ids}
        for post in Appointment.objects.filter(person__in=ids).exclude(pk__in=main).order_by("starts_at", "pk"):
            held[post.person_id].append(post)
        return held

    def _change(self, said: Said, people: dict[Key, Person], held: dict[int, list[Appointment]]) -> Change:
        if said.cells.problems or said.home is None or said.place is None:
            return bad(said.cells)
        person = people.get((said.home.pk, said.number)) if said.home.pk else None
        if person is None:
            return self._of_newcomer(said)
        same = [post for post in held[person.pk] if self._is(said, post)]
        if same:
            return self._known(said, person, same[0])
        self._check_overlap(said, held[person.pk])
        return bad(said.cells) if said.cells.problems else self._new(said, person)

    def _of_newcomer(self, said: Said) -> Change:
        """Somebody whom the same workbook brings, or nobody."""
        assert said.home is not None
        row, good = self.ahead.people.get((said.home, said.number), (0, False))
        if good:
            return self._new(said, None)
        if row:
            said.cells.bad("工号", f"教师表第 {row} 行有误，请改好那一行再一起导入")
        else:
            said.cells.bad("工号", f"{said.home.name}没有工号 {said.number} 的老师，请核对或先写在教师表里")
        return bad(said.cells)

    @staticmethod
    def _is(said: Said, post: Appointment) -> bool:
        subject = said.subject.pk if said.subject else None
        return (
            said.place is not None
            and (post.organisation_id, post.role, post.nature) == (said.place.pk, said.role, said.nature)
            and (post.subject_id, post.grade, day_of(post.starts_at)) == (subject, said.grade, said.starts)
        )

    @staticmethod
    def _check_overlap(said: Said, held: Sequence[Appointment]) -> None:
        assert said.starts is not None
        begins, ends = midnight(said.starts), end_of(said.ends) if said.ends else None
        subject = said.subject.pk if said.subject else None
        for post in held:
            alike = said.place is not None and (post.organisation_id, post.role, post.nature) == (
                said.place.pk,
                said.role,
                said.nature,
            )
            if not alike or (post.subject_id, post.grade) != (subject, said.grade):
                continue
            if (post.ends_at is None or post.ends_at > begins) and (ends is None or ends > post.starts_at):
                said.cells.bad("起", f"与 {day_of(post.starts_at)} 起的同一任职重叠，请先在那一行填止的日期")
                return

    def _told(self, said: Said, name: str) -> str:
        assert said.role is not None
        return f"{name}任{said.place.name if said.place else ''}{said.role.label}（{said.nature.label}）"

    def _new(self, said: Said, person: Person | None) -> Change:
        name = person.name if person else f"工号 {said.number} "
        return Change(said.cells.row, Outcome.NEW, told=self._told(said, name), act=(said, person))

    def _known(self, said: Said, person: Person, post: Appointment) -> Change:
        told: list[tuple[str, object, object]] = []
        before = fingerprint(post.ends_at, post.reason)
        if said.ends and said.ends != last_day(post.ends_at):
            told.append(("止", last_day(post.ends_at) or "", said.ends))
            post.ends_at = end_of(said.ends)
        if said.reason and said.reason != post.reason:
            told.append(("事由", post.reason, said.reason))
            post.reason = said.reason
        return Change(
            said.cells.row,
            Outcome.UPDATED if told else Outcome.SAME,
            told=f"{self._told(said, person.name)}：{difference(told)}",
            key=f"post:{post.pk}",
            before=before,
            about=person.uid,
            act=(said, post),
        )

    def apply(self, changes: Sequence[Change]) -> None:
        new = [change.act for change in changes if change.outcome is Outcome.NEW]
        posts = [self._make(said, person) for said, person in new]
        Appointment.objects.bulk_create(posts, batch_size=500)
        told = [
            (post.person, {"organisation": said.place.uid, "role": post.role, "nature": post.nature, "by": "import"})
            for post, (said, _) in zip(posts, new, strict=True)
        ]
        audit.record_each(self.scope.by, "appointment.began", told)
        self.scope.guard(Action.CREATE, posts)
        ended = [change.act[1] for change in changes if change.outcome is Outcome.UPDATED]
        Appointment.objects.bulk_update(ended, ["ends_at", "reason"], batch_size=200)
        people = Person.objects.in_bulk([post.person_id for post in ended])
        audit.record_each(
            self.scope.by, "appointment.ended", [(people[post.person_id], {"by": "import"}) for post in ended]
        )
        self.scope.guard(Action.END, ended)

    def _make(self, said: Said, person: Person | None) -> Appointment:
        assert person is not None
        assert said.place is not None
        assert said.role is not None
        assert said.starts is not None
        return Appointment(
            person=person,
            organisation_id=said.place.pk or 0,
            role=said.role,
            nature=said.nature,
            subject=said.subject,
            grade=said.grade,
            starts_at=midnight(said.starts),
            ends_at=end_of(said.ends) if said.ends else None,
            reason=said.reason or "",
            approved_by=self.scope.by,
        )
