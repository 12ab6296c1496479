"""Gives every request its `viewer`: the person at this moment, memberships resolved when first asked."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from groups.models import Person
from groups.viewer import viewer_for

if TYPE_CHECKING:
    from groups.viewer import Viewer


OPENED_LINKS = "opened_links"
"""The session's key for the ids of opened share links."""


class ViewerRequest(HttpRequest):
    """A request that passed `ViewerMiddleware`."""

    viewer: "Viewer"


class ViewerMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        at = timezone.now()
        cast(ViewerRequest, request).viewer = cast("Viewer", SimpleLazyObject(lambda: _viewer(request, at)))
        return self.get_response(request)


def _viewer(request: HttpRequest, at: datetime) -> "Viewer":
    """Who is signed in, with the share links that were opened in this session."""
    viewer = _person_viewer(request, at)
    opened = request.session.get(OPENED_LINKS) or ()
    return replace(viewer, links=frozenset(opened)) if opened else viewer


def _person_viewer(request: HttpRequest, at: datetime) -> "Viewer":
    """Who is signed in. To Django a switched-off account is a visitor; to the rule it is refused everything."""
    if request.user.is_authenticated or SESSION_KEY not in request.session:
        return viewer_for(request.user, at)
    return viewer_for(Person.objects.filter(pk=request.session[SESSION_KEY], is_active=False).first(), at)
