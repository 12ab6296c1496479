"""`/ui/` shows every component, and every component says what it takes."""

import re
from pathlib import Path

import pytest
from django.test import Client

from ui import apps

pytestmark = pytest.mark.urls("tests.ui.urls")

PACKAGE = Path(apps.__file__).parent
COMPONENTS = PACKAGE / "templates/ui/components"
SHELL = {"topbar", "person_menu", "tabbar", "foot", "messages", "mark"}


@pytest.fixture
def html() -> str:
    answer = Client().get("/ui/")
    assert answer.status_code == 200
    return answer.content.decode()


def included(name: str, seen: set[str]) -> set[str]:
    source = (PACKAGE / "templates" / name).read_text("utf-8")
    for found in re.findall(r'include "(ui/components/\w+\.html)"', source):
        if found not in seen:
            seen.add(found)
            included(found, seen)
    return seen


def test_every_component_stands_in_the_showcase() -> None:
    shown = {Path(name).stem for name in included("ui/showcase.html", set())}
    every = {path.stem for path in COMPONENTS.glob("*.html")}
    assert every - shown - SHELL - {"minutes_bar"} == set()


def test_every_component_declares_its_variables_on_top() -> None:
    silent = [
        path.name
        for path in COMPONENTS.glob("*.html")
        if not path.read_text("utf-8").startswith(("{#", "{% comment %}"))
    ]
    assert silent == []


def test_the_showcase_has_one_h1_and_no_duplicate_ids(html: str) -> None:
    assert len(re.findall(r"<h1\b", html)) == 1
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids)), sorted({one for one in ids if ids.count(one) > 1})


def test_pages_carry_no_inline_script(html: str) -> None:
    assert all("src=" in tag for tag in re.findall(r"<script\b[^>]*>", html))
    assert not re.search(r"\son\w+=", html)


def test_every_icon_named_in_a_template_is_in_the_sprite() -> None:
    sprite = (PACKAGE / "static/ui/icons.svg").read_text("utf-8")
    known = set(re.findall(r'<symbol id="([a-z0-9-]+)"', sprite))
    named: set[str] = set()
    for path in (
        found for folder in ("templates", "jinja2") for found in PACKAGE.parent.glob(f"*/**/{folder}/**/*.html")
    ):
        if ".venv" not in path.parts and "node_modules" not in path.parts:
            named |= set(re.findall(r'\{[%{] icon[ (]"([a-z0-9-]+)"', path.read_text("utf-8")))
    assert named - known == set()


def test_the_preview_answers_a_part_of_a_page() -> None:
    answer = Client().get("/ui/?preview=1").content.decode()
    assert "<html" not in answer
    assert "新授" in answer
