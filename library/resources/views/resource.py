"""The resource page, one of its versions, and the side panel of search."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from groups.access import Refused
from groups.middleware import ViewerRequest
from library.resources.models import Version
from library.resources.selectors import packages, reading
from library.resources.views.finding import is_use, refused

VIEWS = {"full": "详案", "brief": "简案", "table": "表格", "talk": "说课", "class": "上课大字"}


def resource(request: ViewerRequest, uid: str) -> HttpResponse:
    """`/r/<uid>/`: what is current for this viewer."""
    return _show(request, uid, None)


def version(request: ViewerRequest, uid: str, number: int) -> HttpResponse:
    """`/r/<uid>/v/<n>/`: one immutable version."""
    return _show(request, uid, number)


def _show(request: ViewerRequest, uid: str, number: int | None) -> HttpResponse:
    found = get_object_or_404(reading.page_queryset(request.viewer), uid=uid)
    try:
        page = reading.resource_page(found, request.viewer, number)
    except Refused as refusal:
        return refused(request, refusal)
    except Version.DoesNotExist:
        raise Http404("没有这一版，或者这一版没有发布") from None
    if is_use(request):
        reading.record_view(page, request.viewer)
    view = request.GET.get("view", "full")
    template = "library/class.html" if view == "class" else "library/resource.html"
    return render(request, template, _context(request, page, view, number))


def _context(request: ViewerRequest, page: reading.ResourcePage, view: str, number: int | None) -> dict[str, object]:
    resource, text = page.resource, page.text
    package = packages.package_view(resource, text.version, request.viewer) if resource.kind == "package" else None
    return {
        "page": page,
        "resource": resource,
        "text": text,
        "version": text.version,
        "document": text.document,
        "files": text.files,
        "view": view if view in VIEWS else "full",
        "views": VIEWS.items() if resource.kind == "lesson_design" else (),
        "number": number,
        "stage": _stage(request),
        "package": package,
        "address": request.build_absolute_uri(resource.get_absolute_url()),
        "letterhead": page.lead.school_then if page.lead and page.lead.school_then else resource.home_school,
    }


def _stage(request: ViewerRequest) -> int:
    """The stage of 上课 that is on the board; anything else is the first."""
    wanted = request.GET.get("stage", "1")
    return int(wanted) if wanted.isdecimal() and len(wanted) < 4 else 1


def preview(request: ViewerRequest, uid: str) -> HttpResponse:
    """`/r/<uid>/preview/`: the side panel of a list, a fragment without the shell."""
    found = get_object_or_404(reading.page_queryset(request.viewer), uid=uid)
    try:
        page = reading.resource_page(found, request.viewer)
    except Refused as refusal:
        return refused(request, refusal)
    context = _context(request, page, "brief", None)
    return render(request, "library/_preview.html", context)
