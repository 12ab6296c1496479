"""What the first view of a page costs a phone on a village school's line."""

import pytest
from playwright.sync_api import Browser, CDPSession

from tests.browser.pages import PAGES, Role
from tests.browser.site import Site
from tests.browser.visits import context_of, visit

LIMIT = 150_000
WEIGHED = {"home", "search", "resource-courseware", "resource-design", "resource-package"}


def transferred(session: CDPSession) -> list[int]:
    """Bytes on the wire of each answer, from now on."""
    sizes: list[int] = []
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    return sizes


@pytest.mark.parametrize("role", [Role.VISITOR, Role.TEACHER])
@pytest.mark.parametrize("name", sorted(WEIGHED))
def test_the_first_view_is_light(browser: Browser, site: Site, role: Role, name: str) -> None:
    wanted = next(page for page in PAGES if page.name == name)
    with context_of(browser, site.address, role) as context:
        page = context.new_page()
        visit(page, wanted)
        page.wait_for_load_state("networkidle")
        session = context.new_cdp_session(page)
        sizes = transferred(session)
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        page.reload(wait_until="networkidle")

        assert sizes, "nothing was measured"
        assert sum(sizes) <= LIMIT, f"{page.url} sent {sum(sizes)} bytes in {len(sizes)} answers"
