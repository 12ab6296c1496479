"""Three versions become one: nothing that somebody wrote is dropped, and nothing is guessed where two hands touch."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.documents import rich, schema
from library.documents.fields import Document, RichText, Row, names, rows, text
from library.documents.lesson_design import LessonDesignDocument, Stage
from library.documents.merge import merge, settled
from library.documents.rich_merge import merged_rich
from tests.library.documents import laws
from tests.library.documents.test_schema import STORED


def design() -> LessonDesignDocument:
    return schema.load(LessonDesignDocument, STORED)


def stage(document: LessonDesignDocument, key: str, **values: Any) -> LessonDesignDocument:
    return replace(document, stages={**document.stages, key: replace(document.stages[key], **values)})


@given(st.integers(0, 10**9))
@settings(deadline=None, max_examples=150)
def test_every_word_of_either_side_is_kept_asked_about_or_was_deleted_by_somebody_who_saw_it(seed: int) -> None:
    laws.check_merge(seed)


def test_edits_of_two_stages_go_together() -> None:
    base = design()
    merged = merge(base, stage(base, "s1", minutes=8), stage(base, "s2", title="操作探究"))
    assert not merged.conflicts
    assert merged.document.stages["s1"].minutes == 8
    assert merged.document.stages["s2"].title == "操作探究"
    assert [(change.place, change.new) for change in merged.taken] == [("环节2 环节名", "操作探究")]


def test_two_values_of_one_field_are_a_conflict_that_holds_all_three_and_the_document_holds_mine() -> None:
    base = design()
    merged = merge(base, stage(base, "s2", minutes=20), stage(base, "s2", minutes=17))
    (conflict,) = merged.conflicts
    assert (conflict.path, conflict.place) == (("stages", "s2", "minutes"), "环节2 时长")
    assert (conflict.base, conflict.mine, conflict.theirs) == (25, 20, 17)
    assert merged.document.stages["s2"].minutes == 20
    assert settled(merged, {conflict.path: 17}).stages["s2"].minutes == 17


@pytest.mark.parametrize("mine_deletes", [True, False])
def test_a_deleted_row_that_the_other_side_edited_stays_and_is_asked_about(mine_deletes: bool) -> None:
    base = design()
    gone = replace(base, stages={"s1": base.stages["s1"]})
    edited = stage(base, "s2", title="操作探究")
    merged = merge(base, gone, edited) if mine_deletes else merge(base, edited, gone)
    (conflict,) = merged.conflicts
    assert conflict.path == ("stages", "s2")
    assert (conflict.mine is None) == mine_deletes
    assert merged.document.stages["s2"].title == "操作探究"
    assert settled(merged, {conflict.path: None}) == gone


def test_a_deleted_row_that_nobody_else_touched_is_deleted() -> None:
    base = design()
    gone = replace(base, stages={"s1": base.stages["s1"]})
    assert merge(base, base, gone).document == gone
    assert merge(base, gone, stage(base, "s1", minutes=3)).document.stages.keys() == {"s1"}


def test_a_move_and_an_edit_of_one_row_go_together() -> None:
    base = design()
    merged = merge(base, stage(base, "s2", order="A"), stage(base, "s2", minutes=17))
    assert not merged.conflicts
    assert (merged.document.stages["s2"].order, merged.document.stages["s2"].minutes) == ("A", 17)


def test_two_moves_of_one_row_are_asked_about() -> None:
    base = design()
    merged = merge(base, stage(base, "s2", order="A"), stage(base, "s2", order="Z"))
    (conflict,) = merged.conflicts
    assert (conflict.place, conflict.mine, conflict.theirs) == ("环节1 的位置", "A", "Z")
    assert settled(merged, {conflict.path: "Z"}).stages["s2"].order == "Z"


def test_rows_that_both_inserted_at_one_place_stand_beside_each_other_the_same_way_for_both() -> None:
    base = design()
    mine = replace(base, stages={**base.stages, "m": Stage(order="a", title="我的")})
    theirs = replace(base, stages={**base.stages, "t": Stage(order="a", title="共案的")})
    merged, mirrored = merge(base, mine, theirs), merge(base, theirs, mine)
    assert merged.document == mirrored.document
    assert not merged.conflicts
    laws.check_rows(merged.document)


def test_a_choice_for_a_place_without_a_conflict_is_refused() -> None:
    base = design()
    with pytest.raises(schema.DocumentProblem, match="没有冲突"):
        settled(merge(base, base, base), {("board",): None})


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "together"),
    [
        (
            "发三个梯形学具给每个组。请学生拼。",
            "发三个梯形学具给每个小组。请学生拼。",
            "发三个梯形学具给每个组。请同桌拼。",
            "发三个梯形学具给每个小组。请同桌拼。",
        ),
        ("第一段\n第二段", "第一段改\n第二段", "第一段\n第二段\n第三段", "第一段改\n第二段\n第三段"),
        ("- 拼\n- 剪\n- 说", "- 拼一拼\n- 剪\n- 说", "- 拼\n- 剪", "- 拼一拼\n- 剪"),
        (
            "用 **剪刀** 剪开再拼好",
            "用 **剪刀** 剪开再拼好。",
            "用 **小剪刀** 剪开再拼好",
            "用 **小剪刀** 剪开再拼好。",
        ),
        ("甲的一段话\n乙的一段话", "乙的一段话", "甲的一段话\n乙的一段话又长了", "乙的一段话又长了"),
        ("每组 3 个学具", "每组 4 个学具", "每组 5 个学具", None),
        ("每组发三个学具", "每组发四根学具", "每组发三个木棒", None),
        ("只有一段话", "只有一段话\n我加的", "只有一段话\n共案加的", None),
        ("甲的一段话\n乙的一段话", "乙的一段话", "甲的一段话改了\n乙的一段话", None),
    ],
)
def test_a_text_is_merged_where_the_edits_do_not_touch(base: str, mine: str, theirs: str, together: str | None) -> None:
    merged = merged_rich(*(rich.from_markup(side) for side in (base, mine, theirs)))
    assert (merged and rich.to_markup(merged)) == together


def cell(words: str) -> dict[str, Any]:
    return {"type": "table_cell", "content": [rich.paragraph({"type": "text", "text": words})]}


def table(*lines: str) -> RichText:
    inner = [{"type": "table_row", "content": [cell(words) for words in line.split("|")]} for line in lines]
    return {"type": "doc", "content": [{"type": "table", "content": inner}]}


def test_cells_of_a_table_are_merged_one_by_one() -> None:
    base = table("图形|面积", "三角形|ah÷2")
    merged = merged_rich(base, table("图形|面积", "三角形|ah÷2 平方厘米"), table("图形名|面积", "三角形|ah÷2"))
    assert merged == table("图形名|面积", "三角形|ah÷2 平方厘米")


def test_a_row_of_one_side_and_a_column_of_the_other_make_no_table_with_holes() -> None:
    base = table("图形|面积", "三角形|ah÷2")
    wider, longer = table("图形|面积|例", "三角形|ah÷2|3"), table("图形|面积", "三角形|ah÷2", "梯形|(a+b)h÷2")
    assert merged_rich(base, wider, longer) is None
    assert merged_rich(base, base, longer) == longer


def test_a_block_that_one_moved_and_the_other_deleted_is_asked_about() -> None:
    base = rich.from_markup("甲的一段话\n乙的一段话\n丙的一段话")
    moved, gone = rich.from_markup("乙的一段话\n丙的一段话\n甲的一段话"), rich.from_markup("乙的一段话\n丙的一段话")
    assert merged_rich(base, moved, gone) is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf(Row):
    """A row with rows."""

    label: str = text("名称")
    books: Mapping[str, Row] = rows("书", Stage, noun="书")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDocument(Document):
    """A schema that the merge has never seen."""

    people: tuple[str, ...] = names("人")
    shelves: Mapping[str, Shelf] = rows("书架", Shelf, noun="第{}架")


def test_a_new_schema_with_rows_in_rows_is_merged_without_new_code() -> None:
    book = Stage(order="V", title="一")
    base = NewDocument(people=("李", "王"), shelves={"a": Shelf(order="V", books={"x": book})})
    mine = replace(
        base, people=("李", "王", "张"), shelves={"a": Shelf(order="V", books={"x": replace(book, minutes=5)})}
    )
    theirs = replace(
        base, people=("李",), shelves={"a": Shelf(order="V", label="新", books={"x": replace(book, title="二")})}
    )
    merged = merge(base, mine, theirs)
    assert not merged.conflicts
    assert merged.document.people == ("李", "张")
    assert merged.document.shelves["a"].books["x"] == Stage(order="V", title="二", minutes=5)
    assert [change.place for change in merged.taken] == ["人", "第1架 名称", "第1架书1 环节名"]
