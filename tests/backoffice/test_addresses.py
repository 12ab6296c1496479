"""Every address of the back office × everybody: who gets in, and that no title of other schools is in any answer.

The addresses are filled with things of another county: an unfinished studio page, drafts, a stranger's files.
"""

import logging
import re
from collections.abc import Iterator

import pytest
from django.test import Client

from tests.backoffice.addresses import Address, every
from tests.backoffice.world import ROLES, SECRETS, World

ALL = frozenset(ROLES)
NOBODY: frozenset[str] = frozenset()
COMPOSING = frozenset({"site_editor", "host", "editor", "group_admin", "system_admin"})
SITE_EDITOR, SYSTEM = frozenset({"site_editor"}), frozenset({"system_admin"})

TABLE: tuple[tuple[str, frozenset[str]], ...] = (
    # What no screen of Wagtail answers here, for anybody.
    (r"wagtailadmin_(reports|workflows|collections|users):.*|wagtailusers_.*|wagtail_bulk_action", NOBODY),
    (r"wagtailadmin_(error_test|password_reset.*)|test404/|\^\.\*/\$", NOBODY),
    (r"wagtailadmin_api:((images|documents):.*|pages:(action|detail))", NOBODY),
    (r"wagtail(redirects|sites|settings):.*|wagtailsnippets:index", NOBODY),
    # The frame of every screen.
    (r"wagtailadmin_(home|account|sprite|javascript_catalog|dismissibles|editing_sessions:.*)", ALL),
    (r"wagtailadmin_(tag_autocomplete|choose_page|choose_page_search|choose_page_chosen_multiple)", ALL),
    (r"wagtailadmin_choose_(external|email|phone|anchor)_.*|wagtailadmin_choose_page_.*_link|wagtailembeds:.*", ALL),
    (r"wagtailadmin_(tag_model_autocomplete|block_preview|login)", NOBODY),
    (r"wagtailadmin_api:pages:find", NOBODY),
    (r"wagtailadmin_api:pages:listing", ALL),
    # Pages: lists to those who have some; the stranger's unfinished page to nobody.
    (r"wagtailadmin_explore_root|wagtailadmin_pages:search(_results)?", COMPOSING),
    (r"wagtailadmin_(explore|explore_results|choose_page_child)|wagtailadmin_pages:.*", NOBODY),
    # Pictures and documents: the stranger's to site editors alone.
    (r"wagtail(images|docs):(index|index_results|add|add_multiple)", COMPOSING),
    (r"wagtail(images|docs)_chooser:create", COMPOSING),
    (r"wagtail(images|docs)_chooser:(choose|choose_results|chosen_multiple)", ALL),
    (r"wagtail(images|docs)_chooser:(chosen|select_format)", SITE_EDITOR),
    (r"wagtailimages:url_generator.*", NOBODY),
    (r"wagtail(images|docs):(edit|delete|preview|image_usage|document_usage)", SITE_EDITOR),
    (r"wagtail(images|docs):(.*_multiple|create_multiple_.*)", ALL),
    # Lists to read.
    (r"wagtailsnippets_groups_(person|organisation|organisationlink):(list|list_results|inspect)", ALL),
    (r"wagtailsnippets_groups_appointment:(list|list_results)", ALL - {"site_editor", "auditor", "system_admin"}),
    (r"wagtailsnippets_groups_auditrow:(list|list_results|inspect)", SYSTEM | {"auditor"}),
    (r"wagtailsnippets_search_(outboxrow|defect|spread|generation):(list|list_results|inspect)", SYSTEM),
    (r"wagtailsnippets_conversion_(blobwords|pdftwin):(list|list_results|inspect)", SYSTEM),
    # What is decided at desks: the other county's to nobody; proposals about the catalogue are public.
    (r"wagtailsnippets_outlines_(change|mapping):(list|list_results|inspect)", ALL),
    (r"wagtailsnippets_(library|together|memberships|outlines)_.*", NOBODY),
    (r"wagtailsnippetchoosers_(library|together|memberships|outlines)_.*", NOBODY),
    (r"wagtailsnippets_(groups|search|conversion)_.*|wagtailsnippetchoosers_(groups|search|conversion)_.*", NOBODY),
    # The catalogue: everybody reads, its curators and the system administrator edit, nobody deletes.
    (r"wagtailsnippets_catalogue_.*:(list|list_results|inspect)", ALL),
    (r"wagtailsnippetchoosers_catalogue_.*:(choose|choose_results|chosen|chosen_multiple)", ALL),
    (r"wagtailsnippets_catalogue_.*:delete", NOBODY),
    (r"wagtailsnippet(s|choosers)_catalogue_(node|outline):(add|create)", NOBODY),
    (r"wagtailsnippet(s|choosers)_catalogue_.*", SYSTEM),
    # Resources: the list to everybody, the stranger's draft to nobody; restoring answers to POST alone.
    (r"back_office_resources:(index|index_results|restore)", ALL),
    (r"back_office_resources:.*", NOBODY),
)

