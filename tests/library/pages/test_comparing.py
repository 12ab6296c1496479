"""Two versions beside each other, for whoever may read both."""

from dataclasses import replace

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from library.documents import rich
from library.documents.lesson_design import Stage
from library.resources import services
from library.resources.models import Resource
from tests.factories.adapting import document, write
from tests.factories.shelf import Shelf

pytestmark = pytest.mark.django_db


@pytest.fixture
def twice(shelf: Shelf) -> Resource:
    """A draft with two versions: a stage moved, one added, a sentence changed."""
    resource, by = shelf.draft(), shelf.town.person("teacher")
    write(resource, by, document(), shelf.town.now)
    services.cut_version(resource=resource, by=by, at=shelf.town.now, label="第1稿")
    new = document(k2="每组发 4 个梯形学具。请学生把梯形变成学过的图形。")
    stages = {**new.stages, "k1": replace(new.stages["k1"], order="Z"), "k4": Stage(order="a", title="小结")}
    write(
        resource, by, replace(new, stages=stages, board=rich.from_markup("S=ah")), shelf.town.now, "梯形的面积（二稿）"
    )
    services.cut_version(resource=resource, by=by, at=shelf.town.now, label="第2稿")
    return resource


def page(shelf: Shelf, url: str, who: str = "teacher", status: int = 200) -> str:
    client = Client()
    client.force_login(shelf.town.person(who))
    answer = client.get(url)
    assert answer.status_code == status
    return answer.content.decode()


def test_the_two_latest_are_compared_by_section_stage_and_character(shelf: Shelf, twice: Resource) -> None:
    html = page(shelf, f"/r/{twice.uid}/compare/")
    assert "第1稿 到 第2稿" in html
    assert "环节1 教师活动" in html
    assert "<del>3</del>" in html
    assert "<ins>4</ins>" in html
    assert "移动" in html
    assert "环节名：小结" in html
    assert "（二稿）" in html


def test_in_one_text_both_stand_at_one_place(shelf: Shelf, twice: Resource) -> None:
    html = page(shelf, f"/r/{twice.uid}/compare/?a={twice.uid}:2&b={twice.uid}:1&view=inline")
    assert "第2稿 到 第1稿" in html
    assert "<del>4</del><ins>3</ins>" in html


def test_hostile_words_are_shown_and_not_run(shelf: Shelf, twice: Resource) -> None:
    by = shelf.town.person("teacher")
    write(twice, by, document(k1="<script>alert(1)</script>"), shelf.town.now)
    services.cut_version(resource=twice, by=by, at=shelf.town.now)
    assert "<script>alert(1)" not in page(shelf, f"/r/{twice.uid}/compare/")


@pytest.mark.parametrize("name", ["{uid}:9", "nothing:1", "x", "{uid}:１", ":", "{uid}:99999999999"])
def test_a_version_that_is_not_there_is_told_on_the_page(shelf: Shelf, twice: Resource, name: str) -> None:
    html = page(shelf, f"/r/{twice.uid}/compare/?a={name.format(uid=twice.uid)}&b={twice.uid}:1", status=404)
    assert "要比的版本不在，或没有对你开放" in html


def test_versions_of_a_draft_are_compared_by_its_readers_alone(shelf: Shelf, twice: Resource) -> None:
    own = shelf.draft(owner="colleague")
    assert "每组发" not in page(shelf, f"/r/{own.uid}/compare/?a={twice.uid}:1&b={twice.uid}:2", "colleague", 404)
    page(shelf, f"/r/{twice.uid}/compare/", "colleague", 403)


def test_a_version_that_was_not_published_is_not_offered_to_a_reader(shelf: Shelf, twice: Resource) -> None:
    shelf.published(twice)
    html = page(shelf, f"/r/{twice.uid}/compare/", "colleague")
    assert "第1稿" not in html
    assert "还没有可以比的版本" in html


def test_comparing_asks_as_much_for_many_versions_as_for_two(
    shelf: Shelf, twice: Resource, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client, by, url = Client(), shelf.town.person("teacher"), f"/r/{twice.uid}/compare/"
    client.force_login(by)
    client.get(url)
    with django_assert_max_num_queries(15) as few:
        client.get(url)
    asked = len(few)
    for number in range(10):
        write(twice, by, document(k1=f"第{number}次"), shelf.town.now)
        services.cut_version(resource=twice, by=by, at=shelf.town.now)
    with django_assert_max_num_queries(asked) as many:
        client.get(url)
    assert len(many) == asked
