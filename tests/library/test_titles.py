"""Titles from the database while the engine is down: the same rule, published words only, filters that the record knows."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from groups.viewer import Viewer, viewer_for
from library.resources import services
from library.resources.models import Kind, Resource
from library.resources.selectors.titles import titles
from search.registry import TitleQuestion
from tests.factories import shelf as bookshelf
from tests.factories.shelf import Shelf
from tests.factories.town import Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(town: Town) -> Shelf:
    return bookshelf.build(town)


def find(
    viewer: Viewer, *words: str, without: tuple[str, ...] = (), most: int = 21, within: tuple[str, str] | None = None
) -> list[str]:
    question = TitleQuestion(words, without, {within[0]: (within[1],)} if within else {}, most)
    return list(titles(question, viewer).values())


@pytest.fixture
def visitor() -> Viewer:
    return viewer_for(None, timezone.now())


def test_what_a_viewer_may_not_list_has_no_title_for_them(shelf: Shelf, visitor: Viewer) -> None:
    shelf.published(shelf.draft(title="梯形的秘密"), services.Audience(organisation=shelf.town.member))
    teacher = viewer_for(shelf.town.person("teacher"), timezone.now())
    assert find(teacher, "梯形") == ["梯形的秘密"]
    assert find(visitor, "梯形") == []


def test_an_archived_thing_a_draft_and_an_unpublished_title_are_not_found(shelf: Shelf) -> None:
    shelf.draft(title="梯形草稿")
    renamed = shelf.published(shelf.draft(title="梯形的面积"))
    Resource.objects.filter(pk=renamed.pk).update(title="菱形的面积")
    teacher = viewer_for(shelf.town.person("teacher"), timezone.now() + timedelta(seconds=1))
    assert find(teacher, "形") == ["梯形的面积"]
    assert find(teacher, "菱形") == []


def test_every_word_and_no_excluded_one(shelf: Shelf) -> None:
    shelf.published(shelf.draft(title="梯形的面积"))
    shelf.published(shelf.draft(title="三角形的面积"))
    teacher = viewer_for(shelf.town.person("teacher"), timezone.now() + timedelta(seconds=1))
    assert find(teacher, "面积") == ["三角形的面积", "梯形的面积"]
    assert find(teacher, "面积", "梯") == ["梯形的面积"]
    assert find(teacher, "面积", without=("三角",)) == ["梯形的面积"]
    assert find(teacher, "面积", most=1) == ["三角形的面积"]
    assert find(teacher, "100%_") == []


@pytest.mark.parametrize(
    ("facet", "right", "wrong"),
    [
        ("kind", "教学设计", "微课"),
        ("subject", "数学（测试）", "语文"),
        ("grade", "五年级", "六年级"),
        ("volume", "上册", "下册"),
        ("edition", "人教版", "北师大版"),
    ],
)
def test_filters_hold_as_in_the_index(shelf: Shelf, facet: str, right: str, wrong: str) -> None:
    shelf.published(shelf.draft(title="梯形的面积"))
    teacher = viewer_for(shelf.town.person("teacher"), timezone.now() + timedelta(seconds=1))
    assert find(teacher, within=(facet, right)) == ["梯形的面积"]
    assert find(teacher, within=(facet, wrong)) == []


def test_a_place_in_the_book_holds_with_what_is_below_it(shelf: Shelf) -> None:
    shelf.published(shelf.draft(title="梯形的面积"))
    teacher = viewer_for(shelf.town.person("teacher"), timezone.now() + timedelta(seconds=1))
    assert (
        find(teacher, within=("node", shelf.lesson.uid))
        == find(teacher, within=("node", shelf.unit.uid))
        == ["梯形的面积"]
    )
    assert find(teacher, within=("node", shelf.lessons[0].uid)) == []


def test_it_is_one_query_whatever_is_asked(shelf: Shelf, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(3):
        shelf.published(shelf.draft(title=f"梯形 {number}", kind=Kind.LESSON_DESIGN))
    teacher = viewer_for(shelf.town.person("teacher"), timezone.now())
    with django_assert_num_queries(1):
        find(teacher, "梯形", within=("grade", "五年级"))
