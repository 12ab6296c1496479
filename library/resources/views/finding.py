"""Getting the one resource a view is about, answering a refusal in words, and telling use from looking ahead."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from groups.access import Refused
from groups.models import Organisation
from groups.selectors import home_school_of
from groups.viewer import Viewer
from library.resources.models import Resource


def find(uid: str) -> Resource:
    """The resource of an address.

    Raises:
        Http404: there is none.
    """
    resource = Resource.objects.select_related("owner", "home_school", "published_version").filter(uid=uid).first()
    if resource is None:
        raise Http404("没有这份资料，可能地址抄错了")
    return resource


def school_of(viewer: Viewer) -> Organisation | None:
    """The school that what this person makes belongs to."""
    return home_school_of(viewer.person, viewer.at) if viewer.person else None


def is_use(request: HttpRequest) -> bool:
    """Somebody opens it: not a question for the headers, not a browser that fetches ahead."""
    ahead = f"{request.headers.get('Sec-Purpose', '')} {request.headers.get('Purpose', '')}"
    return request.method == "GET" and "prefetch" not in ahead


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """403 with the reason and whom to ask."""
    reason = refusal.verdict.reason
    context = {"reason": reason, "ask_to_sign_in": reason == "请先登录"}
    return render(request, "library/refused.html", context, status=403)
