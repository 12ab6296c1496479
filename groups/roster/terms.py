"""The sheet 校历: terms and holidays, of one school or of the whole city."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from groups import audit
from groups.models import Holiday, Organisation, OrganisationKind, Term
from groups.roster.cells import Cells
from groups.roster.planning import Change, Outcome, Planner, bad, difference, fingerprint
from groups.roster.scope import NOT_YOURS, Place
from groups.roster.sheets import Row

HALVES = {"第一学期": 1, "第二学期": 2, "1": 1, "2": 2}
TERM, HOLIDAY = "学期", "节假日"
KINDS = {TERM: TERM, HOLIDAY: HOLIDAY}
YEARS = {str(year): year for year in range(2000, 2100)}

Key = tuple[int | None, int | None, int | None]


@dataclass(frozen=True, slots=True)
class Said:
    """A row as read. Without a school it is the city's."""

    cells: Cells
    place: Place | None
    year: int | None
    half: int | None
    kind: str | None
    name: str
    first: date | None
    last: date | None

    @property
    def key(self) -> Key:
        return (self.place.pk if self.place else None, self.year, self.half)

    @property
    def days(self) -> tuple[date, date]:
        """Of a row without problems."""
        assert self.first is not None
        assert self.last is not None
        return self.first, self.last


class CalendarPlanner(Planner):
    def plan(self, rows: Sequence[Row]) -> list[Change]:
        said = [self._read(row) for row in rows]
        terms = self._terms({one.year for one in said if one.year})
        return [self._change(one, terms) for one in said]

    def _read(self, row: Row) -> Said:
        cells = Cells(row)
        place = self.place(cells, required=False)
        said = Said(
            cells=cells,
            place=place,
            year=cells.choice("学年", YEARS, required=True, say="开始的公历年份，如 2026"),
            half=cells.choice("学期", HALVES, required=True, say="第一学期 或 第二学期"),
            kind=cells.choice("类型", KINDS, required=True),
            name=cells.text("名称", 30) or "",
            first=cells.day("起", required=True),
            last=cells.day("止", required=True),
        )
        self._permit(said)
        cells.in_order(said.first, said.last)
        if said.kind == HOLIDAY and not said.name:
            cells.bad("名称", "没有填，请写节假日的名称，如 国庆节")
        if not cells.problems:
            of = said.name if said.kind == HOLIDAY else ""
            self.unique(cells, "", ("calendar", place, said.year, said.half, said.kind, of), "这一行")
        return said

    def _permit(self, said: Said) -> None:
        self.editing(said.cells, "学校", said.place)
        if said.place is not None or said.cells.row.cells.get("学校"):
            return
        cities = [p for found in self.scope.places.values() for p in found if p.kind == OrganisationKind.CITY]
        if not any(city.edits for city in cities):
            said.cells.bad("学校", f"空着是全市的校历，{NOT_YOURS}；只改本校请填学校")

    @staticmethod
    def _terms(years: set[int]) -> dict[Key, Term]:
        terms = Term.objects.filter(year__in=years).select_related("school").prefetch_related("holidays")
        return {(term.school_id, term.year, term.half): term for term in terms}

    def _change(self, said: Said, terms: dict[Key, Term]) -> Change:
        if said.cells.problems:
            return bad(said.cells)
        term = terms.get(said.key) if said.place is None or said.place.pk else None
        return self._term(said, term) if said.kind == TERM else self._holiday(said, term)

    def _label(self, said: Said) -> str:
        where = said.place.name if said.place else "全市"
        return f"{where} {said.year}—{(said.year or 0) + 1} 学年第{'一二'[(said.half or 1) - 1]}学期"

    def _term(self, said: Said, term: Term | None) -> Change:
        if said.first == said.last:
            said.cells.bad("止", "和开学日是同一天，请核对")
            return bad(said.cells)
        self.ahead.seen.setdefault(("term", *self._key_in_file(said)), said.cells.row.number)
        if term is None:
            first, last = said.days
            made = Term(year=said.year or 0, half=said.half or 0, first_day=first, last_day=last)
            return Change(said.cells.row, Outcome.NEW, told=self._label(said), act=(said, made))
        return self._known(said, term, self._label(said), f"term:{term.pk}")

    @staticmethod
    def _key_in_file(said: Said) -> tuple[object, ...]:
        return (said.place, said.year, said.half)

    def _holiday(self, said: Said, term: Term | None) -> Change:
        label = f"{self._label(said)} {said.name}"
        first, last = said.days
        if term is None:
            if ("term", *self._key_in_file(said)) not in self.ahead.seen:
                said.cells.bad("学期", "没有登记这个学期，请先加一行类型为“学期”的行")
                return bad(said.cells)
            made = Holiday(name=said.name, first_day=first, last_day=last)
            return Change(said.cells.row, Outcome.NEW, told=label, act=(said, made))
        known = [holiday for holiday in term.holidays.all() if holiday.name == said.name]
        if not known:
            made = Holiday(term=term, name=said.name, first_day=first, last_day=last)
            return Change(said.cells.row, Outcome.NEW, told=label, act=(said, made))
        return self._known(said, known[0], label, f"holiday:{known[0].pk}")

    def _known(self, said: Said, thing: Term | Holiday, label: str, key: str) -> Change:
        before = fingerprint(thing.first_day, thing.last_day)
        told = [
            (name, old, new)
            for name, old, new in (("起", thing.first_day, said.first), ("止", thing.last_day, said.last))
            if old != new
        ]
        thing.first_day, thing.last_day = said.days
        return Change(
            said.cells.row,
            Outcome.UPDATED if told else Outcome.SAME,
            told=f"{label}：{difference(told)}",
            key=key,
            before=before,
            act=(said, thing),
        )

    def apply(self, changes: Sequence[Change]) -> None:
        """Row by row: a calendar has few, and a holiday may follow its term."""
        terms: dict[Key, Term] = {}
        for change in changes:
            if change.outcome not in (Outcome.NEW, Outcome.UPDATED):
                continue
            said, thing = change.act
            if isinstance(thing, Term) and thing.pk is None:
                thing.school_id = said.place.pk if said.place else None
                terms[said.key] = thing
            if isinstance(thing, Holiday) and thing.term_id is None:
                thing.term = terms.get(said.key) or Term.objects.get(school=said.key[0], year=said.year, half=said.half)
            thing.save()
            about = self._owner(said)
            audit.record(self.scope.by, "calendar.edited", about, what=change.told)

    @staticmethod
    def _owner(said: Said) -> Organisation:
        if said.place is not None and said.place.pk is not None:
            return Organisation.objects.get(pk=said.place.pk)
        return Organisation.objects.filter(kind=OrganisationKind.CITY).order_by("pk")[0]
