"""Every page, for everybody who meets it: axe finds nothing, nothing scrolls sideways, nothing is logged as an error."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.pages import PAGES, PageOfSite, Role
from tests.browser.site import Site
from tests.browser.visits import context_of, overflow, set_width, violations, visit, watch

WIDTHS = (375, 1366)
NARROW = WIDTHS[:1]
"""Where another role has looked at the page in both widths, the narrow one is enough: there whatever differs must fit."""
VISITS = [(role, page) for role in Role for page in PAGES if role in page.roles]


@pytest.fixture(scope="module")
def signed_in(browser: Browser, site: Site) -> Iterator[Callable[[Role], BrowserContext]]:
    """A browser profile for each role, signed in once."""
    contexts: dict[Role, BrowserContext] = {}
    with ExitStack() as stack:

        def of(role: Role) -> BrowserContext:
            if role not in contexts:
                contexts[role] = stack.enter_context(context_of(browser, site.address, role))
            return contexts[role]

        yield of


@pytest.mark.parametrize(("role", "wanted"), VISITS, ids=[f"{role}-{page.name}" for role, page in VISITS])
def test_a_page_is_in_order(role: Role, wanted: PageOfSite, signed_in: Callable[[Role], BrowserContext]) -> None:
    page = signed_in(role).new_page()
    errors = watch(page)

    visit(page, wanted)
    found: list[str] = []
    widths = WIDTHS if role is wanted.roles[0] else NARROW
    for width in widths if wanted.ours else ():
        set_width(page, width)
        found += [f"{width}: {violation}" for violation in violations(page)]
        if (sideways := overflow(page)) > 0:
            found.append(f"{width}: scrolls sideways by {sideways} px")
    page.close()

    assert found == []
    assert wanted.status != 200 or errors == []
