"""A workbook carried through: looked at without writing, or applied chunk by chunk, good rows in and bad rows named.

Each chunk is one transaction, so that others can write in between and a stopped run goes on where it was. A row that
somebody changed after the preview is not overwritten; it is told like any other bad row.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from groups.models import AuditRow, Person
from groups.roster.adoptions import AdoptionPlanner
from groups.roster.planning import Ahead, Change, Outcome, Planner
from groups.roster.posts import PostPlanner
from groups.roster.reading import Workbook
from groups.roster.schools import SchoolPlanner
from groups.roster.scope import Scope
from groups.roster.sheets import ADOPTIONS, CALENDAR, PLACES, SCHOOLS, TEACHERS, Row
from groups.roster.teachers import TeacherPlanner
from groups.roster.terms import CalendarPlanner

CHUNK = 500
SAMPLE = 20
"""Rows of each sheet and outcome that a preview shows."""

PLANNERS: Mapping[str, type[Planner]] = {
    SCHOOLS: SchoolPlanner,
    TEACHERS: TeacherPlanner,
    PLACES: PostPlanner,
    ADOPTIONS: AdoptionPlanner,
    CALENDAR: CalendarPlanner,
}


@dataclass
class Tally:
    """What became of the rows so far."""

    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    sample: list[dict[str, str]] = field(default_factory=list)
    basis: dict[str, str] = field(default_factory=dict)
    bad_rows: list[dict[str, Any]] = field(default_factory=list)
    done: int = 0
    chunks: int = 0

    def add(self, sheet: str, changes: Sequence[Change]) -> None:
        told = self.counts.setdefault(sheet, {str(outcome): 0 for outcome in Outcome})
        for change in changes:
            outcome = str(change.outcome)
            told[outcome] += 1
            if change.outcome is Outcome.BAD:
                self.bad_rows.append(_bad_row(change))
            elif change.outcome is not Outcome.SAME and told[outcome] <= SAMPLE:
                self.sample.append({"sheet": sheet, "outcome": outcome, "told": change.told})
            if change.outcome is Outcome.UPDATED:
                self.basis[change.key] = change.before
        self.done += len(changes)
        self.chunks += 1

    def total(self, outcome: Outcome) -> int:
        return sum(told.get(outcome, 0) for told in self.counts.values())


def _bad_row(change: Change) -> dict[str, Any]:
    return {
        "sheet": change.row.sheet,
        "row": change.row.number,
        "problems": [str(problem) for problem in change.problems],
        "cells": {name: text for name, text in change.row.cells.items() if not text.startswith("\x00")},
    }


def last(steps: Iterator[Tally]) -> Tally:
    """Run to the end and return the whole tally."""
    tally = Tally()
    while (step := next(steps, None)) is not None:
        tally = step
    return tally


def look(workbook: Workbook, by: Person | None, at: datetime) -> Iterator[Tally]:
    """Plan every row and write nothing. Yields the growing tally after each chunk."""
    scope, ahead, tally = Scope.of(by, at), Ahead(), Tally()
    planners = {name: planner(scope, ahead) for name, planner in PLANNERS.items()}
    for sheet, rows in workbook.chunks(CHUNK):
        tally.add(sheet, planners[sheet].plan(rows))
        yield tally


def carry_out(
    workbook: Workbook,
    by: Person | None,
    at: datetime,
    *,
    tally: Tally,
    basis: Mapping[str, str] | None = None,
    enter: Callable[[Tally], None] = lambda tally: None,
    keep: Callable[[Tally], None] = lambda tally: None,
) -> Iterator[Tally]:
    """Write the good rows, chunk by chunk, from where `tally` stands.

    Args:
        basis: how each thing to be updated looked in the preview; None when there was none to hold to.
        enter: called at the beginning of each chunk's transaction with the tally so far; it may take a lock.
        keep: stores the tally, at the end of the same transaction.

    Raises:
        Refused: the access rule does not allow what a planner let through; that chunk is not written.
    """
    scope, ahead = Scope.of(by, at, locking=True), Ahead()
    planners = {name: planner(scope, ahead) for name, planner in PLANNERS.items()}
    start = tally.chunks
    for number, (sheet, rows) in enumerate(workbook.chunks(CHUNK)):
        if number < start:
            continue
        with transaction.atomic():
            enter(tally)
            changes = _write(planners[sheet], rows, basis)
            tally.add(sheet, changes)
            keep(tally)
        yield tally


def _write(planner: Planner, rows: Sequence[Row], basis: Mapping[str, str] | None) -> list[Change]:
    changes = planner.plan(rows)
    if basis is not None:
        for change in changes:
            if change.outcome is Outcome.UPDATED and basis.get(change.key) != change.before:
                change.refuse("", f"预览以后{_who(change.about)}改过，没有覆盖；请核对后重新导入这一行")
    planner.apply(changes)
    return changes


def _who(uid: str) -> str:
    """Whose hand was last on a person or school, as the audit log knows it."""
    last = AuditRow.objects.filter(thing_uid=uid).select_related("actor").first() if uid else None
    return f"{last.actor.name}" if last and last.actor else "有人"
