"""Anchors: a remark's place survives edits, or says that its words are gone; it never points at other words."""

from dataclasses import replace
from typing import Any

import pytest

from library.documents import rich
from library.documents.anchors import Anchor, anchored, as_path, find, in_words, moved
from library.documents.lesson_design import LessonDesignDocument, Stage

TEACHER = ("stages", "k2", "teacher")
TEXT = "出示房屋侧面墙的图形，请学生独立想办法求面积。巡视时收集三种做法，依次投屏。"


def _rich(text: str) -> dict[str, Any]:
    return rich.from_markup(text)


def _lesson(text: str = TEXT, **more: Stage) -> LessonDesignDocument:
    stages = {
        "k1": Stage(title="看一看", order="A", teacher=_rich("看图说话。")),
        "k2": Stage(title="想办法", order="B", teacher=_rich(text)),
        **more,
    }
    return LessonDesignDocument(stages=stages)


def _on(words: str, text: str = TEXT) -> Anchor:
    start = text.index(words)
    return anchored(_lesson(text), TEACHER, start, start + len(words))


def _words_now(anchor: Anchor, document: LessonDesignDocument) -> str | None:
    found = find(anchor, document)
    if found is None:
        return None
    for_field = document.stages[found.path[1]]
    return rich.to_text(getattr(for_field, found.path[2]))[found.start : found.end]


def test_a_place_survives_edits_before_and_behind_it_in_one_save() -> None:
    anchor = _on("独立想办法")
    new = _lesson("先出示房屋侧面墙的图形，请每个学生独立想办法求面积。巡视时收集四种做法，依次投屏。")
    after = moved(anchor, _lesson(), new)
    assert _words_now(after, new) == "独立想办法"
    assert after.start == anchor.start + 3


def test_words_that_were_rewritten_are_gone_and_keep_their_quote() -> None:
    anchor = _on("独立想办法")
    new = _lesson(TEXT.replace("独立想办法", "独立地想办法"))
    after = moved(anchor, _lesson(), new)
    assert after.gone
    assert after.quote == "独立想办法"
    assert find(after, new) is None


def test_an_undone_edit_brings_the_place_back() -> None:
    anchor = _on("独立想办法")
    assert find(anchor, _lesson(TEXT.replace("独立", ""))) is None
    assert not moved(anchor, _lesson(), _lesson()).gone


def test_of_two_like_words_the_remark_stays_with_its_own() -> None:
    text = "量一量长，再量一量宽，最后量一量高。"
    second = anchored(_lesson(text), TEACHER, 6, 9)
    new = _lesson("再量一量宽，最后量一量高。")
    after = moved(second, _lesson(text), new)
    assert (after.quote, after.start) == ("量一量", 1)


def test_like_words_that_the_texts_cannot_tell_apart_are_said_to_be_gone() -> None:
    second = anchored(_lesson("算算算算"), TEACHER, 1, 2)
    assert moved(second, _lesson("算算算算"), _lesson("算算算")).gone


def test_a_stage_that_moves_takes_its_remarks_along() -> None:
    anchor = _on("独立想办法")
    old = _lesson()
    new = replace(old, stages={**old.stages, "k2": replace(old.stages["k2"], order="0")})
    found = find(moved(anchor, old, new), new)
    assert found is not None
    assert found.place == "环节1"


def test_a_sentence_carried_into_another_stage_takes_its_remarks_along() -> None:
    anchor = _on("独立想办法")
    first, rest = TEXT.split("。", 1)
    new = _lesson(rest, k3=Stage(title="再想", order="C", teacher=_rich("接着。" + first + "。")))
    after = moved(anchor, _lesson(), new)
    assert after.path == ("stages", "k3", "teacher")
    assert _words_now(after, new) == "独立想办法"


def test_a_remark_on_a_deleted_stage_is_gone_and_keeps_its_words() -> None:
    anchor = _on("独立想办法")
    old = _lesson()
    new = replace(old, stages={"k1": old.stages["k1"]})
    after = moved(anchor, old, new)
    assert (after.gone, after.quote) == (True, "独立想办法")


@pytest.mark.parametrize("path", [(), ("stages",), ("stages", "k2"), TEACHER])
def test_a_remark_on_a_whole_place_stays_while_the_place_does(path: tuple[str, ...]) -> None:
    old = _lesson()
    anchor = anchored(old, path)
    assert not moved(anchor, old, _lesson("全部重写了。")).gone
    without = replace(old, stages={"k1": old.stages["k1"]})
    assert moved(anchor, old, without).gone is (len(path) > 1)


def test_characters_beyond_the_first_plane_count_as_one() -> None:
    text = "写𠮷字，再写吉字。"
    anchor = anchored(_lesson(text), TEACHER, 1, 2)
    assert anchor.quote == "𠮷"
    new = _lesson("先写𠮷字，再写吉字。")
    assert _words_now(moved(anchor, _lesson(text), new), new) == "𠮷"


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (3, 2), (0, 10_000)])
def test_a_range_that_the_field_has_not_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="no such range"):
        anchored(_lesson(), TEACHER, start, end)


def test_a_place_that_the_document_has_not_is_refused() -> None:
    with pytest.raises(ValueError, match="no such place"):
        anchored(_lesson(), ("stages", "k9", "teacher"))


def test_a_path_is_written_and_read_back() -> None:
    assert as_path(in_words(TEACHER)) == TEACHER
    assert as_path(in_words(())) == ()
