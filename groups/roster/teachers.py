"""The sheet 教师: people of a school, known by their staff number, with their place as a teacher there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db.models import F

from catalogue.models import GRADE_NAMES, Subject
from groups import audit
from groups.access import Action
from groups.models import Appointment, Nature, Person, Role
from groups.roster.cells import Cells, day_of, end_of, last_day, midnight
from groups.roster.planning import Change, Outcome, Planner, bad, difference, fingerprint
from groups.roster.scope import Place
from groups.roster.sheets import Row

PARTICULARS = (("姓名", "name"), ("手机号", "phone"), ("邮箱", "email"), ("职称", "title"))


@dataclass(frozen=True, slots=True)
class Said:
    """A row as read."""

    cells: Cells
    place: Place | None
    number: str | None
    name: str | None
    phone: str | None
    email: str | None
    title: str | None
    subject: Subject | None
    grade: int | None
    joined: date | None
    left: date | None

    @property
    def key(self) -> tuple[int | None, str | None]:
        return (self.place.pk if self.place else None, self.number)


@dataclass(slots=True)
class Work:
    """What a row changes: a person's fields, and the place as a teacher that begins or changes."""

    person: Person
    fields: dict[str, Any]
    post: Appointment | None = None
    post_fields: tuple[str, ...] = ()
    ends: bool = False


def main_posts(people: Iterable[int]) -> dict[int, Appointment]:
    """Person id → their newest place as an employed teacher of the school whose staff number they have."""
    held = Appointment.objects.filter(
        person__in=people, organisation=F("person__staff_school"), role=Role.TEACHER, nature=Nature.MAIN
    )
    return {post.person_id: post for post in held.select_related("subject").order_by("starts_at", "pk")}


def fingerprint_of(person: Person, post: Appointment | None) -> str:
    return fingerprint(
        *(getattr(person, field) or "" for _, field in PARTICULARS),
        *((post.subject_id, post.grade, post.starts_at, post.ends_at) if post else ()),
    )


