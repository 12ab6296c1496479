"""The town with a catalogue, and ways to import into it."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from groups.models import Person
from groups.roster import reading
from groups.roster.importing import Tally, carry_out, last, look
from tests.factories.town import Town
from tests.roster.books import book

Import = Callable[..., Tally]


@pytest.fixture
def bring(town: Town) -> Import:
    """Carry out a workbook given as sheets, with the rights of `by` (None: the installation)."""

    def run(by: Person | None = None, dry: bool = False, **sheets: Sequence[dict[str, Any]]) -> Tally:
        workbook = reading.read(book(**sheets), "人员.xlsx")
        steps = look(workbook, by, town.now) if dry else carry_out(workbook, by, town.now, tally=Tally())
        return last(steps)

    return run


def problems(tally: Tally) -> list[str]:
    return [problem for row in tally.bad_rows for problem in row["problems"]]
