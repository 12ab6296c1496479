"""Facts that hits must keep, and two engines beside each other."""

from typing import Any

from search import comparing
from search.evaluation import Answered, entry
from search.ports import Entry

RECORDS: list[dict[str, Any]] = [
    {
        "id": "a",
        "type": "微课",
        "title": "观潮",
        "subject": "语文",
        "grade": 4,
        "volume": "上",
        "edition": "统编版",
        "unit": 1,
    },
    {"id": "b", "type": "试题", "title": "观潮", "subject": "语文", "grade": 4, "volume": "下"},
    {"id": "c", "type": "微课", "title": "观潮", "subject": "科学"},
]


def entries() -> list[Entry]:
    return [entry(record) for record in RECORDS]


def broken(rule: str, ids: list[str]) -> tuple[int, int]:
    query = {"qid": "1", "rule": rule, "target": "a"}
    kept = comparing.precision([query], {"1": Answered(ids)}, entries())[-1]
    return kept.judged, kept.broken


def test_another_value_and_no_value_break_a_fact() -> None:
    assert broken("kp_grade", ["a", "c"]) == (2, 1)
    assert broken("title_gradevol", ["a", "b", "c"]) == (1, 0)
    assert broken("title_gradevol", ["b", "a"]) == (1, 1)
    assert broken("title_type", ["c", "b"]) == (2, 1)
    assert broken("unit_ref", ["b"]) == (1, 1)


def test_an_entry_without_an_edition_belongs_to_every_book() -> None:
    assert broken("edition_alias", ["b", "a"]) == (2, 0)


def test_rules_without_facts_are_not_judged() -> None:
    assert comparing.precision([{"qid": "1", "rule": "verse", "target": "a"}], {"1": Answered(["a"])}, entries()) == []


def test_engines_are_compared_by_ids_totals_and_facets() -> None:
    one = {"1": Answered(["a", "b"], 2, {"kind": {"微课": 1}}), "2": Answered([], 0)}
    other = {"1": Answered(["a", "c"], 3, {"kind": {"微课": 2}}), "2": Answered([], 0)}
    assert comparing.parity(one, other) == comparing.Parity(2, 0.75, 1, 1)
