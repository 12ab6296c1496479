"""Going to a page as somebody: signing in, following links, looking for what is wrong with it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urljoin

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Response

from tests.browser.pages import PageOfSite, Role
from website.demo.accounts import demo_accounts

AXE_OPTIONS = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}}


@contextmanager
def context_of(browser: Browser, address: str, role: Role, width: int = 1366) -> Iterator[BrowserContext]:
    """A fresh browser profile in which this role is signed in."""
    context = browser.new_context(
        base_url=address,
        viewport={"width": width, "height": 812 if width < 600 else 900},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
        accept_downloads=True,
    )
    try:
        if role is not Role.VISITOR:
            sign_in(context.new_page(), role)
        yield context
    finally:
        context.close()


def sign_in(page: Page, role: Role) -> None:
    account = next(account for account in demo_accounts() if account.name == role)
    page.goto("/sign-in/")
    page.fill("input[name=account]", account.phone)
    page.fill("input[name=password]", account.password)
    page.click("form:has(input[name=password]) button:not([type=button])")
    page.wait_for_url(lambda address: "/sign-in/" not in address)
    page.close()


def press_demo_button(page: Page, role: Role) -> None:
    """Sign in the way a stranger does: by the button of a demo account."""
    page.goto("/sign-in/")
    page.get_by_role("button", name=f"以{role}").click()
    page.wait_for_url(lambda address: "/sign-in/" not in address)


def visit(page: Page, wanted: PageOfSite) -> Response:
    """Go to the page; its links lead there.

    Raises:
        AssertionError: no such link, or another status than the table says.
    """
    response = page.goto(wanted.start)
    for selector in wanted.follow:
        link = page.locator(selector).first
        assert link.count(), f"{wanted.name}: {page.url} has no link {selector}"
        response = page.goto(urljoin(page.url, str(link.get_attribute("href"))))
    assert response
    assert response.status == wanted.status, f"{wanted.name}: {page.url} answered {response.status}"
    return response


def watch(page: Page) -> list[str]:
    """Collects what the browser's console complains of from now on."""
    errors: list[str] = []
    page.on("console", lambda message: errors.append(f"console: {message.text}") if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(f"script: {error}"))
    return errors


def set_width(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 812 if width < 600 else 900})
    page.wait_for_load_state("networkidle")


def violations(page: Page) -> list[str]:
    """What axe finds wrong, one line each."""
    found: dict[str, Any] = Axe().run(page, options=AXE_OPTIONS).response
    return [
        f"{violation['id']}: {violation['help']} — {node['target']} {node['html'][:160]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window: a page never scrolls sideways."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
