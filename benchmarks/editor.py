"""The editor with a lesson of 20 stages: opening, saving, and how long a key takes to the screen.

In Chromium of today and 109; opening also on a line of 1.6 Mbit/s with a processor four times slower.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests.browser.browsers import FLAGS, NoBrowser, find_chromium, old_chromium, serving
from tests.browser.desks import POST, filled, new_design, opened, saved, start_of
from tests.browser.pages import Role
from tests.browser.site import running_site
from tests.browser.visits import context_of

SLOW_LINE = {"offline": False, "latency": 40, "downloadThroughput": 200_000, "uploadThroughput": 200_000}
WATCH = """() => {
    window.keyTimes = [];
    document.addEventListener("keydown", (event) => requestAnimationFrame(() => {
        const after = new MessageChannel();
        after.port1.onmessage = () => window.keyTimes.push(performance.now() - event.timeStamp);
        after.port2.postMessage(0);
    }), true);
}"""


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--address", default="", help="a demo site that runs already")
    parser.add_argument("--stages", type=int, default=20)
    parser.add_argument("--keys", type=int, default=300)
    parser.add_argument("--saves", type=int, default=40)


def measure(given: argparse.Namespace) -> Iterator[str]:
    """Lines for each browser."""
    with tempfile.TemporaryDirectory(prefix="gongbei-bench-") as folder, sync_playwright() as playwright:
        site = nullcontext(None) if given.address else running_site(Path(folder) / "site")
        with site as running:
            address = given.address or running.address  # type: ignore[union-attr]
            for name, browser in (("Chromium", _today(playwright)), ("Chromium 109", _old(playwright, Path(folder)))):
                with browser as started:
                    if started is None:
                        yield f"{name}: not here"
                        continue
                    yield from (f"{name}: {line}" for line in _played(started, address, given))


@contextmanager
def _today(playwright: Playwright) -> Iterator[Browser | None]:
    browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
    yield browser
    browser.close()


@contextmanager
def _old(playwright: Playwright, folder: Path) -> Iterator[Browser | None]:
    try:
        program = old_chromium()
    except NoBrowser:
        yield None
        return
    with serving(program, folder / "old") as address:
        yield playwright.chromium.connect_over_cdp(address)


def _played(browser: Browser, address: str, given: argparse.Namespace) -> Iterator[str]:
    with context_of(browser, address, Role.TEACHER) as context:
        page = context.new_page()
        new_design(page, "二十个环节", given.stages)
        yield f"a key to the screen: {_said(_keys(page, given.keys))}, {given.stages} stages"
        page.keyboard.press("Control+s")
        saved(page)
        yield f"the page from the server: {_said(_asked(page, given.saves))}"
        yield f"a save: {_said(_saves(page, given))}"
        yield f"to typing at 1.6 Mbit/s, processor 1/4: {_slowly(page):.1f} s"


def _keys(page: Page, count: int) -> list[float]:
    page.locator('[data-path="stages.s9.teacher"], [data-path="stages.s1.teacher"]').last.focus()
    page.evaluate(WATCH)
    for at in range(count):
        page.keyboard.press("abcdefghij"[at % 10])
        page.wait_for_timeout(25)
    page.wait_for_timeout(200)
    return [float(one) for one in page.evaluate("window.keyTimes")]


def _asked(page: Page, count: int) -> list[float]:
    found = []
    for _ in range(count):
        began = time.perf_counter()
        assert page.request.get(page.url).ok
        found.append((time.perf_counter() - began) * 1000)
    return found


def _saves(page: Page, given: argparse.Namespace) -> list[float]:
    """From the page to the answer, as the editor asks."""
    found = []
    lock = start_of(page)["lock_version"]
    for turn in range(given.saves):
        body = json.dumps({"title": f"第 {turn} 次", "document": filled(given.stages), "lock_version": lock})
        began = time.perf_counter()
        status, told = page.evaluate(POST, [page.url + "save/", body])
        found.append((time.perf_counter() - began) * 1000)
        assert status == 200, told
        lock = told["lock_version"]
    return found


def _slowly(page: Page) -> float:
    """Seconds until one can type, nothing cached."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.send("Network.emulateNetworkConditions", SLOW_LINE)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    began = time.perf_counter()
    page.reload(wait_until="commit")
    opened(page)
    return time.perf_counter() - began


def _said(times: list[float]) -> str:
    last = sorted(times)[round(0.95 * (len(times) - 1))]
    return f"p50 {statistics.median(times):.0f} ms, p95 {last:.0f} ms"
