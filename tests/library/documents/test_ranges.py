"""Ranges of a field's text: marked where they stand, replaced where they stand, in rich text of every shape."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.documents import rich
from library.documents.ranges import RangeProblem, Span, annotated, replaced

BOLD = [{"type": "strong"}]


def _text(words: str, marks: list[dict[str, str]] | None = None) -> dict[str, Any]:
    return {"type": "text", "text": words, **({"marks": marks} if marks else {})}


def _doc(*blocks: dict[str, Any]) -> dict[str, Any]:
    return {"type": "doc", "content": list(blocks)}


SHAPED = _doc(
    rich.paragraph(_text("请学生"), _text("独立", BOLD), _text("想办法。")),
    {"type": "paragraph"},
    {
        "type": "bullet_list",
        "content": [
            {"type": "list_item", "content": [rich.paragraph(_text("量一量"))]},
            {
                "type": "list_item",
                "content": [rich.paragraph(_text("算"), {"type": "formula", "attrs": {"latex": "S=ab"}})],
            },
        ],
    },
    rich.paragraph(_text("巡视。")),
)
"""请学生独立想办法。⏎量一量⏎算S=ab⏎巡视。"""


def _spans(*ranges: tuple[int, int]) -> list[Span]:
    return [
        Span(low, high, f'<mark id="m{n}">', "</mark>", behind=f"<sup>{n}</sup>")
        for n, (low, high) in enumerate(ranges)
    ]


def test_a_mark_stands_around_its_words_and_its_number_behind_them() -> None:
    text = rich.to_text(SHAPED)
    low = text.index("想办法")
    html = annotated(SHAPED, _spans((low, low + 3)))
    assert '<mark id="m0">想办法</mark><sup>0</sup>。' in html


def test_a_mark_over_bold_words_is_closed_within_each_of_them() -> None:
    html = annotated(SHAPED, _spans((1, 6)))
    assert (
        '请<mark id="m0">学生</mark><strong><mark id="m0">独立</mark></strong><mark id="m0">想</mark><sup>0</sup>'
        in html
    )


def test_marks_that_overlap_are_nested() -> None:
    html = annotated(SHAPED, _spans((0, 4), (3, 8)))
    assert '<strong><mark id="m0"><mark id="m1">独</mark></mark><sup>0</sup><mark id="m1">立</mark></strong>' in html


def test_what_stands_ahead_of_a_range_stands_there_once() -> None:
    html = annotated(SHAPED, [Span(3, 6, ahead="<ins>先</ins>", behind="<ins>后</ins>")])
    assert "请学生<strong><ins>先</ins>独立</strong>想<ins>后</ins>办法" in html


def test_a_mark_in_a_list_and_over_a_formula_finds_its_place() -> None:
    text = rich.to_text(SHAPED)
    low = text.index("算S=ab")
    html = annotated(SHAPED, _spans((low, low + 5)))
    assert '<li><p><mark id="m0">算</mark><mark id="m0"><span class="formula"' in html
    assert "</span></mark><sup>0</sup></p></li>" in html


def test_what_is_marked_stays_escaped() -> None:
    value = _doc(rich.paragraph(_text("<b>3 < 4</b>")))
    assert "&lt;b&gt;<mark" in annotated(value, _spans((3, 8)))
    assert annotated("<b>", _spans((0, 1))) == '<mark id="m0">&lt;</mark><sup>0</sup>b&gt;'


def test_a_text_with_signs_of_the_private_plane_is_shown_unmarked() -> None:
    value = _doc(rich.paragraph(_text("甲\U00100000乙")))
    assert "<mark" not in annotated(value, _spans((0, 1)))


def test_words_are_replaced_and_what_was_bold_stays_bold() -> None:
    text = rich.to_text(SHAPED)
    low = text.index("独立")
    value = replaced(SHAPED, low, low + 3, "先画再")
    assert rich.to_text(value) == text.replace("独立想", "先画再")  # type: ignore[arg-type]
    assert "<strong>先画再</strong>办法" in rich.to_html(value)  # type: ignore[arg-type]


def test_words_in_a_list_are_replaced_in_their_item() -> None:
    text = rich.to_text(SHAPED)
    low = text.index("量一量")
    value = replaced(SHAPED, low, low + 3, "先估后量")
    assert "<li><p>先估后量</p></li>" in rich.to_html(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("words", ["。\n量", "算S=a", "S=ab"])
def test_over_a_paragraphs_end_or_a_formula_nothing_is_replaced(words: str) -> None:
    text = rich.to_text(SHAPED)
    low = text.index(words)
    with pytest.raises(RangeProblem, match="编辑页"):
        replaced(SHAPED, low, low + len(words), "甲")


def test_a_line_end_among_the_new_words_is_refused() -> None:
    with pytest.raises(RangeProblem, match="换行"):
        replaced(SHAPED, 0, 2, "甲\n乙")


@given(st.integers(0, 25), st.integers(1, 8), st.text("甲乙丙", max_size=4))
@settings(deadline=None, max_examples=200)
def test_replacing_does_to_the_field_what_it_does_to_its_text(low: int, length: int, words: str) -> None:
    text = rich.to_text(SHAPED)
    high = min(len(text), low + length)
    if low >= high:
        return
    try:
        value = replaced(SHAPED, low, high, words)
    except RangeProblem:
        return
    rich.check(value)  # type: ignore[arg-type]
    lines = (text[:low] + words + text[high:]).split("\n")
    assert rich.to_text(value) == "\n".join(line for line in lines if line)  # type: ignore[arg-type]
