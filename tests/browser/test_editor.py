"""The editor as it is used: typing, rows, undo, offline, a colleague at the same place, a killed browser, keys alone."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from tests.browser.browsers import FLAGS, find_chromium
from tests.browser.desks import SAVING_MS, field, new_design, opened, save_as_stored, saved, start_of, titles, write
from tests.browser.pages import Role
from tests.browser.site import Site
from tests.browser.visits import context_of, overflow, sign_in, violations, watch

STARTING_MS = 120_000
WORDS = "上底加下底的和乘高，除以二"


@pytest.fixture(scope="module")
def teacher(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    with context_of(browser, site.address, Role.TEACHER) as context:
        yield context


@pytest.fixture
def page(teacher: BrowserContext) -> Iterator[Page]:
    page = teacher.new_page()
    page.set_default_timeout(15_000)
    errors = watch(page)
    new_design(page, "梯形的面积，试写")
    yield page
    teacher.set_offline(False)
    page.close()
    assert [error for error in errors if "Failed to load resource" not in error] == []


def test_what_is_typed_is_saved_by_itself_and_the_bar_says_when(page: Page) -> None:
    write(page, "board", WORDS)
    expect(page.locator(".state")).to_contain_text("有改动，3 秒内保存")
    saved(page)
    assert WORDS in str(start_of(page)["document"]["board"])
    page.reload()
    opened(page)
    expect(field(page, "board")).to_contain_text(WORDS)


def test_one_history_over_words_rows_and_numbers(page: Page) -> None:
    write(page, "homework", "回家量一量")
    page.get_by_role("button", name="添加环节").click()
    field(page, "basics.minutes").fill("35")
    for _ in range(3):
        page.keyboard.press("Control+z")
    assert titles(page) == ["环节名1", "环节名2", "环节名3"]
    expect(field(page, "basics.minutes")).not_to_have_value("35")
    expect(field(page, "homework")).not_to_contain_text("回家量一量")
    page.keyboard.press("Control+y")
    expect(field(page, "homework")).to_contain_text("回家量一量")


def test_a_stage_is_doubled_split_moved_deleted_and_brought_back(page: Page) -> None:
    stages = page.locator(".stage")
    stages.nth(0).get_by_role("button", name="复制一行").click()
    assert titles(page) == ["环节名1", "环节名1", "环节名2", "环节名3"]
    page.keyboard.press("Alt+ArrowDown")
    assert titles(page) == ["环节名1", "环节名2", "环节名1", "环节名3"]
    stages.nth(2).get_by_role("button", name="删除这一行").click()
    assert titles(page) == ["环节名1", "环节名2", "环节名3"]
    page.get_by_role("status").get_by_role("button", name="撤销").last.click()
    assert titles(page) == ["环节名1", "环节名2", "环节名1", "环节名3"]
    write(page, "stages.s2.teacher", "光标以后的话")
    for _ in range(6):
        page.keyboard.press("ArrowLeft")
    stages.nth(3).get_by_role("button", name="从光标处拆成两行").click()
    assert titles(page)[-1] == "环节名3（续）"
    expect(stages.nth(4).locator(".rich").first).to_have_text("光标以后的话")
    expect(field(page, "stages.s2.teacher")).not_to_contain_text("光标以后的话")


def test_a_stage_is_dragged_to_its_place(page: Page) -> None:
    page.set_viewport_size({"width": 1366, "height": 2400})
    page.locator("#s-stages").scroll_into_view_if_needed()
    grip = page.locator(".stage .grip").nth(2).bounding_box()
    first = page.locator(".stage").nth(0).bounding_box()
    assert grip
    assert first
    page.mouse.move(grip["x"] + 8, grip["y"] + 8)
    page.mouse.down()
    page.mouse.move(grip["x"] + 8, grip["y"] - 40, steps=4)
    page.mouse.move(first["x"] + 300, first["y"] + 20, steps=8)
    page.mouse.move(first["x"] + 302, first["y"] + 22)
    page.mouse.up()
    assert titles(page) == ["环节名3", "环节名1", "环节名2"]


def test_minutes_add_up_and_say_how_much_is_too_much(page: Page) -> None:
    field(page, "stages.s0.minutes").fill("30")
    expect(page.locator("#s-stages .cardhead")).to_contain_text("合计 56 / 40 分钟")
    expect(page.locator(".minutes-x .err")).to_contain_text("多 16 分钟")
    field(page, "stages.s0.minutes").fill("三十")
    expect(page.locator("#s-stages .err").filter(has_text="不是整数")).to_be_visible()


def test_advice_stands_beside_its_place_once_saved(page: Page) -> None:
    write(page, "board", "读《梯形")
    saved(page)
    expect(page.locator("#s-board .advice")).to_contain_text("后面少一个》")
    expect(page.locator("#s-objectives .advice").first).to_contain_text("还没有环节去落实")


def test_formula_table_picture_and_link_go_in_and_stay(page: Page, tmp_path: Path) -> None:
    write(page, "board", "公式")
    page.get_by_role("button", name="公式", exact=True).click()
    page.get_by_role("button", name="分数", exact=True).click()
    page.locator(".formula-source").fill("S=\\frac{1}{2}(a+b)h")
    page.keyboard.press("Control+Enter")
    expect(field(page, "board").locator(".katex").first).to_be_visible()
    write(page, "homework", "")
    page.get_by_role("button", name="表格", exact=True).click()
    page.keyboard.type("题号")
    page.keyboard.press("Tab")
    page.keyboard.type("用时")
    page.get_by_role("button", name="表头").click()
    picture = tmp_path / "梯形.png"
    page.locator("h1").screenshot(path=picture)
    field(page, "reflection").focus()
    page.locator(".toolbar input[type=file]").set_input_files(picture)
    expect(page.locator(".picture-atom:not(.waiting)")).to_be_visible()
    page.locator(".picture-alt").fill("课题截图")
    page.keyboard.press("Enter")
    write(page, "textbook.connections", "联系@梯形")
    page.locator(".mention li").first.wait_for()
    page.keyboard.press("Enter")
    saved(page)
    stored = str(start_of(page)["document"])
    for part in ("'formula'", "table_header", "'image'", "课题截图", "link_card"):
        assert part in stored
    page.goto(page.url.replace("editor/", ""))
    expect(page.locator("article img[alt='课题截图']")).to_be_visible()


def test_words_are_found_and_replaced_everywhere_in_one_step(page: Page) -> None:
    page.keyboard.press("Control+h")
    page.get_by_label("查找", exact=True).fill("环节名")
    page.get_by_label("换成").fill("步骤")
    page.get_by_role("button", name="全部替换").click()
    assert titles(page) == ["步骤1", "步骤2", "步骤3"]
    page.keyboard.press("Escape")
    page.keyboard.press("Control+z")
    assert titles(page) == ["环节名1", "环节名2", "环节名3"]


def test_without_a_line_the_text_stays_here_and_is_joined_on_return(page: Page, teacher: BrowserContext) -> None:
    start = start_of(page)
    teacher.set_offline(True)
    write(page, "board", WORDS)
    expect(page.locator(".strip-x")).to_contain_text("没有网络，1 处改动存在这台电脑上", timeout=SAVING_MS)
    teacher.set_offline(False)
    expect(field(page, "board")).to_contain_text(WORDS)
    saved(page)
    assert WORDS in str(start_of(page)["document"]["board"])
    assert start_of(page)["lock_version"] == start["lock_version"] + 1


def test_a_colleague_at_another_place_is_joined_without_asking(page: Page) -> None:
    start = start_of(page)
    theirs = start["document"] | {"reflection": _words("同事写的反思")}
    assert save_as_stored(page, start["title"], theirs, start["lock_version"])[0] == 200
    write(page, "board", WORDS)
    saved(page)
    expect(field(page, "reflection")).to_contain_text("同事写的反思")
    stored = start_of(page)["document"]
    assert "同事写的反思" in str(stored["reflection"])
    assert WORDS in str(stored["board"])


def test_a_colleague_at_the_same_place_is_shown_beside_it_and_both_may_stay(page: Page) -> None:
    start = start_of(page)
    theirs = start["document"] | {"board": _words("同事整段改写的板书")}
    assert save_as_stored(page, start["title"], theirs, start["lock_version"])[0] == 200
    field(page, "board").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type(WORDS)
    panel = page.get_by_role("region", name="并排看看")
    expect(panel).to_be_visible(timeout=SAVING_MS)
    expect(panel).to_contain_text("同事整段改写的板书")
    expect(panel).to_contain_text(WORDS)
    assert violations(page) == []
    panel.get_by_role("button", name="两边都留").click()
    panel.get_by_role("button", name="合好了，保存").click()
    saved(page)
    stored = str(start_of(page)["document"]["board"])
    assert WORDS in stored
    assert "同事整段改写的板书" in stored


def test_an_expired_session_keeps_the_text_and_goes_on_after_signing_in_elsewhere(
    page: Page, teacher: BrowserContext
) -> None:
    cookies = teacher.cookies()
    teacher.clear_cookies(name="sessionid")
    write(page, "board", WORDS)
    expect(page.locator(".strip-x")).to_contain_text("登录已过期", timeout=SAVING_MS)
    expect(page.get_by_role("link", name="在新页登录")).to_have_attribute("target", "_blank")
    teacher.clear_cookies()
    sign_in(teacher.new_page(), Role.TEACHER)
    page.bring_to_front()
    page.get_by_role("button", name="再试一次").or_(page.locator(".state")).first.click()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    saved(page)
    assert WORDS in str(start_of(page)["document"]["board"])
    assert cookies


def test_a_killed_browser_loses_nothing_that_was_typed_a_second_ago(
    site: Site, playwright: Playwright, tmp_path: Path
) -> None:
    profile = tmp_path / "profile"
    context = _own_browser(playwright, profile)
    page = context.new_page()
    sign_in_at(page, site)
    url = new_design(page, "被关掉的一课", address=site.address)
    context.set_offline(True)
    write(page, "board", WORDS)
    page.wait_for_timeout(1000)
    _kill_browser_of(profile)

    page = _own_browser(playwright, profile).new_page()
    page.goto(url)
    if "/sign-in/" in page.url:
        sign_in_at(page, site)
        page.goto(url)
    opened(page)
    expect(field(page, "board")).to_contain_text(WORDS)
    saved(page)
    assert WORDS in str(start_of(page)["document"]["board"])
    page.context.close()


def _own_browser(playwright: Playwright, profile: Path) -> BrowserContext:
    """A browser that keeps what it stores in this folder."""
    return playwright.chromium.launch_persistent_context(
        profile, executable_path=find_chromium(), args=list(FLAGS), timeout=STARTING_MS
    )


def _kill_browser_of(profile: Path) -> None:
    """As a power cut does: every process of the browser at once."""
    killed = 0
    for running in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if f"--user-data-dir={profile}" in running.read_text():
                os.kill(int(running.parent.name), signal.SIGKILL)
                killed += 1
    assert killed


def test_keys_alone_write_a_stage(page: Page) -> None:
    """No pointer: a stage is added, named, timed, tied to an objective, moved, written, undone; the bar is walked."""
    page.get_by_role("button", name="添加环节").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("动手")
    page.keyboard.press("Tab")
    page.keyboard.type("12")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Alt+ArrowUp")
    assert titles(page) == ["环节名1", "环节名2", "动手", "环节名3"]
    expect(page.locator(".stage").nth(2).locator(".tick-x").first).to_have_attribute("aria-pressed", "true")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.rich')"):
            break
    page.keyboard.type("剪一剪")
    page.keyboard.press("Control+b")
    page.keyboard.type("拼一拼")
    expect(page.locator(".stage").nth(2).locator("strong")).to_have_text("拼一拼")
    page.keyboard.press("Control+s")
    saved(page)


def test_nothing_is_wrong_for_a_screen_reader_in_any_state(page: Page, teacher: BrowserContext) -> None:
    assert violations(page) == []
    field(page, "stages.s0.teacher").focus()
    page.get_by_role("button", name="表格", exact=True).click()
    page.keyboard.press("Control+h")
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.locator(".card-objectives .f-names input").first.focus()
    page.locator(".options:not([hidden]) li").first.wait_for()
    assert violations(page) == []
    page.get_by_role("button", name="公式", exact=True).click()
    teacher.set_offline(True)
    page.keyboard.press("Escape")
    write(page, "board", WORDS)
    page.locator(".strip-x .note").wait_for(timeout=SAVING_MS)
    assert violations(page) == []


def test_a_phone_reads_and_changes_a_little(page: Page) -> None:
    page.set_viewport_size({"width": 375, "height": 812})
    assert overflow(page) == 0
    write(page, "homework", "手机上补一句")
    saved(page)
    assert overflow(page) == 0
    assert "手机上补一句" in str(start_of(page)["document"]["homework"])


def test_chromium_109_writes_without_an_error(old_browser: Browser, site: Site) -> None:
    with context_of(old_browser, site.address, Role.TEACHER) as context:
        page = context.new_page()
        errors = watch(page)
        new_design(page, "老电脑上的一课")
        write(page, "board", WORDS)
        page.get_by_role("button", name="公式", exact=True).click()
        page.locator(".formula-source").fill("\\frac{1}{2}")
        page.keyboard.press("Control+Enter")
        page.locator(".stage").nth(0).get_by_role("button", name="下移").click()
        saved(page)
        assert titles(page)[0] == "环节名2"
        assert errors == []


def sign_in_at(page: Page, site: Site) -> None:
    """Sign in on this very page, by the button of a demo account."""
    page.goto(f"{site.address}/sign-in/")
    page.get_by_role("button", name=f"以{Role.TEACHER}").click()
    page.wait_for_url(lambda address: "/sign-in/" not in address)


def _words(text: str) -> dict[str, object]:
    return {"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": text}]}]}
