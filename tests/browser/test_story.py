"""The first five minutes: signed in, this week's lesson found, read, taken home, changed, and the package downloaded."""

import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.desks import opened, saved, write
from tests.browser.pages import FIRST_HIT, FOUND, Role
from tests.browser.site import Site
from tests.browser.visits import context_of, press_demo_button, watch

LESSON = "梯形的面积"
ADDED = "带一张梯形糖纸回家，量出它的上底、下底和高，算出面积。"


@pytest.mark.parametrize(("which", "role"), [("browser", Role.STUDIO_HOST), ("old_browser", Role.GROUP_ADMINISTRATOR)])
def test_a_teacher_makes_this_weeks_lesson_their_own(
    which: str, role: Role, site: Site, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    browser: Browser = request.getfixturevalue(which)
    with context_of(browser, site.address, Role.VISITOR) as context:
        page = context.new_page()
        page.set_default_timeout(15_000)
        errors = watch(page)

        sign_in_with_a_button(page, role)
        find_the_lesson(page)
        read_it(page)
        take_it_home(page)
        change_it(page)
        download_the_package(page, tmp_path / "package.zip")
        see_a_studio(page)

        assert errors == []


def test_this_weeks_lesson_is_one_click_from_home(browser: Browser, site: Site) -> None:
    with context_of(browser, site.address, Role.TEACHER) as context:
        page = context.new_page()
        page.goto("/")

        page.locator("section", has=page.locator("#week")).get_by_role("link", name=LESSON).first.click()

        expect(page.locator("h1")).to_contain_text(LESSON)


def sign_in_with_a_button(page: Page, role: Role) -> None:
    press_demo_button(page, role)
    expect(page.locator("h1")).to_contain_text(f"{role[0]}老师")


def find_the_lesson(page: Page) -> None:
    page.locator("input[name=q]:visible").first.fill(LESSON)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?*")
    page.locator("a[href*='kind=']:visible", has_text="教学设计").first.click()
    page.wait_for_url("**/search/?*kind=*")
    page.locator(FIRST_HIT).first.click()
    page.wait_for_url("**/r/*/")


def read_it(page: Page) -> None:
    expect(page.locator("h1")).to_contain_text(LESSON)
    expect(page.get_by_role("heading", name="教学过程").first).to_be_visible()
    expect(page.locator("article table:visible").first).to_be_visible()


def take_it_home(page: Page) -> None:
    theirs = page.url
    page.get_by_role("button", name="收入备课").locator("visible=true").first.click()
    page.wait_for_url(lambda address: address != theirs)
    expect(page.get_by_role("link", name="修改").locator("visible=true").first).to_be_visible()


def change_it(page: Page) -> None:
    own = page.url
    page.get_by_role("link", name="修改").locator("visible=true").first.click()
    opened(page)
    page.get_by_role("navigation", name="各节").get_by_role("link", name="作业").first.click()
    write(page, "homework", ADDED)
    page.keyboard.press("Control+s")
    saved(page)
    page.goto(own)
    expect(page.locator("article")).to_contain_text(ADDED)


def download_the_package(page: Page, target: Path) -> None:
    page.goto(f"{FOUND}&kind=课时包")
    page.locator(FIRST_HIT).first.click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载课时包").locator("visible=true").first.click()
    waiting.value.save_as(target)

    assert LESSON in waiting.value.suggested_filename
    with zipfile.ZipFile(target) as package:
        assert package.testzip() is None
        assert any("教学设计" in name for name in package.namelist()), package.namelist()


def see_a_studio(page: Page) -> None:
    page.goto("/s/")
    page.locator("main a[href^='/s/']").first.click()
    expect(page.locator("h1")).to_contain_text("工作室")
