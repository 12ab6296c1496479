"""Browsing by textbook: what a page shows, counts under the viewer's rights, and what it costs."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalogue.models import Edition, Knowledge, Node, NodeKnowledge, Outline, Textbook
from lessons.designs.models import LessonDesign
from library.resources import services
from library.resources.models import Kind, Placement, Resource, Version
from library.resources.services.packages import document_with
from tests.factories.shelf import Shelf, signed_in

pytestmark = pytest.mark.django_db


def test_the_shelf_shows_a_cover_for_each_book(client: Client, shelf: Shelf) -> None:
    page = client.get("/k/", {"subject": shelf.subject.code}).content.decode()
    assert "五年级上册" in page
    assert shelf.outline.get_absolute_url() in page


def test_the_last_book_is_offered_again_on_the_shelf(client: Client, shelf: Shelf) -> None:
    client.get(shelf.outline.get_absolute_url())
    assert "上次看到" in client.get("/k/").content.decode()


def test_a_book_lists_its_units_with_what_is_missing(client: Client, shelf: Shelf) -> None:
    page = client.get(shelf.outline.get_absolute_url()).content.decode()
    assert "多边形的面积" in page
    assert "认领" in page


def test_a_unit_counts_each_lesson_by_kind(client: Client, shelf: Shelf) -> None:
    shelf.published(shelf.draft())
    response = client.get(shelf.unit.get_absolute_url())
    row = next(r for r in response.context["rows"] if r.node == shelf.lesson)
    assert {cell.kind: cell.count for cell in row.cells}[Kind.LESSON_DESIGN] == 1
    assert {cell.kind: cell.count for cell in row.cells}[Kind.COURSEWARE] == 0


def test_counts_hold_only_what_the_viewer_may_list(client: Client, shelf: Shelf) -> None:
    town = shelf.town
    shelf.published(shelf.draft(), services.Audience(organisation=town.member))
    inside = signed_in(town.person("teacher")).get(shelf.unit.get_absolute_url())
    outside = signed_in(town.person("colleague")).get(shelf.unit.get_absolute_url())
    assert sum(item.count for item in inside.context["tree"]) == 1
    assert sum(item.count for item in outside.context["tree"]) == 0
    assert sum(item.count for item in client.get(shelf.unit.get_absolute_url()).context["tree"]) == 0


def test_a_resource_on_two_lessons_of_a_unit_counts_once_for_the_unit(client: Client, shelf: Shelf) -> None:
    resource = shelf.published(shelf.draft())
    Placement.objects.create(resource=resource, node=shelf.lessons[0], is_main=False)
    tree = client.get(shelf.unit.get_absolute_url()).context["tree"]
    assert [item.count for item in tree] == [1]


def test_a_draft_is_in_nobodys_count_on_the_shelf(teacher: Client, shelf: Shelf) -> None:
    shelf.draft()
    assert [i.count for i in teacher.get(shelf.unit.get_absolute_url()).context["tree"]] == [0]


def test_a_lesson_lists_its_resources_and_its_neighbours(client: Client, shelf: Shelf) -> None:
    shelf.published(shelf.draft(title="拼一拼学梯形"))
    page = client.get(shelf.lesson.get_absolute_url()).content.decode()
    assert "拼一拼学梯形" in page
    assert "上一课 平行四边形的面积" in page
    assert "下一课 组合图形的面积" in page


def test_a_lesson_without_a_kind_invites_to_make_it(client: Client, shelf: Shelf) -> None:
    page = client.get(shelf.lesson.get_absolute_url(), {"kind": "micro_lesson"}).content.decode()
    assert "待建设" in page
    assert "我来认领" in page


def test_an_unknown_kind_in_the_address_is_ignored(client: Client, shelf: Shelf) -> None:
    assert client.get(shelf.lesson.get_absolute_url(), {"kind": "<b>", "page": "x"}).status_code == 200


def test_designs_of_one_lesson_stand_side_by_side(client: Client, shelf: Shelf) -> None:
    for title in ("拼一拼", "剪一剪"):
        shelf.published(shelf.draft(title=title))
    page = client.get(shelf.lesson.get_absolute_url(), {"view": "compare"}).content.decode()
    assert "拼一拼" in page
    assert "剪一剪" in page
    assert "推导梯形的面积公式" in page


def test_claiming_an_empty_square_starts_a_draft_at_that_lesson(teacher: Client, shelf: Shelf) -> None:
    response = teacher.post(f"{shelf.lesson.get_absolute_url()}claim/")
    made = Resource.objects.get(owner=shelf.town.person("teacher"))
    assert response.status_code == 302
    assert made.state == "draft"
    assert [p.node for p in made.placements.all()] == [shelf.lesson]
    assert list(made.subjects.all()) == [shelf.subject]


def test_a_visitor_who_claims_is_asked_to_sign_in(client: Client, shelf: Shelf) -> None:
    response = client.post(f"{shelf.lesson.get_absolute_url()}claim/")
    assert "next=" in response.headers["Location"]
    assert not Resource.objects.exists()


def test_a_subject_and_grade_has_everything_textbook_or_not(client: Client, shelf: Shelf) -> None:
    resource = shelf.published(shelf.draft(title="不在书里的一课"))
    resource.placements.all().delete()
    page = client.get(f"/k/subject/{shelf.subject.code}/5/").content.decode()
    assert "不在书里的一课" in page
    assert "不在书里的一课" not in client.get(f"/k/subject/{shelf.subject.code}/4/").content.decode()


def test_every_page_costs_the_same_with_two_hundred_resources(shelf: Shelf) -> None:
    client = signed_in(shelf.town.person("teacher"))
    addresses = (
        shelf.outline.get_absolute_url(),
        shelf.unit.get_absolute_url(),
        shelf.lesson.get_absolute_url(),
        f"{shelf.lesson.get_absolute_url()}?view=compare",
        f"/k/subject/{shelf.subject.code}/5/",
        f"/k/?subject={shelf.subject.code}",
    )
    parts = list(_fill(shelf, 10))
    _package(shelf, parts)
    few = {address: _queries(client, address) for address in addresses}
    _fill(shelf, 190)
    many = {address: _queries(client, address) for address in addresses}
    assert many == few
    assert max(many.values()) <= 15


def _package(shelf: Shelf, parts: list[Resource]) -> None:
    package = services.create(
        kind=Kind.PACKAGE,
        owner=shelf.town.person("teacher"),
        school=shelf.town.member,
        draft=services.Draft("梯形的面积 课时包", document_with(parts[:3])),
        nodes=(shelf.lesson,),
        columns={"node": shelf.lesson},
        at=shelf.town.now,
    )
    shelf.published(package)


def _queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def _fill(shelf: Shelf, count: int) -> list[Resource]:
    """Copies of one published design, written straight into the tables: the services are not what is measured."""
    first = Resource.objects.filter(state="published", kind=Kind.LESSON_DESIGN).first() or shelf.published(
        shelf.draft()
    )
    version = first.published_version
    assert version is not None
    made = [first]
    for n in range(count - 1):
        copy = LessonDesign(
            kind=first.kind,
            owner=first.owner,
            home_school=first.home_school,
            title=f"第{n}份",
            state="draft",
            grade_from=5,
            grade_to=5,
            published_at=first.published_at,
        )
        copy.save(force_insert=True)
        text = Version(
            resource=copy,
            number=1,
            title=copy.title,
            document=version.document,
            sha256="0" * 64,
            label="第1版",
            cut_by=first.owner,
            cut_at=version.cut_at,
            published_at=version.published_at,
        )
        text.save()
        Resource.objects.filter(pk=copy.pk).update(published_version=text, state="published")
        copy.subjects.add(shelf.subject)
        copy.placements.create(node=shelf.lesson)
        copy.contributions.create(person=first.owner, school_then=first.home_school)
        copy.grants.create(is_public=True, starts_at=version.cut_at)
        made.append(copy)
    return made


def test_other_textbooks_with_the_same_knowledge_are_a_click_away_with_what_the_reader_finds_there(
    shelf: Shelf, teacher: Client
) -> None:
    point = Knowledge.objects.create(subject=shelf.subject, name="梯形的面积公式（测试）")
    outline = Outline.objects.create(title="北师大版数学五年级上册")
    edition = Edition.objects.create(subject=shelf.subject, name="北师大版", is_active=True)
    Textbook.objects.create(
        title="北师大", subject=shelf.subject, edition=edition, grade_from=5, grade_to=5, volume="first",
        is_active=True, outline=outline,
    )  # fmt: skip
    unit = Node.objects.create(outline=outline, kind="unit", number="4", title="多边形", order=1)
    there = Node.objects.create(outline=outline, parent=unit, kind="lesson", title="探索活动：梯形", order=2, depth=2)
    for node in (shelf.lesson, there, unit):
        NodeKnowledge.objects.create(node=node, knowledge=point)
    shelf.published(shelf.draft(node=there))
    shelf.draft(node=there, title="没有发布的草稿", owner="colleague")

    page = teacher.get(f"{shelf.lesson.get_absolute_url()}?view=elsewhere").content.decode()

    assert there.get_absolute_url() in page
    assert "北师大版 五年级上册 第四单元" in page
    assert "1 份" in page


def test_a_school_course_stands_on_the_shelf_once_it_has_entries(shelf: Shelf, teacher: Client) -> None:
    course = Outline.objects.create(title="闽南童谣", kind="course")
    assert "闽南童谣" not in teacher.get("/k/").content.decode()

    Node.objects.create(outline=course, kind="unit", title="天黑黑", order=1)

    assert course.get_absolute_url() in teacher.get("/k/").content.decode()
    assert "天黑黑" in teacher.get(course.get_absolute_url()).content.decode()
