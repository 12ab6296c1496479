"""The scripts in a real Chromium: keyboard first, and nothing typed is lost."""

import threading
from collections.abc import Iterator
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.ui.urls")]


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        return


@pytest.fixture
def address() -> Iterator[str]:
    server = make_server("127.0.0.1", 0, StaticFilesHandler(WSGIHandler()), handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/ui/"
    server.shutdown()
    thread.join()


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address, wait_until="domcontentloaded")
    yield page
    page.close()
    assert complaints == []


def test_slash_finds_the_search_box_and_arrows_choose_a_suggestion(page: Any) -> None:
    page.keyboard.press("/")
    page.keyboard.type("梯形")
    option = page.locator('[role="option"]')
    option.first.wait_for()
    assert page.locator("#top-q").get_attribute("aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    assert option.first.get_attribute("aria-selected") == "true"
    assert page.locator("#top-q").get_attribute("aria-activedescendant") == option.first.get_attribute("id")
    page.keyboard.press("Enter")
    page.wait_for_url("**/k/plans/")


def test_escape_closes_the_suggestions_and_keeps_the_words(page: Any) -> None:
    page.locator("#top-q").fill("梯形")
    page.locator('[role="option"]').first.wait_for()
    page.keyboard.press("Escape")
    assert page.locator(".suggest").first.is_hidden()
    assert page.locator("#top-q").input_value() == "梯形"


def test_what_was_typed_comes_back_and_can_be_put_aside(page: Any) -> None:
    page.locator("#id_title").fill("没来得及保存的课题")
    page.wait_for_timeout(600)
    page.reload()
    assert page.locator("#id_title").input_value() == "没来得及保存的课题"
    page.get_by_text("已恢复未保存的内容").wait_for()
    page.get_by_text("不要了，用已保存的").click()
    assert page.locator("#id_title").input_value() == "梯形的面积"
    page.reload()
    assert page.locator("#id_title").input_value() == "梯形的面积"


def test_a_sent_form_keeps_its_words_until_a_toast_says_it_was_accepted(page: Any, address: str) -> None:
    page.locator("#id_title").fill("会话过期前写的")
    page.locator("#id_minutes").fill("8")
    page.get_by_role("button", name="保存草稿").click()
    page.goto(address)
    page.goto(f"{address}?accepted=1")
    assert page.locator("#id_title").input_value() == "会话过期前写的"
    page.get_by_role("button", name="保存草稿").click()
    page.goto(f"{address}?accepted=1")
    assert page.locator("#id_title").input_value() == "梯形的面积"


def test_words_typed_over_an_older_text_are_offered_not_forced(page: Any) -> None:
    page.locator("#id_title").fill("旧底稿上的修改")
    page.wait_for_timeout(600)
    page.evaluate(
        """() => { const key = 'gongbei-draft:showcase'; const kept = JSON.parse(localStorage.getItem(key));
        kept.base.title = ['别的标题']; localStorage.setItem(key, JSON.stringify(kept)); }"""
    )
    page.reload()
    assert page.locator("#id_title").input_value() == "梯形的面积"
    page.get_by_text("看看没保存的").click()
    assert page.locator("#id_title").input_value() == "旧底稿上的修改"


def test_a_menu_closes_on_escape_and_gives_the_focus_back(page: Any) -> None:
    summary = page.locator(".casc summary").first
    summary.click()
    assert page.locator(".casc .menu-pane").first.is_visible()
    page.keyboard.press("Escape")
    assert page.locator(".casc .menu-pane").first.is_hidden()
    assert summary.evaluate("one => one === document.activeElement")


def test_the_preview_opens_beside_the_list_and_returns(page: Any) -> None:
    link = page.locator("a[data-preview]").first
    link.click()
    page.locator(".panel .facts").wait_for()
    page.keyboard.press("Escape")
    assert page.locator(".panel").count() == 0
    assert link.evaluate("one => one === document.activeElement")


def test_teaching_turns_stage_by_stage_with_the_arrow_keys(page: Any) -> None:
    page.locator("[data-teach]").click()
    view = page.locator(".teaching")
    assert "唤醒旧知" in view.inner_text()
    page.keyboard.press("ArrowRight")
    assert "操作探究" in view.inner_text()
    assert "二次备课" not in view.inner_text()
    page.keyboard.press("ArrowLeft")
    assert "1 / 4" in view.inner_text()
    page.keyboard.press("Escape")
    page.wait_for_function("!document.querySelector('.teaching')")


def test_a_form_is_sent_once(page: Any) -> None:
    page.evaluate(
        """() => { window.sent = 0; document.querySelector('form[data-keep]').addEventListener('submit', event => {
        if (!event.defaultPrevented) window.sent += 1; }); window.addEventListener('submit', event => event.preventDefault()); }"""
    )
    page.locator("#id_minutes").fill("8")
    button = page.get_by_role("button", name="保存草稿")
    button.click()
    button.click()
    assert button.get_attribute("aria-busy") == "true"


def test_on_a_phone_the_filters_are_a_sheet_and_the_week_is_one_day(page: Any) -> None:
    page.set_viewport_size({"width": 375, "height": 720})
    assert page.locator("#facets").is_hidden()
    page.get_by_role("button", name="筛选").first.click()
    assert page.locator("#facets").is_visible()
    page.keyboard.press("Escape")
    assert page.locator("#facets").is_hidden()
    assert page.locator("#day-2").is_visible()
    assert page.locator("#day-1").is_hidden()
    page.get_by_role("tab", name="周一").click()
    assert page.locator("#day-1").is_visible()
    assert page.locator("#day-2").is_hidden()


def test_no_page_width_scrolls_sideways(page: Any) -> None:
    for width in (320, 375, 768, 1366):
        page.set_viewport_size({"width": width, "height": 720})
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, width


def test_the_showcase_has_no_accessibility_violation(page: Any) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    for width in (375, 1366):
        page.set_viewport_size({"width": width, "height": 720})
        page.wait_for_timeout(600)
        assert axe.run(page).response["violations"] == []


def test_without_scripts_everything_is_still_there(browser: Any, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 375, "height": 720})
    plain = context.new_page()
    plain.goto(address)
    assert plain.locator("#facets").is_visible()
    assert plain.locator("#day-1").is_visible() or plain.locator("#day-2").is_visible()
    assert plain.locator("[data-print]").first.is_hidden()
    context.close()