MAY_NAME: tuple[tuple[str, str, frozenset[str]], ...] = (
    ("news", r".*", SITE_EDITOR),
    ("image", r"wagtailimages.*", SITE_EDITOR),
    ("document", r"wagtaildocs.*", SITE_EDITOR),
    ("resource", r"wagtailsnippets_groups_auditrow:.*", SYSTEM | {"auditor"}),
    ("school_resource", r"wagtailsnippets_groups_auditrow:.*", SYSTEM | {"auditor"}),
)
"""Secret, where it may stand, for whom: site editors edit all news and files, the audit log names what it is about."""

ANSWERS = frozenset({200, 302, 405})


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def _opens(address: Address) -> frozenset[str]:
    found = next((roles for pattern, roles in TABLE if re.fullmatch(pattern, address.name)), None)
    assert found is not None, f"{address.name} is in no row of the table"
    return found


def _get(client: Client, address: Address) -> tuple[int, str, str]:
    response = client.get(address.path)
    body = b"".join(response) if response.streaming else response.content
    return response.status_code, response.headers.get("Location", ""), body.decode(errors="ignore")


def _swept(world: World) -> list[Address]:
    """Everything but signing out, which would end the sweep."""
    return [address for address in every(world) if address.name != "wagtailadmin_logout"]


def test_who_is_signed_out_is_sent_to_our_sign_in_from_everywhere(world: World) -> None:
    client = world.client("anonymous")
    wrong = [a.name for a in _swept(world) if not _get(client, a)[1].startswith("/sign-in/?next=/admin/")]

    assert wrong == []


def test_a_teacher_is_refused_everywhere_in_chinese_with_a_way_on(world: World) -> None:
    client = world.client("teacher")
    answers = {a.name: _get(client, a) for a in _swept(world)}
    wrong = [name for name, (status, _, body) in answers.items() if status != 403 or "回首页" not in body]

    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
def test_each_role_opens_what_the_table_says_and_reads_no_secret(world: World, role: str) -> None:
    client = world.client(role)
    wrong = []
    for address in _swept(world):
        status, location, body = _get(client, address)
        opened = status in ANSWERS and location != "/admin/"
        if opened != (role in _opens(address)):
            wrong.append(f"{address.name} answers {status} {location}")
        wrong += [f"{address.name} names {title}" for title in _named(body, address, role)]

    assert wrong == []


def _named(body: str, address: Address, role: str) -> list[str]:
    allowed = {s for s, where, roles in MAY_NAME if role in roles and re.fullmatch(where, address.name)}
    return [title for secret, title in SECRETS.items() if title in body and secret not in allowed]


def test_the_sweep_covers_wagtail_and_our_own_screens(world: World) -> None:
    names = {address.name.split(":")[0] for address in every(world)}

    assert {"wagtailadmin_pages", "wagtailimages", "wagtailsnippets_groups_person", "back_office_resources"} <= names
    assert len(every(world)) > 300
