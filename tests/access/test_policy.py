"""The policy document of this repository, the city's own, and the table that the rule reads, are the same rows."""

import pytest
from django.conf import settings

from groups.access.policy import ONLY_WHAT_THEY_READ, POLICY
from groups.access.vocabulary import Action
from groups.access.vocabulary import Relation as R
from tests.access import oracle

DIFFERENCES: dict[oracle.Row, str] = {
    ("wish", "any", "read"): "the product gained 求资源: colleagues with an account see what is looked for",
    ("wish", "open", "answer"): "colleagues with an account answer it",
    ("wish", "open", "close"): "the asker closes it",
    ("prep_plan", "any", "claim"): "a member takes a lesson that nobody leads yet, on the plan's board",
    ("prep", "any", "download"): "minutes, list of participants and process package follow the page",
    ("prep", "any", "change_approver"): "an approver who leaves must not stop a preparation",
    ("prep", "planned", "edit"): "what is only planned may still be put right",
    ("prep", "drafting", "change_lead"): "a lead who leaves must not stop a preparation",
    ("prep", "in_use", "change_lead"): "the shared plan goes on when its lead leaves",
    ("prep", "discussing", "conclude"): "other types end with a conclusion instead of a shared plan",
    ("prep", "in_use", "hand_down"): "who comes later gets it too",
    ("prep", "recapping", "recap"): "the summary is written until it is archived",
    ("prep", "recapping", "archive"): "the last step of the state machine has a row of its own",
    ("prep", "archived", "archive"): "the publication is submitted again when its reviewers returned it",
    ("prep", "archived", "revise"): "and mended before",
    ("adaptation", "any", "download"): "a teacher prints the own lesson plan",
    ("adaptation", "any", "submit"): "and may publish it to the library",
    ("adaptation", "any", "delete"): "and may throw it away",
}
"""Rows of `tests/access/policy.csv` that differ from the city's document, each with its reason."""

NOT_YET: frozenset[str] = frozenset()
"""Things of the document that the product does not have yet."""

NOT_IN_THE_TABLE = {
    "file": "answered by `media.containers`: a file follows the version that contains it",
}

PROSE = {
    R.DOWNLOADER: "reader",
    R.REVIEWER_OF_NEXT: "reviewer_of_target",
    R.OWNER_LEFT: None,
    R.COMMENTER_UNANSWERED: "commenter",
    R.ORGANISER_BEFORE_SETTLED: "organiser",
}
"""The rule's own words → the document's word for them; None: only the document's prose has it."""

DERIVED_STATES = frozenset(
    {
        ("version", "submitted"),
        *(("version", f"of_{state}") for state in ("draft", "in_review", "taken_down", "binned")),
        *(("version", f"of_{state}") for state in ("in_work", "in_work_review")),
        ("resource", "in_work"),
        ("resource", "in_work_review"),
    }
)
"""States in which, as the note says, the row of another thing holds: the resource's, the preparation's, the adaptation's."""


def _in_words_of_the_document(relations: frozenset[R]) -> frozenset[str]:
    return frozenset(str(word) for r in relations if (word := PROSE.get(r, str(r))) is not None)


def test_policy_copy_lists_each_difference() -> None:
    original = settings.REFERENCE_DATA / "access" / "policy.csv"
    if not original.exists():
        pytest.skip("the reference data is not here (REFERENCE_DATA)")
    theirs, ours = oracle.read_policy(original), oracle.POLICY
    different = {row for row in theirs.keys() | ours.keys() if theirs.get(row) != ours.get(row)}
    assert different == set(DIFFERENCES)


def test_every_row_of_the_document_is_in_the_table_with_the_same_relations() -> None:
    for (thing, state, action), allowed in oracle.POLICY.items():
        if thing in NOT_YET or thing in NOT_IN_THE_TABLE:
            continue
        if allowed == {"nobody"}:
            assert Action(action) not in POLICY[thing].get(state, {}), (thing, state, action)
            continue
        said = _in_words_of_the_document(POLICY[thing][state][Action(action)])
        assert said == allowed, (thing, state, action)


def test_the_table_has_no_row_that_the_document_does_not_have() -> None:
    ours = {
        (thing, state, str(action))
        for thing, states in POLICY.items()
        for state, rows in states.items()
        if (thing, state) not in DERIVED_STATES
        for action in rows
    }
    assert ours <= set(oracle.POLICY)


def test_a_thing_that_does_not_exist_yet_has_no_rows_in_the_table() -> None:
    assert not NOT_YET & set(POLICY)
    assert {thing for thing, _, _ in oracle.POLICY} == set(POLICY) | NOT_YET | set(NOT_IN_THE_TABLE)


def test_every_note_that_asks_for_reading_first_is_kept() -> None:
    import csv
    from pathlib import Path

    with Path(oracle.__file__).with_name("policy.csv").open(encoding="utf-8", newline="") as file:
        noted = {row["action"] for row in csv.DictReader(file) if "only what the actor may read" in row["note"]}
    assert {str(action) for action in ONLY_WHAT_THEY_READ["resource"]} == noted
