"""What is shipped to the browser: small, old-browser safe, and rebuilt from the sources beside it."""

import gzip
import json
import re
from pathlib import Path

import pytest
from PIL import ImageFont

from ui import apps

PACKAGE = Path(apps.__file__).parent
STATIC = PACKAGE / "static/ui"
ROOT = PACKAGE.parent
FONT = STATIC / "fonts/gongbei-kai.woff2"
STYLES = ("bootstrap.css", "gongbei.css")
SCRIPTS = ("early.js", "gongbei.js")


def compressed(*names: str) -> int:
    return sum(len(gzip.compress((STATIC / name).read_bytes(), 6)) for name in names)


def styles() -> str:
    return "".join((STATIC / name).read_text("utf-8") for name in STYLES)


@pytest.mark.parametrize(
    "feature",
    [
        ":has(",
        "color-mix(",
        "oklch(",
        "oklab(",
        "@container",
        "@layer",
        "container-type",
        "@nest",
        "dvh",
        "svh",
        "lvh",
        "text-wrap",
    ],
)
def test_the_styles_use_nothing_newer_than_chrome_92(feature: str) -> None:
    assert feature not in styles()


def test_the_styles_are_not_nested() -> None:
    depth = 0
    stack: list[bool] = []
    for token in re.finditer(r"([^{}]*)([{}])", styles()):
        if token[2] == "{":
            is_group = token[1].rsplit(";", 1)[-1].strip().startswith("@")
            assert is_group or not any(not group for group in stack), token[1][-80:]
            stack.append(is_group)
            depth += 1
        else:
            stack.pop()
    assert stack == []


def test_every_style_has_a_visible_focus() -> None:
    css = (STATIC / "gongbei.css").read_text("utf-8")
    assert re.search(r":focus-visible\{outline:3px solid var\(--qing-6\);outline-offset:2px", css)
    assert re.search(r"@media \(prefers-reduced-motion:reduce\)", css)


def test_the_first_view_is_light() -> None:
    assert compressed(*STYLES) <= 35_000
    assert compressed(*SCRIPTS) <= 40_000
    assert compressed(*STYLES, *SCRIPTS, "icons.svg", "mark.svg") + FONT.stat().st_size <= 115_000


def test_the_font_is_small_and_draws_every_character_it_claims() -> None:
    assert FONT.stat().st_size <= 80_000
    words = (PACKAGE / "frontend/kai.txt").read_text("utf-8")
    characters = sorted(set("".join(words.split())))
    claimed = {
        chr(int(code, 16))
        for code in re.findall(r"U\+([0-9A-F]+)", (PACKAGE / "frontend/styles/_font-range.scss").read_text("utf-8"))
    }
    assert claimed == set(characters)
    font = ImageFont.truetype(str(FONT), 40)
    missing = bytes(font.getmask("\ufffe"))
    assert [char for char in characters if bytes(font.getmask(char)) == missing] == []


@pytest.mark.parametrize("text", ["语数英科法艺体劳信", "定稿校级区级市级省级部级集团精品", "一二三四五六七八九十"])
def test_seals_blocks_and_numbers_need_no_system_font(text: str) -> None:
    assert set(text) <= set((PACKAGE / "frontend/kai.txt").read_text("utf-8"))


def test_the_fonts_licence_stands_beside_it_and_its_reserved_name_is_not_used() -> None:
    assert "SIL OPEN FONT LICENSE" in (STATIC / "fonts/OFL.txt").read_text("utf-8")
    family, _ = ImageFont.truetype(str(FONT), 20).getname()
    assert family == "Gongbei Kai"


def test_the_lock_names_no_registry_and_every_version_is_exact() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))
    assert not [name for name, entry in lock["packages"].items() if "resolved" in entry]
    assert all(entry.get("integrity") for name, entry in lock["packages"].items() if name)
    wanted = json.loads((ROOT / "package.json").read_text("utf-8"))["devDependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())


def test_the_icon_list_and_the_sprite_agree() -> None:
    wanted = json.loads((PACKAGE / "frontend/icons.json").read_text("utf-8"))
    drawn = re.findall(r'<symbol id="([a-z0-9-]+)"', (STATIC / "icons.svg").read_text("utf-8"))
    assert drawn == sorted(set(wanted))
    assert "ISC" in (STATIC / "icons.LICENSE.txt").read_text("utf-8")
