"""The tasks of `tasks.md`, each played by the role whose task it is, on one site, each role signed in once."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.pages import FIRST_HIT, Role
from tests.browser.site import Site
from tests.browser.visits import context_of

PATIENCE = 15_000
STAMP = f"{time.time():.0f}"[-6:]
"""Makes words and numbers of one run its own, so that it can be played again on the same site."""

SCHOOL = "/g/东湖小学/"
DESIGNS = "/search/?q=几分之一&kind=教学设计"
WEEKS_LESSON = "section[aria-labelledby=week] a[href^='/k/'], section[aria-labelledby=week] a[href^='/r/']"
OWN_PUBLISHED = "/my/library/?state=published"


@dataclass(frozen=True, slots=True)
class Task:
    number: int
    role: Role
    title: str
    play: Callable[[Page], None]


TASKS: list[Task] = []


def task(role: Role, title: str) -> Callable[[Callable[[Page], None]], Callable[[Page], None]]:
    """The next task of the list."""

    def add(play: Callable[[Page], None]) -> Callable[[Page], None]:
        TASKS.append(Task(len(TASKS) + 1, role, title, play))
        return play

    return add


def h1(page: Page) -> Locator:
    return page.locator("h1").first


def go_in(page: Page, start: str, *selectors: str) -> None:
    """To a page whose address is known, then along links."""
    page.goto(start)
    for selector in selectors:
        page.goto(str(page.locator(selector).first.evaluate("link => link.href")))


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).locator("visible=true").first.click()


def see(page: Page, words: str) -> None:
    expect(page.locator("main")).to_contain_text(words)


# 教师


@task(Role.TEACHER, "打开本周的一节课")
def weeks_lesson(page: Page) -> None:
    go_in(page, "/", WEEKS_LESSON)
    expect(h1(page)).not_to_be_empty()
    expect(page).to_have_url(re.compile("/(k|r)/"))


@task(Role.TEACHER, "按类型找一份教学设计来读")
def read_a_design(page: Page) -> None:
    go_in(page, DESIGNS, FIRST_HIT)
    expect(h1(page)).to_contain_text("几分之一")
    expect(page.locator("article table:visible").first).to_be_visible()


@task(Role.TEACHER, "用上课大字打开教学设计")
def class_mode(page: Page) -> None:
    go_in(page, DESIGNS, FIRST_HIT, "a[href*='view=class']")
    expect(page.locator("body")).to_contain_text("几分之一")


@task(Role.TEACHER, "收藏一份资源，在收藏里找到它")
def keep_a_favourite(page: Page) -> None:
    go_in(page, "/search/?kind=微课", FIRST_HIT)
    title = page.locator("main h1, main .title2").first.inner_text().strip()
    if page.get_by_role("button", name="已收藏").count() == 0:
        press(page, "收藏")
        page.wait_for_load_state()
    page.goto("/my/favourites/")
    see(page, title[:6])


@task(Role.TEACHER, "把别人的教学设计收入备课")
def take_a_design(page: Page) -> None:
    go_in(page, DESIGNS, FIRST_HIT)
    taken = page.get_by_role("button", name="收入备课").locator("visible=true")
    if taken.count():
        theirs = page.url
        taken.first.click()
        page.wait_for_url(lambda address: address != theirs)
    page.goto("/my/library/")
    see(page, "几分之一")


@task(Role.TEACHER, "在学校页认领待建设的一课")
def claim_a_gap(page: Page) -> None:
    page.goto(SCHOOL)
    page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
    page.get_by_role("button", name="认领").locator("visible=true").first.click()
    page.wait_for_url("**/editor/")
    expect(page.locator("#s-stages")).to_be_visible()


@task(Role.TEACHER, "看本校本月，翻到上个月")
def the_months_sheet(page: Page) -> None:
    go_in(page, SCHOOL, "main a[href$='/month/']")
    expect(h1(page)).to_have_text("本校本月")
    page.get_by_role("link", name="上个月").click()
    page.wait_for_url("**?month=*")
    expect(page.get_by_role("link", name="下个月")).to_be_visible()


@task(Role.TEACHER, "看自己的成长档案")
def own_portfolio(page: Page) -> None:
    page.goto("/my/portfolio/")
    expect(h1(page)).to_have_text("林晓雯的成长档案")
    see(page, "发表的资源")


@task(Role.TEACHER, "求一份资源")
def ask_for_something(page: Page) -> None:
    page.goto("/wishes/ask/")
    page.fill("#words", f"求一份认识钟表的学具卡 {STAMP}")
    press(page, "发出")
    expect(h1(page)).to_contain_text(STAMP)


@task(Role.TEACHER, "回应同事求的资源，先看有谁在求")
def see_wishes(page: Page) -> None:
    go_in(page, "/wishes/", "main h2 a[href^='/wishes/']")
    expect(h1(page)).not_to_be_empty()


@task(Role.TEACHER, "建一个专题，收进一份资源")
def make_a_collection(page: Page) -> None:
    page.goto("/c/new/")
    page.locator("main input[name=title]").fill(f"图形的面积 {STAMP}")
    page.locator("main form button.btn-primary").first.click()
    expect(h1(page)).to_contain_text(STAMP)
    go_in(page, DESIGNS, FIRST_HIT, "a[href$='/collect/']")
    page.locator("#collection").select_option(label=f"图形的面积 {STAMP}")
    press(page, "收进去")
    see(page, "几分之一")


@task(Role.TEACHER, "在资源下写一条评论")
def write_a_comment(page: Page) -> None:
    go_in(page, DESIGNS, FIRST_HIT)
    page.fill("#say", f"折纸这一步很实用 {STAMP}")
    page.locator("form:has(#say) button").first.click()
    expect(page.locator("#talk")).to_contain_text(STAMP)


@task(Role.TEACHER, "谢谢作者")
def thank_the_author(page: Page) -> None:
    go_in(page, DESIGNS, FIRST_HIT)
    button = page.locator("form[action$='/thanks/'] button").first
    before = button.get_attribute("aria-pressed")
    button.click()
    expect(page.locator("form[action$='/thanks/'] button").first).not_to_have_attribute("aria-pressed", str(before))


@task(Role.TEACHER, "存下一个搜索")
def save_a_search(page: Page) -> None:
    page.goto(f"/search/?q=植树问题{STAMP}")
    press(page, "存下这个搜索")
    page.goto("/searches/")
    see(page, STAMP)


@task(Role.TEACHER, "关注一个工作室")
def follow_a_studio(page: Page) -> None:
    go_in(page, "/s/", "main a[href^='/s/']")
    button = page.locator("form[action*='/follow/studio/'] button").first
    if button.get_attribute("aria-pressed") == "false":
        button.click()
    page.goto("/my/following/")
    see(page, "工作室")


@task(Role.TEACHER, "看谁能看到自己的资源，为什么")
def who_sees_it(page: Page) -> None:
    go_in(page, OWN_PUBLISHED, "main a[href^='/r/']", "main a[href^='/why/']")
    expect(h1(page)).not_to_be_empty()


@task(Role.TEACHER, "给自己的资源建一个分享链接")
def make_a_link(page: Page) -> None:
    go_in(page, OWN_PUBLISHED, "main a[href^='/r/']", "main a[href$='/links/']")
    press(page, "建链接")
    expect(page.locator("#new-address")).to_have_value(re.compile("/l/"))


@task(Role.TEACHER, "请同事署名")
def invite_an_author(page: Page) -> None:
    go_in(page, "/my/library/", "main a[href^='/r/']", "a[href$='/authors/']")
    page.fill("#name", "查无此人")
    press(page, "发出邀请")
    expect(page.locator("main [role=alert], main .err").first).to_be_visible()
    expect(page.locator("#name")).to_have_value("查无此人")


@task(Role.TEACHER, "看一份资源的来历")
def provenance(page: Page) -> None:
    go_in(page, "/my/library/", "main a[href^='/r/']:has-text('梯形的面积 教学设计')", "a[href$='/provenance/']")
    expect(page.locator("main")).to_contain_text("来历")


@task(Role.TEACHER, "打印分层作业的学生单")
def print_the_pupils_sheet(page: Page) -> None:
    go_in(page, "/search/?q=分层作业", FIRST_HIT, "main a[href$='/print/']")
    expect(page.locator("main")).to_contain_text("姓名")
    expect(page.locator("main article")).not_to_contain_text("参考答案")


@task(Role.TEACHER, "看消息和自己留存的资料")
def messages_and_kept(page: Page) -> None:
    page.goto("/my/messages/")
    expect(h1(page)).not_to_be_empty()
    page.goto("/my/kept/")
    expect(h1(page)).not_to_be_empty()


# 学校管理员、审核人


@task(Role.SCHOOL_ADMINISTRATOR, "退回修改忘了写原因，页面说怎么补")
def returning_needs_a_reason(page: Page) -> None:
    go_in(page, "/review/", "main a[href^='/review/']:not([href*='appeals'])")
    press(page, "退回修改")
    see(page, "原因")
    expect(page.get_by_role("button", name="退回修改")).to_be_visible()


@task(Role.SCHOOL_ADMINISTRATOR, "审核通过一份送审")
def approve(page: Page) -> None:
    go_in(page, "/review/", "main a[href^='/review/']:not([href*='appeals'])")
    title = h1(page).inner_text()
    for box in page.locator("main form input[name=checked]").all():
        box.check()
    press(page, "通过")
    page.wait_for_load_state()
    assert title


@task(Role.SCHOOL_ADMINISTRATOR, "加一位新老师")
def add_a_teacher(page: Page) -> None:
    go_in(page, "/people/", "main a[href$='/add/']")
    page.fill("input[name=name]", "程新禾")
    page.fill("input[name=staff_number]", f"N{STAMP}")
    press(page, "加入名单")
    page.goto("/people/")
    page.goto(f"{page.url}?q=N{STAMP}")
    see(page, "程新禾")


@task(Role.SCHOOL_ADMINISTRATOR, "看谁从没登录过")
def who_never_signed_in(page: Page) -> None:
    go_in(page, "/people/", "main a[href='?show=never']")
    expect(h1(page)).to_contain_text("的人员")


@task(Role.SCHOOL_ADMINISTRATOR, "导出本校人员表")
def export_people(page: Page) -> None:
    page.goto("/people/")
    with page.expect_download() as waiting:
        page.locator("main a[href$='export.xlsx']").first.click()
    assert waiting.value.suggested_filename.endswith(".xlsx")


@task(Role.SCHOOL_ADMINISTRATOR, "取导入人员的模板")
def import_template(page: Page) -> None:
    page.goto("/people/import/")
    with page.expect_download() as waiting:
        page.locator("main a[href$='template.xlsx']").first.click()
    assert waiting.value.suggested_filename.endswith(".xlsx")


@task(Role.SCHOOL_ADMINISTRATOR, "打开交流轮岗的登记页")
def register_exchanges(page: Page) -> None:
    go_in(page, SCHOOL, "main a[href$='/exchanges/']")
    expect(h1(page)).to_contain_text("交流轮岗")
    expect(page.get_by_role("button", name="登记")).to_be_visible()


# 集团管理员


@task(Role.GROUP_ADMINISTRATOR, "看集团里谁用了谁的")
def who_uses_whose(page: Page) -> None:
    page.goto("/g/")
    page.goto(page.get_by_role("link", name="清源实验小学教育集团").first.evaluate("link => link.href"))
    see(page, "1＋N")
    see(page, "给出与取来")


@task(Role.GROUP_ADMINISTRATOR, "提议学校进出集团，先看已有的提议")
def membership(page: Page) -> None:
    page.goto("/g/")
    page.goto(page.get_by_role("link", name="清源实验小学教育集团").first.evaluate("link => link.href"))
    go_in(page, page.url, "main a[href$='/membership/']")
    expect(h1(page)).to_have_text("进出集团")


@task(Role.GROUP_ADMINISTRATOR, "给本集团的资源授予质量标识")
def award_a_mark(page: Page) -> None:
    go_in(page, "/search/?q=几分之一&kind=课件", FIRST_HIT, "a[href$='/mark/']")
    if page.locator("#certificate").count():
        page.fill("#certificate", f"清集字{STAMP}号")
        press(page, "授予")
    see(page, "清集字")


# 工作室主持人


@task(Role.STUDIO_HOST, "看入室申请和成员投稿")
def studio_queue(page: Page) -> None:
    page.goto("/s/")
    page.goto(page.get_by_role("link", name="苏文澜").first.evaluate("link => link.href"))
    go_in(page, page.url, "a[href$='/queue/']")
    expect(h1(page)).not_to_be_empty()


@task(Role.STUDIO_HOST, "在后台改工作室主页的座右铭，存成草稿")
def edit_the_studio(page: Page) -> None:
    page.goto("/admin/")
    page.goto(page.get_by_role("link", name="编辑主页").first.evaluate("link => link.href"))
    page.locator("input[name=motto], textarea[name=motto]").first.fill(f"把每一节课讲明白 {STAMP}")
    page.get_by_role("button", name="保存草稿").first.click()
    expect(page.locator("body")).to_contain_text("已保存")


# 教育局


@task(Role.COUNTY_OFFICER, "在后台按类型筛资源")
def filter_resources(page: Page) -> None:
    page.goto("/admin/resources/?kind=question&kind=paper")
    expect(page.locator("table.listing tbody tr").first).to_be_visible()


@task(Role.CITY_OFFICER, "下架一份公开的资源，再恢复它")
def take_down_and_restore(page: Page) -> None:
    go_in(
        page, "/admin/resources/?state=published&q=多边形面积学具卡", "table.listing tbody a[href*='/admin/resources/']"
    )
    page.get_by_role("link", name="下架").first.click()
    page.fill("#reason", "图片里有学生姓名，请换一张")
    press(page, "下架")
    expect(page.locator("body")).to_contain_text("已下架")
    press(page, "恢复")
    expect(page.locator("body")).to_contain_text("已恢复")


@task(Role.CITY_OFFICER, "看等答复的申诉")
def appeals(page: Page) -> None:
    page.goto("/review/appeals/")
    expect(h1(page)).to_contain_text("申诉")


# 网站编辑


@task(Role.EDITOR, "写一条新闻，存成草稿")
def write_news(page: Page) -> None:
    page.goto("/admin/")
    page.goto(page.locator("a[aria-label*='写一条新闻']").first.evaluate("link => link.href"))
    page.fill("[name=title]", f"青年教师说课活动 {STAMP}")
    page.fill("input[name=date]", "2026-11-27")
    page.get_by_role("button", name="保存草稿").first.click()
    expect(page.locator("body")).to_contain_text(STAMP)


# 系统管理员


@task(Role.STAFF, "看网站状况：索引、后台任务、检索引擎")
def health(page: Page) -> None:
    go_in(page, "/admin/", "a[href='/health/']")
    expect(page.locator("body")).to_contain_text("后台任务")
    expect(page.locator("body")).to_contain_text("检索引擎")


@task(Role.STAFF, "查审计记录：谁在什么时候做了什么")
def audit(page: Page) -> None:
    page.goto("/admin/snippets/groups/auditrow/")
    expect(page.locator("table.listing tbody tr").first).to_be_visible()


@task(Role.STAFF, "看索引待办和搜不到的词")
def outbox_and_gaps(page: Page) -> None:
    page.goto("/admin/snippets/search/outboxrow/")
    expect(page.locator("table.listing tbody tr").first).to_be_visible()
    page.goto("/searches/gaps/")
    expect(h1(page)).to_have_text("搜索缺口")


@pytest.fixture(scope="module")
def page_of(browser: Browser, site: Site) -> Iterator[Callable[[Role], Page]]:
    """A page for each role, signed in once."""
    contexts: dict[Role, BrowserContext] = {}
    with ExitStack() as stack:

        def of(role: Role) -> Page:
            if role not in contexts:
                contexts[role] = stack.enter_context(context_of(browser, site.address, role))
            made = contexts[role].new_page()
            made.set_default_timeout(PATIENCE)
            return made

        yield of


@pytest.mark.parametrize("wanted", TASKS, ids=[f"{one.number:02d}-{one.play.__name__}" for one in TASKS])
def test_a_task_can_be_done_by_whose_it_is(wanted: Task, page_of: Callable[[Role], Page]) -> None:
    page = page_of(wanted.role)

    wanted.play(page)
    page.close()


def test_the_list_of_tasks_tells_the_same_forty() -> None:
    told = re.findall(r"(?m)^(\d+)\. \*\*(.+?)\*\*（(.+?)）", (Path(__file__).parent / "tasks.md").read_text())

    assert [(int(n), title, role) for n, title, role in told] == [(t.number, t.title, str(t.role)) for t in TASKS]
    assert len(TASKS) == 40
