"""Getting the one resource a view is about, and answering a refusal in words."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from groups.access import Refused
from groups.models import Organisation
from groups.viewer import Viewer
from library.resources.models import Resource


def find(uid: str) -> Resource:
    """The resource of an address; uids are written in capitals but read in either case.

    Raises:
        Http404: there is none.
    """
    resource = Resource.objects.select_related("owner", "home_school", "published_version").filter(uid=uid).first()
    if resource is None:
        raise Http404("没有这份资料，可能地址抄错了")
    return resource


def school_of(viewer: Viewer) -> Organisation | None:
    """The school a teacher creates and forks at: that of the main appointment, where there are several."""
    if viewer.person is None or not viewer.schools:
        return None
    appointments = viewer.person.appointments.valid_at(viewer.at).filter(organisation__in=viewer.schools)
    first = appointments.select_related("organisation").order_by("-nature", "starts_at").first()
    main = appointments.filter(nature="main").select_related("organisation").first()
    found = main or first
    return found.organisation if found else None


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """403 with the reason and whom to ask."""
    reason = refusal.verdict.reason
    context = {"reason": reason, "ask_to_sign_in": reason == "请先登录"}
    return render(request, "library/refused.html", context, status=403)
