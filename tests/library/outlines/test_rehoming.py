"""Resources of an old textbook are hung on the new one by a mapping that two persons stand for."""

import pytest
from django.utils import timezone

from catalogue.models import Node, Outline, Textbook
from groups.models import Person
from library.outlines import rehoming
from library.outlines.models import Mapping, MappingLine
from library.outlines.rehoming import Choice
from library.outlines.services import Hindered
from library.resources.models import Resource
from search.models import OutboxRow
from tests.factories.shelf import Shelf


@pytest.fixture
def new(books: Shelf) -> Outline:
    """The new revision: one lesson the same, one split in two, the last gone."""
    outline = Outline.objects.create(title="人教版数学五年级上册 新")
    Textbook.objects.create(
        title="新", subject=books.subject, edition=books.book.edition, grade_from=5, grade_to=5, volume="first",
        revision="new", is_active=True, outline=outline,
    )  # fmt: skip
    unit = Node.objects.create(outline=outline, kind="unit", number="5", title="多边形的面积", order=1)
    for at, title in enumerate(("平行四边形的面积", "梯形面积的推导", "梯形面积的应用"), 2):
        Node.objects.create(outline=outline, parent=unit, kind="lesson", title=title, order=at, depth=2, periods=1)
    return outline


def node(outline: Outline, title: str) -> Node:
    return outline.nodes.get(title=title)


@pytest.fixture
def mapping(books: Shelf, new: Outline, first: Person) -> Mapping:
    """As its proposer corrected it: 梯形的面积 became two lessons."""
    found = rehoming.propose(old=books.outline, new=new, reason="新教材启用", by=first, at=timezone.now())
    choices = [
        Choice(books.unit.uid, (node(new, "多边形的面积").uid,)),
        Choice(books.lessons[0].uid, (node(new, "平行四边形的面积").uid,)),
        Choice(books.lessons[1].uid, (node(new, "梯形面积的推导").uid, node(new, "梯形面积的应用").uid)),
        Choice(books.lessons[2].uid, ()),
    ]
    return rehoming.correct(mapping=found, choices=choices, by=first, at=timezone.now())


def titles(resource: Resource) -> set[str]:
    return {f"{p.node.outline.title[-1]}{p.node.title}" for p in resource.placements.select_related("node__outline")}


def test_the_kinds_of_the_lines_follow_from_the_choices(books: Shelf, mapping: Mapping) -> None:
    kinds = {(line.old.title if line.old else ""): line.kind for line in mapping.lines.select_related("old")}

    assert kinds == {
        "多边形的面积": "same",
        "平行四边形的面积": "same",
        "梯形的面积": "split",
        "组合图形的面积": "deleted",
    }


def test_two_old_lessons_in_one_new_one_are_merged(books: Shelf, new: Outline, mapping: Mapping, first: Person) -> None:
    target = (node(new, "梯形面积的推导").uid,)
    choices = [Choice(lesson.uid, target) for lesson in books.lessons[:2]]

    rehoming.correct(mapping=mapping, choices=choices, by=first, at=timezone.now())

    assert set(mapping.lines.filter(old__isnull=False).values_list("kind", flat=True)) == {MappingLine.Kind.MERGED}


def test_confirmed_it_hangs_resources_on_the_new_lessons_too(books: Shelf, mapping: Mapping, second: Person) -> None:
    resource, left = books.published(books.draft()), books.published(books.draft(node=books.lessons[2], title="组合"))
    OutboxRow.objects.update(pending=False)

    assert rehoming.approve(mapping=mapping, by=second, at=timezone.now()) == 2

    assert titles(resource) == {"册梯形的面积", "新梯形面积的推导", "新梯形面积的应用"}
    assert titles(left) == {"册组合图形的面积"}
    assert list(OutboxRow.objects.filter(pending=True).values_list("uid", flat=True)) == [resource.uid]


def test_taken_back_only_what_it_added_goes(
    books: Shelf, new: Outline, mapping: Mapping, first: Person, second: Person
) -> None:
    resource = books.published(books.draft())
    by_hand = resource.placements.create(node=node(new, "梯形面积的推导"), is_main=False)
    rehoming.approve(mapping=mapping, by=second, at=timezone.now())

    assert rehoming.revert(mapping=mapping, by=first, at=timezone.now()) == 1

    assert titles(resource) == {"册梯形的面积", "新梯形面积的推导"}
    assert resource.placements.filter(pk=by_hand.pk).exists()


def test_its_proposer_does_not_confirm_it_and_nobody_else_rewrites_it(
    mapping: Mapping, first: Person, second: Person
) -> None:
    with pytest.raises(Hindered, match="两个人"):
        rehoming.approve(mapping=mapping, by=first, at=timezone.now())
    with pytest.raises(Hindered, match="提出人修改"):
        rehoming.correct(mapping=mapping, choices=[], by=second, at=timezone.now())
    rehoming.approve(mapping=mapping, by=second, at=timezone.now())
    with pytest.raises(Hindered, match="已生效"):
        rehoming.correct(mapping=mapping, choices=[], by=first, at=timezone.now())


def test_two_books_have_one_mapping_alive(books: Shelf, new: Outline, mapping: Mapping, second: Person) -> None:
    with pytest.raises(Hindered, match="已经有一份"):
        rehoming.propose(old=books.outline, new=new, reason="再来", by=second, at=timezone.now())
    rehoming.decline(mapping=mapping, by=second, note="第三课不对", at=timezone.now())

    assert rehoming.propose(old=books.outline, new=new, reason="再来", by=second, at=timezone.now()).state == "waiting"


def test_entries_that_neither_book_has_are_named_as_gone(mapping: Mapping, first: Person) -> None:
    for choices in (
        [Choice("gone", ())],
        [Choice("gone", ("gone2",))],
        [Choice(mapping.old.nodes.all()[0].uid, ("x",))],
    ):
        with pytest.raises(Hindered, match="刷新"):
            rehoming.correct(mapping=mapping, choices=choices, by=first, at=timezone.now())
