"""Gives every request its `viewer`: the person at this moment, memberships resolved when first asked."""

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from groups.viewer import viewer_for

if TYPE_CHECKING:
    from groups.viewer import Viewer


class ViewerRequest(HttpRequest):
    """A request that passed `ViewerMiddleware`."""

    viewer: "Viewer"


class ViewerMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        at = timezone.now()
        cast(ViewerRequest, request).viewer = cast("Viewer", SimpleLazyObject(lambda: viewer_for(request.user, at)))
        return self.get_response(request)
