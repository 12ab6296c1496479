"""Pictures of every page for every role, at three widths and as printed: `make screenshots`.

Writes var/screenshots/index.html. Exits 0 only when every page answered, axe found nothing and nothing scrolled sideways.
"""

import html
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")
django.setup()

from django.conf import settings  # noqa: E402
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright  # noqa: E402

from tests.browser.browsers import FLAGS, find_chromium  # noqa: E402
from tests.browser.pages import PAGES, WIDTHS, PageOfSite, Role  # noqa: E402
from tests.browser.site import running_site  # noqa: E402
from tests.browser.visits import context_of, overflow, set_width, violations, visit, watch  # noqa: E402

TARGET = settings.BASE_DIR / "var" / "screenshots"
STYLE = "body{font:14px sans-serif;margin:2rem}figure{display:inline-block;margin:.5rem;vertical-align:top}img{max-height:420px;border:1px solid #ccc}.bad{color:#b00020}"


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture, and what was wrong with the page it shows."""

    page: str
    role: str
    width: str
    file: str
    problems: tuple[str, ...]


def main() -> int:
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="gongbei-screenshots-") as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
        address = os.environ.get("SITE", "")
        if address:
            shots = take_all(browser, address)
        else:
            with running_site(Path(folder)) as site:
                shots = take_all(browser, site.address)
        browser.close()
    (TARGET / "index.html").write_text(index(shots), encoding="utf-8")
    problems = [f"{shot.role} {shot.page} {shot.width}: {problem}" for shot in shots for problem in shot.problems]
    print("\n".join(problems))
    print(f"screenshots: {len(shots)} in {TARGET / 'index.html'}, {len(problems)} problems")
    return 1 if problems else 0


def take_all(browser: Browser, address: str) -> list[Shot]:
    shots: list[Shot] = []
    for role in Role:
        wanted = [page for page in PAGES if role in page.roles]
        if wanted:
            with context_of(browser, address, role) as context:
                for page in wanted:
                    shots += take(context, role, page)
    return shots


def take(context: BrowserContext, role: Role, wanted: PageOfSite) -> list[Shot]:
    """Three widths and the print of one page; a page that cannot be reached is one problem."""
    page = context.new_page()
    errors = watch(page)
    try:
        visit(page, wanted)
    except Exception as problem:
        page.close()
        return [Shot(wanted.name, role, "-", "", (str(problem),))]
    if wanted.status >= 400:
        errors.clear()
    shots = [picture(page, role, wanted, width, errors) for width in WIDTHS]
    file = f"{wanted.name}-{role}-print.pdf"
    page.pdf(path=TARGET / file, format="A4", prefer_css_page_size=True)
    page.close()
    return [*shots, Shot(wanted.name, role, "print", file, ())]


def picture(page: Page, role: Role, wanted: PageOfSite, width: int, errors: list[str]) -> Shot:
    set_width(page, width)
    file = f"{wanted.name}-{role}-{width}.png"
    page.screenshot(path=TARGET / file, full_page=True)
    problems = [*errors]
    if wanted.ours:
        problems += violations(page)
        if (sideways := overflow(page)) > 0:
            problems.append(f"scrolls sideways by {sideways} px")
    errors.clear()
    return Shot(wanted.name, role, str(width), file, tuple(problems))


def index(shots: list[Shot]) -> str:
    parts = [f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>共备 截图</title><style>{STYLE}</style>']
    for name in dict.fromkeys(shot.page for shot in shots):
        parts.append(f"<h2>{html.escape(name)}</h2>")
        parts += [figure(shot) for shot in shots if shot.page == name]
    return "\n".join(parts)


def figure(shot: Shot) -> str:
    shown = f'<img src="{shot.file}" alt="">' if shot.file.endswith("png") else html.escape(shot.file or "—")
    problems = "".join(f'<div class="bad">{html.escape(problem)}</div>' for problem in shot.problems)
    return (
        f'<figure><a href="{shot.file}">{shown}</a><figcaption>{shot.role} {shot.width}{problems}</figcaption></figure>'
    )


if __name__ == "__main__":
    sys.exit(main())
