"""Share links: one thing for whoever holds the address, until it ends; never a list, never another thing."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from groups import access
from groups.access import Action, Refused
from groups.models import GrantLevel
from groups.viewer import Viewer, viewer_for
from library.links import services
from library.links.models import ShareLink
from library.resources import services as library
from library.resources.models import Kind, Resource
from tests.factories import people
from tests.factories import shelf as shelves
from tests.factories.shelf import signed_in
from tests.factories.town import Town

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def shared(town: Town) -> Resource:
    """A design that only one person besides its author may read."""
    return town.published(library.Audience(person=town.person("colleague")))


def made(town: Town, resource: Resource, **more: Any) -> tuple[ShareLink, str]:
    return services.make(resource=resource, by=town.person("teacher"), at=town.now, **more)


def address(token: str) -> str:
    return reverse("links:open", args=[token])


def test_whoever_holds_it_reads_that_thing_and_no_other(town: Town, shared: Resource) -> None:
    other = town.published(library.Audience(person=town.person("colleague")))
    _, token = made(town, shared)
    client = Client()
    page = client.get(address(token))
    assert page.status_code == 200
    assert "推导梯形的面积公式" in page.content.decode()
    for resource in (shared, other):
        assert client.get(resource.get_absolute_url()).status_code == 403
    assert shared.uid not in client.get(reverse("search:search"), {"q": "梯形的面积"}).content.decode()
    assert not Resource.objects.visible_to(viewer_for(None, town.now)).exists()


def test_the_token_is_stored_as_its_digest_alone(town: Town, shared: Resource) -> None:
    link, token = made(town, shared, password="春天来了")
    row = ShareLink.objects.filter(pk=link.pk).values().get()
    assert token not in str(row)
    assert "春天来了" not in str(row)
    assert Client().get(address(token[:-1])).status_code == 404


def test_an_ended_link_says_so_and_whom_to_ask(town: Town, shared: Resource) -> None:
    link, token = made(town, shared, ends_at=town.now + DAY)
    client = Client()
    assert client.get(address(token)).status_code == 200
    ShareLink.objects.filter(pk=link.pk).update(starts_at=town.now - 2 * DAY, ends_at=town.now - DAY)
    page = client.get(address(token))
    assert page.status_code == 410
    html = page.content.decode()
    assert "打不开了" in html
    assert f"请联系{town.person('teacher').name}老师（{town.member.name}）" in html
    assert shared.title not in html
    assert client.get(reverse("links:download", args=[token])).status_code == 410


@pytest.mark.parametrize("deed", ["withdraw", "take_down"])
def test_a_link_opens_nothing_when_its_thing_is_gone(town: Town, shared: Resource, deed: str) -> None:
    _, token = made(town, shared)
    if deed == "withdraw":
        library.withdraw(resource=shared, by=town.person("teacher"), at=town.now)
    else:
        library.take_down(
            resource=shared, by=town.person("system_admin"), reason="有人举报", at=town.now
        ) if access.may(
            town.person("system_admin"), Action.TAKE_DOWN, shared, at=town.now
        ) else Resource.objects.filter(pk=shared.pk).update(state="taken_down")
    assert Client().get(address(token)).status_code == 410


def test_the_owner_revokes_and_nobody_else(town: Town, shared: Resource) -> None:
    link, token = made(town, shared)
    revoke = reverse("links:revoke", args=[shared.uid, link.pk])
    assert signed_in(town.person("colleague")).post(revoke).status_code == 403
    assert signed_in(town.person("teacher")).get(revoke).status_code == 405
    assert signed_in(town.person("teacher")).post(revoke).status_code == 302
    assert Client().get(address(token)).status_code == 410
    link.refresh_from_db()
    assert link.revoked_by == town.person("teacher")


def test_only_who_may_share_a_published_thing_makes_links(town: Town, shared: Resource) -> None:
    for name in ("colleague", "school_admin", "city_officer", "stranger"):
        with pytest.raises(Refused):
            services.make(resource=shared, by=town.person(name), at=town.now)
    with pytest.raises(Refused):
        services.make(resource=town.draft(), by=town.person("teacher"), at=town.now)
    page = reverse("links:links", args=[shared.uid])
    opened = {name for name, person in town.people.items() if signed_in(person).get(page).status_code == 200}
    assert opened == {"teacher"}


def test_a_password_is_asked_once_and_guessing_is_slowed_down(town: Town, shared: Resource) -> None:
    _, token = made(town, shared, password="春天来了")
    client = Client()
    assert "这个链接要密码" in client.get(address(token)).content.decode()
    assert client.get(reverse("links:download", args=[token])).status_code == 302
    for _ in range(5):
        wrong = client.post(address(token), {"password": "秋天"})
        assert wrong.status_code == 422
        assert "密码不对" in wrong.content.decode()
    assert "试得太快了" in client.post(address(token), {"password": "春天来了"}).content.decode()
    other = Client(REMOTE_ADDR="10.0.0.9")
    assert "试得太快了" in other.post(address(token), {"password": "春天来了"}).content.decode(), (
        "the link itself waits"
    )


def test_the_right_password_opens(town: Town, shared: Resource) -> None:
    _, token = made(town, shared, password="春天来了")
    client = Client()
    assert client.post(address(token), {"password": "春天来了"}).status_code == 302
    assert "推导梯形的面积公式" in client.get(address(token)).content.decode()


def test_visits_and_downloads_are_counted(town: Town, shared: Resource) -> None:
    link, token = made(town, shared, level=GrantLevel.DOWNLOAD)
    client = Client()
    for _ in range(3):
        client.get(address(token))
    client.head(address(token))
    assert client.get(reverse("links:download", args=[token])).status_code == 200
    link.refresh_from_db()
    assert (link.visits, link.downloads) == (3, 1)


def test_files_behind_a_link_obey_it(town: Town) -> None:
    shelf = shelves.build(town)
    file, stray = shelf.text_file("课件.pdf"), shelf.text_file("别的.pdf")
    resource = shelf.published(
        shelf.draft(kind=Kind.COURSEWARE, files=((file, "main"),)), library.Audience(person=town.person("colleague"))
    )
    preview, whole = reverse("media:preview", args=[file.uid]), reverse("media:file", args=[file.uid, file.name])
    for level, taken in ((GrantLevel.VIEW, 403), (GrantLevel.DOWNLOAD, 200)):
        link, token = made(town, resource, level=level)
        client = Client()
        assert client.get(preview).status_code == 403
        client.get(address(token))
        assert client.get(preview).status_code == 200
        assert client.get(whole).status_code == taken
        assert client.get(reverse("links:download", args=[token])).status_code == taken
        assert client.get(reverse("media:preview", args=[stray.uid])).status_code == 403
        services.revoke(link=link, by=town.person("teacher"), at=timezone.now())
        assert client.get(preview).status_code == 403


def test_the_rule_and_its_twin_agree_on_links(town: Town, shared: Resource) -> None:
    from dataclasses import replace

    rows = {
        "valid": made(town, shared)[0],
        "to come": made(town, shared)[0],
        "ended": made(town, shared)[0],
        "of a draft": made(town, town.published(library.Audience(person=town.person("colleague"))))[0],
    }
    ShareLink.objects.filter(pk=rows["to come"].pk).update(starts_at=town.now + DAY)
    ShareLink.objects.filter(pk=rows["ended"].pk).update(starts_at=town.now - DAY, ends_at=town.now)
    library.withdraw(resource=rows["of a draft"].resource, by=town.person("teacher"), at=town.now)
    holding = frozenset(link.pk for link in rows.values())
    for person in (None, *town.people.values()):
        without = viewer_for(person, town.now)
        with_links = replace(without, links=holding)
        assert _read(without, rows) == set()
        assert _read(with_links, rows) == {"valid"}
        for action in set(Action) - {Action.READ}:
            assert not access.narrow(ShareLink.objects.all(), with_links, action).exists()
    off = people.person("停用", is_active=False)
    assert _read(replace(viewer_for(off, town.now), links=holding), rows) == set()


def _read(viewer: Viewer, rows: dict[str, ShareLink]) -> set[str]:
    kept = set(access.narrow(ShareLink.objects.all(), viewer, Action.READ).values_list("pk", flat=True))
    said = {name for name, link in rows.items() if access.may(viewer, Action.READ, link)}
    assert said == {name for name, link in rows.items() if link.pk in kept}
    return said


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"level": "view", "ends_on": "2020-01-01"}, "已经过去"),
        ({"level": "view", "password": "一"}, "太短"),
        ({"level": "all"}, "能做什么"),
        ({"level": "view", "ends_on": "明天"}, "不是日期"),
        ({"level": "view", "ends_on": "9999-12-31"}, "年份不对"),
    ],
)
def test_a_form_that_does_not_fit_says_what_to_change(
    town: Town, shared: Resource, typed: dict[str, str], says: str
) -> None:
    page = reverse("links:links", args=[shared.uid])
    answer = signed_in(town.person("teacher")).post(page, typed)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not ShareLink.objects.exists()


def test_the_address_is_shown_once(town: Town, shared: Resource) -> None:
    client, page = signed_in(town.person("teacher")), reverse("links:links", args=[shared.uid])
    assert client.post(page, {"level": "view", "note": "区教研员"}).status_code == 302
    first, second = (client.get(page).content.decode() for _ in range(2))
    assert "/l/" in first
    assert "/l/" not in second
    assert "区教研员" in second


def test_the_list_asks_the_same_number_of_queries_for_more_links(town: Town, shared: Resource) -> None:
    client, page = signed_in(town.person("teacher")), reverse("links:links", args=[shared.uid])
    counts = []
    for _ in range(2):
        for _ in range(10):
            made(town, shared)
        with CaptureQueriesContext(connection) as queries:
            client.get(page)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= 15
