"""Every address below `/admin/`, filled with things that belong to somebody else."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from wagtail.models import Site

from tests.backoffice.world import World

UNNAMED = {"test404/": "/admin/test404/", "^.*/$": "/admin/nowhere/"}


@dataclass(frozen=True, slots=True)
class Address:
    name: str
    path: str


def every(world: World) -> list[Address]:
    """All of them; an address that cannot be filled fails here, by name."""
    return [_address(world, name, pattern) for name, pattern in _walk(get_resolver().url_patterns, "", "")]


def _walk(patterns: list[Any], prefix: str, namespace: str) -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        where = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            if where.startswith("admin/"):
                yield from _walk(pattern.url_patterns, where, inner)
        elif where.startswith("admin/"):
            yield f"{namespace}{pattern.name}", pattern


def _address(world: World, name: str, pattern: URLPattern) -> Address:
    if str(pattern.pattern) in UNNAMED and pattern.name is None:
        return Address(str(pattern.pattern), UNNAMED[str(pattern.pattern)])
    wanted = pattern.pattern.regex.groupindex
    return Address(name, reverse(name, kwargs={key: _value(world, name, key) for key in wanted}))


def _value(world: World, name: str, key: str) -> Any:
    secret = world.things["studio_page"]
    fixed: dict[str, Any] = {
        "page_id": secret.pk,
        "page_to_move_id": secret.pk,
        "parent_page_id": secret.pk,
        "destination_id": world.pages["studio_index"].pk,
        "revision_id": secret.latest_revision_id,
        "revision_id_a": "earliest",
        "revision_id_b": "latest",
        "image_id": world.things["image"].pk,
        "document_id": world.things["document"].pk,
        "doc_id": world.things["document"].pk,
        "uid": world.things["resource"].uid,
        "filter_spec": "max-10x10",
        "content_type_app_name": "studios",
        "content_type_model_name": "studiopage",
        "app_label": "studios",
        "app_name": "media",
        "model_name": "studiopage",
        "action": "delete",
        "action_name": "delete",
        "object_id": secret.pk,
        "uidb64": "x",
        "token": "x",
    }
    return fixed[key] if key in fixed else _pk(world, name)


def _pk(world: World, name: str) -> int | str:
    """The primary key of something of the kind that the namespace is about; 1 where the kind is unimportant."""
    shelf = world.shelf
    things = world.things | {
        "wagtailsites": Site.objects.get(),
        "wagtailusers_users": world.things["person"],
        "wagtailusers_groups": Group.objects.first(),
        "subject": shelf.subject,
        "edition": shelf.book.edition,
        "textbook": shelf.book,
        "outline": shelf.outline,
        "node": shelf.lesson,
        "images": world.things["image"],
        "wagtailimages_chooser": world.things["image"],
        "documents": world.things["document"],
        "wagtaildocs_chooser": world.things["document"],
        "pages": world.things["studio_page"],
        "wagtailadmin_pages": world.things["studio_page"],
    }
    parts = name.split(":")[:-1]
    kinds = [parts[-1].rsplit("_", 1)[-1], *reversed(parts)] if parts else []
    found = next((things[kind] for kind in kinds if things.get(kind) is not None), None)
    return found.pk if found is not None else 1
