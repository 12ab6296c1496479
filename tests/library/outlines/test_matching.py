"""An old textbook's entries find themselves in the new revision, as far as titles and knowledge points tell."""

from catalogue.outlines import SeedNode, seed_books
from library.outlines.matching import Line, propose
from library.outlines.snapshot import Row


def row(uid: str, title: str, depth: int = 2, knowledge: tuple[str, ...] = ()) -> Row:
    return Row(uid, depth, "unit" if depth == 1 else "lesson", "", title, knowledge=knowledge)


def test_equal_titles_of_the_same_unit_are_the_same_and_of_another_moved() -> None:
    old = [row("u", "多边形的面积", 1), row("a", "梯形的面积"), row("v", "小数", 1), row("b", "小数的意义")]
    new = [row("U", "多边形的面积", 1), row("B", "小数的意义"), row("A", "《梯形的面积》")]

    assert propose(old, new) == [
        Line("u", "U", "same"),
        Line("a", "A", "same"),
        Line("v", "", "deleted"),
        Line("b", "B", "moved"),
    ]


def test_alike_titles_are_renamed_and_the_rest_is_deleted_or_added() -> None:
    old = [row("u", "位置", 1), row("a", "两位数乘两位数的笔算"), row("b", "年月日")]
    new = [row("U", "位置", 1), row("A", "两位数乘两位数笔算乘法"), row("C", "集合")]

    assert propose(old, new) == [
        Line("u", "U", "same"),
        Line("a", "A", "renamed"),
        Line("b", "", "deleted"),
        Line("", "C", "added"),
    ]


def test_shared_knowledge_finds_an_entry_under_quite_another_title() -> None:
    old, new = [row("a", "抽屉里的苹果", knowledge=("鸽巢问题",))], [row("A", "数学广角", knowledge=("鸽巢问题",))]

    assert propose(old, new) == [Line("a", "A", "renamed")]


def test_each_entry_is_used_once() -> None:
    old = [row("a", "练习"), row("b", "练习")]
    new = [row("A", "练习")]

    assert [line.new for line in propose(old, new)] == ["A", ""]


def test_a_real_book_and_its_new_revision_find_most_of_each_other() -> None:
    books = {b.revision: b for b in seed_books() if (b.subject, b.grade, b.volume) == ("语文", 1, "上册")}
    old, new = (_rows(books[name].nodes, name) for name in ("旧教材", "新教材"))

    lines = propose(old, new)

    same = [line for line in lines if line.kind in ("same", "moved")]
    assert len(same) >= 0.5 * min(len(old), len(new))
    assert sorted(line.old for line in lines if line.old) == sorted(r.uid for r in old)
    assert sorted(line.new for line in lines if line.new) == sorted(r.uid for r in new)


def _rows(nodes: "tuple[SeedNode, ...] | list[SeedNode]", mark: str, depth: int = 1) -> list[Row]:
    found: list[Row] = []
    for at, node in enumerate(nodes):
        uid = f"{mark}-{depth}-{at}-{node.title}"
        found.append(Row(uid, depth, str(node.kind), node.number, node.title))
        found += _rows(list(node.children), uid, depth + 1)
    return found
