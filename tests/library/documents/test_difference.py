"""What changed between two documents: exact when applied, readable when shown."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.documents import rich, schema
from library.documents.difference import Change, applied, difference, seen, text_difference
from library.documents.lesson_design import LessonDesignDocument, Stage
from tests.library.documents import laws
from tests.library.documents.test_schema import STORED


def design() -> LessonDesignDocument:
    return schema.load(LessonDesignDocument, STORED)


def told(old: LessonDesignDocument, new: LessonDesignDocument) -> list[tuple[str, str]]:
    return [(change.place, change.kind) for change in seen(difference(old, new))]


def shown(old: str, new: str) -> str:
    signs = {"same": "{}", "added": "[+{}]", "removed": "[-{}]"}
    return "".join(signs[piece.kind].format(piece.text) for piece in text_difference(old, new))


@given(st.integers(0, 10**9))
@settings(deadline=None, max_examples=150)
def test_a_difference_applied_to_the_old_gives_the_new(seed: int) -> None:
    laws.check_difference(seed)


@given(st.text("甲乙丙丁，。a1 \n", max_size=40), st.text("甲乙丙丁，。a1 \n", max_size=40))
@settings(deadline=None, max_examples=300)
def test_the_pieces_of_two_texts_are_the_two_texts(old: str, new: str) -> None:
    laws.check_text(old, new)


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        ("15 分钟", "17 分钟", "[-15][+17] 分钟"),
        ("拼成图形。", "拼成图形。再剪开。", "拼成图形。[+再剪开。]"),
        ("先拼。说一说。", "先拼。再剪。说一说。", "先拼。[+再剪。]说一说。"),
        ("记录发现。", "记下你的发现。", "记[-录][+下你的]发现。"),
        ("area 是面积", "perimeter 是周长", "[-area][+perimeter] 是[-面积][+周长]"),
        ("完全不同", "没有一样", "[-完全不同][+没有一样]"),
        ("", "新写的", "[+新写的]"),
    ],
)
def test_a_text_is_compared_by_character_with_numbers_words_and_sentences_whole(
    old: str, new: str, pieces: str
) -> None:
    assert shown(old, new) == pieces


def test_places_are_told_in_the_order_of_the_page_and_in_a_teachers_words() -> None:
    old = design()
    stages = {**old.stages, "s3": Stage(order="z", title="小结")}
    stages["s1"] = replace(old.stages["s1"], minutes=8)
    new = replace(old, stages=stages, tasks={}, board=rich.from_markup("S=ah"))
    assert told(old, new) == [
        ("任务1", "removed"),
        ("环节1 时长", "changed"),
        ("环节3", "added"),
        ("板书设计", "changed"),
    ]


def test_a_row_that_changed_its_place_is_moved_and_the_others_stand() -> None:
    old = design()
    stages = {**old.stages, "s3": Stage(order="z", title="小结")}
    old = replace(old, stages=stages)
    new = replace(old, stages={**stages, "s3": Stage(order="A", title="小结")})
    assert told(old, new) == [("环节1", "moved")]


def test_new_keys_without_a_new_order_are_nothing_to_see() -> None:
    old = design()
    new = replace(old, stages={key: replace(row, order=f"x{row.order}") for key, row in old.stages.items()})
    assert told(old, new) == []
    assert [change.kind for change in difference(old, new)] == ["respaced", "respaced"]
    assert applied(old, difference(old, new)) == new


def test_a_change_into_a_row_that_is_gone_is_refused_with_its_place() -> None:
    change = Change(("stages", "gone", "title"), "环节9 环节名", "changed", "旧", "新")
    with pytest.raises(schema.DocumentProblem) as problem:
        applied(design(), [change])
    assert problem.value.path == ("stages", "gone", "title")
    assert "这一行已经不在了" in problem.value.sentence


def test_every_row_that_stands_elsewhere_is_explained_by_the_fewest_moves() -> None:
    random = Random(7)
    for _ in range(60):
        keys = [f"s{n}" for n in range(8)]
        random.shuffle(keys)
        old = replace(design(), stages={k: Stage(order=chr(65 + n), title=k) for n, k in enumerate(sorted(keys))})
        new = replace(design(), stages={k: Stage(order=chr(97 + n), title=k) for n, k in enumerate(keys)})
        moved = sum(change.kind == "moved" for change in difference(old, new))
        assert moved == len(keys) - longest_rise(keys)


def longest_rise(keys: list[str]) -> int:
    best = [1] * len(keys)
    for at, key in enumerate(keys):
        best[at] = 1 + max((best[i] for i in range(at) if keys[i] < key), default=0)
    return max(best)
