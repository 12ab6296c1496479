"""Thirty clipboards from Word, WPS, web pages, plain text and hostile hands: the structure stays, nothing else comes in.

Each file of `clipboard/` begins with what must be found after it was pasted, as JSON in a comment.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.desks import field, new_design, saved, start_of
from tests.browser.pages import Role
from tests.browser.site import Site
from tests.browser.visits import context_of, watch

SAMPLES = sorted((Path(__file__).parent / "clipboard").glob("*.html"))
SELECTORS = {
    "h": "h4, h5, h6",
    "table": "table",
    "tr": "tr",
    "cell": "td, th",
    "colspan": "[colspan]",
    "rowspan": "[rowspan]",
    "ul": "ul",
    "ol": "ol",
    "li": "li",
    "strong": "strong",
    "u": "u",
    "sup": "sup:not(.katex *)",
    "sub": "sub",
    "s": "s",
    "formula": ".formula-atom",
    "img": ".picture-atom img.picture-shown",
    "blockquote": "blockquote",
    "cards": ".link-card",
    "links": "a:not(.link-card)",
}
PASTE = """(host, [html, plain]) => {
    const data = new DataTransfer();
    if (html) data.setData("text/html", html);
    data.setData("text/plain", plain);
    host.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


@pytest.fixture(scope="module")
def page(browser: Browser, site: Site) -> Iterator[Page]:
    with context_of(browser, site.address, Role.TEACHER) as context:
        page = context.new_page()
        page.set_default_timeout(15_000)
        errors = watch(page)
        new_design(page, "粘贴试验")
        yield page
        assert errors == []


def test_there_are_thirty_clipboards() -> None:
    assert len(SAMPLES) == 30


@pytest.mark.parametrize("sample", SAMPLES, ids=[path.stem for path in SAMPLES])
def test_what_is_pasted_keeps_its_structure_and_brings_nothing_else(page: Page, sample: Path) -> None:
    first, _, html = sample.read_text().partition("\n")
    wanted: dict[str, Any] = json.loads(first.removeprefix("<!-- ").removesuffix(" -->"))
    here = field(page, "homework")
    here.focus()
    page.wait_for_timeout(60)
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")

    here.evaluate(PASTE, [html.strip(), wanted.get("plain", "")])
    page.wait_for_timeout(150)

    found = {name: here.locator(selector).count() for name, selector in SELECTORS.items() if name in wanted}
    assert found == {name: wanted[name] for name in found}
    words = here.evaluate("host => host.textContent")
    for text in wanted.get("text", ()):
        assert text in words
    drawn = here.evaluate("host => [...host.querySelectorAll('annotation')].map(one => one.textContent).join(' ')")
    for latex in wanted.get("latex", ()):
        assert latex.replace(" ", "") in drawn.replace(" ", "")
    for said in wanted.get("toast", ()):
        page.locator(".toast-x", has_text=said).first.wait_for()
    _nothing_foreign(page, wanted)


def _nothing_foreign(page: Page, wanted: dict[str, Any]) -> None:
    here = field(page, "homework")
    inside = re.sub(r'<span class="katex.*', "", here.evaluate("host => host.innerHTML"))
    for gone in wanted.get("gone", ()):
        assert gone not in inside
    assert page.evaluate("document.body.dataset.hit") is None
    assert page.evaluate("getComputedStyle(document.body).display") != "none"
    foreign = (
        "host => host.querySelectorAll('script, style, link, iframe, object, form, [onerror], [onload], font').length"
    )
    assert here.evaluate(foreign) == 0


def test_the_last_clipboard_was_saved_like_anything_typed(page: Page) -> None:
    page.keyboard.press("Control+s")
    saved(page)
    assert "table_row" in str(start_of(page)["document"]["homework"])
