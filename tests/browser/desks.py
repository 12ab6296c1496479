"""The editor in a browser: a fresh lesson design with known words, and what a person sees and does there."""

import json
import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from library.documents import schema
from tests.factories.town import whole_design

SAVED = re.compile(r"^已保存 \d\d:\d\d$")
SAVING_MS = 12_000
POST = """async ([address, body]) => {
    const token = document.querySelector("input[name=csrfmiddlewaretoken]").value;
    const headers = {"X-CSRFToken": token, "Content-Type": "application/json", Accept: "application/json"};
    const answer = await fetch(address, {method: "POST", headers, body});
    return [answer.status, await answer.json()];
}"""


def filled(stages: int = 3) -> dict[str, Any]:
    """A whole lesson design as JSON, with so many stages."""
    document = schema.dump(whole_design())
    said = {
        "type": "doc",
        "content": [{"type": "paragraph", "content": [{"type": "text", "text": "出示梯形，说说发现。"}]}],
    }
    keys = "123456789ABCDEFGHIJKLMNOPQRSTUV"
    document["stages"] = {
        f"s{n}": {
            "order": keys[n],
            "title": f"环节名{n + 1}",
            "minutes": 40 // stages,
            **dict.fromkeys(("teacher", "pupils", "intent", "checkpoints"), said),
        }
        for n in range(stages)
    }
    return document


def new_design(page: Page, title: str, stages: int = 3, address: str = "") -> str:
    """Make a draft the way a teacher does, put words into it, and stand in its editor; returns its address."""
    page.goto(f"{address}/my/new/lesson_design/")
    page.fill("input[name=title]", title)
    page.locator("main form button[type=submit], main form button:not([type])").last.click()
    page.wait_for_url("**/editor/")
    opened(page)
    status, told = save_as_stored(page, title, filled(stages), 1)
    assert status == 200, told
    page.reload()
    opened(page)
    return page.url


def save_as_stored(page: Page, title: str, document: dict[str, Any], lock: int) -> tuple[int, dict[str, Any]]:
    """What another window or a colleague saves, past the editor of this page."""
    body = json.dumps({"title": title, "document": document, "lock_version": lock})
    status, told = page.evaluate(POST, [page.url.split("#")[0] + "save/", body])
    return int(status), dict(told)


def start_of(page: Page) -> dict[str, Any]:
    """The text as the server has it now."""
    address = page.url.split("#")[0]
    html = page.request.get(address).text()
    found = re.search(r'<script id="desk-start" type="application/json">(.*?)</script>', html, re.DOTALL)
    assert found
    return dict(json.loads(found[1]))


def opened(page: Page) -> None:
    page.wait_for_selector("html[data-desk=ready]")


def field(page: Page, path: str) -> Locator:
    return page.locator(f'[data-path="{path}"]')


def write(page: Page, path: str, words: str) -> None:
    """Put the cursor at the end of a field and type."""
    here = field(page, path)
    here.focus()
    page.wait_for_timeout(120)
    page.keyboard.press("Control+End")
    page.wait_for_timeout(60)
    page.keyboard.type(words)


def saved(page: Page) -> None:
    expect(page.locator(".state")).to_have_text(SAVED, timeout=SAVING_MS)


def titles(page: Page) -> list[str]:
    """The names of the stages, top to bottom."""
    return [str(one) for one in page.locator(".st-title input").evaluate_all("found => found.map(one => one.value)")]
