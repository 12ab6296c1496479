"""The bar offers what exists, marks where one is, and a link into nothing stops the start."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from ui import checks, navigation
from ui.context_processors import shell
from ui.navigation import Link, Place, Section

pytestmark = pytest.mark.urls("tests.ui.urls")


def active_label(path: str) -> str:
    return next((item.label for item in navigation.sections(RequestFactory().get(path)) if item.active), "")


def test_sections_stand_in_their_order_and_no_more_than_six() -> None:
    for order in range(8):
        navigation._sections[str(order)] = Section(f"第{order}", "my", order)
    labels = [section.label for section in navigation.ordered_sections()]
    assert labels == ["第0", "第1", "第2", "第3", "第4", "第5"]


def test_the_longest_prefix_is_where_one_is() -> None:
    navigation.register(Section("资源库", "shelf", 10, prefixes=("/r/",)))
    navigation.register(Section("集体备课", "plans", 20))
    assert active_label("/k/maths/") == "资源库"
    assert active_label("/r/AbC123/") == "资源库"
    assert active_label("/k/plans/3/") == "集体备课"
    assert active_label("/my/") == ""


def test_a_section_at_the_root_does_not_claim_every_page() -> None:
    navigation.register(Section("首页", "home", 1))
    assert active_label("/my/") == ""


def test_an_entry_without_an_address_stops_the_start() -> None:
    navigation.register(Section("题库", "items:none", 30))
    navigation.register_link(Link("我的", "my", 10))
    problems = checks.check_navigation()
    assert [problem.id for problem in problems] == ["ui.E001"]
    assert "题库" in problems[0].msg


def test_the_bar_shows_registered_sections_and_no_empty_places() -> None:
    navigation.register(Section("资源库", "shelf", 10))
    navigation.register(Section("我的备课", "my", 20, signed_in=True))
    navigation.register_link(Link("使用帮助", "home", 10, place=Place.FOOT))
    html = Client().get("/ui/").content.decode()
    bar = html[html.index('class="nav-main"') : html.index("</nav>", html.index('class="nav-main"'))]
    assert "资源库" in bar
    assert "我的备课" not in bar
    assert "题库" not in bar
    assert "试题篮" not in html
    assert "使用帮助" in html


def test_the_search_box_keeps_the_query_only_on_the_search_page() -> None:
    assert shell(RequestFactory().get("/search/?q=梯形"))["shell"]["query"] == "梯形"
    assert shell(RequestFactory().get("/my/?q=梯形"))["shell"]["query"] == ""


def test_the_person_menu_changes_things_by_post_only() -> None:
    navigation.register_link(Link("大字", "my", 10, icon="a-large-small", method="post"))
    request = RequestFactory().get("/")
    request.user = SignedIn()  # type: ignore[assignment]
    html = render_to_string("ui/base.html", {}, request=request)
    assert 'data-size="large"' in html
    assert '<form method="post" action="/my/">' in html
    assert '<form method="post" action="/sign-out/">' in html
    assert "登录" not in html


class SignedIn:
    """A person as the templates see one."""

    is_authenticated = True
    name = "林晓雯"
    surname = "林"
    title = "一级教师"
    large_type = True


@pytest.mark.parametrize("name", ["400.html", "403.html", "404.html", "403_csrf.html"])
def test_every_error_page_has_a_way_on(name: str) -> None:
    request = RequestFactory().get("/r/missing/")
    request.user = AnonymousUser()
    html = render_to_string(name, {}, request=request)
    assert html.count("<h1") == 1
    assert "btn-primary" in html
    assert 'lang="zh-CN"' in html


def test_a_refusal_says_why() -> None:
    request = RequestFactory().get("/r/secret/")
    request.user = AnonymousUser()
    html = render_to_string("403.html", {"exception": "这份教学设计只对东湖小学开放"}, request=request)
    assert "这份教学设计只对东湖小学开放" in html
    assert "/sign-in/?next=/r/secret/" in html


def test_the_worst_error_page_needs_nothing() -> None:
    html = render_to_string("500.html")
    assert 'href="/"' in html
    assert "/static/" not in html
