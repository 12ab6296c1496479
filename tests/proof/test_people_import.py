"""A city comes in by workbook: every good row and no bad one, each bad row named, and a second run changes nothing."""

from pathlib import Path

import pytest
from django.utils import timezone

from groups.models import Adoption, Appointment, AuditRow, Holiday, Organisation, OrganisationLink, Person, Term
from groups.roster import reading
from groups.roster.exporting import export
from groups.roster.importing import Tally, carry_out, last, look
from groups.roster.planning import Outcome
from tests.roster import city

pytestmark = pytest.mark.django_db

MODELS = (Person, Organisation, OrganisationLink, Appointment, Adoption, Term, Holiday, AuditRow)


def _state() -> list[int]:
    """A digest of every row of every table that an import writes to."""
    return [hash(tuple(model.objects.order_by("pk").values_list().iterator())) for model in MODELS[:-1]] + [
        AuditRow.objects.count()
    ]


def _named(tally: Tally) -> set[tuple[str, int]]:
    return {(row["sheet"], row["row"]) for row in tally.bad_rows}


def test_a_city_comes_in_once(scale: float, tmp_path: Path) -> None:
    schools, teachers, bad = max(10, round(500 * scale)), max(400, round(30_000 * scale)), max(20, round(200 * scale))
    city.found()
    path = tmp_path / "city.xlsx"
    made = city.write(path, schools=schools, teachers=teachers, bad=bad)
    workbook = reading.read(path.read_bytes(), path.name)

    before = _state()
    looked = last(look(workbook, None, timezone.now()))
    assert _state() == before

    done = last(carry_out(workbook, None, timezone.now(), tally=Tally(), basis=looked.basis))
    assert done.counts == looked.counts
    assert _named(done) == _named(looked) == made.spoilt
    assert done.total(Outcome.NEW) == made.rows - len(made.spoilt)
    assert Person.objects.exclude(staff_number="").count() == teachers - bad
    assert Organisation.objects.filter(kind="school").count() == schools

    before = _state()
    again = last(carry_out(workbook, None, timezone.now(), tally=Tally()))
    assert (again.total(Outcome.NEW), again.total(Outcome.UPDATED)) == (0, 0)
    assert _named(again) == made.spoilt
    assert _state() == before

    everything = Organisation.objects.filter(kind="school")
    exported = reading.read(export(everything, None, timezone.now()), "export.xlsx")
    back = last(carry_out(exported, None, timezone.now(), tally=Tally()))
    assert back.total(Outcome.SAME) == exported.total == made.rows - len(made.spoilt)
    assert _state() == before
