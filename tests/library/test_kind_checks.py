"""A half-registered kind is refused at start-up with what to write."""

from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.core.checks import run_checks

from library.documents.fields import Document, rows, text
from library.resources import checks, kinds
from library.resources.kinds import KindSpec
from library.resources.models import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Nameless(Document):
    words: str = text("")
    parts: Any = rows("组成", Document, noun="")  # noqa: RUF009


NO_DOCUMENT: Any = dict


def raises(document: object) -> Any:
    raise KeyError("minutes")


WHOLE = kinds.spec_of(Kind.TEACHING_CASE)


@pytest.mark.parametrize(
    ("broken", "number"),
    [
        (replace(WHOLE, reader="cases/none.html"), "E002"),
        (replace(WHOLE, document=NO_DOCUMENT), "E003"),
        (replace(WHOLE, edit_url="cases:none"), "E004"),
        (replace(WHOLE, icon="no-such-icon"), "E005"),
        (replace(WHOLE, document=Nameless), "E007"),
        (replace(WHOLE, columns=raises), "E008"),
        (replace(WHOLE, columns=lambda document: {"no_such_column": 1}), "E008"),
        (replace(WHOLE, facts=raises), "E008"),
        (replace(WHOLE, families=frozenset({"film"})), "E009"),
        (replace(WHOLE, families=frozenset(), needs_files=True), "E009"),
    ],
)
def test_each_thing_that_is_missing_is_named(broken: KindSpec, number: str) -> None:
    assert f"library.{number}" in {str(fault.id) for fault in checks.faults(broken)}


def test_a_kind_without_a_name_for_search_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks.words, "NICKNAMES", {})
    assert "library.E006" in {str(fault.id) for fault in checks.faults(WHOLE)}


def test_a_child_that_nobody_registered_and_a_place_given_twice_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    left = {kind: spec for kind, spec in kinds._kinds.items() if kind != Kind.TEACHING_CASE}
    left[Kind.UNIT_DESIGN] = replace(left[Kind.UNIT_DESIGN], in_package=1)
    monkeypatch.setattr(kinds, "_kinds", left)
    found = {str(fault.id) for fault in checks.every_kind_is_registered(None)}
    assert {"library.E001", "library.E010"} <= found


def test_every_registered_kind_is_whole() -> None:
    assert [str(fault) for fault in run_checks() if str(fault.id).startswith("library.")] == []
