"""The pages themselves: each URL name is classified, and each door opens exactly as its row of the policy says."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.access import oracle
from tests.access.doors import BACK_OFFICE_ENTRANCES, DOORS, LISTS, Door
from tests.access.facts import SIGNED_OUT, VIEWERS
from tests.access.report import report
from tests.access.things import THINGS, Thing
from tests.access.world import World

pytestmark = pytest.mark.django_db

SAMPLE = (
    "draft",
    "in-review-for-G1",
    "published-teacher-N",
    "published-G1",
    "published-public",
    "published-G1-view",
    "published-by-retired",
    "published-T-next-for-Z",
    "taken-down-by-group_admin",
    "archived-T",
    "binned",
)
BY_NAME = {thing.name: thing for thing in THINGS}
BUTTONS = ("fork", "favourite", "archive", "restore", "delete", "take_down", "publish", "edit", "describe", "export")
READERS = ("resource", "preview", "download")


def _patterns(resolver: Any, space: str = "", route: str = "") -> Iterator[tuple[str, str]]:
    for found in resolver.url_patterns:
        here = route + str(found.pattern)
        if isinstance(found, URLResolver):
            yield from _patterns(found, f"{space}{found.namespace}:" if found.namespace else space, here)
        elif isinstance(found, URLPattern):
            yield f"{space}{found.name or ''}", here


EVERY = list(_patterns(get_resolver()))
ADMIN = [(name, route) for name, route in EVERY if route.startswith("admin/")]


def test_every_url_name_is_classified() -> None:
    names = {name for name, route in EVERY if not route.startswith("admin/")}
    assert names - set(DOORS) == set(), "say in tests/access/doors.py whose door it is"
    assert set(DOORS) - names == set(), "these names are gone"


class Visitors:
    """One signed-in client a person."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.clients: dict[str, Client] = {}

    def __getitem__(self, name: str) -> Client:
        if name not in self.clients:
            self.clients[name] = Client(raise_request_exception=True)
            if name != SIGNED_OUT:
                self.clients[name].force_login(self.world.people[name])
        return self.clients[name]


def _lets_in(response: Any) -> bool:
    """Shown, or done and sent on; not refused, not unknown, not sent to sign in."""
    assert response.status_code < 500
    if response.status_code in (301, 302):
        return reverse("sign-in") not in response["Location"]
    return bool(response.status_code == 200)


def _open(client: Client, door: str, thing: Thing, world: World) -> bool:
    from django.db import transaction

    rule = DOORS[f"library:{door}"]
    assert isinstance(rule, Door)
    address = reverse(f"library:{door}", args=[world.resources[thing.name].uid])
    with transaction.atomic():
        opened = _lets_in(getattr(client, rule.method)(address))
        transaction.set_rollback(True)
    return opened


def _sweep(world: World, doors: tuple[str, ...], things: tuple[str, ...]) -> tuple[int, list[str]]:
    visitors, wrong, cases = Visitors(world), [], 0
    for name in things:
        thing = BY_NAME[name]
        for person in oracle.representatives(thing, VIEWERS):
            for door in doors:
                rule = DOORS[f"library:{door}"]
                assert isinstance(rule, Door)
                cases += 1
                expected = oracle.may(thing, person, rule.action)
                if _open(visitors[person], door, thing, world) != expected:
                    wrong.append(f"{person} at {door} of {name}: opens {not expected}")
    return cases, wrong


def test_pages_previews_and_downloads_open_as_the_policy_says(world: World) -> None:
    cases, wrong = _sweep(world, READERS, SAMPLE)
    report("page, preview, download", cases, wrong)


def test_buttons_work_as_the_policy_says(world: World) -> None:
    cases, wrong = _sweep(world, BUTTONS, ("draft", "published-G1", "taken-down-by-group_admin", "binned"))
    report("buttons", cases, wrong)


def test_version_pages_and_their_downloads_follow_the_version(world: World) -> None:
    visitors, wrong, cases = Visitors(world), [], 0
    for thing in (BY_NAME["published-widened"], BY_NAME["published-received"], BY_NAME["in-review-for-G1"]):
        uid = world.resources[thing.name].uid
        for person in oracle.representatives(thing, VIEWERS):
            for version in thing.versions:
                page = visitors[person].get(reverse("library:version", args=[uid, version.number]))
                taken = visitors[person].get(reverse("library:download", args=[uid]), {"v": version.number})
                expected = [oracle.may_version(thing, version, person, a) for a in ("read", "download")]
                cases += 2
                for door, opened, right in zip(("page", "file"), map(_lets_in, (page, taken)), expected, strict=True):
                    if opened != right:
                        wrong.append(f"{person} at the {door} of {thing.name} v{version.number}: opens {opened}")
    report("version page, version download", cases, wrong)


def test_files_open_as_their_version(world: World) -> None:
    visitors, wrong, cases = Visitors(world), [], 0
    for name in ("draft", "published-G1", "published-G1-view", "published-public"):
        thing, file = BY_NAME[name], world.files[name]
        for person in oracle.representatives(thing, VIEWERS):
            for address, action in (
                (reverse("media:preview", args=[file.uid]), "read"),
                (reverse("media:file", args=[file.uid, file.name]), "download"),
            ):
                expected = any(oracle.may_version(thing, v, person, action) for v in thing.versions)
                expected |= oracle.may(thing, person, action if thing.state == "draft" else "see_drafts")
                cases += 1
                if _lets_in(visitors[person].get(address)) != expected:
                    wrong.append(f"{person} {action} file of {name}: opens {not expected}")
    report("file, file preview", cases, wrong)


LOOKING = ("teacher-T", "teacher-N", "author", "retired", "reviewer-G1", "admin-G1", "officer-C1", "host", SIGNED_OUT)


@pytest.mark.parametrize(
    "address",
    [
        reverse(name)
        for name, door in DOORS.items()
        if door == LISTS and name not in {"catalogue:grade", "catalogue:outline", "catalogue:node"}
    ],
)
def test_a_list_shows_nothing_that_its_reader_may_not_list(world: World, address: str) -> None:
    visitors, wrong, cases = Visitors(world), [], 0
    names = {resource.uid: name for name, resource in world.resources.items()}
    for person in LOOKING:
        html = visitors[person].get(address, follow=True).content.decode()
        for uid in set(re.findall(r"/r/([0-9a-z]{10})/", html)) & set(names):
            cases += 1
            if not oracle.may(BY_NAME[names[uid]], person, "list"):
                wrong.append(f"{person} is shown {names[uid]} at {address}")
    report(f"list {address}", cases, wrong)


def test_nobody_but_the_row_back_office_enters_any_address_of_the_back_office(world: World) -> None:
    visitors, wrong = Visitors(world), []
    for name, route in ADMIN:
        if name in BACK_OFFICE_ENTRANCES:
            continue
        for person in ("teacher-T", SIGNED_OUT):
            response = visitors[person].get(f"/{_filled(route)}")
            if response.status_code not in (302, 403, 404, 405) or not response.get("Location", "/sign-in/").startswith(
                "/sign-in/"
            ):
                wrong.append(f"{person} at {name}: {response.status_code}")
    report("back office addresses", 2 * len(ADMIN), wrong)


def _filled(route: str) -> str:
    """A route with plausible values in its places."""
    filled = re.sub(r"<(?:int|\w*pk\w*):?[^>]*>", "1", route)
    filled = re.sub(r"<[^>]+>", "x", filled)
    return re.sub(r"[\^$\\]|\(\?P?<\w+>[^)]*\)|\(\?:[^)]*\)|\([^)]*\)", "", filled)
