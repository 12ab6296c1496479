"""Browser tests play on the real site, in a real browser. Without one they are skipped with a reason, in CI they fail."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright

from tests.browser.browsers import ATTACHING_MS, NoBrowser, old_chromium, serving
from tests.browser.site import Site, running_site
from tests.chromium import without


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo site; SITE=http://127.0.0.1:8000 plays on one that runs already."""
    if address := os.environ.get("SITE"):
        yield Site(address, Path("var"))
        return
    with running_site(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture(scope="session")
def base_url(site: Site) -> str:
    return site.address


@pytest.fixture(scope="session")
def old_browser(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Chromium 109."""
    try:
        program = old_chromium()
    except NoBrowser as problem:
        without(problem)
        raise
    with serving(program, tmp_path_factory.mktemp("old-profile")) as address:
        browser = playwright.chromium.connect_over_cdp(address, timeout=ATTACHING_MS)
        yield browser
        browser.close()
