"""打印本周教案: several designs on paper, each with its school's name, and none that the rule withholds."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from library.resources import services
from library.resources.models import Resource
from tests.factories.shelf import Shelf, signed_in

pytestmark = pytest.mark.django_db


def printed(client: Client, *resources: Resource) -> str:
    response = client.get(reverse("designs:print"), {"of": [resource.uid for resource in resources]})
    assert response.status_code == 200
    return response.content.decode()


def titles(page: str) -> list[str]:
    return re.findall(r'<div class="pt"><span>(.*?)</span>', page)


def test_designs_are_printed_in_the_order_asked_for_each_on_new_paper(teacher: Client, shelf: Shelf) -> None:
    first, second = shelf.draft(title="平行四边形的面积"), shelf.draft(title="梯形的面积")
    page = printed(teacher, second, first)
    assert titles(page) == ["梯形的面积", "平行四边形的面积"]
    assert page.count("sheet-break") == 1
    assert page.count('<div class="org">西溪小学　教学设计') == 2
    assert page.count("看图说说学过的图形") >= 2


def test_a_page_of_several_designs_repeats_no_anchor(teacher: Client, shelf: Shelf) -> None:
    page = printed(teacher, shelf.draft(), shelf.draft())
    anchors = re.findall(r'\bid="([^"]+)"', page)
    assert len(anchors) == len(set(anchors))


def test_what_others_keep_to_themselves_leaves_no_trace_on_the_paper(shelf: Shelf) -> None:
    secret, shared = shelf.draft(title="还没给人看的课"), shelf.published(shelf.draft(title="公开的课"))
    page = printed(signed_in(shelf.town.person("stranger")), secret, shared)
    assert titles(page) == ["公开的课"]
    assert "还没给人看的课" not in page


def test_a_design_that_may_only_be_looked_at_is_not_printed(shelf: Shelf) -> None:
    town = shelf.town
    only_looked_at = services.Audience(organisation=town.group, level="view")  # type: ignore[arg-type]
    resource = shelf.published(shelf.draft(), only_looked_at)
    reader = signed_in(town.person("colleague"))
    assert reader.get(resource.get_absolute_url()).status_code == 200
    assert titles(printed(reader, resource)) == []


def test_garbled_ids_print_nothing_and_break_nothing(teacher: Client) -> None:
    page = teacher.get("/my/designs/print/?of=%00&of=../x&of=&of=0000000000")
    assert page.status_code == 200
    assert "没有可以打印的教案" in page.content.decode()


def test_at_most_thirty_are_printed(teacher: Client, shelf: Shelf) -> None:
    assert len(titles(printed(teacher, *[shelf.draft() for _ in range(31)]))) == 30


def test_printing_costs_the_same_for_one_design_and_for_ten(
    teacher: Client, shelf: Shelf, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    ten = [shelf.draft() for _ in range(10)]
    with django_assert_max_num_queries(30) as one:
        printed(teacher, ten[0])
    with django_assert_max_num_queries(len(one.captured_queries)):
        printed(teacher, *ten)


def test_going_on_with_somebody_elses_draft_says_nothing_of_what_it_lacks(client: Client, shelf: Shelf) -> None:
    address = reverse("designs:edit", args=[shelf.draft().uid])
    assert client.get(address).headers["Location"].startswith(reverse("sign-in"))
    assert signed_in(shelf.town.person("colleague")).get(address).status_code == 403