class TeacherPlanner(Planner):
    def plan(self, rows: Sequence[Row]) -> list[Change]:
        said = [self._read(row) for row in rows]
        known = self._known(said)
        phones = dict(Person.objects.filter(phone__in={s.phone for s in said if s.phone}).values_list("phone", "pk"))
        editable = self.scope.editable(person.pk for person in known.values())
        posts = main_posts(person.pk for person in known.values())
        return [self._change(one, known.get(one.key), phones, editable, posts) for one in said]

    def _read(self, row: Row) -> Said:
        cells = Cells(row)
        place = self.place(cells)
        said = Said(
            cells=cells,
            place=place,
            number=cells.text("工号", 30, required=True),
            name=cells.text("姓名", 30, required=True),
            phone=cells.phone(),
            email=cells.email(),
            title=cells.text("职称", 30),
            subject=self.subject(cells),
            grade=cells.grade(),
            joined=cells.day("入校日期"),
            left=cells.day("离校日期"),
        )
        self.appointing(cells, "学校", place)
        cells.in_order(said.joined, said.left, "离校日期")
        if place and said.number:
            self.unique(cells, "工号", ("teacher", place, said.number), f"{place.name}工号 {said.number} ")
        if said.phone:
            self.unique(cells, "手机号", ("phone", said.phone), f"手机号 {said.phone} ")
        return said

    def _known(self, said: Sequence[Said]) -> dict[tuple[int | None, str | None], Person]:
        schools = {one.key[0] for one in said if one.key[0]}
        numbers = {one.number for one in said if one.number}
        people = Person.objects.filter(staff_school__in=schools, staff_number__in=numbers)
        if self.scope.locking:
            people = people.select_for_update()
        return {(person.staff_school_id, person.staff_number): person for person in people}

    def _change(
        self,
        said: Said,
        person: Person | None,
        phones: dict[str | None, int],
        editable: frozenset[int],
        posts: dict[int, Appointment],
    ) -> Change:
        owner = phones.get(said.phone) if said.phone else None
        if owner is not None and (person is None or owner != person.pk):
            said.cells.bad("手机号", f"{said.phone} 已登记在别人名下，请核对；换了学校的老师请先由原学校改掉")
        if said.cells.problems:
            change = bad(said.cells)
        elif person is None:
            change = self._new(said)
        else:
            change = self._known_one(said, person, posts.get(person.pk), editable)
        if said.place and said.number:
            earlier = self.ahead.people.get((said.place, said.number), (0, False))
            if not earlier[1]:
                self.ahead.people[said.place, said.number] = (said.cells.row.number, change.outcome is not Outcome.BAD)
        return change

    def _new(self, said: Said) -> Change:
        person = Person(
            name=said.name or "",
            phone=said.phone,
            email=said.email or "",
            title=said.title or "",
            staff_number=said.number or "",
            must_change_password=True,
        )
        return Change(
            said.cells.row,
            Outcome.NEW,
            told=f"{said.name}（{said.place.name if said.place else ''} {said.number}）",
            act=(said, Work(person, {}, self._begin(said, person))),
        )

    def _begin(self, said: Said, person: Person) -> Appointment:
        return Appointment(
            person=person,
            role=Role.TEACHER,
            nature=Nature.MAIN,
            subject=said.subject,
            grade=said.grade,
            starts_at=midnight(said.joined or min(self.scope.today, said.left or self.scope.today)),
            ends_at=end_of(said.left) if said.left else None,
            approved_by=self.scope.by,
        )

    def _known_one(self, said: Said, person: Person, post: Appointment | None, editable: frozenset[int]) -> Change:
        pairs = [
            (label, field, getattr(person, field) or "", value)
            for label, field in PARTICULARS
            if (value := getattr(said, field)) is not None and value != (getattr(person, field) or "")
        ]
        if pairs and person.pk not in editable:
            said.cells.bad(
                pairs[0][0], f"与登记的不同，这一项由{said.place.name if said.place else ''}管理员改，请留空再导入"
            )
        work = Work(person, {field: value for _, field, _, value in pairs})
        told = [(label, old, new) for label, _, old, new in pairs]
        before = fingerprint_of(person, post)
        told += self._post(said, work, post)
        if said.cells.problems:
            return bad(said.cells)
        return Change(
            said.cells.row,
            Outcome.UPDATED if told else Outcome.SAME,
            told=f"{person.name}（{person.staff_number}）：{difference(told)}",
            key=f"person:{person.uid}",
            before=before,
            about=person.uid,
            act=(said, work),
        )

    def _post(self, said: Said, work: Work, post: Appointment | None) -> list[tuple[str, object, object]]:
        """What changes in the place as a teacher; it begins anew for somebody who left and comes back."""
        if post is None or (post.ends_at and said.joined and midnight(said.joined) >= post.ends_at):
            if said.joined is None and (post is not None or (said.subject is None and said.grade is None)):
                return []
            work.post = self._begin(said, work.person)
            return [("任职", "", f"{day_of(work.post.starts_at)} 起任教")]
        if said.joined and said.joined != day_of(post.starts_at):
            said.cells.bad("入校日期", f"登记的是 {day_of(post.starts_at)}；要重新起算，请先填离校日期结束这一段")
            return []
        if said.left and said.left < day_of(post.starts_at):
            said.cells.bad("离校日期", f"早于登记的入校日期 {day_of(post.starts_at)}，请核对")
            return []
        return self._edit_post(said, work, post)

    @staticmethod
    def _edit_post(said: Said, work: Work, post: Appointment) -> list[tuple[str, object, object]]:
        told: list[tuple[str, object, object]] = []
        if said.subject and said.subject.pk != post.subject_id:
            told.append(("学科", post.subject or "", said.subject))
            post.subject = said.subject
        if said.grade and said.grade != post.grade:
            told.append(("年级", GRADE_NAMES.get(post.grade or 0, ""), GRADE_NAMES[said.grade]))
            post.grade = said.grade
        if said.left and said.left != last_day(post.ends_at):
            told.append(("离校日期", last_day(post.ends_at) or "", said.left))
            post.ends_at, work.ends = end_of(said.left), True
        work.post, work.post_fields = (post, ("subject", "grade", "ends_at")) if told else (None, ())
        return told

    def apply(self, changes: Sequence[Change]) -> None:
        self._create([change.act for change in changes if change.outcome is Outcome.NEW])
        self._update([change.act for change in changes if change.outcome is Outcome.UPDATED])

    def _create(self, new: Sequence[tuple[Said, Work]]) -> None:
        for said, work in new:
            assert said.place is not None
            work.person.staff_school_id = said.place.pk
            work.person.password = make_password(None)
        Person.objects.bulk_create([work.person for _, work in new], batch_size=500)
        audit.record_each(self.scope.by, "person.created", [(work.person, {"by": "import"}) for _, work in new])
        self._begin_posts(new)

    def _begin_posts(self, beginning: Sequence[tuple[Said, Work]]) -> None:
        posts = []
        for said, work in beginning:
            assert work.post is not None
            assert said.place is not None
            work.post.person, work.post.organisation_id = work.person, said.place.pk or 0
            posts.append(work.post)
        Appointment.objects.bulk_create(posts, batch_size=500)
        told = [
            (work.person, {"organisation": said.place.uid, "role": Role.TEACHER, "nature": Nature.MAIN})
            for said, work in beginning
            if said.place
        ]
        audit.record_each(self.scope.by, "appointment.began", told)
        self.scope.guard(Action.CREATE, posts)

    def _update(self, updated: Sequence[tuple[Said, Work]]) -> None:
        for _, work in updated:
            for field, value in work.fields.items():
                setattr(work.person, field, value)
        edited = [work for _, work in updated if work.fields]
        Person.objects.bulk_update([w.person for w in edited], [field for _, field in PARTICULARS], batch_size=200)
        audit.record_each(
            self.scope.by, "person.edited", [(w.person, {"fields": sorted(w.fields), "by": "import"}) for w in edited]
        )
        self._begin_posts([(said, w) for said, w in updated if w.post is not None and not w.post_fields])
        self._update_posts([w for _, w in updated if w.post is not None and w.post_fields])

    def _update_posts(self, changed: Sequence[Work]) -> None:
        posts = [w.post for w in changed if w.post]
        Appointment.objects.bulk_update(posts, ["subject", "grade", "ends_at"], batch_size=200)
        for deed, chosen in (
            ("appointment.ended", [w for w in changed if w.ends]),
            ("appointment.edited", [w for w in changed if not w.ends]),
        ):
            audit.record_each(self.scope.by, deed, [(w.person, {"by": "import"}) for w in chosen])
        self.scope.guard(Action.END, posts)
