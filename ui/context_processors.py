"""What the base template shows on every page. Asks the database nothing."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import get_script_prefix
from django.utils.functional import SimpleLazyObject

from ui import navigation


def shell(request: HttpRequest) -> dict[str, Any]:
    """`shell`: sections, person menu, foot links, the site's name and the fixed doors of home and search."""
    root = get_script_prefix()
    sections = SimpleLazyObject(lambda: navigation.sections(request))
    return {
        "shell": {
            "site_name": settings.WAGTAIL_SITE_NAME,
            "home_url": root,
            "search_url": f"{root}search/",
            "suggest_url": f"{root}search/suggest/",
            "sections": sections,
            "open_sections": SimpleLazyObject(lambda: [item for item in sections if not item.signed_in]),
            "person_menu": SimpleLazyObject(lambda: navigation.links(navigation.Place.PERSON_MENU, request)),
            "foot": SimpleLazyObject(lambda: navigation.links(navigation.Place.FOOT, request)),
            "query": request.GET.get("q", "")[:200] if request.path.startswith(f"{root}search/") else "",
        }
    }
