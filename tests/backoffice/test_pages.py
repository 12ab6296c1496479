"""Whose pages: site editors keep the site, a host the studio's own page, a group's administrator the group's news."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from groups.models import Role
from studios.models import StudioPage
from tests.backoffice.world import World
from tests.factories import people
from website.models import NewsPage

SITE = {"home", "news_index", "help_index", "studio_index", "group_news", "city_news", "help"}
EDITS = {
    "site_editor": SITE,
    "host": {"studio"},
    "editor": {"studio"},
    "group_admin": {"group_news"},
    "officer": set(),
    "auditor": set(),
    "system_admin": set(),
}
DELETES = {"site_editor": {"group_news", "city_news", "help"}}


def _opened(world: World, role: str, view: str, page: Any) -> bool:
    return world.client(role).get(reverse(f"wagtailadmin_pages:{view}", args=[page.pk])).status_code == 200


def _open_to(world: World, view: str) -> dict[str, set[str]]:
    """Role → the pages on which it opens a screen."""
    return {role: {name for name, page in world.pages.items() if _opened(world, role, view, page)} for role in EDITS}


def test_each_role_edits_its_own_pages_and_no_other(world: World) -> None:
    assert _open_to(world, "edit") == EDITS


def test_only_site_editors_delete_move_and_copy(world: World) -> None:
    for view in ("delete", "move", "copy"):
        assert _open_to(world, view) == {role: DELETES.get(role, set()) for role in EDITS}, view


def test_privacy_is_nobodys_to_change(world: World) -> None:
    assert not any(_open_to(world, "set_privacy").values())


def test_a_host_publishes_the_own_page(world: World) -> None:
    page = world.pages["studio"]
    client = world.client("host")
    form = nested_form_data(
        {"title": page.title, "number": "", "level": "county", "period": "", "motto": "让学生讲道理"}
        | {"host_introduction": "", "body": streamfield([]), "action-publish": "1"}
    )
    response = client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form)
    page.refresh_from_db()

    assert response.status_code == 302
    assert page.motto == "让学生讲道理"


def test_a_host_whose_seat_ended_a_moment_ago_no_longer_edits(world: World) -> None:
    assert _opened(world, "host", "edit", world.pages["studio"])
    world.people["host"].appointments.update(ends_at=timezone.now() - timedelta(seconds=1))

    assert not _opened(world, "host", "edit", world.pages["studio"])


def test_a_closed_studios_page_is_nobodys(world: World) -> None:
    world.town.studio.closed_at = timezone.now() - timedelta(days=1)
    world.town.studio.save()

    assert not any(_opened(world, role, "edit", world.pages["studio"]) for role in EDITS)


def test_owning_a_page_gives_nothing(world: World) -> None:
    StudioPage.objects.filter(pk=world.pages["studio"].pk).update(owner=world.people["site_editor"])
    NewsPage.objects.filter(pk=world.pages["city_news"].pk).update(owner=world.people["group_admin"])

    assert not _opened(world, "site_editor", "edit", world.pages["studio"])
    assert not _opened(world, "group_admin", "edit", world.pages["city_news"])


def test_the_explorer_of_a_host_begins_at_the_own_page(world: World) -> None:
    response = world.client("host").get(reverse("wagtailadmin_explore_root"))

    assert response.headers["Location"] == reverse("wagtailadmin_explore", args=[world.pages["studio"].pk])


def _news(world: World, group: Any, **more: Any) -> dict[str, Any]:
    body = streamfield([("text", rich_text("<p>正文</p>"))])
    date = timezone.localdate().isoformat()
    return nested_form_data({"title": "新的一条", "date": date, "lead": "", "group": group, "body": body} | more)


def _write(world: World, role: str, group: Any) -> int:
    url = reverse("wagtailadmin_pages:add", args=["website", "newspage", world.pages["news_index"].pk])
    response = world.client(role).post(url, _news(world, group, **{"action-publish": "1"}))
    return 0 if response.headers.get("Location") == "/admin/" else response.status_code


def test_a_groups_administrator_writes_and_publishes_news_of_the_own_group_alone(world: World) -> None:
    foreign = world.things["news"].group
    assert [_write(world, "group_admin", group) for group in (foreign.pk, "")] == [200, 200]
    assert not NewsPage.objects.filter(title="新的一条").exists()

    assert _write(world, "group_admin", world.town.group.pk) == 302
    assert NewsPage.objects.live().filter(title="新的一条", group=world.town.group).exists()


def test_news_index_itself_is_not_the_groups_administrators_to_take_away(world: World) -> None:
    assert not _opened(world, "group_admin", "unpublish", world.pages["news_index"])
    assert _opened(world, "group_admin", "unpublish", world.pages["group_news"])


@pytest.mark.parametrize("role", ["site_editor", "system_admin"])
def test_who_keeps_the_site_opens_a_studios_page_and_leaves_it_to_the_host(world: World, role: str) -> None:
    studio = people.organisation("studio", "新工作室")
    url = reverse("wagtailadmin_pages:add", args=["studios", "studiopage", world.pages["studio_index"].pk])
    form = {"title": "新工作室", "studio": studio.pk, "number": "", "level": "county", "period": "", "motto": ""}
    form |= {"host_introduction": "", "body": streamfield([]), "action-publish": "1"}
    response = world.client(role).post(url, nested_form_data(form), follow=True)
    page = StudioPage.objects.get(studio=studio)

    assert page.slug == studio.uid
    assert page.live
    assert "接下来由主持人编辑" in response.content.decode()
    assert not _opened(world, role, "edit", page)


def test_a_host_opens_no_second_page(world: World) -> None:
    url = reverse("wagtailadmin_pages:add", args=["studios", "studiopage", world.pages["studio_index"].pk])

    assert world.client("host").get(url).status_code == 302


def test_pictures_are_shared_by_those_who_compose_the_same_page(world: World) -> None:
    picture = world.things["image"]
    shown = [role for role in ("host", "editor", "group_admin") if _lists(world, role, picture)]
    assert shown == []
    type(picture).objects.filter(pk=picture.pk).update(uploaded_by_user=world.people["editor"])

    assert [role for role in ("host", "editor", "group_admin") if _lists(world, role, picture)] == ["host", "editor"]


def _lists(world: World, role: str, picture: Any) -> bool:
    return picture.title in world.client(role).get(reverse("wagtailimages_chooser:choose_results")).content.decode()


def test_a_link_leads_to_what_is_published(world: World) -> None:
    url = reverse("wagtailadmin_choose_page_child", args=[world.pages["news_index"].pk])
    shown = world.client("host").get(url).json()["html"]

    assert world.pages["city_news"].title in shown
    assert world.things["news"].title not in shown
    assert Page.objects.filter(pk=world.things["news"].pk).exists()


def test_an_auditor_may_not_write_news(world: World) -> None:
    people.post(world.people["auditor"], world.town.member, Role.TEACHER)

    assert _write(world, "auditor", "") == 0
    assert not NewsPage.objects.filter(title="新的一条").exists()
