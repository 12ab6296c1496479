"""What differs between two outlines is what a reader would say, in the fewest moves."""

from hypothesis import given
from hypothesis import strategies as st

from library.outlines.snapshot import Row, differences, from_json, parents, to_json


def row(uid: str, depth: int = 2, title: str = "", **facts: object) -> Row:
    return Row(uid, depth, "unit" if depth == 1 else "lesson", "", title or uid, **facts)  # type: ignore[arg-type]


BOOK = [row("u1", 1), row("a"), row("b"), row("u2", 1), row("c"), row("d")]


def words(before: list[Row], after: list[Row]) -> list[tuple[str, str]]:
    return [(one.word, one.row.uid) for one in differences(before, after)]


def test_the_same_outline_differs_in_nothing() -> None:
    assert words(BOOK, list(BOOK)) == []


def test_a_new_title_a_new_lesson_and_one_less() -> None:
    after = [BOOK[0], row("a", title="新名"), BOOK[3], BOOK[4], BOOK[5], row("e")]

    assert words(BOOK, after) == [("改名", "a"), ("新增", "e"), ("停用", "b")]


def test_one_lesson_lifted_over_many_is_one_move() -> None:
    assert words(BOOK, [BOOK[0], BOOK[2], BOOK[1], *BOOK[3:]]) in ([("移动", "a")], [("移动", "b")])
    last_first = [row("u1", 1), row("x"), *[row(str(n)) for n in range(9)]]
    first_last = [row("u1", 1), *[row(str(n)) for n in range(9)], row("x")]
    assert words(last_first, first_last) == [("移动", "x")]


def test_a_lesson_under_another_unit_has_moved_even_where_the_order_stays() -> None:
    before = [row("u1", 1), row("a"), row("u2", 1)]
    after = [row("u1", 1), row("u2", 1), row("a")]

    assert ("移动", "a") in words(before, after)


def test_periods_pages_and_knowledge_are_told_with_before_and_after() -> None:
    before = [row("u1", 1), row("a", periods=1, page_from=3, knowledge=("加法",))]
    after = [row("u1", 1), row("a", periods=2, page_from=3, page_to=5, knowledge=("减法",))]

    told = {one.word: (one.was, one.now) for one in differences(before, after)}
    assert told == {"改课时": ("1", "2"), "改页码": ("3", "3–5"), "改知识点": ("加法", "减法")}


def test_a_row_below_a_deeper_one_stands_under_the_last_higher_one() -> None:
    rows = [row("u1", 1), row("a", 2), row("a1", 3), row("b", 2), row("u2", 1)]

    assert parents(rows) == {"u1": "", "a": "u1", "a1": "a", "b": "u1", "u2": ""}


@given(st.permutations(range(7)))
def test_rows_that_did_not_move_kept_their_order(order: list[int]) -> None:
    before, after = [row(str(n), 1) for n in range(7)], [row(str(n), 1) for n in order]

    moved = {one.row.uid for one in differences(before, after)}
    stayed = [n for n in order if str(n) not in moved]

    assert stayed == sorted(stayed)
    assert not any(
        sorted([*stayed, n]) == [m for m in order if m in stayed or m == n] for n in order if str(n) in moved
    )


def test_rows_survive_json() -> None:
    rows = [row("a", periods=1, knowledge=("加法", "减法"))]

    assert from_json(to_json(rows)) == rows
