"""Which browser Playwright starts, for every test that asks for one."""

import os
from typing import Any

import pytest

from tests.browser.browsers import FLAGS, NoBrowser, find_chromium


def without(problem: NoBrowser) -> None:
    """Skip with the reason; where browsers are required, fail."""
    if os.environ.get("REQUIRE_BROWSER"):
        pytest.fail(str(problem))
    pytest.skip(str(problem))


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Playwright keeps an event loop in this thread until the session ends; Django is still asked from outside of it."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    try:
        return {"executable_path": find_chromium(), "args": list(FLAGS)}
    except NoBrowser as problem:
        without(problem)
        raise
