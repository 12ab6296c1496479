"""One resource in the back office: what is known of it, its text as readers see it, taking it down and bringing it back."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from groups import access
from groups.access import Action, Refused
from groups.middleware import ViewerRequest
from groups.models import Person
from library.resources import services
from library.resources.keeping import typed_text
from library.resources.models import Resource
from library.resources.selectors import reading

FINDING = (Action.LIST, Action.READ, Action.RESTORE)
"""Whoever may do one of these finds the thing by its address: who took it down brings it back."""


def _find(request: ViewerRequest, uid: str) -> Resource:
    rows = Resource.objects.select_related("owner", "home_school", "published_version").filter(uid=uid)
    for action in FINDING:
        found = access.narrow(rows, request.viewer, action).first()
        if found is not None:
            return found
    raise Http404("没有这份资源，或者它没有对你开放")


def detail(request: ViewerRequest, uid: str) -> HttpResponse:
    """Facts, state with its reason, the text in a frame, and what may be done."""
    resource = _find(request, uid)
    held = access.relations_of(request.viewer, resource)
    may = {action.value: access.verdict_of(held, request.viewer, action, resource) for action in SHOWN}
    return render(request, "library/back_office/detail.html", _context(resource) | {"may": may})


SHOWN = (Action.READ, Action.TAKE_DOWN, Action.RESTORE)


def _context(resource: Resource) -> dict[str, object]:
    return {
        "resource": resource,
        "subjects": resource.subjects.all(),
        "contributions": resource.contributions.select_related("person", "school_then"),
        "page_title": resource.title,
    }


def text(request: ViewerRequest, uid: str) -> HttpResponse:
    """The text as a page of its own, for the frame; reading it here is no use of it and is not counted."""
    found = reading.page_queryset(request.viewer).filter(uid=_find(request, uid).uid).get()
    try:
        page = reading.resource_page(found, request.viewer)
    except Refused as refusal:
        return render(request, "library/back_office/text.html", {"refusal": refusal.verdict.reason}, status=403)
    shown = {"page": page, "resource": found, "text": page.text, "version": page.text.version, "view": "full"}
    shown |= {"document": page.text.document, "files": page.text.files}
    return render(request, "library/back_office/text.html", shown)


def take_down(request: ViewerRequest, uid: str) -> HttpResponse:
    """下架: asks for the reason, which the owner reads."""
    resource = _find(request, uid)
    access.require(request.viewer, Action.TAKE_DOWN, resource)
    reason, error = typed_text(request.POST.get("reason"))[:300], ""
    if request.method == "POST" and not reason.strip():
        error = "原因：还没有写。作者会看到这句话，写清楚哪里要改"
    if request.method != "POST" or error:
        context = _context(resource) | {"reason": reason, "error": error}
        return render(request, "library/back_office/take_down.html", context, status=422 if error else 200)
    return _done(request, resource, lambda by: _take_down(resource, by, reason), "已下架，作者会看到原因")


def _take_down(resource: Resource, by: Person, reason: str) -> None:
    services.take_down(resource=resource, by=by, reason=reason, at=timezone.now())


@require_POST
def restore(request: ViewerRequest, uid: str) -> HttpResponse:
    """恢复: back to its readers."""
    resource = _find(request, uid)
    return _done(
        request,
        resource,
        lambda by: services.restore(resource=resource, by=by, at=timezone.now()),
        "已恢复，原来能看到它的老师又能看到了",
    )


def _done(request: ViewerRequest, resource: Resource, deed: Callable[[Person], None], told: str) -> HttpResponse:
    """Do it, say so, and go where the person still finds the thing, else to the list."""
    person = request.viewer.person
    if person is None:
        raise Http404("没有这份资源，或者它没有对你开放")
    deed(person)
    messages.success(request, f"《{resource.title}》{told}")
    rows = Resource.objects.filter(pk=resource.pk)
    if any(access.narrow(rows, request.viewer, action).exists() for action in FINDING):
        return redirect("back_office_resources:detail", resource.uid)
    return redirect("back_office_resources:index")
