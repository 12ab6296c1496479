"""Loading the seed: once, twice, after an edit of a file, and beside a platform list."""

from unittest.mock import Mock

import pytest

from catalogue.models import Edition, Knowledge, Node, NodeKnowledge, Outline, Subject, Textbook
from catalogue.outlines import SeedBook, parse_outline, seed_books
from catalogue.seeding import seed_catalogue
from catalogue.signals import node_changed

pytestmark = pytest.mark.django_db

HEAD = "subject: 数学\nedition: 人教版\ngrade: 5\nvolume: 上册\nrevision: 旧教材\nconfidence: likely\nsource: 录入\n\n"
BODY = "# 小数乘法\n@ 小数乘整数；积的近似数\n- 小数乘整数\n- 积的近似数\n# 位置\n- 用数对表示位置\n"


def book(body: str = BODY) -> SeedBook:
    return parse_outline("数学五上", HEAD + body)


def uids() -> dict[str, str]:
    return dict(Node.objects.values_list("title", "uid"))


def in_order() -> list[tuple[str, str]]:
    nodes = Node.objects.exclude(status=Node.Status.RETIRED).order_by("order").select_related("parent")
    return [(node.parent.title if node.parent else "", node.title) for node in nodes]


def test_the_whole_seed_loads_and_a_second_run_changes_nothing() -> None:
    first = seed_catalogue()
    before = set(Node.objects.values_list("uid", "order", "title"))
    second = seed_catalogue()

    assert first["教材新建"] == Outline.objects.count() == len(seed_books())
    assert first["节点新建"] == Node.objects.count()
    assert set(Node.objects.values_list("uid", "order", "title")) == before
    assert {name for name, number in second.items() if number} == {"节点不变"}


def test_subjects_bring_their_block_colour_and_competencies() -> None:
    seed_catalogue([])

    maths = Subject.objects.get(name="数学")
    assert (maths.code, maths.block, maths.colour) == ("maths", "数", "maths")
    assert maths.competencies.count() == 11
    assert Edition.objects.get(subject__name="语文").aliases.filter(name="部编版").exists()


def test_a_renamed_lesson_keeps_its_address() -> None:
    seed_catalogue([book()])
    before = uids()
    seed_catalogue([book(BODY.replace("用数对表示位置", "用数对确定位置"))])

    assert uids()["用数对确定位置"] == before["用数对表示位置"]


def test_moved_lessons_keep_their_addresses_and_take_their_new_places() -> None:
    seed_catalogue([book()])
    before = uids()
    swapped = "# 位置\n- 用数对表示位置\n# 小数乘法\n@ 小数乘整数；积的近似数\n- 积的近似数\n- 小数乘整数\n"
    seed_catalogue([book(swapped)])

    assert uids() == before
    assert in_order() == [
        ("", "位置"),
        ("位置", "用数对表示位置"),
        ("", "小数乘法"),
        ("小数乘法", "积的近似数"),
        ("小数乘法", "小数乘整数"),
    ]


def test_what_the_file_no_longer_names_is_retired_and_comes_back_with_its_address() -> None:
    seed_catalogue([book()])
    before = uids()
    seed_catalogue([book(BODY.replace("- 积的近似数\n", ""))])
    assert Node.objects.get(title="积的近似数").status == Node.Status.RETIRED

    seed_catalogue([book()])
    assert uids() == before
    assert Node.objects.get(title="积的近似数").status == Node.Status.ACTIVE


def test_changed_nodes_are_announced_and_unchanged_ones_are_not() -> None:
    seed_catalogue([book()])
    receiver = Mock()
    node_changed.connect(receiver)
    try:
        seed_catalogue([book()])
        assert not receiver.called
        seed_catalogue([book(BODY.replace("- 用数对表示位置", "- 用数对表示位置 ~4"))])
        assert [n.title for n in receiver.call_args.kwargs["nodes"]] == ["用数对表示位置"]
    finally:
        node_changed.disconnect(receiver)


def test_a_lesson_gets_the_points_it_is_about_and_the_unit_all() -> None:
    seed_catalogue([book()])

    def points(title: str) -> set[str]:
        return set(NodeKnowledge.objects.filter(node__title=title).values_list("knowledge__name", flat=True))

    assert points("小数乘法") == {"小数乘整数", "积的近似数"}
    assert points("积的近似数") == {"积的近似数"}


def test_a_point_named_in_two_books_is_one_point() -> None:
    seed_catalogue()

    assert Knowledge.objects.filter(subject__name="数学", name="估算").count() == 1
    area = Knowledge.objects.get(name="梯形的面积")
    assert set(area.prerequisites.values_list("name", flat=True)) == {"平行四边形的面积", "三角形的面积"}
    assert set(area.nodes.values_list("title", flat=True)) >= {"多边形的面积", "梯形的面积"}


def test_a_book_that_a_platform_list_brought_first_gets_the_contents_and_no_double() -> None:
    seed_catalogue([])
    maths = Subject.objects.get(name="数学")
    there = Textbook.objects.create(
        external_id="p-1",
        title="小学数学人教版五年级上册",
        subject=maths,
        edition=maths.editions.get(name="人教版"),
        grade_from=5,
        grade_to=5,
        volume="first",
        is_active=True,
    )
    seed_catalogue([book()])

    assert Textbook.objects.count() == 1
    there.refresh_from_db()
    assert there.outline is not None
    assert there.revision == Textbook.Revision.OLD
