"""The back office speaks Chinese: no word of Wagtail's stays English on the screens that our roles use."""

import re
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import trans_real

from tests.backoffice.world import World

FORMATS = frozenset({"%s MB", "%s KB", "%s GB", "%s bytes"})
WORD = re.compile(r"[A-Za-z]{3,}")
ALLOWED = re.compile(r"[a-z0-9]{10}|[\w-]+\.txt|maths-t|page|resource|studio|test\.deed|Root", re.I)
"""What is no English word of the screen: numbers of things, a file's name, what these tests call theirs, and the
root of Wagtail's tree, which stands as the home page's parent."""


@pytest.fixture
def untranslated(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Every message that was asked for in Chinese and came back as it was."""
    found: set[str] = set()

    def watched(name: str, shown: slice) -> Any:
        ask = getattr(trans_real, name)

        def asked(*words: Any, **more: Any) -> Any:
            answer = ask(*words, **more)
            if str(answer) in map(str, words[shown]) and WORD.search(str(answer)):
                found.add(str(answer))
            return answer

        return asked

    for name, shown in (("gettext", slice(0, 1)), ("ngettext", slice(0, 2)), ("pgettext", slice(1, 2))):
        monkeypatch.setattr(translation._trans, name, watched(name, shown))  # type: ignore[attr-defined]
    return found


def _screens(world: World) -> dict[str, list[str]]:
    pages, shelf = world.pages, world.shelf
    public = shelf.published(shelf.draft())

    def page(view: str, name: str) -> str:
        return reverse(f"wagtailadmin_pages:{view}", args=[pages[name].pk])

    def add(app: str, model: str, name: str) -> str:
        return reverse("wagtailadmin_pages:add", args=[app, model, pages[name].pk])

    edited = ("home", "news_index", "group_news", "help", "studio_index")
    resource = [reverse(f"back_office_resources:{view}", args=[public.uid]) for view in ("detail", "take_down")]
    files = [reverse(f"wagtail{kind}:{view}") for kind in ("images", "docs") for view in ("index", "add_multiple")]
    lists = [f"wagtailsnippets_groups_{name}:list" for name in ("person", "organisation", "auditrow")]
    lists += [f"wagtailsnippets_search_{name}:list" for name in ("outboxrow", "defect", "spread", "generation")]
    lists += [f"wagtailsnippets_conversion_{name}:list" for name in ("blobwords", "pdftwin")]
    lists += [f"wagtailsnippets_catalogue_{name}:list" for name in ("textbook", "node", "subject", "standard")]
    lists += [f"wagtailsnippets_outlines_{name}:list" for name in ("change", "mapping")]
    home = [reverse("wagtailadmin_home"), reverse("back_office_resources:index")]
    return {
        "site_editor": [
            *home,
            *files,
            *(page("edit", name) for name in edited),
            add("website", "newspage", "news_index"),
        ]
        + [page(view, "group_news") for view in ("delete", "unpublish", "move", "copy", "history", "usage")]
        + [add("website", "helppage", "help_index"), add("studios", "studiopage", "studio_index")]
        + [reverse("wagtailadmin_explore", args=[pages["news_index"].pk]), reverse("wagtailadmin_pages:search")]
        + [reverse("wagtailadmin_choose_page"), reverse("wagtailimages_chooser:choose")],
        "host": [*home, page("edit", "studio"), page("history", "studio")],
        "group_admin": [*home, page("edit", "group_news")],
        "officer": [*home, *resource, reverse("wagtailsnippets_groups_appointment:list")],
        "system_admin": [*home, *map(reverse, lists)],
    }


def test_every_message_of_the_screens_is_translated(world: World, untranslated: set[str]) -> None:
    screens = _screens(world)
    wrong = {}
    for role, paths in screens.items():
        client = world.client(role)
        for path in paths:
            untranslated.clear()
            assert client.get(path).status_code == 200, (role, path)
            if left := untranslated - FORMATS:
                wrong[path] = sorted(left)

    assert wrong == {}


def test_no_english_line_is_printed(world: World) -> None:
    wrong = []
    for role, paths in _screens(world).items():
        client = world.client(role)
        for path in paths:
            response = client.get(path)
            if response.headers["Content-Type"].startswith("text/html"):
                wrong += [f"{path}: {line}" for line in _english(response.content.decode())]

    assert not wrong, "\n".join(wrong)


def _english(html: str) -> list[str]:
    """Lines of text, and labels, that hold an English word and no Chinese one."""
    shown = re.sub(
        r"(?s)<(script|style|svg|template|textarea)\b.*?</\1>|<!--.*?-->|<div[^>]* hidden>[^<]*</div>", "", html
    )
    said = re.findall(r'\s(?:title|aria-label|placeholder|alt)="([^"]*)"', shown)
    said += re.sub(r'<(?:"[^"]*"|[^">])*>', "\n", shown).splitlines()
    lines = {line.strip() for line in said}
    return sorted(
        li for li in lines if WORD.search(li) and not re.search(r"[一-鿿]|\{\{", li) and not ALLOWED.fullmatch(li)
    )


def test_the_first_screen_says_in_words_what_waits(world: World) -> None:
    world.shelf.town.person("host")
    page = world.pages["studio"]
    assert "现在没有等你办的事。" in world.client("host").get("/admin/").content.decode()
    page.motto = "还没定稿"
    page.save_revision()

    assert f"《{page.title}》有改动还没有发布。" in world.client("host").get("/admin/").content.decode()


def test_the_menu_holds_only_what_leads_somewhere(world: World) -> None:
    officer = world.client("officer").get("/admin/").content.decode()
    host = world.client("host").get("/admin/").content.decode()

    assert "/admin/resources/" in officer
    assert "/admin/images/" not in officer
    assert "/admin/images/" in host
    assert not any(closed in host + officer for closed in ("/admin/reports/", "/admin/workflows/", "/admin/users/"))
