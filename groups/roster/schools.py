"""The sheet 学校: founding schools in their county, and keeping names and codes right."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.text import slugify

from catalogue.uids import new_uid
from groups import audit
from groups.access import Action
from groups.models import Organisation, OrganisationKind
from groups.roster.cells import YES_NO, Cells
from groups.roster.planning import Change, Outcome, Planner, bad, difference, fingerprint
from groups.roster.scope import NOT_YOURS, Place
from groups.roster.sheets import Row
from groups.services import create_organisation
from groups.viewer import SCHOOL_LIKE


@dataclass(frozen=True, slots=True)
class Said:
    """A row as read."""

    cells: Cells
    name: str
    code: str | None
    short_name: str | None
    is_rural: bool | None
    county: Place | None


@dataclass(frozen=True, slots=True)
class Founding:
    said: Said
    place: Place


class SchoolPlanner(Planner):
    def plan(self, rows: Sequence[Row]) -> list[Change]:
        said = [self._read(row) for row in rows]
        places = [self._match(one) for one in said]
        known = Organisation.objects.in_bulk([place.pk for place in places if place and place.pk])
        return [self._change(one, place, known) for one, place in zip(said, places, strict=True)]

    def _read(self, row: Row) -> Said:
        cells = Cells(row)
        said = Said(
            cells=cells,
            name=cells.text("学校名称", 80, required=True) or "",
            code=cells.text("机构代码", 30),
            short_name=cells.text("简称", 30),
            is_rural=cells.choice("乡村学校", YES_NO),
            county=self._county(cells),
        )
        if said.name and said.county:
            self.unique(cells, "学校名称", ("school", said.name, said.county), f"“{said.name}”")
        if said.code:
            self.unique(cells, "机构代码", ("school code", said.code), f"机构代码“{said.code}”")
        return said

    def _county(self, cells: Cells) -> Place | None:
        handle = cells.text("所属县区", 80, required=True)
        found = [place for place in self.scope.named(handle or "") if place.kind == OrganisationKind.COUNTY]
        if handle and not found:
            cells.bad("所属县区", f"没有“{handle}”这个县（区），请写网站上的县（区）教育局名称")
        return found[0] if found else None

    def _match(self, said: Said) -> Place | None:
        """The school that the row means: by its code, else by its name in the county."""
        by_code = [place for place in self.scope.named(said.code or "") if place.is_school and place.code == said.code]
        county = said.county.pk if said.county else None
        by_name = [place for place in self.scope.named(said.name) if place.is_school and place.county == county]
        found = by_code or [place for place in by_name if not (place.code and said.code)]
        if not found and by_name and said.name:
            said.cells.bad("机构代码", f"{said.name}登记的机构代码是 {by_name[0].code}，请核对")
        return found[0] if found else None

    def _change(self, said: Said, place: Place | None, known: dict[int, Organisation]) -> Change:
        if said.cells.problems:
            return bad(said.cells)
        if place is None or place.pk is None:
            return self._found(said, place)
        return self._edit(said, place, known[place.pk])

    def _found(self, said: Said, place: Place | None) -> Change:
        county = said.county
        assert county is not None
        if county.pk not in self.scope.founders:
            said.cells.bad("所属县区", f"{county.name}{NOT_YOURS}")
            return bad(said.cells)
        if place is None:
            place = Place(
                pk=None,
                name=said.name,
                code=said.code or "",
                uid="",
                kind=OrganisationKind.SCHOOL,
                county=county.pk,
                appoints=county.appoints,
                edits=self.scope.viewer is None or self.scope.viewer.is_system_admin,
            )
            self.scope.add(place)
        return Change(said.cells.row, Outcome.NEW, told=f"学校 {said.name}", act=Founding(said, place))

    def _edit(self, said: Said, place: Place, school: Organisation) -> Change:
        if place.county != (said.county.pk if said.county else None):
            said.cells.bad("所属县区", f"{school.name}登记在另一个县（区），改隶属请到网站上办，或改回原来的县（区）")
            return bad(said.cells)
        pairs = [
            (label, field, getattr(school, field), value)
            for label, field, value in (
                ("学校名称", "name", said.name),
                ("机构代码", "code", said.code),
                ("简称", "short_name", said.short_name),
                ("乡村学校", "is_rural", said.is_rural),
            )
            if value is not None and value != getattr(school, field)
        ]
        if pairs and not place.edits:
            said.cells.bad("", f"要改{pairs[0][0]}，但{place.name}{NOT_YOURS}")
            return bad(said.cells)
        return Change(
            said.cells.row,
            Outcome.UPDATED if pairs else Outcome.SAME,
            told=f"学校 {school.name}：" + difference((label, old, new) for label, _, old, new in pairs),
            key=f"school:{school.uid}",
            before=fingerprint(school.name, school.code, school.short_name, school.is_rural),
            about=school.uid,
            act=(school, {field: value for _, field, _, value in pairs}),
        )

    def apply(self, changes: Sequence[Change]) -> None:
        new = [change.act for change in changes if change.outcome is Outcome.NEW]
        slugs = self._slugs(founding.said.name for founding in new)
        for founding, slug in zip(new, slugs, strict=True):
            self._create(founding, slug)
        edited = [change.act for change in changes if change.outcome is Outcome.UPDATED]
        for school, values in edited:
            for field, value in values.items():
                setattr(school, field, value)
            school.save(update_fields=list(values))
        audit.record_each(self.scope.by, "organisation.edited", [(s, {"fields": sorted(v)}) for s, v in edited])
        self.scope.guard(Action.EDIT, [school for school, _ in edited])

    def _slugs(self, names: Iterable[str]) -> list[str]:
        wanted = [slugify(name, allow_unicode=True)[:50] for name in names]
        taken = set(Organisation.objects.filter(slug__in=wanted).values_list("slug", flat=True))
        slugs: list[str] = []
        for slug in wanted:
            free = slug if slug and slug not in taken else f"{slug}-{new_uid()[:6]}".strip("-")
            taken.add(free)
            slugs.append(free)
        return slugs

    def _create(self, founding: Founding, slug: str) -> None:
        said, place = founding.said, founding.place
        made = create_organisation(
            kind=OrganisationKind.SCHOOL,
            name=said.name,
            slug=slug,
            by=self.scope.by,
            at=self.scope.at,
            parent=Organisation.objects.get(pk=place.county or 0),
            code=said.code or "",
            short_name=said.short_name or "",
            is_rural=bool(said.is_rural),
        )
        place.pk, place.uid = made.pk, made.uid
        assert made.kind in SCHOOL_LIKE
