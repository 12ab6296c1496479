"""The sheet 教材选用: which textbook a school uses for a subject and grade, from when to when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from catalogue.models import Subject, Textbook
from groups import audit
from groups.access import Action
from groups.models import Adoption, Organisation
from groups.roster.cells import Cells, day_of, end_of, last_day, midnight
from groups.roster.planning import Change, Outcome, Planner, bad, difference, fingerprint
from groups.roster.scope import Place
from groups.roster.sheets import Row

VOLUMES = {
    "上册": Textbook.Volume.FIRST,
    "下册": Textbook.Volume.SECOND,
    "全一册": Textbook.Volume.WHOLE,
    "其他": Textbook.Volume.OTHER,
}


@dataclass(frozen=True, slots=True)
class Said:
    cells: Cells
    place: Place | None
    grade: int | None
    book: Textbook | None
    starts: date | None
    ends: date | None


class AdoptionPlanner(Planner):
    def plan(self, rows: Sequence[Row]) -> list[Change]:
        said = [self._read(row) for row in rows]
        schools = {one.place.pk for one in said if one.place and one.place.pk}
        held: dict[tuple[int, int, int], list[Adoption]] = {}
        known = Adoption.objects.filter(school__in=schools)
        if self.scope.locking:
            known = known.select_for_update()
        for adoption in known.order_by("starts_at", "pk"):
            held.setdefault((adoption.school_id, adoption.grade, adoption.textbook_id), []).append(adoption)
        return [self._change(one, held) for one in said]

    def _read(self, row: Row) -> Said:
        cells = Cells(row)
        place, grade = self.place(cells), cells.grade(required=True)
        book = self._book(cells, grade)
        said = Said(cells, place, grade, book, cells.day("起"), cells.day("止"))
        self.editing(cells, "学校", place)
        cells.in_order(said.starts, said.ends)
        if place and book and grade:
            self.unique(cells, "", ("adoption", place, grade, book.pk, said.starts), "这一行")
        return said

    def _book(self, cells: Cells, grade: int | None) -> Textbook | None:
        subject: Subject | None = self.subject(cells, required=True)
        edition = cells.text("版本", 60, required=True)
        volume = cells.choice("册次", VOLUMES, required=True)
        uid = cells.text("教材编号", 20)
        if subject is None or edition is None or volume is None or grade is None:
            return None
        found = self.scope.books.get((subject.pk, edition, str(volume), grade), [])
        if uid is not None:
            found = [book for book in found if book.uid == uid]
        found = [book for book in found if book.is_active] or found
        if len(found) == 1:
            return found[0]
        if found:
            cells.bad("教材编号", f"这一册有 {len(found)} 种书，请填教材编号")
        elif uid is not None:
            cells.bad("教材编号", f"教材编号 {uid} 和这一行的学科、版本、年级、册次对不上，请核对")
        else:
            cells.bad("版本", f"教材库里没有{edition}{subject.name}这个年级的这一册，请核对版本名称")
        return None

    def _change(self, said: Said, held: dict[tuple[int, int, int], list[Adoption]]) -> Change:
        if said.cells.problems or said.place is None or said.book is None or said.grade is None:
            return bad(said.cells)
        of_book = held.get((said.place.pk or 0, said.grade, said.book.pk), [])
        same = [a for a in of_book if self._is(said, a)]
        name = f"{said.place.name}《{said.book.title}》"
        if same:
            return self._known(said, same[-1], name)
        begins = midnight(said.starts or self.scope.today)
        ends = end_of(said.ends) if said.ends else None
        if any((a.ends_at is None or a.ends_at > begins) and (ends is None or ends > a.starts_at) for a in of_book):
            said.cells.bad("起", "和已登记的同一本书的选用重叠，请先在那一行填止的日期")
            return bad(said.cells)
        return Change(
            said.cells.row,
            Outcome.NEW,
            told=name,
            act=(said, Adoption(grade=said.grade, textbook=said.book, starts_at=begins, ends_at=ends)),
        )

    def _is(self, said: Said, adoption: Adoption) -> bool:
        """The same start; without one, what is used now."""
        if said.starts is not None:
            return day_of(adoption.starts_at) == said.starts
        return adoption.ends_at is None or adoption.ends_at > self.scope.at

    def _known(self, said: Said, adoption: Adoption, name: str) -> Change:
        before, told = fingerprint(adoption.ends_at), []
        if said.ends and said.ends != last_day(adoption.ends_at):
            if said.ends < day_of(adoption.starts_at):
                said.cells.bad("止", f"早于登记的起 {day_of(adoption.starts_at)}，请核对")
                return bad(said.cells)
            told = [("止", last_day(adoption.ends_at) or "", said.ends)]
            adoption.ends_at = end_of(said.ends)
        return Change(
            said.cells.row,
            Outcome.UPDATED if told else Outcome.SAME,
            told=f"{name}：{difference(told)}",
            key=f"adoption:{adoption.pk}",
            before=before,
            act=(said, adoption),
        )

    def apply(self, changes: Sequence[Change]) -> None:
        new = [change.act for change in changes if change.outcome is Outcome.NEW]
        for said, adoption in new:
            adoption.school_id = said.place.pk
        Adoption.objects.bulk_create([adoption for _, adoption in new], batch_size=500)
        ended = [change.act for change in changes if change.outcome is Outcome.UPDATED]
        Adoption.objects.bulk_update([adoption for _, adoption in ended], ["ends_at"], batch_size=200)
        schools = Organisation.objects.in_bulk({adoption.school_id for _, adoption in [*new, *ended]})
        for deed, done in (("adoption.began", new), ("adoption.ended", ended)):
            told = [(schools[a.school_id], {"textbook": said.book.uid, "grade": a.grade}) for said, a in done]
            audit.record_each(self.scope.by, deed, told)
        self.scope.guard(Action.EDIT, schools.values())
